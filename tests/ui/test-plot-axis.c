/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-axis.h"
#include "plot/plot-crosshair.h"
#include "plot/plot-draw.h"
#include "plot/run-plots.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* An axis can be asked for any two numbers. */

#define N_RANDOM 20000
#define N_DRAWN 200

static const ConvergeAxis axes[] = { { .is_log = FALSE }, { .is_log = TRUE } };

static const double nasty[] = {
  0,
  -0.0,
  1,
  -1,
  1 + DBL_EPSILON,
  1 - DBL_EPSILON / 2,
  1 + 1e-12,
  1 + 1e-11,
  1e15,
  1e15 + 0.125,
  5e-324,
  -5e-324,
  1e-310,
  DBL_MIN,
  1e-300,
  1e-290,
  1e-12,
  9.99999999999999,
  10,
  1e22,
  1e290,
  1e300,
  -1e300,
  1e307,
  1e308,
  1.797e308,
  -1.797e308,
  DBL_MAX,
  -DBL_MAX,
  INFINITY,
  -INFINITY,
  NAN,
};

static char *
describe (const ConvergeAxis *axis,
          double a,
          double b)
{
  return g_strdup_printf ("a %s axis from %.17g to %.17g", axis->is_log ? "logarithmic" : "linear",
                          a, b);
}

static gboolean
can_be_seen (const ConvergeAxis *axis,
             double value)
{
  return isfinite (value) && (!axis->is_log || (value >= 1e-290 && value <= 1e308));
}

/* What was asked for is seen, up to rounding, that of the least numbers too. */
static void
check_range (const ConvergeAxis *axis,
             double a,
             double b,
             double margin)
{
  ConvergeRange range = converge_axis_range (axis, a, b, margin);
  double ends[] = { a, b };

  if (!converge_axis_can_show (axis, range))
    g_error ("%s became %.17g to %.17g", describe (axis, a, b), range.minimum, range.maximum);
  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      double rounding = 1e-12 * fabs (ends[i]) + 1e-322;

      if (can_be_seen (axis, ends[i])
          && (ends[i] / 2 < range.minimum / 2 - rounding
              || ends[i] / 2 > range.maximum / 2 + rounding))
        g_error ("%s does not show %.17g but %.17g to %.17g", describe (axis, a, b), ends[i],
                 range.minimum, range.maximum);
    }

  /* There is nothing left to be done about it. */
  ConvergeRange again = converge_axis_range (axis, range.minimum, range.maximum, 0);
  g_assert_cmpfloat (again.minimum, ==, range.minimum);
  g_assert_cmpfloat (again.maximum, ==, range.maximum);
}

static void
check_ticks (const ConvergeAxis *axis,
             double a,
             double b,
             guint n_wanted)
{
  ConvergeRange range = converge_axis_range (axis, a, b, 0);
  ConvergeTick ticks[CONVERGE_AXIS_MAX_TICKS];
  guint n = converge_axis_ticks (axis, a, b, n_wanted, ticks);
  double largest = fmax (fabs (range.minimum), fabs (range.maximum));
  double room = 1e-6 * (range.maximum / 2 - range.minimum / 2) + DBL_EPSILON * largest;
  g_autoptr (GHashTable) labels = g_hash_table_new (g_str_hash, g_str_equal);

  g_assert_cmpuint (n, <=, CONVERGE_AXIS_MAX_TICKS);
  for (guint i = 0; i < n; i++)
    {
      if (!isfinite (ticks[i].value) || ticks[i].value / 2 < range.minimum / 2 - room
          || ticks[i].value / 2 > range.maximum / 2 + room
          || (i > 0 && ticks[i].value <= ticks[i - 1].value))
        g_error ("%s has a tick at %.17g", describe (axis, a, b), ticks[i].value);
      if (ticks[i].is_minor)
        continue;
      if (ticks[i].label[0] == '\0' || !g_utf8_validate (ticks[i].label, -1, NULL)
          || !g_hash_table_add (labels, ticks[i].label))
        g_error ("%s has a label “%s” at %.17g", describe (axis, a, b), ticks[i].label,
                 ticks[i].value);
    }
  /* Fewer than two labels say nothing of a scale. */
  if (g_hash_table_size (labels) < 2)
    g_error ("%s has %u labels", describe (axis, a, b), g_hash_table_size (labels));
}

static void
check (double a,
       double b,
       guint n_wanted)
{
  for (guint i = 0; i < G_N_ELEMENTS (axes); i++)
    {
      check_range (&axes[i], a, b, 0);
      check_range (&axes[i], a, b, 0.04);
      check_range (&axes[i], a, b, 0.4);
      check_ticks (&axes[i], a, b, n_wanted);
    }
}

static double
random_number (void)
{
  guint64 bits = (guint64) g_test_rand_int () << 32 | (guint32) g_test_rand_int ();
  double number;

  switch (g_test_rand_int_range (0, 4))
    {
    case 0:
      return nasty[g_test_rand_int_range (0, G_N_ELEMENTS (nasty))];
    case 1:
      memcpy (&number, &bits, sizeof number);
      return number;
    case 2:
      return g_test_rand_double_range (-10, 10);
    default:
      return pow (10, g_test_rand_double_range (-323, 308.2));
    }
}

/* The neighbours of a number, and others near it. */
static double
random_neighbour (double number)
{
  double neighbour = number;

  if (g_test_rand_int_range (0, 2) == 0)
    return number * (1 + pow (10, g_test_rand_double_range (-16, -8)));
  for (gint i = g_test_rand_int_range (0, 50); i > 0; i--)
    neighbour = nextafter (neighbour, INFINITY);
  return neighbour;
}

static void
test_nasty (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (nasty); i++)
    for (guint k = 0; k < G_N_ELEMENTS (nasty); k++)
      for (guint n_wanted = 0; n_wanted < 16; n_wanted++)
        check (nasty[i], nasty[k], n_wanted);
}

static void
test_random (void)
{
  for (guint i = 0; i < N_RANDOM; i++)
    {
      double a = random_number ();
      double b = i % 2 == 0 ? random_number () : random_neighbour (a);

      check (a, b, (guint) g_test_rand_int_range (0, 100));
      check (b, a, 6);
    }
}

/* What could be shown before is left as it is. */
static void
test_kept (void)
{
  static const double ends[][2] = { { 0, 1 }, { -3, 2000 }, { 1, 1 + 1e-11 }, { 1e-9, 1e9 } };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      ConvergeRange range = converge_axis_range (&axes[0], ends[i][0], ends[i][1], 0);

      g_assert_cmpfloat (range.minimum, ==, ends[i][0]);
      g_assert_cmpfloat (range.maximum, ==, ends[i][1]);
    }
  g_assert_false (converge_axis_can_show (&axes[0], (ConvergeRange){ 1, 1 + DBL_EPSILON }));
  g_assert_false (converge_axis_can_show (&axes[0], (ConvergeRange){ 2, 1 }));
  g_assert_false (converge_axis_can_show (&axes[0], (ConvergeRange){ 0, INFINITY }));
  g_assert_false (converge_axis_can_show (&axes[1], (ConvergeRange){ 0, 1 }));
}

/* A plot of whatever it may be is drawn, zoomed and read. */
static void
work_plot (ConvergePlot *plot)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 400, 300);
  cairo_t *cr = cairo_create (surface);
  ConvergePlotStyle style;
  ConvergePlotArea area;

  converge_plot_style_init (&style, FALSE, FALSE);
  for (guint i = 0; i < 8; i++)
    {
      double x, y;

      converge_plot_layout (plot, 400, 300, &style, &area);
      g_assert_true (converge_axis_can_show (&plot->x, (ConvergeRange){ area.x_minimum,
                                                                        area.x_maximum }));
      g_assert_true (converge_axis_can_show (&plot->y, (ConvergeRange){ area.y_minimum,
                                                                        area.y_maximum }));
      converge_plot_draw (plot, cr, 400, 300, &style);
      converge_plot_draw_crosshair (plot, cr, &style, &area, area.x + 3 + 40 * i, area.y + 50);
      g_assert_cmpint (cairo_status (cr), ==, CAIRO_STATUS_SUCCESS);
      converge_plot_area_to_data (&area, area.x + area.width / 2, area.y, &x, &y);
      g_assert_true (isfinite (x) && isfinite (y));
      if (i % 4 < 2)
        converge_plot_zoom (plot, i % 2 == 0 ? 1e3 : 1e-5, 0.3, 0.7);
      else
        converge_plot_pan (plot, 1e3, -0.5);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_draw (void)
{
  for (guint i = 0; i < N_DRAWN; i++)
    {
      g_autoptr (ConvergePlot) plot = converge_plot_new ("Title", "x", "y");
      double x[6], y[6], high[6];

      for (guint k = 0; k < G_N_ELEMENTS (x); k++)
        {
          x[k] = k > 0 && i % 3 == 0 ? random_neighbour (x[k - 1]) : random_number ();
          y[k] = k > 0 && i % 5 == 0 ? random_neighbour (y[k - 1]) : random_number ();
          high[k] = random_number ();
        }
      plot->x.is_log = i % 8 == 7;
      plot->y.is_log = i % 2;
      converge_series_set_band (
        converge_plot_add_series (plot, CONVERGE_SERIES_BAND, "band", "band", 1), 6, x, y, high);
      converge_series_set_points (
        converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "line", "line", 0), 6, x, y);
      converge_series_set_value (
        converge_plot_add_series (plot, CONVERGE_SERIES_RULE, "rule", "rule", 2), y[0]);
      work_plot (plot);
    }
}

/* Runs whose target, interval or loss has no length, or too great a one. */
static void
test_runs (void)
{
  static const struct
  {
    const char *target;
    double from;
    double to;
  } runs[] = {
    { "sin(x)^2+cos(x)^2", -G_PI, G_PI },
    { "0", -1, 1 },
    { "x", 1, 1 + DBL_EPSILON },
    { "1", -1.797e308, 1.797e308 },
    { "1e308*sin(x)", -2, 2 },
    { "1e-320*x", 0, 1e-320 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    for (guint kind = 0; kind < CONVERGE_N_RUN_PLOTS; kind++)
      {
        g_autoptr (ConvergePlot) plot = NULL;
        g_autoptr (AgData) data = NULL;
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_find ("numpy"));
        g_assert_true (ag_run_spec_set_target (&spec, runs[i].target, NULL));
        spec.from = runs[i].from;
        spec.to = runs[i].to;
        data = ag_run_spec_data (&spec, NULL);
        plot = converge_run_plot_nth (kind)->create (
          &(const ConvergeRunView){ .spec = &spec, .data = data });
        work_plot (plot);
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-axis/nasty", test_nasty);
  g_test_add_func ("/plot-axis/random", test_random);
  g_test_add_func ("/plot-axis/kept", test_kept);
  g_test_add_func ("/plot-axis/draw", test_draw);
  g_test_add_func ("/plot-axis/runs", test_runs);
  return g_test_run ();
}
