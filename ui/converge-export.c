/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-export.h"

#include "plot/plot-export.h"
#include "train/csv.h"
#include "train/settings.h"

#define WIDTH 1200
#define HEIGHT 500

/**
 * converge_export_file_name:
 * @what: what is to be written
 * @run: the run
 *
 * Returns: (transfer full): a name for the file, "autograd-loss.csv"
 */
char *
converge_export_file_name (ConvergeExport what,
                           const AgRun *run)
{
  static const char *const endings[CONVERGE_N_EXPORTS] = {
    [CONVERGE_EXPORT_COEFFICIENTS] = "coefficients.csv",
    [CONVERGE_EXPORT_LOSSES] = "loss.csv",
    [CONVERGE_EXPORT_FIT] = "fit.png",
    [CONVERGE_EXPORT_LOSS] = "loss.png",
    [CONVERGE_EXPORT_VIEW] = "view.png",
  };

  return g_strdup_printf ("%s-%s", run->program->id, endings[what]);
}

static gboolean
write_plots (ConvergePlot *const *plots,
             guint n_plots,
             const char *path,
             GError **error)
{
  ConvergePlotStyle style;

  converge_plot_style_init (&style, FALSE, FALSE);
  return converge_plot_export (plots, n_plots, path, WIDTH, HEIGHT * n_plots, &style, error);
}

/**
 * converge_export_write:
 * @what: what is to be written
 * @source: where it comes from
 * @path: path of the file; of a picture, its ending says what kind it is
 * @error: return location for a #GError
 *
 * Writes a file, as the command line does; beside a CSV file come the run's
 * settings.
 *
 * Returns: whether all is there
 */
gboolean
converge_export_write (ConvergeExport what,
                       const ConvergeExportSource *source,
                       const char *path,
                       GError **error)
{
  ConvergePlot *plots[] = { source->fit, source->loss };
  g_autofree char *settings = g_strconcat (path, ".run.json", NULL);

  switch (what)
    {
    case CONVERGE_EXPORT_COEFFICIENTS:
      return ag_csv_write_coefficients (path, source->run, source->snapshot, source->initial,
                                        error)
             && ag_settings_write (settings, source->run, source->snapshot, error);
    case CONVERGE_EXPORT_LOSSES:
      return ag_csv_write_losses (path, source->history, source->run->dtype, 1, error)
             && ag_settings_write (settings, source->run, source->snapshot, error);
    case CONVERGE_EXPORT_FIT:
      return write_plots (&plots[0], 1, path, error);
    case CONVERGE_EXPORT_LOSS:
      return write_plots (&plots[1], 1, path, error);
    case CONVERGE_EXPORT_VIEW:
    case CONVERGE_N_EXPORTS:
    default:
      return write_plots (plots, 2, path, error);
    }
}
