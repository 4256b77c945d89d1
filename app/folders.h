/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

GPtrArray *converge_folders_new (void);
gboolean converge_folders_make (GPtrArray *made,
                                const char *folder,
                                GError **error);
void converge_folders_remove_empty (GPtrArray *made);

G_END_DECLS
