/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-application.h"

#include "console.h"
#include "converge-session.h"
#include "converge-window.h"
#include "interrupt.h"

#include "device/build-folder.h"
#include "device/device.h"

#include <glib-unix.h>
#include <glib/gi18n-lib.h>

#define APPLICATION_ID "io.github.converge.Converge"

struct _ConvergeApplication
{
  AdwApplication parent_instance;

  GSettings *store;
  ConvergeSession *session;
};

G_DEFINE_FINAL_TYPE (ConvergeApplication, converge_application, ADW_TYPE_APPLICATION)

/* The schema is where it was installed, or, for a program that is run where it was
 * built, there. Without it the window still works, and forgets. */
static GSettings *
open_store (void)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchemaSource) built = NULL;
  g_autoptr (GSettingsSchema) schema = NULL;
  const char *build = ag_build_folder ();

  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, APPLICATION_ID, TRUE);
  if (schema == NULL && build != NULL)
    {
      g_autofree char *folder = g_build_filename (build, "data", NULL);

      built = g_settings_schema_source_new_from_directory (folder, source, TRUE, NULL);
      if (built != NULL)
        schema = g_settings_schema_source_lookup (built, APPLICATION_ID, FALSE);
    }
  return schema != NULL ? g_settings_new_full (schema, NULL, NULL) : NULL;
}

static AdwColorScheme
scheme_of (const char *style)
{
  if (g_str_equal (style, "light"))
    return ADW_COLOR_SCHEME_FORCE_LIGHT;
  if (g_str_equal (style, "dark"))
    return ADW_COLOR_SCHEME_FORCE_DARK;
  return ADW_COLOR_SCHEME_DEFAULT;
}

static void
change_style (GSimpleAction *action,
              GVariant *state,
              gpointer user_data)
{
  ConvergeApplication *self = CONVERGE_APPLICATION (user_data);
  const char *style = g_variant_get_string (state, NULL);

  g_simple_action_set_state (action, state);
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme_of (style));
  if (self->store != NULL)
    g_settings_set_string (self->store, "style", style);
}

static void
show_about (GSimpleAction *action,
            GVariant *parameter,
            gpointer user_data)
{
  adw_show_about_window (gtk_application_get_active_window (GTK_APPLICATION (user_data)),
                         "application-name", "Converge",
                         "application-icon", APPLICATION_ID,
                         "version", CONVERGE_VERSION,
                         "developer-name", _ ("The Converge developers"),
                         "comments", _ ("Watch gradient descent work."),
                         "license-type", GTK_LICENSE_GPL_3_0,
                         NULL);
}

/* Windows keep their settings when they are closed. */
static void
leave (ConvergeApplication *self)
{
  g_autoptr (GPtrArray) windows = g_ptr_array_new_with_free_func (g_object_unref);

  for (GList *window = gtk_application_get_windows (GTK_APPLICATION (self)); window != NULL;
       window = window->next)
    g_ptr_array_add (windows, g_object_ref (window->data));
  for (guint i = 0; i < windows->len; i++)
    gtk_window_close (g_ptr_array_index (windows, i));
  g_application_quit (G_APPLICATION (self));
}

static void
quit (GSimpleAction *action,
      GVariant *parameter,
      gpointer user_data)
{
  leave (CONVERGE_APPLICATION (user_data));
}

/* A second signal of the kind finds nobody who waits for it, and ends the
 * process. */
static gboolean
asked_to_leave (gpointer user_data)
{
  leave (CONVERGE_APPLICATION (user_data));
  return G_SOURCE_REMOVE;
}

static void
heed_signal (int number,
             gpointer user_data)
{
  g_unix_signal_add (number, asked_to_leave, user_data);
}

static const GActionEntry actions[] = {
  { "style", NULL, "s", "'system'", change_style },
  { "about", show_about },
  { "quit", quit },
};

/* Keys that text fields know, as Ctrl+Backspace and Ctrl+., are left to them: the
 * window's keys are looked at before those of the widget that has the focus. */
static const struct
{
  const char *action;
  const char *keys[3];
} accelerators[] = {
  { "win.train", { "F5", "<Control>Return" } },
  { "win.new-run", { "<Control>n" } },
  { "win.open-run", { "<Control><Shift>o" } },
  { "win.step", { "F6" } },
  { "win.stop", { "F7" } },
  { "win.play", { "F4" } },
  { "win.branch", { "<Control>b" } },
  { "win.move(0)", { "<Alt>Home" } },
  { "win.move(1)", { "<Alt><Shift>Left" } },
  { "win.move(2)", { "<Alt>Left" } },
  { "win.move(3)", { "<Alt>Right" } },
  { "win.move(4)", { "<Alt><Shift>Right" } },
  { "win.move(5)", { "<Alt>End" } },
  { "win.move(6)", { "<Alt>Page_Up" } },
  { "win.move(7)", { "<Alt>Page_Down" } },
  { "win.stable-rate", { "<Control>r" } },
  { "win.open-data", { "<Control>o" } },
  { "win.paste-data", { "<Control><Shift>v" } },
  { "win.export(0)", { "<Control>e" } },
  { "win.export(1)", { "<Control><Shift>e" } },
  { "win.copy-command", { "<Control><Shift>c" } },
  { "win.toggle-controls", { "F9" } },
  { "win.show-page::settings", { "<Control>1" } },
  { "win.show-page::runs", { "<Control>2" } },
  { "win.preferences", { "<Control>comma" } },
  { "win.show-help-overlay", { "<Control>question" } },
  { "win.presentation", { "F8" } },
  { "win.fullscreen", { "F11" } },
  { "window.close", { "<Control>w" } },
  { "app.quit", { "<Control>q" } },
};

static void
converge_application_startup (GApplication *application)
{
  ConvergeApplication *self = CONVERGE_APPLICATION (application);

  ag_device_begin_to_look ();
  G_APPLICATION_CLASS (converge_application_parent_class)->startup (application);
  converge_interrupt_each (heed_signal, self);
  self->store = open_store ();
  g_action_map_add_action_entries (G_ACTION_MAP (self), actions, G_N_ELEMENTS (actions), self);
  for (guint i = 0; i < G_N_ELEMENTS (accelerators); i++)
    gtk_application_set_accels_for_action (GTK_APPLICATION (self), accelerators[i].action,
                                           accelerators[i].keys);
  if (self->store != NULL)
    g_action_group_change_action_state (G_ACTION_GROUP (self), "style",
                                        g_settings_get_value (self->store, "style"));
}

/* The runs of a window are kept until the next start. */
static void
keep_runs (ConvergeApplication *self,
           ConvergeWindow *window)
{
  g_autofree char *folder
    = g_build_filename (g_get_user_state_dir (), "converge", "session", NULL);

  if (self->session != NULL)
    converge_session_finish (self->session);
  g_clear_object (&self->session);
  self->session = converge_session_new (converge_window_get_runs (window), folder);
  g_signal_connect_object (self->session, "failed", G_CALLBACK (converge_window_tell), window,
                           G_CONNECT_SWAPPED);
}

static void
converge_application_activate (GApplication *application)
{
  ConvergeApplication *self = CONVERGE_APPLICATION (application);
  GtkWindow *window = gtk_application_get_active_window (GTK_APPLICATION (self));

  if (window == NULL)
    {
      window = GTK_WINDOW (converge_window_new (ADW_APPLICATION (self), self->store));
      keep_runs (self, CONVERGE_WINDOW (window));
    }
  gtk_window_present (window);
}

/* A file of runs, from a file manager or the command line. */
static void
converge_application_open (GApplication *application,
                           GFile **files,
                           int n_files,
                           const char *hint)
{
  GtkWindow *window;

  g_application_activate (application);
  window = gtk_application_get_active_window (GTK_APPLICATION (application));
  for (int i = 0; window != NULL && i < n_files; i++)
    {
      g_autofree char *path = g_file_get_path (files[i]);

      if (path != NULL)
        converge_window_open_run (CONVERGE_WINDOW (window), path);
    }
}

static void
complain (ConvergeSession *session,
          const char *message)
{
  converge_say ("%s", message);
}

/* Runs that are not on the disk so far are written after the window is gone. */
static void
converge_application_shutdown (GApplication *application)
{
  ConvergeApplication *self = CONVERGE_APPLICATION (application);

  if (self->session != NULL)
    {
      g_signal_connect (self->session, "failed", G_CALLBACK (complain), NULL);
      converge_session_finish (self->session);
    }
  g_clear_object (&self->session);
  G_APPLICATION_CLASS (converge_application_parent_class)->shutdown (application);
}

static void
converge_application_finalize (GObject *object)
{
  g_clear_object (&CONVERGE_APPLICATION (object)->store);
  G_OBJECT_CLASS (converge_application_parent_class)->finalize (object);
}

static void
converge_application_class_init (ConvergeApplicationClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = converge_application_finalize;
  G_APPLICATION_CLASS (klass)->startup = converge_application_startup;
  G_APPLICATION_CLASS (klass)->activate = converge_application_activate;
  G_APPLICATION_CLASS (klass)->open = converge_application_open;
  G_APPLICATION_CLASS (klass)->shutdown = converge_application_shutdown;
}

static void
converge_application_init (ConvergeApplication *self)
{
}

/**
 * converge_application_new:
 *
 * Returns: (transfer full): the application with the window
 */
ConvergeApplication *
converge_application_new (void)
{
  return g_object_new (CONVERGE_TYPE_APPLICATION, "application-id", APPLICATION_ID,
                       "flags", G_APPLICATION_HANDLES_OPEN,
                       "resource-base-path", "/io/github/converge/Converge", NULL);
}

/**
 * converge_application_has_display:
 *
 * Returns: whether there is a display to open a window on
 */
gboolean
converge_application_has_display (void)
{
  return gtk_init_check ();
}
