/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

float fused_cubic_step (gint64 n,
                        const float *x,
                        const float *y,
                        float coefficients[4],
                        float lr);

G_END_DECLS
