/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-picture.h"

#include "plot/plot-export.h"
#include "plot/run-text.h"

#include <glib/gi18n-lib.h>

/* The picture of a run, from the window and from the command line: plots, with the
 * formula above and the settings below, so that it still says what it shows when it
 * has been passed on. */

#define WIDTH 1200
#define PLOT_HEIGHT 480

/**
 * Picture:
 * @page: what is on it
 * @plots: its plots
 * @height: in pixels
 * @style: what it looks like
 * @formula: the texts, which @page points to
 * @caption: see @formula
 *
 * A picture that is ready to be drawn.
 */
typedef struct
{
  ConvergePlotPage page;
  ConvergePlot *plots[CONVERGE_N_RUN_PLOTS];
  double height;
  ConvergePlotStyle style;
  char *formula;
  char *caption;
} Picture;

static void
picture_clear (Picture *picture)
{
  g_free (picture->formula);
  g_free (picture->caption);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Picture, picture_clear)

static void
add_texts (Picture *picture,
           const ConvergeRunView *view)
{
  const AgProgramClass *program = view->spec->program;
  g_autofree char *settings = converge_run_text_settings (view->spec, view->lr);
  g_autofree char *outcome = converge_run_view_is_past (view)
                               ? converge_run_text_moment (view->moment)
                               : converge_run_text_outcome (view->snapshot);

  picture->caption = g_strjoin (" · ", settings, outcome, NULL);
  picture->page.caption = picture->caption;
  picture->formula = converge_run_text_formula (view->spec, converge_run_view_coefficients (view));
  picture->page.heading = picture->formula;
  picture->page.note = program->model->formula_note != NULL ? _ (program->model->formula_note) : NULL;
}

static void
picture_init (Picture *picture,
              const ConvergeRunView *view,
              ConvergePlot *const plots[CONVERGE_N_RUN_PLOTS])
{
  ConvergeRunView named = *view;
  guint n_plots = 0;

  named.names_runs = TRUE;
  *picture = (Picture){ .page.plots = picture->plots };
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (plots[i] != NULL)
      {
        converge_run_plot_nth (i)->update (plots[i], &named, WIDTH);
        picture->plots[n_plots++] = plots[i];
      }
  picture->page.n_plots = n_plots;
  picture->height = PLOT_HEIGHT * n_plots;
  converge_plot_style_init (&picture->style, FALSE, FALSE);
  add_texts (picture, view);
}

/**
 * converge_run_picture_write:
 * @view: a run
 * @plots: its plots, %NULL for those that are not to be in the picture; at least one
 *   is
 * @transaction: what the file is part of
 * @path: path of the file, whose ending is that of a #ConvergePlotFormat
 * @error: return location for a #GError
 *
 * Brings the plots up to date and draws them into a file, with what the run has found
 * and what it is in words.
 *
 * Returns: whether the transaction has the file
 */
gboolean
converge_run_picture_write (const ConvergeRunView *view,
                            ConvergePlot *const plots[CONVERGE_N_RUN_PLOTS],
                            AgTransaction *transaction,
                            const char *path,
                            GError **error)
{
  g_auto (Picture) picture = { 0 };

  picture_init (&picture, view, plots);
  return converge_plot_export (&picture.page, transaction, path, WIDTH, picture.height,
                               &picture.style, error);
}

/**
 * converge_run_picture_paint:
 * @view: a run
 * @plots: as for converge_run_picture_write()
 *
 * Returns: (transfer full): the same picture as pixels, as a PNG file has them; in
 *   an error state if there is no memory for it
 */
cairo_surface_t *
converge_run_picture_paint (const ConvergeRunView *view,
                            ConvergePlot *const plots[CONVERGE_N_RUN_PLOTS])
{
  g_auto (Picture) picture = { 0 };

  picture_init (&picture, view, plots);
  return converge_plot_paint (&picture.page, WIDTH, picture.height, &picture.style);
}
