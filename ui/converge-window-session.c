/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-comparison.h"
#include "converge-errand.h"
#include "converge-optima.h"
#include "converge-run-record.h"
#include "converge-runs-table.h"
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

/* Files of all runs of the window: saved, opened again, and as tables for other programs. */

/**
 * Kind:
 * @SAVED: all that can be seen of the runs
 * @LOSSES: the losses of all of them as one table
 * @TABLE: a line for each
 * @RACE: the leader board of the race
 * @LOSSES_OF_ONE: the losses of the run that is looked at, and beside them its settings
 * @OPENED: a file that was saved
 */
typedef enum
{
  SAVED,
  LOSSES,
  TABLE,
  RACE,
  LOSSES_OF_ONE,
  OPENED,
} Kind;

/**
 * FileErrand:
 * @errand: what it is the beginning of
 * @kind: what is done
 * @path: path of the file
 * @records: (element-type ConvergeRunRecord): the runs that are written
 * @table: (nullable): the text that is written instead
 * @optimum: (nullable): where the only one of them converges to
 * @loss_over: what its losses are over
 * @opened: (nullable) (element-type AgKeptRun): the runs that were read
 * @made: (nullable) (element-type AgRun): what goes on with each
 * @error: (nullable): why it could not be done
 */
typedef struct
{
  ConvergeErrand errand;
  Kind kind;
  char *path;
  GPtrArray *records;
  char *table;
  AgOptimum *optimum;
  ConvergeLossOver loss_over;
  GPtrArray *opened;
  GPtrArray *made;
  GError *error;
} FileErrand;

/* Of millions of steps that takes seconds. */
static void
write_losses_of_one (FileErrand *file)
{
  const AgSessionRun run = converge_run_record_describe (g_ptr_array_index (file->records, 0));
  const ConvergeExportSource source = {
    .view = {
      .spec = run.spec,
      .snapshot = run.snapshot,
      .initial = run.initial,
      .history = (AgHistory *) run.history,
      .trace = run.trace,
      .clock = run.clock,
      .rates = run.rates,
      .optimum = file->optimum,
      .loss_over = file->loss_over,
    },
  };

  converge_export_write (CONVERGE_EXPORT_LOSSES, &source, file->path, &file->error);
}

static gboolean
write_file (FileErrand *file,
            AgTransaction *transaction)
{
  g_autofree AgSessionRun *runs = g_new (AgSessionRun, MAX (file->records->len, 1));
  FILE *stream;

  for (guint i = 0; i < file->records->len; i++)
    runs[i] = converge_run_record_describe (g_ptr_array_index (file->records, i));
  if (file->kind == SAVED)
    return ag_session_file_write (transaction, file->path, file->records->len, runs, &file->error);
  stream = ag_transaction_open (transaction, file->path, &file->error);
  if (stream == NULL)
    return FALSE;
  if (file->kind == LOSSES)
    converge_runs_table_write_losses (stream, file->records->len, runs);
  else
    fputs (file->table, stream);
  return TRUE;
}

static void
do_file (ConvergeErrand *errand)
{
  FileErrand *file = (FileErrand *) errand;
  g_autoptr (AgTransaction) transaction = NULL;

  if (file->kind == OPENED)
    {
      file->opened = ag_session_file_read (file->path, &file->error);
      if (file->opened != NULL)
        file->made = ag_run_new_all_kept (file->opened);
      return;
    }
  transaction = ag_transaction_new ();
  if (file->kind == LOSSES_OF_ONE)
    write_losses_of_one (file);
  else if (write_file (file, transaction))
    ag_transaction_commit (transaction, &file->error);
  g_clear_pointer (&file->records, g_ptr_array_unref);
}

static void
show_opened (ConvergeWindow *self,
             const FileErrand *file)
{
  g_autofree char *name = g_path_get_basename (file->path);
  g_autofree char *text
    = g_strdup_printf (ngettext ("%u run of “%s” opened", "%u runs of “%s” opened", file->opened->len),
                       file->opened->len, name);

  for (guint i = 0; i < file->opened->len; i++)
    {
      g_autoptr (ConvergeRun) run = converge_run_new_kept (g_ptr_array_index (file->opened, i),
                                                           g_ptr_array_index (file->made, i));

      converge_runs_add (self->runs, run);
      if (i == 0)
        converge_runs_set_selected (self->runs, run);
    }
  g_object_set (self, "page", "runs", NULL);
  converge_window_show_toast (self, text, NULL);
}

static void
end_file (ConvergeErrand *errand,
          gpointer owner)
{
  ConvergeWindow *self = owner;
  const FileErrand *file = (const FileErrand *) errand;

  if (file->error != NULL)
    {
      converge_window_show_toast (self, file->error->message, NULL);
    }
  else if (file->kind == OPENED)
    {
      show_opened (self, file);
    }
  else
    {
      g_autoptr (GFile) written = g_file_new_for_path (file->path);
      g_autoptr (GFile) folder = g_file_get_parent (written);
      g_autofree char *name = g_file_get_basename (written);
      g_autofree char *text = g_strdup_printf (_ ("“%s” written"), name);

      converge_window_show_toast (self, text, folder);
    }
}

static void
clear_file (ConvergeErrand *errand)
{
  FileErrand *file = (FileErrand *) errand;

  g_free (file->path);
  g_free (file->table);
  g_clear_pointer (&file->records, g_ptr_array_unref);
  g_clear_pointer (&file->optimum, ag_optimum_unref);
  g_clear_pointer (&file->opened, g_ptr_array_unref);
  g_clear_pointer (&file->made, g_ptr_array_unref);
  g_clear_error (&file->error);
}

static const ConvergeErrandKind file_kind = {
  sizeof (FileErrand),
  do_file,
  end_file,
  clear_file,
};

static GPtrArray *
make_records (ConvergeWindow *self)
{
  GPtrArray *records
    = g_ptr_array_new_with_free_func ((GDestroyNotify) converge_run_record_free);

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ConvergeRunRecord *record = converge_run_record_new (converge_runs_nth (self->runs, i));

      if (record != NULL)
        g_ptr_array_add (records, record);
    }
  return records;
}

static void
send_file (ConvergeWindow *self,
           FileErrand *file,
           Kind kind,
           const char *path)
{
  file->kind = kind;
  file->path = g_strdup (path);
  if (self->file_runner == NULL)
    self->file_runner = converge_errand_runner_new ();
  converge_errand_send (file, self->file_runner);
}

static void
send (ConvergeWindow *self,
      Kind kind,
      const char *path)
{
  FileErrand *file = converge_errand_new (&file_kind, self);

  if (kind != OPENED)
    file->records = make_records (self);
  if (kind == TABLE)
    file->table = converge_runs_table_make (self->runs, ',');
  else if (kind == RACE)
    file->table = converge_plots_make_race_table (self->plots, ',');
  send_file (self, file, kind, path);
}

/**
 * converge_window_write_losses:
 * @self: the window
 * @path: path of a file
 *
 * Writes what converge_window_export() would of the losses of the run that is looked at, and tells how
 * that went; the window does not wait.
 *
 * Returns: whether there are any
 */
gboolean
converge_window_write_losses (ConvergeWindow *self,
                              const char *path)
{
  ConvergeRunRecord *record = converge_run_record_new (self->run);
  ConvergeExportSource source;
  FileErrand *file;

  if (record == NULL)
    return FALSE;
  converge_plots_get_source (self->plots, &source);
  file = converge_errand_new (&file_kind, self);
  file->records = g_ptr_array_new_with_free_func ((GDestroyNotify) converge_run_record_free);
  g_ptr_array_add (file->records, record);
  file->optimum = source.view.optimum != NULL ? ag_optimum_ref ((AgOptimum *) source.view.optimum) : NULL;
  file->loss_over = source.view.loss_over;
  send_file (self, file, LOSSES_OF_ONE, path);
  return TRUE;
}

/**
 * converge_window_open_runs:
 * @self: the window
 * @path: path of a file of runs
 *
 * Adds the runs of a file to those of the window, and tells how that went.
 */
void
converge_window_open_runs (ConvergeWindow *self,
                           const char *path)
{
  send (self, OPENED, path);
}

/**
 * converge_window_save_runs:
 * @self: the window
 * @path: path of the file
 *
 * Writes all runs into a file, and tells how that went.
 */
void
converge_window_save_runs (ConvergeWindow *self,
                           const char *path)
{
  send (self, SAVED, path);
}

static void
use_path (ConvergeWindow *self,
          const char *path,
          int what)
{
  g_autofree char *named = NULL;

  if (what == SAVED && !g_str_has_suffix (path, AG_SESSION_SUFFIX))
    path = named = g_strconcat (path, AG_SESSION_SUFFIX, NULL);
  send (self, (Kind) what, path);
}

static void
choose (ConvergeWindow *self,
        Kind kind,
        const char *title,
        const char *name)
{
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    title, GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);

  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), name);
  converge_window_choose_file (self, dialog, use_path, (int) kind);
}

static void
save_runs (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  choose (CONVERGE_WINDOW (widget), SAVED, _ ("Save Runs"), "runs" AG_SESSION_SUFFIX);
}

static void
export_losses (GtkWidget *widget,
               const char *name,
               GVariant *parameter)
{
  choose (CONVERGE_WINDOW (widget), LOSSES, _ ("Export"), "runs-losses.csv");
}

static void
export_table (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  choose (CONVERGE_WINDOW (widget), TABLE, _ ("Export"), "runs.csv");
}

static void
export_race (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  choose (CONVERGE_WINDOW (widget), RACE, _ ("Export"), "race.csv");
}

static void
copy_race (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  g_autofree char *table = converge_plots_make_race_table (self->plots, '\t');

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), table);
  converge_window_show_toast (self, _ ("Board of the race copied"), NULL);
}

static void
compare_runs (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  GtkWidget *comparison
    = converge_comparison_new (GTK_WINDOW (widget), CONVERGE_WINDOW (widget)->runs);

  gtk_window_present (GTK_WINDOW (comparison));
}

static void
copy_table (GtkWidget *widget,
            const char *name,
            GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  g_autofree char *table = converge_runs_table_make (self->runs, '\t');

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), table);
  converge_window_show_toast (self, _ ("Table of runs copied"), NULL);
}

/**
 * converge_window_install_session:
 * @klass: the window's class
 */
void
converge_window_install_session (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.save-runs", NULL, save_runs);
  gtk_widget_class_install_action (klass, "win.export-runs-losses", NULL, export_losses);
  gtk_widget_class_install_action (klass, "win.export-runs-table", NULL, export_table);
  gtk_widget_class_install_action (klass, "win.compare-runs", NULL, compare_runs);
  gtk_widget_class_install_action (klass, "win.copy-runs", NULL, copy_table);
  gtk_widget_class_install_action (klass, "win.export-race", NULL, export_race);
  gtk_widget_class_install_action (klass, "win.copy-race", NULL, copy_race);
}
