/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

gboolean converge_store_mend (GSettings *store);
void converge_store_set_int (GSettings *store,
                             const char *key,
                             int value);

G_END_DECLS
