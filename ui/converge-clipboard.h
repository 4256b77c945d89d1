/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

gboolean converge_clipboard_set_picture (GtkWidget *widget,
                                         cairo_surface_t *picture);

G_END_DECLS
