/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <cairo.h>

cairo_status_t converge_plot_png_write (cairo_surface_t *surface,
                                        cairo_write_func_t write,
                                        void *closure);
