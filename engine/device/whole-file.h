/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean ag_read_all (int fd,
                      gpointer data,
                      gsize n_bytes);
gboolean ag_write_all (int fd,
                       gconstpointer data,
                       gsize n_bytes);
int ag_memory_file (const char *name,
                    gconstpointer data,
                    gsize n_bytes);

G_END_DECLS
