/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef void (*AgFolderFunc) (int folder,
                              const char *name,
                              gpointer data);

int ag_safe_folder_open (const char *path,
                         gboolean make);
gboolean ag_safe_folder_is_private (int folder);
void ag_safe_folder_for_each (int folder,
                              AgFolderFunc act,
                              gpointer data);

G_END_DECLS
