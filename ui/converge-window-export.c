/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-clipboard.h"
#include "converge-window-private.h"

#include <glib/gi18n-lib.h>

/* Runs, plots and data leave the window as files or by the clipboard. */

static void
tell_of_file (ConvergeWindow *self,
              GFile *file)
{
  g_autoptr (GFile) folder = g_file_get_parent (file);
  g_autofree char *name = g_file_get_basename (file);
  g_autofree char *text = g_strdup_printf (_ ("“%s” written"), name);

  converge_window_show_toast (self, text, folder);
}

/**
 * converge_window_export:
 * @self: the window
 * @what: what to write
 * @path: path of the file
 *
 * Writes a file of what is to be seen, and tells how that went.
 *
 * Returns: whether it is there
 */
gboolean
converge_window_export (ConvergeWindow *self,
                        ConvergeExport what,
                        const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GFile) file = g_file_new_for_path (path);
  ConvergeExportSource source;

  converge_plots_get_source (self->plots, &source);
  if (converge_export_find_spec (what, &source) == NULL)
    return FALSE;
  if (converge_export_write (what, &source, path, &error))
    {
      tell_of_file (self, file);
      return TRUE;
    }
  converge_window_show_toast (self, error->message, NULL);
  return FALSE;
}

static void
use_path (ConvergeWindow *self,
          const char *path,
          int what)
{
  if (what != CONVERGE_EXPORT_LOSSES || !converge_window_write_losses (self, path))
    converge_window_export (self, (ConvergeExport) what, path);
}

static void
export_file (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  const ConvergeExport what = (ConvergeExport) g_variant_get_int32 (parameter);
  ConvergeExportSource source;
  const AgRunSpec *spec;
  GtkFileChooserNative *dialog;
  g_autofree char *file_name = NULL;

  converge_plots_get_source (self->plots, &source);
  spec = converge_export_find_spec (what, &source);
  if (spec == NULL)
    return;
  dialog = gtk_file_chooser_native_new (_ ("Export"), GTK_WINDOW (self),
                                        GTK_FILE_CHOOSER_ACTION_SAVE, NULL, NULL);
  file_name = converge_export_file_name (what, spec);
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (dialog), file_name);
  converge_window_choose_file (self, dialog, use_path, (int) what);
}

static void
copy_picture (ConvergeWindow *self,
              ConvergeExport what)
{
  ConvergeExportSource source;
  cairo_surface_t *picture;

  converge_plots_get_source (self->plots, &source);
  picture = converge_export_paint (what, &source);
  if (converge_clipboard_set_picture (GTK_WIDGET (self), picture))
    converge_window_show_toast (self, _ ("Picture copied"), NULL);
  cairo_surface_destroy (picture);
}

static void
copy_view (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  copy_picture (CONVERGE_WINDOW (widget), CONVERGE_EXPORT_VIEW);
}

/* A plot can be copied as soon as it can be seen, before there is a run as well. */
static void
copy_plot (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);

  if (converge_plots_get_spec (self->plots) != NULL)
    copy_picture (self, (ConvergeExport) g_variant_get_int32 (parameter));
}

static void
copy_sweep (GtkWidget *widget,
            const char *name,
            GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  const ConvergeExport what = (ConvergeExport) g_variant_get_int32 (parameter);
  ConvergeExportSource source;

  converge_plots_get_source (self->plots, &source);
  if (converge_export_find_spec (what, &source) != NULL)
    copy_picture (self, what);
}

/* A command line has one rate. */
static void
copy_command (GtkWidget *widget,
              const char *name,
              GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  g_autofree char *command = ag_run_spec_to_command (converge_run_spec (self->run));

  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), command);
  if (ag_rates_n (converge_run_rates (self->run)) > 0)
    converge_window_show_toast (self, _ ("Command copied. It keeps to the rate that this run began "
                                         "with, and does not change it under way."),
                                NULL);
  else
    converge_window_show_toast (self, _ ("Command copied"), NULL);
}

/**
 * converge_window_install_export:
 * @klass: the window's class
 */
void
converge_window_install_export (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.export", "i", export_file);
  /* A sweep needs no run. */
  gtk_widget_class_install_action (klass, "win.export-sweep", "i", export_file);
  gtk_widget_class_install_action (klass, "win.copy-sweep", "i", copy_sweep);
  gtk_widget_class_install_action (klass, "win.copy-view", NULL, copy_view);
  gtk_widget_class_install_action (klass, "win.copy-plot", "i", copy_plot);
  gtk_widget_class_install_action (klass, "win.copy-command", NULL, copy_command);
}

/**
 * converge_window_enable_export:
 * @self: the window
 * @is_enabled: whether there is something to export
 */
void
converge_window_enable_export (ConvergeWindow *self,
                               gboolean is_enabled)
{
  static const char *const actions[] = { "win.export", "win.copy-view", "win.copy-command" };

  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), actions[i], is_enabled);
  gtk_widget_set_sensitive (GTK_WIDGET (self->export_menu), is_enabled);
}
