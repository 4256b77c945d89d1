/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "../common.h"
#include "plot/plot-axis.h"
#include "plot/plot-draw.h"

#include <math.h>
#include <string.h>

static const ConvergeAxis linear = { .label = NULL };
static const ConvergeAxis logarithmic = { .is_log = TRUE };

static guint
count_labels (const ConvergeTick *ticks,
              guint n)
{
  guint n_labels = 0;

  for (guint i = 0; i < n; i++)
    n_labels += !ticks[i].is_minor;
  return n_labels;
}

static void
check_ticks (const ConvergeAxis *axis,
             double minimum,
             double maximum)
{
  ConvergeTick ticks[CONVERGE_AXIS_MAX_TICKS];
  guint n = converge_axis_ticks (axis, minimum, maximum, 6, ticks);
  const char *last = "";

  if (count_labels (ticks, n) < 2 || count_labels (ticks, n) > 13)
    g_error ("%u labels from %g to %g", count_labels (ticks, n), minimum, maximum);
  for (guint i = 0; i < n; i++)
    {
      double room = 1e-6 * (maximum - minimum);

      g_assert_cmpfloat (ticks[i].value, >=, minimum - room);
      g_assert_cmpfloat (ticks[i].value, <=, maximum + room);
      if (i > 0)
        g_assert_cmpfloat (ticks[i].value, >, ticks[i - 1].value);
      if (ticks[i].is_minor)
        continue;
      g_assert_cmpstr (ticks[i].label, !=, last);
      g_assert_null (strchr (ticks[i].label, ','));
      last = ticks[i].label;
    }
}

static void
test_ticks (void)
{
  static const double ends[][2] = {
    { 0, 1 },
    { -3.14159, 3.14159 },
    { -1.8, 1.8 },
    { 0, 2000 },
    { 1e-9, 2e-9 },
    { 1e12, 3e12 },
    { 0.123, 0.1231 },
    { -5e-7, 4e5 },
    { 1e-300, 1e-299 },
    { -1e300, 1e300 },
    { 1000000, 1000001 },
  };
  static const double log_ends[][2] = {
    { 8.8, 250000 },
    { 1, 10 },
    { 8.81, 9.2 },
    { 1e-12, 1e12 },
    { 1e-300, 1e300 },
    { 3, 8 },
    { 99, 1001 },
    { 8.817, 8.818 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    check_ticks (&linear, ends[i][0], ends[i][1]);
  for (guint i = 0; i < G_N_ELEMENTS (log_ends); i++)
    check_ticks (&logarithmic, log_ends[i][0], log_ends[i][1]);
}

static void
test_format (void)
{
  static const struct
  {
    double value;
    guint digits;
    const char *text;
  } cases[] = {
    { 0, 1, "0" },
    { -0.0, 1, "0" },
    { 0.25, 2, "0.25" },
    { 2000, 1, "2000" },
    { -1.5, 2, "−1.5" },
    { 1e-6, 1, "1e−6" },
    { 3e12, 1, "3e12" },
    { 123456, 2, "123456" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      char text[32];

      converge_axis_format (cases[i].value, cases[i].digits, text, sizeof text);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_mapping (void)
{
  for (gint is_log = 0; is_log < 2; is_log++)
    {
      g_autoptr (ConvergePlot) plot = fixture_make_plot (is_log);
      ConvergePlotStyle style;
      ConvergePlotArea area;
      double x, y, pixel_x, pixel_y;

      converge_plot_style_init (&style, FALSE, FALSE);
      converge_plot_layout (plot, FIXTURE_WIDTH, FIXTURE_HEIGHT, &style, &area);
      converge_plot_area_from_data (&area, 1.5, 42, &pixel_x, &pixel_y);
      converge_plot_area_to_data (&area, pixel_x, pixel_y, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, 1.5, 1e-9);
      g_assert_cmpfloat_with_epsilon (y, 42, 1e-6);
    }
}

static void
test_zoom (void)
{
  g_autoptr (ConvergePlot) plot = fixture_make_plot (TRUE);
  double x0, x1, y0, y1, a, b, c, d;

  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  converge_plot_zoom (plot, 2, 0.25, 0.5);
  converge_plot_get_range (plot, &a, &b, &c, &d);
  g_assert_cmpfloat_with_epsilon (b - a, (x1 - x0) / 2, 1e-12);
  g_assert_cmpfloat_with_epsilon (a + 0.25 * (b - a), x0 + 0.25 * (x1 - x0), 1e-12);
  g_assert_cmpfloat_with_epsilon (sqrt (c * d), sqrt (y0 * y1), 1e-9);
  converge_plot_pan (plot, 0.5, 0);
  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat_with_epsilon (x0, a + 0.5 * (b - a), 1e-12);
  for (guint i = 0; i < 2000; i++)
    converge_plot_zoom (plot, i < 1000 ? 1.5 : 0.5, 0.5, 0.5);
  converge_plot_get_range (plot, &a, &b, &c, &d);
  g_assert_true (isfinite (a) && isfinite (b) && isfinite (c) && isfinite (d) && a < b && c < d);
  converge_plot_reset_view (plot);
  converge_plot_get_range (plot, &a, &b, &c, &d);
  g_assert_cmpfloat (a, ==, 0);
  g_assert_cmpfloat (b, ==, 3);
}

static void
test_strange_data (void)
{
  static const double values[][4] = {
    { NAN, NAN, NAN, NAN },
    { INFINITY, -INFINITY, 1, 2 },
    { 1, NAN, 2, NAN },
    { 0, 0, 0, 0 },
    { -1, -2, -3, -4 },
    { 1e308, -1e308, 1e300, 0 },
    { 5e-324, 5e-324, 1e-310, 0 },
    { 1, 1, 1, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (gint variant = 0; variant < 4; variant++)
      {
        g_autoptr (ConvergePlot) plot = fixture_make_plot (variant % 2);
        double x[] = { 0, 1, 2, 3 };
        gsize n = variant < 2 ? 4 : i % 2;

        converge_series_set_points (converge_plot_find_series (plot, "line"), n, x, values[i]);
        converge_series_set_band (
          converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "band", "band", 1), n, x,
          values[i], values[(i + 1) % G_N_ELEMENTS (values)]);
        converge_series_set_points (
          converge_plot_add_series (plot, CONVERGE_SERIES_POINTS, "points", "points", 2), n, x,
          values[i]);
        converge_series_set_value (
          converge_plot_add_series (plot, CONVERGE_SERIES_RULE, "rule", "rule", 3), values[i][0]);
        cairo_surface_destroy (fixture_render (plot, variant % 2));
      }
}

static void
test_locale (void)
{
  common_test_with_comma (test_ticks, test_format);
}

/* A first step, at the very edge, can be seen from where one sits. */
static void
test_lone_point (void)
{
  g_autoptr (ConvergePlot) plot = converge_plot_new (NULL, NULL, NULL);
  ConvergeSeries *series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "loss", NULL, 0);
  double x = 0, y = 5;
  cairo_surface_t *surface;
  guint n_pixels = 0;

  series->width = 1.5;
  plot->x.least_maximum = 100;
  converge_series_set_points (series, 1, &x, &y);
  surface = fixture_render (plot, FALSE);
  for (gint row = 0; row < FIXTURE_HEIGHT; row++)
    for (gint column = 0; column < FIXTURE_WIDTH; column++)
      n_pixels += fixture_color_distance (surface, column, row, 0) < 30;
  g_assert_cmpuint (n_pixels, >=, 8);
  cairo_surface_destroy (surface);
}

/* A band that goes away and comes again is not drawn in between. */
static void
test_band_with_gap (void)
{
  g_autoptr (ConvergePlot) plot = converge_plot_new (NULL, NULL, NULL);
  double x[] = { 0, 1, 2, 3, 4, 5 };
  double low[] = { 8, 8, NAN, NAN, 1, 1 }, high[] = { 9, 9, NAN, NAN, 2, 2 };
  ConvergeSeries *band = converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "band", NULL, 0);
  ConvergePlotStyle style;
  ConvergePlotArea area;
  cairo_surface_t *surface;
  double left, right, y;

  converge_series_set_band (band, 6, x, low, high);
  surface = fixture_render (plot, FALSE);
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, FIXTURE_WIDTH, FIXTURE_HEIGHT, &style, &area);
  converge_plot_area_from_data (&area, 1.2, 5, &left, &y);
  converge_plot_area_from_data (&area, 3.8, 5, &right, &y);
  for (gint row = (gint) area.y; row < (gint) (area.y + area.height); row++)
    for (gint column = (gint) left; column < (gint) right; column++)
      g_assert_cmpint (fixture_color_distance (surface, column, row, 0), >, 30);
  cairo_surface_destroy (surface);
}

/* Counts the pixels that are drawn left of the axis, where only the labels of its ticks are. */
static guint
count_label_pixels (double axis_height)
{
  const double y[] = { 0, 5 }, x[] = { 0, 100 };
  g_autoptr (ConvergePlot) plot = converge_plot_new (NULL, NULL, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, FIXTURE_WIDTH, FIXTURE_HEIGHT);
  cairo_t *cr = cairo_create (surface);
  ConvergePlotStyle style;
  ConvergePlotArea area;
  guint n_pixels = 0;

  converge_series_set_points (
    converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "loss", NULL, 0), 2, x, y);
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, FIXTURE_WIDTH, FIXTURE_HEIGHT, &style, &area);
  axis_height += FIXTURE_HEIGHT - area.height;
  converge_plot_layout (plot, FIXTURE_WIDTH, axis_height, &style, &area);
  converge_plot_draw (plot, cr, FIXTURE_WIDTH, axis_height, &style);
  cairo_surface_flush (surface);
  for (gint row = 0; row < (gint) (area.y + area.height); row++)
    {
      const guint32 *pixels
        = (const guint32 *) (gpointer) (cairo_image_surface_get_data (surface)
                                        + row * cairo_image_surface_get_stride (surface));

      for (gint column = 1; column < (gint) area.x - 6; column++)
        n_pixels += pixels[column] != pixels[0];
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
  return n_pixels;
}

/* Labels that would touch each other are not there, and all others are. */
static void
test_low (void)
{
  g_assert_cmpuint (count_label_pixels (14), ==, 0);
  g_assert_cmpuint (count_label_pixels (100), >, 20);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot/ticks", test_ticks);
  g_test_add_func ("/plot/format", test_format);
  g_test_add_func ("/plot/mapping", test_mapping);
  g_test_add_func ("/plot/zoom", test_zoom);
  g_test_add_func ("/plot/strange-data", test_strange_data);
  g_test_add_func ("/plot/lone-point", test_lone_point);
  g_test_add_func ("/plot/band-with-gap", test_band_with_gap);
  g_test_add_func ("/plot/low", test_low);
  g_test_add_func ("/plot/locale", test_locale);
  return g_test_run ();
}
