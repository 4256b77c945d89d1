/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "data/table.h"

G_BEGIN_DECLS

AgData *ag_data_file_read (const char *path,
                           const AgTableWish *wish,
                           AgWork *work,
                           GError **error);
AgData *ag_data_file_find (const char *path,
                           const AgTableWish *wish);
AgTable *ag_data_file_look (const char *path,
                            const AgTableWish *wish,
                            GError **error);
char *ag_data_file_name (const char *path);
gboolean ag_data_file_has_changed (const AgData *data);
void ag_data_file_forget (const char *path);
void ag_data_file_refresh (const char *path);

G_END_DECLS
