/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

void converge_slider_set_up (GtkScale *scale,
                             const char *label);
void converge_slider_describe (GtkScale *scale,
                               const char *value);

G_END_DECLS
