/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-crosshair.h"
#include "plot/plot-draw.h"
#include "plot/plot-legend.h"

#include <math.h>

/* The legend and the pointer's values cover nothing of what they are about. */

#define N_POINTS 401

typedef struct
{
  int width;
  int height;
} Size;

/* Two lines that go everywhere, one of which is hidden. */
static ConvergePlot *
make_plot (void)
{
  ConvergePlot *plot = converge_plot_new ("Title", "x", "y");
  double x[N_POINTS], wave[N_POINTS], slope[N_POINTS];
  ConvergeSeries *series;

  for (gsize i = 0; i < N_POINTS; i++)
    {
      x[i] = (double) i;
      wave[i] = sin (x[i] / 20);
      slope[i] = x[i] / N_POINTS - 0.5;
    }
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "wave", "a wave", 0);
  converge_series_set_points (series, N_POINTS, x, wave);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "slope", "a slope", 1);
  converge_series_set_points (series, N_POINTS, x, slope);
  series->is_visible = FALSE;
  return plot;
}

static void
test_entries (void)
{
  static const Size sizes[] = { { 800, 500 }, { 300, 400 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (gint lists_hidden = 0; lists_hidden < 2; lists_hidden++)
      {
        g_autoptr (ConvergePlot) plot = make_plot ();
        guint n_found[2] = { 0 };
        ConvergePlotStyle style;
        ConvergePlotArea area;

        converge_plot_style_init (&style, FALSE, FALSE);
        style.lists_hidden = lists_hidden;
        converge_plot_layout (plot, sizes[i].width, sizes[i].height, &style, &area);
        for (gint y = 0; y < sizes[i].height; y += 4)
          for (gint x = 0; x < sizes[i].width; x += 12)
            {
              gint found = converge_plot_legend_at (plot, &style, &area, x, y);

              if (found < 0)
                continue;
              n_found[found]++;
              g_assert_cmpfloat (y, <, area.y);
            }
        g_assert_cmpuint (n_found[0], >, 0);
        g_assert_cmpint (n_found[1] > 0, ==, lists_hidden);
      }
}

/* In a plot so small that little but a legend would be seen there is none. */
static void
test_no_room (void)
{
  g_autoptr (ConvergePlot) plot = make_plot ();
  ConvergePlotStyle style;
  ConvergePlotArea area;

  converge_plot_style_init (&style, FALSE, FALSE);
  style.lists_hidden = TRUE;
  converge_plot_layout (plot, 120, 60, &style, &area);
  for (gint y = 0; y < 60; y += 3)
    for (gint x = 0; x < 120; x += 3)
      g_assert_cmpint (converge_plot_legend_at (plot, &style, &area, x, y), ==, -1);
}

static gboolean
has_color (cairo_surface_t *surface,
           double x,
           double y,
           ConvergeColor color)
{
  const guchar *row = cairo_image_surface_get_data (surface)
                      + (gint) y * cairo_image_surface_get_stride (surface);
  const guint32 pixel = ((const guint32 *) (gconstpointer) row)[(gint) x];

  return fabs ((pixel >> 16 & 0xff) / 255.0 - color.red) < 0.05
         && fabs ((pixel >> 8 & 0xff) / 255.0 - color.green) < 0.05
         && fabs ((pixel & 0xff) / 255.0 - color.blue) < 0.05;
}

/* Wherever the pointer is, the point whose value is read stays to be seen. */
static void
test_crosshair (void)
{
  g_autoptr (ConvergePlot) plot = make_plot ();
  const ConvergeSeries *wave = converge_plot_find_series (plot, "wave");
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 800, 500);
  cairo_t *cr = cairo_create (surface);
  ConvergePlotStyle style;
  ConvergePlotArea area;

  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, 800, 500, &style, &area);
  for (gsize i = 0; i < N_POINTS; i += 29)
    for (double part = 0.1; part < 1; part += 0.2)
      {
        double x, y;

        converge_plot_area_from_data (&area, wave->x[i], wave->y[i], &x, &y);
        converge_plot_draw (plot, cr, 800, 500, &style);
        converge_plot_draw_crosshair (plot, cr, &style, &area, CLAMP (x, area.x, area.x + area.width),
                                      area.y + part * area.height);
        cairo_surface_flush (surface);
        g_assert_true (has_color (surface, x, y, style.series[0]));
      }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-legend/entries", test_entries);
  g_test_add_func ("/plot-legend/no-room", test_no_room);
  g_test_add_func ("/plot-legend/crosshair", test_crosshair);
  return g_test_run ();
}
