/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-draw.h"

#include <cairo.h>
#include <math.h>

/* Tests that draw without a display share these functions. */

#define FIXTURE_WIDTH 800
#define FIXTURE_HEIGHT 500

static inline cairo_t *
fixture_begin_drawing (int width,
                       int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  return cr;
}

/* Returns: (transfer full): what was drawn, after which @cr is gone */
static inline cairo_surface_t *
fixture_end_drawing (cairo_t *cr)
{
  cairo_surface_t *surface = cairo_surface_reference (cairo_get_target (cr));

  g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
  cairo_destroy (cr);
  cairo_surface_flush (surface);
  return surface;
}

/* Returns: (transfer full): a plot with a line through four powers of ten */
static inline ConvergePlot *
fixture_make_plot (gboolean is_log)
{
  ConvergePlot *plot = converge_plot_new ("Title", "x", "y");
  double x[] = { 0, 1, 2, 3 }, y[] = { 1, 10, 100, 1000 };

  plot->y.is_log = is_log;
  converge_series_set_points (
    converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "line", "a line", 0), 4, x, y);
  return plot;
}

/* Returns: (transfer full): @plot, drawn in its whole size */
static inline cairo_surface_t *
fixture_render (const ConvergePlot *plot,
                gboolean is_dark)
{
  cairo_t *cr = fixture_begin_drawing (FIXTURE_WIDTH, FIXTURE_HEIGHT);
  ConvergePlotStyle style;

  converge_plot_style_init (&style, is_dark, FALSE);
  converge_plot_draw (plot, cr, FIXTURE_WIDTH, FIXTURE_HEIGHT, &style);
  return fixture_end_drawing (cr);
}

/* How near a pixel is to a series' colour, 0 being the same. */
static inline gint
fixture_color_distance (cairo_surface_t *surface,
                        gint x,
                        gint y,
                        guint color)
{
  guchar *pixels = cairo_image_surface_get_data (surface) + y * cairo_image_surface_get_stride (surface);
  const guint32 *row = (const guint32 *) (gpointer) pixels;
  ConvergePlotStyle style;
  ConvergeColor c;

  converge_plot_style_init (&style, FALSE, FALSE);
  c = style.series[color];
  return ABS ((gint) (row[x] >> 16 & 0xff) - (gint) lround (c.red * 255))
         + ABS ((gint) (row[x] >> 8 & 0xff) - (gint) lround (c.green * 255))
         + ABS ((gint) (row[x] & 0xff) - (gint) lround (c.blue * 255));
}
