/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-palette.h"
#include "plot/plot.h"

#include <cairo.h>

G_BEGIN_DECLS

/**
 * ConvergePlotPage:
 * @plots: (array length=n_plots): plots
 * @n_plots: how many
 * @heading: (nullable): a line above them
 * @note: (nullable): what explains the heading
 * @caption: (nullable): a text below them
 * @is_beside: whether they are one beside the other, rather than one below the other
 *
 * A picture of plots with the texts around them.
 */
typedef struct
{
  ConvergePlot *const *plots;
  guint n_plots;
  const char *heading;
  const char *note;
  const char *caption;
  gboolean is_beside;
} ConvergePlotPage;

void converge_plot_page_draw (const ConvergePlotPage *page,
                              cairo_t *cr,
                              double width,
                              double height,
                              const ConvergePlotStyle *style);

G_END_DECLS
