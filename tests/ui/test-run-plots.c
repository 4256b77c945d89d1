/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "plot/run-plots.h"

#include <math.h>
#include <string.h>

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
  fit_plot->update (plot, &view, FIXTURE_WIDTH);
  converge_plot_find_series (plot, "fit")->is_visible = TRUE;
  converge_plot_find_series (plot, "fit")->label[0] = ' ';
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, FIXTURE_WIDTH, FIXTURE_HEIGHT, &style, &area);
  surface = fixture_render (plot, FALSE);

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
        if (fixture_color_distance (surface, column, row, 0) < 60)
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
      converge_fit_plot.update (fit, &view, FIXTURE_WIDTH);
      converge_loss_plot.update (loss, &view, FIXTURE_WIDTH);
      converge_parameters_plot.update (parameters, &view, FIXTURE_WIDTH);
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
      converge_fit_plot.update (fit, &view, FIXTURE_WIDTH);
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
  kind->update (plot, &view, FIXTURE_WIDTH);
  g_assert_true (converge_plot_find_series (plot, "optimum")->in_range);
  optimum->is_exact = FALSE;
  kind->update (plot, &view, FIXTURE_WIDTH);
  g_assert_false (converge_plot_find_series (plot, "optimum")->in_range);
  optimum->coefficients[0] = -3;
  kind->update (plot, &view, FIXTURE_WIDTH);
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
  kind->update (plot, &view, FIXTURE_WIDTH);

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

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run-plots/fit-pixels", test_fit_pixels);
  g_test_add_func ("/run-plots/best-found", test_best_found);
  g_test_add_func ("/run-plots/far-optimum", test_far_optimum);
  g_test_add_func ("/run-plots/tensors", test_tensors);
  g_test_add_func ("/run-plots/spike", test_spike);
  return g_test_run ();
}
