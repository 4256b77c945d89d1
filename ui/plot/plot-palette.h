/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CONVERGE_PALETTE_SIZE 6

/* The colours of the palette stand for these things in the plots of a run. */
enum
{
  CONVERGE_COLOR_FIT,
  CONVERGE_COLOR_TARGET,
  CONVERGE_COLOR_OPTIMUM,
  CONVERGE_COLOR_BAND,
  CONVERGE_COLOR_PRINTED,
  CONVERGE_COLOR_INITIAL,
};

/**
 * ConvergeColor:
 *
 * A colour, parts from 0 to 1.
 */
typedef struct
{
  double red;
  double green;
  double blue;
  double alpha;
} ConvergeColor;

/**
 * ConvergePlotStyle:
 * @background: behind everything; may be transparent
 * @text: labels
 * @axis: the frame
 * @grid: lines across
 * @series: colours of series, told apart by colour-blind people too
 * @font: family
 * @font_size: in pixels
 * @line_scale: how much thicker than usual lines are
 * @pixel_scale: how many pixels of a screen there are for each of the surface's; 0 where it is not drawn
 *   for one
 * @lists_hidden: whether hidden series are in the legend too, to be shown
 *   again by a click there
 *
 * The colours and sizes of a plot.
 */
typedef struct
{
  ConvergeColor background;
  ConvergeColor text;
  ConvergeColor axis;
  ConvergeColor grid;
  ConvergeColor series[CONVERGE_PALETTE_SIZE];
  const char *font;
  double font_size;
  double line_scale;
  double pixel_scale;
  gboolean lists_hidden;
} ConvergePlotStyle;

ConvergeColor converge_color_from_rgb (guint32 rgb,
                                       double alpha);
void converge_plot_style_init (ConvergePlotStyle *style,
                               gboolean is_dark,
                               gboolean is_high_contrast);
ConvergeColor converge_plot_style_color (const ConvergePlotStyle *style,
                                         guint index);
guint converge_palette_of_run (guint color);
const double *converge_palette_dashes (guint color,
                                       gint *n_dashes);

G_END_DECLS
