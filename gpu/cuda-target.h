/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *cuda_target_choose (int capability,
                          const int *known,
                          guint n_known);
char *cuda_target_find (int major,
                        int minor,
                        char **target);

G_END_DECLS
