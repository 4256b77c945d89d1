/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

#include "train/run-file.h"
#include "train/session-file.h"

#include <glib/gi18n-lib.h>

/* Runs that come into the window from their files. */

/**
 * Opening:
 * @window: where the run is opened
 * @name: of its file
 * @spec: what it is
 * @changes: what was changed while it was under way
 *
 * A run whose data are being read.
 */
typedef struct
{
  ConvergeWindow *window;
  char *name;
  AgRunSpec spec;
  AgRates *changes;
} Opening;

/**
 * converge_window_take_over:
 * @self: the window
 * @name: what the run is called that they are of
 * @spec: settings
 *
 * Takes settings over, for the next run, and tells how that went.
 *
 * Returns: whether there can be such a run
 */
gboolean
converge_window_take_over (ConvergeWindow *self,
                           const char *name,
                           const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  if (!ag_run_spec_check (spec, &error))
    {
      converge_window_show_toast (self, error->message, NULL);
      return FALSE;
    }
  /* The data of the last time are not wanted any more. */
  g_clear_pointer (&self->data_load, converge_data_load_cancel);
  converge_settings_take_over (self->settings, spec);
  text = g_strdup_printf (_ ("Settings of “%s” taken over"), name);
  converge_window_show_toast (self, text, NULL);
  return TRUE;
}

/* Changes of settings under way are no settings themselves. Most people open a run to make a
 * similar one, so the settings are taken over and the changes are offered. */
static void
take_over_run (ConvergeWindow *self,
               const char *name,
               const AgRunSpec *spec,
               AgRates *changes)
{
  const gboolean has_changes = ag_rates_n (changes) > 0 || ag_rates_n_optimizers (changes) > 0;

  if (converge_window_take_over (self, name, spec) && has_changes)
    converge_window_offer_remake (self, name, spec, changes);
  else
    ag_rates_free (changes);
}

static void
data_loaded (ConvergeLoadedData *taken,
             gpointer user_data)
{
  g_autoptr (ConvergeLoadedData) loaded = taken;
  Opening *opening = user_data;
  ConvergeWindow *self = opening->window;

  if (loaded->error != NULL)
    converge_window_show_toast (self, loaded->error->message, NULL);
  else
    take_over_run (self, opening->name, &opening->spec, g_steal_pointer (&opening->changes));
  g_clear_pointer (&opening->changes, ag_rates_free);
  g_object_unref (self);
  g_free (opening->name);
  g_free (opening);
}

/**
 * converge_window_open_run:
 * @self: the window
 * @path: path of a run.json, or of a file of runs
 *
 * Adds the runs of a file to those of the window, or takes over the settings of a run that was
 * written, for the next run, and tells how that went; where it has data from a file, as soon as
 * that was read. Of a run that was changed under way it offers to make it again with these changes.
 * Where there is no run that can be made nothing changes.
 */
void
converge_window_open_run (ConvergeWindow *self,
                          const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *name = g_path_get_basename (path);
  g_autoptr (AgRates) changes = NULL;
  AgTableWish wish;
  Opening *opening;
  AgRunSpec spec;

  if (g_str_has_suffix (path, AG_SESSION_SUFFIX))
    {
      converge_window_open_runs (self, path);
      return;
    }
  if (ag_run_file_read (path, &spec, &error))
    changes = ag_run_file_read_changes (path, &error);
  if (changes == NULL)
    {
      converge_window_show_toast (self, error->message, NULL);
      return;
    }
  if (!ag_run_spec_has_file (&spec))
    {
      take_over_run (self, name, &spec, g_steal_pointer (&changes));
      return;
    }
  opening = g_new0 (Opening, 1);
  opening->window = g_object_ref (self);
  opening->name = g_steal_pointer (&name);
  opening->spec = spec;
  opening->changes = g_steal_pointer (&changes);
  wish = ag_run_spec_wish (&spec);
  converge_data_load (spec.data, &wish, data_loaded, opening);
}

static void
use_path (ConvergeWindow *self,
          const char *path,
          int what)
{
  converge_window_open_run (self, path);
}

static void
open_run (GtkWidget *widget,
          const char *name,
          GVariant *parameter)
{
  GtkFileChooserNative *dialog
    = gtk_file_chooser_native_new (_ ("Open Run"), GTK_WINDOW (widget),
                                   GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);
  GtkFileFilter *filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, _ ("Runs, and their settings"));
  gtk_file_filter_add_suffix (filter, "converge");
  gtk_file_filter_add_suffix (filter, "json");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (dialog), filter);
  g_object_unref (filter);
  converge_window_choose_file (CONVERGE_WINDOW (widget), dialog, use_path, 0);
}

/**
 * converge_window_install_open:
 * @klass: the window's class
 */
void
converge_window_install_open (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.open-run", NULL, open_run);
}
