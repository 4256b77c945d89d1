/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "graph/graph.h"

#include "../common.h"
#include "plot/plot-axis.h"
#include "plot/plot-draw.h"
#include "plot/plot-export.h"
#include "plot/run-plots.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#define WIDTH 800
#define HEIGHT 500

static const ConvergeAxis linear = { .label = NULL };
static const ConvergeAxis logarithmic = { .is_log = TRUE };

static char *
temporary_path (const char *name)
{
  static char *folder;

  if (folder == NULL)
    folder = g_dir_make_tmp ("converge-plot-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}

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

static ConvergePlot *
make_plot (gboolean is_log)
{
  ConvergePlot *plot = converge_plot_new ("Title", "x", "y");
  double x[] = { 0, 1, 2, 3 }, y[] = { 1, 10, 100, 1000 };

  plot->y.is_log = is_log;
  converge_series_set_points (
    converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "line", "a line", 0), 4, x, y);
  return plot;
}

static void
test_mapping (void)
{
  for (gint is_log = 0; is_log < 2; is_log++)
    {
      g_autoptr (ConvergePlot) plot = make_plot (is_log);
      ConvergePlotStyle style;
      ConvergePlotArea area;
      double x, y, pixel_x, pixel_y;

      converge_plot_style_init (&style, FALSE, FALSE);
      converge_plot_layout (plot, WIDTH, HEIGHT, &style, &area);
      converge_plot_area_from_data (&area, 1.5, 42, &pixel_x, &pixel_y);
      converge_plot_area_to_data (&area, pixel_x, pixel_y, &x, &y);
      g_assert_cmpfloat_with_epsilon (x, 1.5, 1e-9);
      g_assert_cmpfloat_with_epsilon (y, 42, 1e-6);
    }
}

static void
test_zoom (void)
{
  g_autoptr (ConvergePlot) plot = make_plot (TRUE);
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

static cairo_surface_t *
render (const ConvergePlot *plot,
        gboolean is_dark)
{
  cairo_t *cr = fixture_begin_drawing (WIDTH, HEIGHT);
  ConvergePlotStyle style;

  converge_plot_style_init (&style, is_dark, FALSE);
  converge_plot_draw (plot, cr, WIDTH, HEIGHT, &style);
  return fixture_end_drawing (cr);
}

/* How near a pixel is to a series' colour, 0 being the same. */
static gint
color_distance (cairo_surface_t *surface,
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

static AgSnapshot
make_snapshot (void)
{
  static const double coefficients[] = { 0.3, 0.4, 0.05, -0.08 };
  AgSnapshot snapshot = { .n_coefficients = 4, .coefficients = coefficients };

  return snapshot;
}

static double
cubic (const double *c,
       double x)
{
  return c[0] + c[1] * x + c[2] * x * x + c[3] * x * x * x;
}

/* The fit's pixels lie where the polynomial is. */
static void
test_fit_pixels (void)
{
  g_autoptr (ConvergePlot) plot = NULL;
  cairo_surface_t *surface;
  ConvergePlotStyle style;
  ConvergePlotArea area;
  AgSnapshot snapshot = make_snapshot ();
  guint n_checked = 0;
  const ConvergeRunPlot *fit_plot = &converge_fit_plot;
  AgRunSpec spec;
  g_autoptr (AgData) data = NULL;
  g_autoptr (AgPredictor) predictor = NULL;
  ConvergeRunView view = { .spec = &spec };

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  view.data = data = ag_run_spec_data (&spec, NULL);
  view.predictor = predictor = ag_predictor_new (spec.program->model, NULL);
  plot = fit_plot->create (&view);
  for (guint i = 0; i < plot->series->len; i++)
    ((ConvergeSeries *) g_ptr_array_index (plot->series, i))->is_visible = FALSE;
  view.snapshot = &snapshot;
  view.initial = snapshot.coefficients;
  fit_plot->update (plot, &view, WIDTH);
  converge_plot_find_series (plot, "fit")->is_visible = TRUE;
  converge_plot_find_series (plot, "fit")->label[0] = ' ';
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, WIDTH, HEIGHT, &style, &area);
  surface = render (plot, FALSE);

  for (gint column = (gint) area.x + 10; column < area.x + area.width * 0.75; column += 7)
    {
      double x, y, expected, sum = 0;
      guint n = 0;

      converge_plot_area_to_data (&area, column + 0.5, 0, &x, &y);
      y = cubic (snapshot.coefficients, x);
      converge_plot_area_from_data (&area, x, y, &x, &expected);
      if (expected < area.y + 5 || expected > area.y + area.height - 5)
        continue;
      for (gint row = (gint) area.y + 2; row < area.y + area.height - 2; row++)
        if (color_distance (surface, column, row, 0) < 60)
          {
            sum += row + 0.5;
            n++;
          }
      g_assert_cmpuint (n, >, 0);
      g_assert_cmpfloat_with_epsilon (sum / n, expected, 2);
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 40);
  cairo_surface_destroy (surface);
}

static const char *
label_of (const ConvergePlot *plot,
          const char *id)
{
  return converge_plot_find_series (plot, id)->label;
}

/* What a model that is not linear converges to is not called the optimum, and is shown where it
 * is known; the band around it only if somebody wants it. */
static void
test_best_found (void)
{
  static const struct
  {
    const char *program;
    const char *data;
    AgScaling scale;
    const char *label;
  } cases[] = {
    { "autograd", "", AG_SCALING_NONE, "optimum" },
    { "autograd", "sample:step", AG_SCALING_STANDARD, "optimum" },
    { "legendre", "", AG_SCALING_NONE, "best found" },
    { "dynamic", "", AG_SCALING_NONE, "optimum" },
  };
  const double initial[5] = { 1, 1, 1, 1, 1 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (ConvergePlot) fit = NULL;
      g_autoptr (ConvergePlot) loss = NULL;
      g_autoptr (ConvergePlot) parameters = NULL;
      g_autoptr (AgOptimum) optimum = NULL;
      g_autoptr (AgData) data = NULL;
      g_autoptr (AgPredictor) predictor = NULL;
      const ConvergeSeries *line, *band;
      AgRunSpec spec;
      ConvergeRunView view = { .spec = &spec, .initial = initial };

      ag_run_spec_init (&spec, ag_program_class_find (cases[i].program));
      spec.data = cases[i].data;
      spec.scale = cases[i].scale;
      view.data = data = ag_run_spec_data (&spec, NULL);
      view.predictor = predictor = ag_predictor_new (spec.program->model, NULL);
      fit = converge_fit_plot.create (&view);
      loss = converge_loss_plot.create (&view);
      parameters = converge_parameters_plot.create (&view);
      g_assert_cmpuint (converge_plot_find_series (fit, "optimum")->n, ==, 0);

      view.optimum = optimum = ag_run_spec_optimum (&spec, NULL);
      converge_fit_plot.update (fit, &view, WIDTH);
      converge_loss_plot.update (loss, &view, WIDTH);
      converge_parameters_plot.update (parameters, &view, WIDTH);
      line = converge_plot_find_series (fit, "optimum");
      band = converge_plot_find_series (fit, "uncertainty");
      g_assert_cmpstr (line->label, ==, cases[i].label);
      g_assert_cmpstr (label_of (loss, "optimum"), ==, cases[i].label);
      g_assert_cmpstr (label_of (parameters, "optimum"), ==, cases[i].label);
      g_assert_cmpfloat (converge_plot_find_series (loss, "optimum")->y[0], ==, optimum->loss);
      g_assert_cmpfloat (converge_plot_find_series (parameters, "optimum")->y[0], ==,
                         optimum->coefficients[0]);
      g_assert_cmpuint (line->n, >, 100);
      g_assert_cmpuint (band->n, ==, 0);

      converge_plot_find_series (fit, "uncertainty")->is_visible = TRUE;
      converge_fit_plot.update (fit, &view, WIDTH);
      g_assert_cmpuint (band->n, ==, line->n);
      for (gsize k = 0; k < band->n; k++)
        {
          g_assert_cmpfloat (band->y[k], <, line->y[k]);
          g_assert_cmpfloat (band->high[k], >, line->y[k]);
        }
      /* The ends of a fit are less certain than its middle. */
      g_assert_cmpfloat (band->high[0] - band->y[0], >,
                         2 * (band->high[band->n / 2] - band->y[band->n / 2]));
    }
}

/* What was found far away leaves the run its height; what is near is seen, and the optimum that is
 * known always. */
static void
test_far_optimum (void)
{
  const ConvergeRunPlot *kind = &converge_parameters_plot;
  double initial[4] = { 1, 1, 1, 1 }, now[4] = { 0, 0.5, 1, 2 };
  AgSnapshot snapshot = { .step = 7, .n_coefficients = 4, .coefficients = now };
  g_autoptr (ConvergePlot) plot = NULL;
  g_autoptr (AgTrace) trace = ag_trace_new (4);
  g_autoptr (AgData) data = NULL;
  g_autoptr (AgOptimum) optimum = NULL;
  AgRunSpec spec;
  ConvergeRunView view
    = { .spec = &spec, .initial = initial, .trace = trace, .snapshot = &snapshot };

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  view.data = data = ag_run_spec_data (&spec, NULL);
  view.optimum = optimum = ag_run_spec_optimum (&spec, NULL);
  plot = kind->create (&view);
  ag_trace_push (trace, 0, initial);

  optimum->coefficients[0] = 1e5;
  kind->update (plot, &view, WIDTH);
  g_assert_true (converge_plot_find_series (plot, "optimum")->in_range);
  optimum->is_exact = FALSE;
  kind->update (plot, &view, WIDTH);
  g_assert_false (converge_plot_find_series (plot, "optimum")->in_range);
  optimum->coefficients[0] = -3;
  kind->update (plot, &view, WIDTH);
  g_assert_true (converge_plot_find_series (plot, "optimum")->in_range);
}

/* Where rows by name would be too many, tensors are shown by norm and range. */
static void
test_tensors (void)
{
  const ConvergeRunPlot *kind = &converge_parameters_plot;
  double initial[49], now[49] = { 0 };
  AgSnapshot snapshot = { .step = 7, .n_coefficients = 49, .coefficients = now };
  g_autoptr (ConvergePlot) plot = NULL;
  g_autoptr (AgTrace) trace = ag_trace_new (49);
  g_autoptr (AgData) data = NULL;
  g_autofree char *text = NULL;
  const ConvergeSeries *series;
  AgRunSpec spec;
  ConvergeRunView view = { .spec = &spec, .initial = initial, .trace = trace };

  for (guint i = 0; i < G_N_ELEMENTS (initial); i++)
    initial[i] = 1;
  now[3] = -3;
  now[5] = 4;
  now[48] = -2;
  ag_run_spec_init (&spec, ag_program_class_find ("mlp"));
  view.data = data = ag_run_spec_data (&spec, NULL);
  plot = kind->create (&view);
  g_assert_cmpuint (plot->series->len, ==, 8);
  ag_trace_push (trace, 0, initial);
  view.snapshot = &snapshot;
  kind->update (plot, &view, WIDTH);

  series = converge_plot_find_series (plot, "0.weight");
  g_assert_cmpstr (series->label, ==, "‖0.weight‖");
  g_assert_cmpuint (series->n, ==, 2);
  g_assert_cmpfloat_with_epsilon (series->y[0], 4, 1e-12);
  g_assert_cmpfloat_with_epsilon (series->y[1], 5, 1e-12);
  g_assert_cmpfloat (series->x[1], ==, 7);
  series = converge_plot_find_series (plot, "range of 0.weight");
  g_assert_cmpfloat (series->y[1], ==, -3);
  g_assert_cmpfloat (series->high[1], ==, 4);
  /* A single number is shown as it is. */
  series = converge_plot_find_series (plot, "2.bias");
  g_assert_cmpstr (series->label, ==, "2.bias");
  g_assert_cmpfloat (series->y[1], ==, -2);

  text = kind->describe (&view);
  g_assert_nonnull (strstr (text, "0.weight from 4 to 5."));
}

/* Among a million losses one spike of one step is seen. */
static void
test_spike (void)
{
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  g_autoptr (ConvergePlot) plot = NULL;
  const ConvergeSeries *band;
  double highest = 0;
  const ConvergeRunPlot *loss_plot = &converge_loss_plot;
  AgRunSpec spec;
  ConvergeRunView view = { .spec = &spec, .history = history };

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  plot = loss_plot->create (&view);
  for (gint i = 0; i < 1000000; i++)
    ag_history_push (history, i == 777777 ? 12345 : 100.0 - i * 1e-5);
  loss_plot->update (plot, &view, 700);
  band = converge_plot_find_series (plot, "range");
  g_assert_cmpuint (band->n, >, 500);
  g_assert_cmpuint (band->n, <, 6000);
  for (gsize i = 0; i < band->n; i++)
    highest = fmax (highest, band->high[i]);
  g_assert_cmpfloat (highest, ==, 12345);
  g_assert_cmpfloat (converge_plot_find_series (plot, "loss")->y[band->n - 1], ==,
                     100.0 - 999999 * 1e-5);
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
        g_autoptr (ConvergePlot) plot = make_plot (variant % 2);
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
        cairo_surface_destroy (render (plot, variant % 2));
      }
}

static gboolean
export_page (const ConvergePlotPage *page,
             const char *path,
             GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  ConvergePlotStyle style;

  converge_plot_style_init (&style, FALSE, FALSE);
  return converge_plot_export (page, transaction, path, 400, 400, &style, error)
         && ag_transaction_commit (transaction, error);
}

static void
check_export (const char *name,
              const char *begins)
{
  g_autofree char *path = temporary_path (name);
  g_autoptr (ConvergePlot) plot = make_plot (TRUE);
  const ConvergePlotPage page = { (ConvergePlot *[]){ plot, plot }, 2, "y = x", "x?", "a · b" };
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (export_page (&page, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 1000);
  g_assert_cmpint (memcmp (bytes, begins, strlen (begins)), ==, 0);
}

static void
test_export (void)
{
  g_autofree char *path = temporary_path ("plot.png");
  cairo_surface_t *surface;

  check_export ("plot.png", "\x89PNG\r\n");
  check_export ("plot.SVG", "<?xml");
  check_export ("plot.pdf", "%PDF");
  surface = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 800);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 800);
  cairo_surface_destroy (surface);
}

static void
expect_export_error (const char *path,
                     const char *says)
{
  g_autoptr (ConvergePlot) plot = make_plot (FALSE);
  const ConvergePlotPage page = { .plots = &plot, .n_plots = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_false (export_page (&page, path, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, says) == NULL)
    g_error ("not “%s” but: %s", says, error->message);
}

static void
test_export_errors (void)
{
  g_autofree char *path = temporary_path ("plot.jpeg");

  expect_export_error (path, ".png, .svg or .pdf");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  expect_export_error ("/nowhere/plot.png", "/nowhere/plot.png");
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
  surface = render (plot, FALSE);
  for (gint row = 0; row < HEIGHT; row++)
    for (gint column = 0; column < WIDTH; column++)
      n_pixels += color_distance (surface, column, row, 0) < 30;
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
  surface = render (plot, FALSE);
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, WIDTH, HEIGHT, &style, &area);
  converge_plot_area_from_data (&area, 1.2, 5, &left, &y);
  converge_plot_area_from_data (&area, 3.8, 5, &right, &y);
  for (gint row = (gint) area.y; row < (gint) (area.y + area.height); row++)
    for (gint column = (gint) left; column < (gint) right; column++)
      g_assert_cmpint (color_distance (surface, column, row, 0), >, 30);
  cairo_surface_destroy (surface);
}

/* What is drawn left of the axis, where only the labels of its ticks are. */
static guint
count_label_pixels (double axis_height)
{
  const double y[] = { 0, 5 }, x[] = { 0, 100 };
  g_autoptr (ConvergePlot) plot = converge_plot_new (NULL, NULL, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_ARGB32, WIDTH, HEIGHT);
  cairo_t *cr = cairo_create (surface);
  ConvergePlotStyle style;
  ConvergePlotArea area;
  guint n_pixels = 0;

  converge_series_set_points (
    converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "loss", NULL, 0), 2, x, y);
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, WIDTH, HEIGHT, &style, &area);
  axis_height += HEIGHT - area.height;
  converge_plot_layout (plot, WIDTH, axis_height, &style, &area);
  converge_plot_draw (plot, cr, WIDTH, axis_height, &style);
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
  g_test_add_func ("/plot/fit-pixels", test_fit_pixels);
  g_test_add_func ("/plot/spike", test_spike);
  g_test_add_func ("/plot/strange-data", test_strange_data);
  g_test_add_func ("/plot/lone-point", test_lone_point);
  g_test_add_func ("/plot/band-with-gap", test_band_with_gap);
  g_test_add_func ("/plot/low", test_low);
  g_test_add_func ("/plot/export", test_export);
  g_test_add_func ("/plot/export-errors", test_export_errors);
  g_test_add_func ("/plot/best-found", test_best_found);
  g_test_add_func ("/plot/far-optimum", test_far_optimum);
  g_test_add_func ("/plot/tensors", test_tensors);
  g_test_add_func ("/plot/locale", test_locale);
  return g_test_run ();
}
