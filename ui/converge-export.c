/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-export.h"

#include "plot/plot-format.h"
#include "plot/run-picture.h"
#include "plot/surface-picture.h"
#include "plot/surface-plot.h"
#include "plot/sweep-picture.h"
#include "script/script-file.h"
#include "train/csv.h"
#include "train/run-file.h"
#include "train/sweep-csv.h"

#include <glib/gi18n-lib.h>

static void
append (GMenu *menu,
        const char *label,
        ConvergeExport what)
{
  g_autoptr (GMenuItem) item = g_menu_item_new (label, NULL);

  g_menu_item_set_action_and_target (item, "win.export", "i", (gint32) what);
  g_menu_append_item (menu, item);
}

/**
 * converge_export_menu:
 *
 * Returns: (transfer full): a menu of what can be written and copied
 */
GMenuModel *
converge_export_menu (void)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenu) tables = g_menu_new ();
  g_autoptr (GMenu) scripts = g_menu_new ();
  g_autoptr (GMenu) pictures = g_menu_new ();
  g_autoptr (GMenu) copies = g_menu_new ();

  append (tables, _ ("_Coefficients as CSV…"), CONVERGE_EXPORT_COEFFICIENTS);
  append (tables, _ ("_Losses as CSV…"), CONVERGE_EXPORT_LOSSES);
  append (tables, _ ("_Parameters over Steps as CSV…"), CONVERGE_EXPORT_PARAMETERS);
  append (scripts, _ ("PyTorch _Script…"), CONVERGE_EXPORT_SCRIPT);
  append (scripts, _ ("PyTorch _Notebook…"), CONVERGE_EXPORT_NOTEBOOK);
  append (pictures, _ ("Whole _View as Picture…"), CONVERGE_EXPORT_VIEW);
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      g_autofree char *label = g_strdup_printf (_ ("%s as Picture…"),
                                                _ (converge_run_plot_nth (i)->title));

      append (pictures, label, CONVERGE_EXPORT_PLOT + i);
    }
  g_menu_append (copies, _ ("Copy Pict_ure of Whole View"), "win.copy-view");
  g_menu_append (copies, _ ("Copy Co_mmand of This Run"), "win.copy-command");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (tables));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (scripts));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (pictures));
  g_menu_append_section (menu, NULL, G_MENU_MODEL (copies));
  return G_MENU_MODEL (menu);
}

/* Files that need no run are written by an action of their own. */
static GMenuModel *
make_menu (ConvergeExport table_of,
           ConvergeExport picture_of)
{
  GMenu *menu = g_menu_new ();
  g_autoptr (GMenuItem) table = g_menu_item_new (_ ("_Table as CSV…"), NULL);
  g_autoptr (GMenuItem) picture = g_menu_item_new (_ ("_Picture…"), NULL);

  g_menu_item_set_action_and_target (table, "win.export-sweep", "i", (gint32) table_of);
  g_menu_item_set_action_and_target (picture, "win.export-sweep", "i", (gint32) picture_of);
  g_menu_append_item (menu, table);
  g_menu_append_item (menu, picture);
  return G_MENU_MODEL (menu);
}

/**
 * converge_export_sweep_menu:
 * @sweep: 0 for the sweep of one setting, 1 for the map of two
 *
 * Returns: (transfer full): a menu of what can be written of it
 */
GMenuModel *
converge_export_sweep_menu (guint sweep)
{
  return make_menu (CONVERGE_EXPORT_SWEEP + sweep, CONVERGE_EXPORT_SWEEP_PICTURE + sweep);
}

/**
 * converge_export_surface_menu:
 *
 * Returns: (transfer full): a menu of what can be written of the loss over two parameters
 */
GMenuModel *
converge_export_surface_menu (void)
{
  return make_menu (CONVERGE_EXPORT_SURFACE, CONVERGE_EXPORT_SURFACE_PICTURE);
}

static gboolean
is_table_of_sweep (ConvergeExport what)
{
  return what == CONVERGE_EXPORT_SWEEP || what == CONVERGE_EXPORT_MAP;
}

static gboolean
is_of_surface (ConvergeExport what)
{
  return what == CONVERGE_EXPORT_SURFACE || what == CONVERGE_EXPORT_SURFACE_PICTURE;
}

/* Which sweep is to be written; past the end if it is something else. */
static guint
find_sweep (ConvergeExport what)
{
  if (is_table_of_sweep (what))
    return what - CONVERGE_EXPORT_SWEEP;
  if (what == CONVERGE_EXPORT_SWEEP_PICTURE || what == CONVERGE_EXPORT_MAP_PICTURE)
    return what - CONVERGE_EXPORT_SWEEP_PICTURE;
  return CONVERGE_N_SWEEPS;
}

/**
 * converge_export_find_spec:
 * @what: what is to be written
 * @source: where it comes from
 *
 * Returns: (transfer none) (nullable): what the run does that it is of; %NULL if there is
 *   nothing of it
 */
const AgRunSpec *
converge_export_find_spec (ConvergeExport what,
                           const ConvergeExportSource *source)
{
  const guint sweep = find_sweep (what);

  if (is_of_surface (what))
    return source->n_surfaces > 0 ? source->surface_spec : NULL;
  if (sweep == CONVERGE_N_SWEEPS)
    return source->view.snapshot != NULL ? source->view.spec : NULL;
  return source->sweeps[sweep] != NULL ? ag_sweep_spec (source->sweeps[sweep], 0) : NULL;
}

/**
 * converge_export_file_name:
 * @what: what is to be written
 * @spec: the run
 *
 * Returns: (transfer full): a name for the file, "autograd-loss.csv"
 */
char *
converge_export_file_name (ConvergeExport what,
                           const AgRunSpec *spec)
{
  const char *program = spec->program->id;

  switch (what)
    {
    case CONVERGE_EXPORT_COEFFICIENTS:
      return g_strdup_printf ("%s-coefficients.csv", program);
    case CONVERGE_EXPORT_LOSSES:
      return g_strdup_printf ("%s-loss.csv", program);
    case CONVERGE_EXPORT_PARAMETERS:
      return g_strdup_printf ("%s-parameters.csv", program);
    case CONVERGE_EXPORT_SCRIPT:
      return g_strdup_printf ("%s-pytorch.py", program);
    case CONVERGE_EXPORT_NOTEBOOK:
      return g_strdup_printf ("%s-pytorch.ipynb", program);
    case CONVERGE_EXPORT_SWEEP:
      return g_strdup_printf ("%s-sweep.csv", program);
    case CONVERGE_EXPORT_MAP:
      return g_strdup_printf ("%s-map.csv", program);
    case CONVERGE_EXPORT_SWEEP_PICTURE:
      return g_strdup_printf ("%s-sweep.png", program);
    case CONVERGE_EXPORT_MAP_PICTURE:
      return g_strdup_printf ("%s-map.png", program);
    case CONVERGE_EXPORT_SURFACE:
      return g_strdup_printf ("%s-surface.csv", program);
    case CONVERGE_EXPORT_SURFACE_PICTURE:
      return g_strdup_printf ("%s-surface.png", program);
    case CONVERGE_EXPORT_VIEW:
      return g_strdup_printf ("%s-view.png", program);
    case CONVERGE_EXPORT_PLOT:
    case CONVERGE_N_EXPORTS:
    default:
      return g_strdup_printf ("%s-%s.png", program,
                              converge_run_plot_nth (what - CONVERGE_EXPORT_PLOT)->id);
    }
}

/* The plots of a picture, and %NULL for the others. */
static void
choose_plots (ConvergeExport what,
              const ConvergeExportSource *source,
              ConvergePlot *plots[CONVERGE_N_RUN_PLOTS])
{
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      const gboolean is_chosen = what == CONVERGE_EXPORT_VIEW ? source->is_seen[i]
                                                              : what == CONVERGE_EXPORT_PLOT + i;

      plots[i] = is_chosen ? source->plots[i] : NULL;
    }
}

static gboolean
write_picture (ConvergeExport what,
               const ConvergeExportSource *source,
               AgTransaction *transaction,
               const char *path,
               GError **error)
{
  ConvergePlot *plots[CONVERGE_N_RUN_PLOTS];

  choose_plots (what, source, plots);
  return converge_run_picture_write (&source->view, plots, transaction, path, error);
}

static gboolean
write_numbers (ConvergeExport what,
               const ConvergeRunView *view,
               AgTransaction *transaction,
               const char *path,
               GError **error)
{
  if (what == CONVERGE_EXPORT_COEFFICIENTS)
    return ag_csv_write_coefficients (transaction, path, view->spec, view->snapshot, view->initial,
                                      view->optimum, error);
  if (what == CONVERGE_EXPORT_PARAMETERS)
    return ag_csv_write_parameters (transaction, path, view->spec, view->trace, view->snapshot,
                                    error);
  return ag_csv_write_losses (transaction, path, view->history, view->spec->dtype,
                              view->loss_over == CONVERGE_LOSS_OVER_TIME ? view->clock : NULL, 1, error);
}

/* A table, and beside it the run's settings. */
static gboolean
write_table (ConvergeExport what,
             const ConvergeRunView *view,
             AgTransaction *transaction,
             const char *path,
             GError **error)
{
  g_autofree char *settings = ag_run_file_beside (path);

  return converge_plot_format_check_table (path, error)
         && write_numbers (what, view, transaction, path, error)
         && ag_run_file_write (transaction, settings, view->spec, view->snapshot, view->rates,
                               view->optimum, error);
}

static gboolean
write_script (const ConvergeRunView *view,
              AgTransaction *transaction,
              const char *path,
              GError **error)
{
  return ag_script_file_check_name (path, error)
         && ag_script_file_write (transaction, path, view->spec, view->rates,
                                  view->spec->program->log_every, error);
}

static gboolean
write_sweep (ConvergeExport what,
             const ConvergeExportSource *source,
             AgTransaction *transaction,
             const char *path,
             GError **error)
{
  AgSweep *sweep = source->sweeps[find_sweep (what)];
  const ConvergeSweepLook *look = &source->looks[find_sweep (what)];

  if (is_table_of_sweep (what))
    return converge_plot_format_check_table (path, error)
           && ag_csv_write_sweep (transaction, path, sweep, error);
  return converge_sweep_picture_write (sweep, look, transaction, path, error);
}

static gboolean
write_surface (ConvergeExport what,
               const ConvergeExportSource *source,
               AgTransaction *transaction,
               const char *path,
               GError **error)
{
  FILE *stream;

  if (what == CONVERGE_EXPORT_SURFACE_PICTURE)
    return converge_surface_picture_write (source->n_surfaces, source->surfaces, source->surface_spec,
                                           FALSE, transaction, path, error);
  if (!converge_plot_format_check_table (path, error))
    return FALSE;
  stream = ag_transaction_open (transaction, path, error);
  if (stream == NULL)
    return FALSE;
  converge_surface_write_csv (source->field, source->surface_spec, source->least, stream);
  return TRUE;
}

/**
 * converge_export_write:
 * @what: what is to be written
 * @source: where it comes from
 * @path: path of the file; of a picture or a script, its ending says what kind it is
 * @error: return location for a #GError
 *
 * Writes a file, as the command line does; beside a CSV file come the run's
 * settings.
 *
 * Returns: whether all is there; else all is as it was
 */
gboolean
converge_export_write (ConvergeExport what,
                       const ConvergeExportSource *source,
                       const char *path,
                       GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  gboolean success;

  switch (what)
    {
    case CONVERGE_EXPORT_COEFFICIENTS:
    case CONVERGE_EXPORT_LOSSES:
    case CONVERGE_EXPORT_PARAMETERS:
      success = write_table (what, &source->view, transaction, path, error);
      break;
    case CONVERGE_EXPORT_SCRIPT:
    case CONVERGE_EXPORT_NOTEBOOK:
      success = write_script (&source->view, transaction, path, error);
      break;
    case CONVERGE_EXPORT_SWEEP:
    case CONVERGE_EXPORT_MAP:
    case CONVERGE_EXPORT_SWEEP_PICTURE:
    case CONVERGE_EXPORT_MAP_PICTURE:
      success = write_sweep (what, source, transaction, path, error);
      break;
    case CONVERGE_EXPORT_SURFACE:
    case CONVERGE_EXPORT_SURFACE_PICTURE:
      success = write_surface (what, source, transaction, path, error);
      break;
    case CONVERGE_EXPORT_VIEW:
    case CONVERGE_EXPORT_PLOT:
    case CONVERGE_N_EXPORTS:
    default:
      success = write_picture (what, source, transaction, path, error);
    }
  return success && ag_transaction_commit (transaction, error);
}

/**
 * converge_export_paint:
 * @what: a picture
 * @source: where it comes from
 *
 * Returns: (transfer full): the picture that converge_export_write() would write, as
 *   pixels; in an error state if there is no memory for it
 */
cairo_surface_t *
converge_export_paint (ConvergeExport what,
                       const ConvergeExportSource *source)
{
  ConvergePlot *plots[CONVERGE_N_RUN_PLOTS];
  const guint sweep = find_sweep (what);

  if (is_of_surface (what))
    return converge_surface_picture_paint (source->n_surfaces, source->surfaces, source->surface_spec);
  if (sweep < CONVERGE_N_SWEEPS)
    return converge_sweep_picture_paint (source->sweeps[sweep], &source->looks[sweep]);
  choose_plots (what, source, plots);
  return converge_run_picture_paint (&source->view, plots);
}
