/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-data-preview.h"
#include "converge-optima.h"
#include "converge-window-private.h"

#include "data/sample.h"

#include "train/session-file.h"

#include <errno.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>

/* How data come into the window: files that are opened or dropped, a table that is pasted,
 * samples. All are looked at first, and nothing is changed until somebody has said so. */

static const char *
get_id (const char *setting,
        guint index)
{
  AgChoice choice;

  return ag_setting_nth_choice (ag_setting_find (NULL, setting), index, &choice) ? choice.id : NULL;
}

static void
use (ConvergeWindow *self,
     const ConvergeLoadedData *loaded)
{
  const ConvergeSettingText texts[] = {
    { "data", loaded->path },
    { "x", loaded->x },
    { "y", loaded->y },
    { "delimiter", get_id ("delimiter", loaded->delimiter) },
    { "decimal", get_id ("decimal", loaded->decimal) },
  };

  /* Those of the last time are not wanted any more. */
  g_clear_pointer (&self->data_load, converge_data_load_cancel);
  /* The file may be the one there was, with other points. */
  converge_optima_forget (converge_optima_get_default (), loaded->path);
  converge_settings_set_texts (self->settings, G_N_ELEMENTS (texts), texts);
  if (converge_run_spec (self->run) == NULL)
    converge_window_prepare_plots (self, converge_settings_spec (self->settings));
}

static void
preview_used (ConvergeDataPreview *preview,
              const ConvergeLoadedData *loaded,
              const char *model,
              ConvergeWindow *self)
{
  if (model != NULL)
    {
      converge_settings_set_text (self->settings, "program", "formula");
      converge_settings_set_text (self->settings, "model", model);
    }
  use (self, loaded);
}

static void
show_preview (ConvergeWindow *self,
              const char *path,
              const AgTableWish *wish)
{
  GtkWidget *preview = converge_data_preview_new (GTK_WINDOW (self), path, wish);

  g_signal_connect_object (preview, "used", G_CALLBACK (preview_used), self, 0);
  gtk_window_present (GTK_WINDOW (preview));
}

/**
 * converge_window_open_data:
 * @self: the window
 * @path: path of a file, or of a sample
 *
 * Shows what is in it, to be used or not.
 */
void
converge_window_open_data (ConvergeWindow *self,
                           const char *path)
{
  const AgTableWish wish = { .x = "", .y = "" };

  if (!g_utf8_validate (path, -1, NULL))
    {
      converge_window_show_toast (self, _ ("The name of the file is not in UTF-8, so that no run can "
                                           "note it. Rename the file."),
                                  NULL);
      return;
    }
  show_preview (self, path, &wish);
}

static void
use_path (ConvergeWindow *self,
          const char *path,
          int what)
{
  if (g_str_has_suffix (path, AG_SESSION_SUFFIX))
    converge_window_open_runs (self, path);
  else
    converge_window_open_data (self, path);
}

static void
add_filter (GtkFileChooser *chooser,
            const char *name,
            const char *const *suffixes)
{
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  gtk_file_filter_set_name (filter, name);
  for (gsize i = 0; suffixes[i] != NULL; i++)
    gtk_file_filter_add_suffix (filter, suffixes[i]);
  if (suffixes[0] == NULL)
    gtk_file_filter_add_pattern (filter, "*");
  gtk_file_chooser_add_filter (chooser, filter);
}

static void
open_data (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  static const char *const tables[] = { "csv", "tsv", "txt", "dat", "asc", "gz", NULL };
  static const char *const all[] = { NULL };
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  GtkFileChooserNative *dialog = gtk_file_chooser_native_new (
    _ ("Open Data"), GTK_WINDOW (self), GTK_FILE_CHOOSER_ACTION_OPEN, NULL, NULL);

  add_filter (GTK_FILE_CHOOSER (dialog), _ ("Tables as text"), tables);
  add_filter (GTK_FILE_CHOOSER (dialog), _ ("All files"), all);
  converge_window_choose_file (self, dialog, use_path, 0);
}

static void
open_sample (GtkWidget *widget,
             const char *name,
             GVariant *parameter)
{
  converge_window_open_data (CONVERGE_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* The file there is, to choose other columns. */
static void
show_data (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  ConvergeWindow *self = CONVERGE_WINDOW (widget);
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  const AgTableWish wish = ag_run_spec_wish (spec);

  if (ag_run_spec_has_file (spec))
    show_preview (self, spec->data, &wish);
}

static void
drop_data (GtkWidget *widget,
           const char *name,
           GVariant *parameter)
{
  converge_settings_set_text (CONVERGE_WINDOW (widget)->settings, "data", "");
}

/* A run has its data from a file, to be made again. So what is pasted becomes one. */
static char *
write_pasted (const char *text,
              GError **error)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *name = g_date_time_format (now, "pasted-%Y-%m-%d-%H%M%S.csv");
  g_autofree char *folder = g_build_filename (g_get_user_data_dir (), "converge", NULL);
  char *path = g_build_filename (folder, name, NULL);

  if (g_mkdir_with_parents (folder, 0700) == 0 && g_file_set_contents (path, text, -1, error))
    return path;
  if (error != NULL && *error == NULL)
    g_set_error (error, G_FILE_ERROR, g_file_error_from_errno (errno),
                 _ ("The folder “%s” cannot be made: %s."), folder, g_strerror (errno));
  g_free (path);
  return NULL;
}

static void
say_nothing_to_paste (ConvergeWindow *self)
{
  converge_window_show_toast (self, _ ("There is no text on the clipboard. Copy a table first."), NULL);
}

static void
pasted (GObject *clipboard,
        GAsyncResult *result,
        gpointer user_data)
{
  g_autoptr (ConvergeWindow) self = user_data;
  g_autofree char *text
    = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (clipboard), result, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  if (text == NULL || *text == '\0')
    {
      say_nothing_to_paste (self);
      return;
    }
  path = write_pasted (text, &error);
  if (path != NULL)
    converge_window_open_data (self, path);
  else
    converge_window_show_toast (self, error->message, NULL);
}

static void
paste_data (GtkWidget *widget,
            const char *name,
            GVariant *parameter)
{
  GdkClipboard *clipboard = gtk_widget_get_clipboard (widget);

  /* GTK 4.8 loses some memory with each reading that fails, so what cannot be read is not
   * asked for. */
  if (gdk_content_formats_contain_gtype (gdk_clipboard_get_formats (clipboard), G_TYPE_STRING))
    gdk_clipboard_read_text_async (clipboard, NULL, pasted, g_object_ref (widget));
  else
    say_nothing_to_paste (CONVERGE_WINDOW (widget));
}

static gboolean
dropped (GtkDropTarget *target,
         const GValue *value,
         double x,
         double y,
         ConvergeWindow *self)
{
  const GSList *files = g_value_get_boxed (value);

  if (files == NULL)
    return FALSE;
  converge_window_take_file (self, files->data, GTK_FILE_CHOOSER_ACTION_OPEN, use_path, 0);
  return TRUE;
}

/* The data of the last session are not waited for: the window begins with the formula and takes the
 * file over when it has been read. */
static void
restored (ConvergeLoadedData *taken,
          gpointer user_data)
{
  g_autoptr (ConvergeLoadedData) loaded = taken;
  ConvergeWindow *self = user_data;
  const AgTableWish wish = ag_run_spec_wish (converge_settings_spec (self->settings));

  self->data_load = NULL;
  if (loaded->data != NULL && g_strcmp0 (loaded->x, wish.x) == 0
      && g_strcmp0 (loaded->y, wish.y) == 0)
    use (self, loaded);
  else if (loaded->error != NULL)
    converge_window_show_toast (self, loaded->error->message, NULL);
  else
    converge_window_show_toast (self, _ ("The data of the last time have other columns now. Open "
                                         "them again."),
                                NULL);
}

/**
 * converge_window_restore_data:
 * @self: the window
 * @saved: what converge_settings_save() returned
 *
 * Begins to read the file that the settings had, if any.
 */
void
converge_window_restore_data (ConvergeWindow *self,
                              GVariant *saved)
{
  const AgTableWish wish = ag_run_spec_wish (converge_settings_spec (self->settings));
  const char *path;

  if (g_variant_lookup (saved, "data", "&s", &path) && *path != '\0')
    self->data_load = converge_data_load (path, &wish, restored, self);
}

/**
 * converge_window_install_data:
 * @klass: the window's class
 */
void
converge_window_install_data (GtkWidgetClass *klass)
{
  gtk_widget_class_install_action (klass, "win.open-data", NULL, open_data);
  gtk_widget_class_install_action (klass, "win.open-sample", "s", open_sample);
  gtk_widget_class_install_action (klass, "win.paste-data", NULL, paste_data);
  gtk_widget_class_install_action (klass, "win.show-data", NULL, show_data);
  gtk_widget_class_install_action (klass, "win.drop-data", NULL, drop_data);
}

static void
fill_samples (GMenu *menu)
{
  const AgSample *sample;

  for (guint i = 0; (sample = ag_sample_nth (i)) != NULL; i++)
    {
      g_autofree char *path = g_strconcat (AG_SAMPLE_PREFIX, sample->id, NULL);
      g_autoptr (GMenuItem) item = g_menu_item_new (_ (sample->title), NULL);

      g_menu_item_set_action_and_target (item, "win.open-sample", "s", path);
      g_menu_append_item (menu, item);
    }
}

/**
 * converge_window_set_up_data:
 * @self: the window
 *
 * Lets files be dropped anywhere, and fills the menu of samples.
 */
void
converge_window_set_up_data (ConvergeWindow *self)
{
  GtkDropTarget *target = gtk_drop_target_new (GDK_TYPE_FILE_LIST, GDK_ACTION_COPY);

  g_signal_connect (target, "drop", G_CALLBACK (dropped), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  fill_samples (self->samples);
}
