/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-pen.h"

/* Set the colour of areas, and the colour, width and dashes of lines. */

/**
 * converge_plot_set_color:
 * @cr: a cairo context
 * @color: a colour
 * @opacity: what to multiply its alpha with
 */
void
converge_plot_set_color (cairo_t *cr,
                         ConvergeColor color,
                         double opacity)
{
  cairo_set_source_rgba (cr, color.red, color.green, color.blue, color.alpha * opacity);
}

/**
 * converge_plot_set_stroke:
 * @cr: a cairo context
 * @style: the style
 * @series: a series
 *
 * Prepares to stroke the lines of a series.
 */
void
converge_plot_set_stroke (cairo_t *cr,
                          const ConvergePlotStyle *style,
                          const ConvergeSeries *series)
{
  double width = series->width * style->line_scale;
  double scaled[8];
  const double *dashes;
  gint n_dashes;

  converge_plot_set_color (cr, converge_plot_style_color (style, series->color),
                           series->opacity);
  cairo_set_line_width (cr, width);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_ROUND);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_BUTT);
  cairo_set_dash (cr, NULL, 0, 0);
  if (!series->is_dashed)
    return;
  dashes = converge_palette_dashes (series->dash, &n_dashes);
  for (gint i = 0; i < n_dashes; i++)
    scaled[i] = dashes[i] * width;
  cairo_set_dash (cr, scaled, n_dashes, 0);
}
