/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean converge_outputs_check (guint n_outputs,
                                 const char *const *outputs,
                                 guint n_inputs,
                                 const char *const *inputs,
                                 GError **error);

G_END_DECLS
