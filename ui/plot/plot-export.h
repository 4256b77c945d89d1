/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-page.h"
#include "train/transaction.h"

G_BEGIN_DECLS

/**
 * ConvergeDraw:
 * @picture: what is drawn
 * @cr: where
 * @width: how wide it is
 * @height: how high
 * @style: what it looks like
 *
 * Draws something, background and all.
 */
typedef void (*ConvergeDraw) (gconstpointer picture,
                              cairo_t *cr,
                              double width,
                              double height,
                              const ConvergePlotStyle *style);

gboolean converge_picture_export (ConvergeDraw draw_picture,
                                  gconstpointer picture,
                                  AgTransaction *transaction,
                                  const char *path,
                                  double width,
                                  double height,
                                  const ConvergePlotStyle *style,
                                  GError **error);
cairo_surface_t *converge_plot_paint (const ConvergePlotPage *page,
                                      double width,
                                      double height,
                                      const ConvergePlotStyle *style);
gboolean converge_plot_export (const ConvergePlotPage *page,
                               AgTransaction *transaction,
                               const char *path,
                               double width,
                               double height,
                               const ConvergePlotStyle *style,
                               GError **error);

G_END_DECLS
