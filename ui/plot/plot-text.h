/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

void converge_plot_set_font (cairo_t *cr,
                             const ConvergePlotStyle *style,
                             double scale);
void converge_plot_set_title_font (cairo_t *cr,
                                   const ConvergePlotStyle *style);
double converge_plot_text_width (cairo_t *cr,
                                 const char *text);
void converge_plot_show_text (cairo_t *cr,
                              const char *text);
GStrv converge_plot_wrap_text (cairo_t *cr,
                               const char *text,
                               double width);

G_END_DECLS
