/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/surface-picture.h"

#include "plot/plot-export.h"
#include "plot/run-text.h"

#include <glib/gi18n-lib.h>

/* The picture of a surface, from the window and from the command line. */

#define PLOT_WIDTH 820
#define PLOT_HEIGHT 720

/**
 * Picture:
 * @page: what is on it
 * @style: what it looks like
 * @heading: which program it is
 * @caption: the run in words
 *
 * A picture that is ready to be drawn.
 */
typedef struct
{
  ConvergePlotPage page;
  ConvergePlotStyle style;
  char *heading;
  char *caption;
} Picture;

static void
picture_clear (Picture *picture)
{
  g_free (picture->heading);
  g_free (picture->caption);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Picture, picture_clear)

static void
picture_init (Picture *picture,
              guint n_plots,
              ConvergePlot *const *plots,
              const AgRunSpec *spec,
              gboolean is_dark)
{
  picture->heading = g_strdup_printf (_ ("Loss surface: %s"), _ (spec->program->title));
  picture->caption = converge_run_text_settings (spec, spec->lr);
  picture->page = (ConvergePlotPage){ .plots = plots,
                                      .n_plots = n_plots,
                                      .is_beside = TRUE,
                                      .heading = picture->heading,
                                      .caption = picture->caption };
  converge_plot_style_init (&picture->style, is_dark, FALSE);
}

/**
 * converge_surface_picture_write:
 * @n_plots: number of @plots
 * @plots: (array length=n_plots): plots of surfaces, to be one beside the other
 * @spec: the run
 * @is_dark: whether it is to be bright on dark
 * @transaction: what the file is part of
 * @path: path of the file, whose ending is that of a #ConvergePlotFormat
 * @error: return location for a #GError
 *
 * Draws surfaces into a file.
 *
 * Returns: whether the transaction has the file
 */
gboolean
converge_surface_picture_write (guint n_plots,
                                ConvergePlot *const *plots,
                                const AgRunSpec *spec,
                                gboolean is_dark,
                                AgTransaction *transaction,
                                const char *path,
                                GError **error)
{
  g_auto (Picture) picture = { 0 };

  picture_init (&picture, n_plots, plots, spec, is_dark);
  return converge_plot_export (&picture.page, transaction, path, PLOT_WIDTH * n_plots, PLOT_HEIGHT,
                               &picture.style, error);
}

/**
 * converge_surface_picture_paint:
 * @n_plots: number of @plots
 * @plots: (array length=n_plots): plots of surfaces
 * @spec: the run
 *
 * Returns: (transfer full): the same picture as pixels, as a PNG file has them; in an error state if
 *   there is no memory for it
 */
cairo_surface_t *
converge_surface_picture_paint (guint n_plots,
                                ConvergePlot *const *plots,
                                const AgRunSpec *spec)
{
  g_auto (Picture) picture = { 0 };

  picture_init (&picture, n_plots, plots, spec, FALSE);
  return converge_plot_paint (&picture.page, PLOT_WIDTH * n_plots, PLOT_HEIGHT, &picture.style);
}
