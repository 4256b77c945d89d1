/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "converge-plots.h"

#include "plot/plot-export.h"
#include "plot/run-text.h"
#include "window-fixture.h"

#include <string.h>

/* The pictures that are exported. */

static void
check_begins_with (const char *path,
                   const char *magic)
{
  g_autofree char *text = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  g_assert_cmpuint (length, >, 1000);
  g_assert_cmpmem (text, strlen (magic), magic, strlen (magic));
}

static void
test_pictures (Fixture *fixture,
               gconstpointer data)
{
  static const struct
  {
    const char *ending;
    const char *magic;
  } kinds[] = { { "png", "\x89PNG" }, { "svg", "<?xml" }, { "pdf", "%PDF" } };
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);

  fixture_train (fixture, "100");
  for (guint what = CONVERGE_EXPORT_VIEW; what < CONVERGE_N_EXPORTS; what++)
    for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
      {
        g_autofree char *name = g_strdup_printf ("%u.%s", what, kinds[i].ending);
        g_autofree char *path = fixture_export (fixture, folder, name, what);

        check_begins_with (path, kinds[i].magic);
      }
  common_remove (folder);
}

static char *
read_picture (const char *path,
              int *width,
              int *height,
              gsize *length)
{
  cairo_surface_t *surface = cairo_image_surface_create_from_png (path);
  char *bytes;

  *width = cairo_image_surface_get_width (surface);
  *height = cairo_image_surface_get_height (surface);
  cairo_surface_destroy (surface);
  g_assert_true (g_file_get_contents (path, &bytes, length, NULL));
  return bytes;
}

/* Writes the picture that one would expect: plots, formula, settings and outcome. */
static void
write_expected (Fixture *fixture,
                guint n_plots,
                const guint *which,
                int width,
                int height,
                const char *path)
{
  ConvergePlots *plots = CONVERGE_PLOTS (
    fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_PLOTS, NULL, NULL));
  const AgRunSpec *spec = converge_run_spec (converge_window_get_run (fixture->window));
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autofree char *settings = converge_run_text_settings (spec, spec->lr);
  const AgMoment *moment = converge_runs_get_moment (converge_window_get_runs (fixture->window));
  g_autofree char *outcome = moment != NULL
                               ? converge_run_text_moment (moment)
                               : converge_run_text_outcome (fixture_snapshot (fixture));
  g_autofree char *caption = g_strconcat (settings, " · ", outcome, NULL);
  g_autofree char *formula
    = converge_run_text_formula (spec, moment != NULL ? moment->coefficients
                                                      : fixture_snapshot (fixture)->coefficients);
  ConvergePlot *seen[CONVERGE_N_RUN_PLOTS];
  const ConvergePlotPage page = {
    .plots = seen,
    .n_plots = n_plots,
    .heading = formula,
    .caption = caption,
  };
  ConvergeExportSource source;
  ConvergePlotStyle style;

  converge_plots_get_source (plots, &source);
  for (guint i = 0; i < n_plots; i++)
    seen[i] = source.plots[which[i]];
  converge_plot_style_init (&style, FALSE, FALSE);
  g_assert_true (converge_plot_export (&page, transaction, path, width / 2, height / 2, &style,
                                       NULL));
  g_assert_true (ag_transaction_commit (transaction, NULL));
}

static void
check_captions (Fixture *fixture)
{
  const guint fit = (guint) converge_run_plot_find ("fit");
  const guint loss = (guint) converge_run_plot_find ("loss");
  const struct
  {
    ConvergeExport what;
    guint n_plots;
    guint which[2];
  } cases[] = {
    { CONVERGE_EXPORT_VIEW, 2, { fit, loss } },
    { CONVERGE_EXPORT_PLOT + fit, 1, { fit } },
    { CONVERGE_EXPORT_PLOT + loss, 1, { loss } },
  };
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *expected_path = g_build_filename (folder, "expected.png", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = fixture_export (fixture, folder, "picture.png", cases[i].what);
      g_autofree char *picture = NULL, *expected = NULL;
      gsize n_picture, n_expected;
      int width, height;

      picture = read_picture (path, &width, &height, &n_picture);
      write_expected (fixture, cases[i].n_plots, cases[i].which, width, height,
                      expected_path);
      expected = read_picture (expected_path, &width, &height, &n_expected);
      g_assert_cmpmem (picture, n_picture, expected, n_expected);
    }
  common_remove (folder);
}

static gboolean
has_moment (Fixture *fixture)
{
  return converge_runs_get_moment (converge_window_get_runs (fixture->window)) != NULL;
}

/* A picture says what it shows, the whole view's as that of each plot: formula and
 * settings, at the moment that is looked at. */
static void
test_captions (Fixture *fixture,
               gconstpointer data)
{
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 900, 600);
  fixture_train (fixture, "100");
  fixture_wait_for_optimum (fixture);
  check_captions (fixture);
  converge_runs_set_step (converge_window_get_runs (fixture->window), 37);
  fixture_wait (has_moment, fixture);
  check_captions (fixture);
}

static const FixtureTest tests[] = {
  { "/pictures/kinds", test_pictures },
  { "/pictures/captions", test_captions },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
