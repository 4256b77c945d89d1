/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-tabs.h"
#include "plot/plot-draw.h"
#include "plot/plot-others.h"
#include "window-fixture.h"

#include <math.h>
#include <string.h>

/* The runs beside the one that is looked at, in every plot. */

static ConvergePlot *
get_plot (Fixture *fixture,
          const char *id)
{
  return converge_plot_view_get_plot (fixture_find_plot (fixture, id));
}

static ConvergeRuns *
get_runs (Fixture *fixture)
{
  return converge_window_get_runs (fixture->window);
}

static void
make_run (Fixture *fixture,
          const char *seed)
{
  fixture_type (fixture, "Seed", seed);
  fixture_train (fixture, "300");
  fixture_wait_for_frames (fixture);
}

static const ConvergeSeries *
nth_other (Fixture *fixture,
           const char *plot,
           guint index)
{
  return g_ptr_array_index (get_plot (fixture, plot)->others, index);
}

static void
test_drawn (Fixture *fixture,
            gconstpointer data)
{
  ConvergeRuns *runs = get_runs (fixture);
  AgHistoryEntry entries[300];
  guint serial;

  make_run (fixture, "0");
  g_assert_cmpuint (get_plot (fixture, "loss")->others->len, ==, 0);
  make_run (fixture, "1");
  make_run (fixture, "2");
  g_assert_cmpuint (get_plot (fixture, "loss")->others->len, ==, 2);
  g_assert_cmpuint (get_plot (fixture, "fit")->others->len, ==, 2);

  /* Every loss of a run that is shorter than the plot is wide. */
  g_assert_cmpuint (nth_other (fixture, "loss", 1)->n, ==, 300);
  ag_history_read (converge_run_history (converge_runs_nth (runs, 1)), 0, 0, 299, 300, entries);
  for (guint i = 0; i < 300; i++)
    g_assert_cmpfloat (nth_other (fixture, "loss", 1)->y[i], ==, entries[i].loss);

  /* A run has one colour, the list's, in all plots, and no other run has it. */
  for (guint i = 0; i < 2; i++)
    {
      const guint color
        = converge_palette_of_run (converge_run_get_color (converge_runs_nth (runs, i)));

      g_assert_cmpuint (nth_other (fixture, "loss", i)->color, ==, color);
      g_assert_cmpuint (nth_other (fixture, "fit", i)->color, ==, color);
      g_assert_cmpuint (converge_plot_find_series (get_plot (fixture, "loss"), "loss")->color, !=,
                        color);
    }

  /* Curves that did not change are not drawn again. */
  serial = get_plot (fixture, "loss")->others_serial;
  converge_plot_view_update (fixture_find_plot (fixture, "loss"));
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (get_plot (fixture, "loss")->others_serial, ==, serial);

  converge_run_set_shown (converge_runs_nth (runs, 0), FALSE);
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (get_plot (fixture, "loss")->others->len, ==, 1);
  g_assert_cmpuint (get_plot (fixture, "loss")->others_serial, !=, serial);

  /* The one that is looked at is in front, hidden or not. */
  converge_runs_set_selected (runs, converge_runs_nth (runs, 0));
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (get_plot (fixture, "loss")->others->len, ==, 2);
  g_assert_cmpuint (converge_plot_find_series (get_plot (fixture, "loss"), "loss")->n, ==, 300);
  converge_runs_remove (runs, converge_runs_nth (runs, 1));
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (get_plot (fixture, "loss")->others->len, ==, 1);

  /* Before the next run, all of them are beside what the settings describe. */
  fixture_do (fixture, "win.stop");
  fixture_wait_for_frames (fixture);
  g_assert_cmpuint (get_plot (fixture, "fit")->others->len, ==, 1);
}

/* Only what can be compared is beside each other. */
static void
test_comparable (Fixture *fixture,
                 gconstpointer data)
{
  make_run (fixture, "0");
  fixture_type (fixture, "Points", "500");
  make_run (fixture, "0");
  g_assert_cmpuint (get_plot (fixture, "fit")->others->len, ==, 1);
  converge_settings_set_text (converge_window_get_settings (fixture->window), "target", "cos(x)");
  make_run (fixture, "0");
  g_assert_cmpuint (get_plot (fixture, "fit")->others->len, ==, 0);
  g_assert_cmpuint (get_plot (fixture, "loss")->others->len, ==, 2);
}

static gboolean
has_label (GtkWidget *widget,
           const char *name)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0;
}

static void
test_parameters (Fixture *fixture,
                 gconstpointer data)
{
  ConvergePlot *plot;
  GtkWidget *tab;

  make_run (fixture, "0");
  make_run (fixture, "1");
  tab = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_TOGGLE_BUTTON, has_label, "Parameters");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);
  fixture_wait_for_frames (fixture);
  plot = get_plot (fixture, "parameters");
  g_assert_cmpuint (plot->others->len, ==, 4);
  for (guint i = 0; i < 4; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->others, i);

      g_assert_cmpuint (series->dash, ==, i);
      g_assert_cmpuint (series->color, ==, nth_other (fixture, "parameters", 0)->color);
    }
}

static cairo_surface_t *
draw (gboolean is_other)
{
  ConvergePlot *plot = converge_plot_new (NULL, NULL, NULL);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 640, 400);
  cairo_t *cr = cairo_create (surface);
  g_autofree double *x = g_new (double, 20000), *y = g_new (double, 20000);
  ConvergePlotStyle style;
  ConvergeSeries *series;
  gboolean is_stale;

  for (guint i = 0; i < 20000; i++)
    {
      x[i] = i;
      y[i] = i > 15000 && i % 1000 == 0 ? 2 : sin (1e-7 * i * i) + 0.001 * (i % 7);
    }
  if (is_other)
    {
      converge_plot_begin_others (plot);
      series = converge_plot_add_other (plot, "run", 0, 1, &is_stale);
      converge_plot_end_others (plot);
      g_assert_true (is_stale);
      series->opacity = 1;
    }
  else
    {
      series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "run", NULL, 0);
    }
  series->width = 1.5;
  converge_series_set_points (series, 20000, x, y);
  converge_series_find_extent (series);
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_draw (plot, cr, 640, 400, &style);
  cairo_destroy (cr);
  converge_plot_free (plot);
  return surface;
}

/* The line with few corners looks like the one through all points, spikes and all. */
static void
test_line (void)
{
  cairo_surface_t *all = draw (FALSE), *few = draw (TRUE);
  const guchar *a, *b;
  guint n_different = 0;

  cairo_surface_flush (all);
  cairo_surface_flush (few);
  a = cairo_image_surface_get_data (all);
  b = cairo_image_surface_get_data (few);
  for (guint i = 0; i < 640 * 400 * 4; i += 4)
    n_different += abs (a[i + 2] - b[i + 2]) > 96;
  g_test_message ("%u pixels differ", n_different);
  g_assert_cmpuint (n_different, <, 640 * 400 / 500);
  cairo_surface_destroy (all);
  cairo_surface_destroy (few);
}

static gboolean
have_sharpness (Fixture *fixture)
{
  return get_plot (fixture, "sharpness")->others->len == 4;
}

static gboolean
have_updates (Fixture *fixture)
{
  return get_plot (fixture, "updates")->others->len == 2;
}

/* The norm of the updates of each other run is found, one after the other, and its sharpness with
 * the edge of stability. */
static void
test_updates (Fixture *fixture,
              gconstpointer data)
{
  GtkWidget *tabs = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL);
  const ConvergeSeries *norm;

  make_run (fixture, "0");
  make_run (fixture, "1");
  make_run (fixture, "2");
  converge_tabs_select (CONVERGE_TABS (tabs), "updates");
  fixture_wait (have_updates, fixture);
  norm = nth_other (fixture, "updates", 0);
  g_assert_cmpuint (norm->n, >, 100);
  /* The axes reach to it. */
  g_assert_cmpfloat (norm->extent[2].maximum, >=, norm->y[0]);
  for (guint i = 0; i < norm->n; i++)
    g_assert_cmpfloat (norm->y[i], >, 0);

  converge_tabs_select (CONVERGE_TABS (tabs), "sharpness");
  fixture_wait (have_sharpness, fixture);
}

int
main (int argc,
      char **argv)
{
  gtk_test_init (&argc, &argv);
  fixture_add ("/others/drawn", test_drawn);
  fixture_add ("/others/comparable", test_comparable);
  fixture_add ("/others/parameters", test_parameters);
  fixture_add ("/others/updates", test_updates);
  g_test_add_func ("/others/line", test_line);
  return g_test_run ();
}
