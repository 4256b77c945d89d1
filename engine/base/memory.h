/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

guint64 ag_memory_addresses (void);
guint64 ag_memory_available (const char *root);
guint64 ag_memory_recently_available (void);
gpointer ag_memory_try (gsize n_bytes,
                        GError **error);
void ag_memory_set_error (GError **error,
                          gsize n_bytes);

G_END_DECLS
