/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_SETTINGS_ENABLE_BACKEND
#include "window-fixture.h"

#include "converge-optima.h"

#include <gio/gsettingsbackend.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/lsan_interface.h>

/* gcc has this function without its header. */
int __sanitizer_install_malloc_and_free_hooks (void (*taken) (const volatile void *memory,
                                                              size_t n_bytes),
                                               void (*freed) (const volatile void *memory));

/* GLib gives up its first table of interned texts, for 2,048 of them, when a longer one takes its
 * place, which is no leak of the window. The table is the first memory of its size that the
 * process takes, before it comes to main(), and what is held here counts as in use. */
static const volatile void *first_table;

static void
note_first_table (const volatile void *memory,
                  size_t n_bytes)
{
  if (first_table == NULL && n_bytes == 2048 * sizeof (char *))
    first_table = memory;
}

static void
ignore_freed (const volatile void *memory)
{
}

static void
watch_memory (void)
{
  __sanitizer_install_malloc_and_free_hooks (note_first_table, ignore_freed);
}

__attribute__ ((section (".preinit_array"), used)) static void (*const before_libraries) (void)
  = watch_memory;
#endif

/* Longer than anything takes, even under a sanitizer. */
#define PATIENCE_US (120 * G_USEC_PER_SEC)

/* Milliseconds. To look through all widgets of a window takes a part of one. */
#define BETWEEN_LOOKS 5

/* Until it was laid out the controls have no width, by which the flap of libadwaita 1.2
 * divides when they are hidden or shown. */
void
fixture_open_window (Fixture *fixture)
{
  GtkWidget *flap;

  fixture->window = CONVERGE_WINDOW (converge_window_new (fixture->application, fixture->store));
  g_object_add_weak_pointer (G_OBJECT (fixture->window), (gpointer *) &fixture->window);
  gtk_window_present (GTK_WINDOW (fixture->window));
  flap = fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_FLAP, NULL, NULL);
  while (gtk_widget_get_width (flap) == 0)
    g_main_context_iteration (NULL, TRUE);
}

/* Threads may still be at work that nobody waits for. As the application does, this leaves
 * them their libraries, and looks for leaks as exit() would. */
static void
leave (int status,
       gpointer data)
{
#ifdef __SANITIZE_ADDRESS__
  __lsan_do_leak_check ();
#endif
  fflush (NULL);
  _exit (status);
}

/* Takes @backend. */
void
fixture_set_up_stored (Fixture *fixture,
                       GSettingsBackend *backend)
{
  static gboolean is_left_so = FALSE;
  g_autoptr (GError) error = NULL;

  if (!is_left_so)
    is_left_so = on_exit (leave, NULL) == 0;

  fixture->application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  /* The application finds its style under this path. */
  g_application_set_resource_base_path (G_APPLICATION (fixture->application),
                                        "/io/github/converge/Converge");
  g_application_register (G_APPLICATION (fixture->application), NULL, &error);
  g_assert_no_error (error);
  fixture->store = g_settings_new_with_backend ("io.github.converge.Converge", backend);
  g_object_unref (backend);
  fixture_open_window (fixture);
}

void
fixture_set_up (Fixture *fixture,
                gconstpointer data)
{
  fixture_set_up_stored (fixture, g_memory_settings_backend_new ());
}

void
fixture_tear_down (Fixture *fixture,
                   gconstpointer data)
{
  if (fixture->window != NULL)
    gtk_window_close (GTK_WINDOW (fixture->window));
  while (fixture->window != NULL)
    g_main_context_iteration (NULL, TRUE);
  g_clear_object (&fixture->store);
  g_clear_object (&fixture->application);
}

static gboolean
set_true (gpointer data)
{
  *(gboolean *) data = TRUE;
  return G_SOURCE_REMOVE;
}

void
fixture_spin (guint milliseconds)
{
  gboolean is_over = FALSE;

  g_timeout_add (milliseconds, set_true, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
}

/* Waits until what was changed was laid out, what followed from that too, and was drawn. */
void
fixture_wait_for_frames (Fixture *fixture)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (fixture->window));
  gint64 last = gdk_frame_clock_get_frame_counter (clock) + 3;

  while (gdk_frame_clock_get_frame_counter (clock) < last)
    {
      gdk_frame_clock_request_phase (clock, GDK_FRAME_CLOCK_PHASE_PAINT);
      g_main_context_iteration (NULL, TRUE);
    }
}

void
fixture_wait (gboolean (*condition) (Fixture *fixture),
              Fixture *fixture)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!condition (fixture))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (BETWEEN_LOOKS);
    }
}

static gboolean
knows_optimum (Fixture *fixture)
{
  const AgRunSpec *spec = converge_run_spec (converge_window_get_run (fixture->window));

  return converge_optima_find (converge_optima_get_default (), spec) != NULL;
}

/* Waits until the plots show what the selected run converges to, which is computed on a thread. */
void
fixture_wait_for_optimum (Fixture *fixture)
{
  fixture_wait (knows_optimum, fixture);
  fixture_wait_for_frames (fixture);
}

void
fixture_wait_for_state (Fixture *fixture,
                        AgTrainerState state)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (fixture_snapshot (fixture) == NULL || fixture_snapshot (fixture)->state != state)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (1);
    }
}

void
fixture_wait_for_step (Fixture *fixture,
                       gint64 step)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (fixture_snapshot (fixture) == NULL || fixture_snapshot (fixture)->step < step)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      fixture_spin (1);
    }
}

/* The first descendant of a type that @match takes. */
GtkWidget *
fixture_find (GtkWidget *root,
              GType type,
              FixtureMatch match,
              const char *name)
{
  if (G_TYPE_CHECK_INSTANCE_TYPE (root, type) && (match == NULL || match (root, name)))
    return root;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = fixture_find (child, type, match, name);

      if (found != NULL)
        return found;
    }
  return NULL;
}

static gboolean
has_title (GtkWidget *widget,
           const char *name)
{
  return g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (widget)), name) == 0;
}

GtkWidget *
fixture_find_row (Fixture *fixture,
                  const char *title)
{
  GtkWidget *row = fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_PREFERENCES_ROW,
                                 has_title, title);

  g_assert_nonnull (row);
  return row;
}

static gboolean
has_action (GtkWidget *widget,
            const char *name)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), name) == 0;
}

GtkWidget *
fixture_find_button (Fixture *fixture,
                     const char *action)
{
  GtkWidget *button = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_BUTTON, has_action,
                                    action);

  g_assert_nonnull (button);
  return button;
}

static gboolean
has_plot_titled (GtkWidget *widget,
                 const char *name)
{
  ConvergePlot *plot = converge_plot_view_get_plot (CONVERGE_PLOT_VIEW (widget));

  return plot != NULL && strcmp (plot->title, name) == 0;
}

ConvergePlotView *
fixture_find_plot (Fixture *fixture,
                   const char *id)
{
  const ConvergeRunPlot *kind = converge_run_plot_nth ((guint) converge_run_plot_find (id));
  GtkWidget *view = fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_PLOT_VIEW,
                                  has_plot_titled, kind->title);

  g_assert_nonnull (view);
  return CONVERGE_PLOT_VIEW (view);
}

const AgRunSpec *
fixture_settings (Fixture *fixture)
{
  return converge_settings_spec (converge_window_get_settings (fixture->window));
}

const AgSnapshot *
fixture_snapshot (Fixture *fixture)
{
  return converge_run_snapshot (converge_window_get_run (fixture->window));
}

/* Whether a button that does so can be pressed. */
gboolean
fixture_can (Fixture *fixture,
             const char *action)
{
  return gtk_widget_is_sensitive (fixture_find_button (fixture, action));
}

static const char *
get_text (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  return GTK_IS_INSCRIPTION (widget) ? gtk_inscription_get_text (GTK_INSCRIPTION (widget)) : NULL;
}

/* Leaves out widgets that cannot be seen with all that they contain, which are most of a window's:
 * they are in popovers and behind other tabs. */
static gboolean
shows (GtkWidget *root,
       const char *text)
{
  const char *own = get_text (root);

  if (!gtk_widget_get_mapped (root) || !gtk_widget_get_child_visible (root))
    return FALSE;
  if (own != NULL && strstr (own, text) != NULL)
    return TRUE;
  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (shows (child, text))
      return TRUE;
  return FALSE;
}

/* Whether a label that can be seen has @text in it. */
gboolean
fixture_shows (Fixture *fixture,
               const char *text)
{
  return shows (GTK_WIDGET (fixture->window), text);
}

static void
wait_for_text (Fixture *fixture,
               const char *text,
               gboolean is_shown)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (fixture_shows (fixture, text) != is_shown)
    {
      if (g_get_monotonic_time () > end)
        g_error ("The window %s “%s”.", is_shown ? "does not show" : "still shows", text);
      fixture_spin (BETWEEN_LOOKS);
    }
}

void
fixture_wait_to_show (Fixture *fixture,
                      const char *text)
{
  wait_for_text (fixture, text, TRUE);
}

void
fixture_wait_to_hide (Fixture *fixture,
                      const char *text)
{
  wait_for_text (fixture, text, FALSE);
}

void
fixture_click (GtkWidget *button)
{
  g_assert_true (gtk_widget_is_sensitive (button));
  g_signal_emit_by_name (button, "clicked");
}

void
fixture_do (Fixture *fixture,
            const char *action)
{
  fixture_click (fixture_find_button (fixture, action));
}

GtkWidget *
fixture_find_entry (Fixture *fixture,
                    const char *title)
{
  ConvergeFieldRow *row = CONVERGE_FIELD_ROW (fixture_find_row (fixture, title));

  return GTK_WIDGET (converge_field_row_get_entry (row));
}

/* Whether the entry of a title is where typing goes. */
gboolean
fixture_has_focus (Fixture *fixture,
                   const char *title)
{
  return (gtk_widget_get_state_flags (fixture_find_entry (fixture, title))
          & GTK_STATE_FLAG_FOCUS_WITHIN)
         != 0;
}

/* The sentence on what is wrong with an entry, "" for nothing. */
const char *
fixture_find_error (Fixture *fixture,
                    const char *title)
{
  GtkWidget *popover = fixture_find (fixture_find_row (fixture, title), GTK_TYPE_POPOVER, NULL,
                                     NULL);

  return gtk_label_get_text (GTK_LABEL (gtk_popover_get_child (GTK_POPOVER (popover))));
}

GtkEventController *
fixture_find_controller (GtkWidget *widget,
                         GType type)
{
  g_autoptr (GListModel) controllers = gtk_widget_observe_controllers (widget);

  for (guint i = 0; i < g_list_model_get_n_items (controllers); i++)
    {
      g_autoptr (GtkEventController) controller = g_list_model_get_item (controllers, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (controller, type))
        return controller;
    }
  g_assert_not_reached ();
}

/* A key that a widget's own controller of keys looks at. */
void
fixture_press (GtkWidget *widget,
               guint key)
{
  gboolean is_handled;

  g_signal_emit_by_name (fixture_find_controller (widget, GTK_TYPE_EVENT_CONTROLLER_KEY),
                         "key-pressed", key, 0, 0, &is_handled);
}

/* Without pressing Enter. */
void
fixture_type_only (Fixture *fixture,
                   const char *title,
                   const char *text)
{
  gtk_editable_set_text (GTK_EDITABLE (fixture_find_entry (fixture, title)), text);
}

void
fixture_type (Fixture *fixture,
              const char *title,
              const char *text)
{
  fixture_type_only (fixture, title, text);
  g_signal_emit_by_name (fixture_find_entry (fixture, title), "activate");
}

void
fixture_choose (Fixture *fixture,
                const char *title,
                guint item)
{
  adw_combo_row_set_selected (ADW_COMBO_ROW (fixture_find_row (fixture, title)), item);
}

/* By the slider: its right end is no limit. */
void
fixture_set_pace (Fixture *fixture,
                  double steps_per_second)
{
  GtkWidget *scale = fixture_find (fixture_find_row (fixture, "Pace"), GTK_TYPE_SCALE, NULL, NULL);

  gtk_range_set_value (GTK_RANGE (scale), steps_per_second > 0 ? log10 (steps_per_second) : 7);
}

/* A run of so many steps, as fast as it can be. */
void
fixture_train (Fixture *fixture,
               const char *steps)
{
  fixture_type (fixture, "Steps", steps);
  fixture_set_pace (fixture, 0);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_DONE);
}

/* Returns: (transfer full): the path of the file */
char *
fixture_export (Fixture *fixture,
                const char *folder,
                const char *name,
                ConvergeExport what)
{
  char *path = g_build_filename (folder, name, NULL);

  g_assert_true (converge_window_export (fixture->window, what, path));
  return path;
}

/* A folder of files. */
gboolean
fixture_are_controls_shown (Fixture *fixture)
{
  return gtk_widget_get_mapped (fixture_find_row (fixture, "Optimizer"));
}

gboolean
fixture_are_controls_hidden (Fixture *fixture)
{
  return !fixture_are_controls_shown (fixture);
}

gboolean
fixture_is_closed (Fixture *fixture)
{
  return fixture->window == NULL;
}

void
fixture_add (const char *path,
             void (*test) (Fixture *fixture,
                           gconstpointer data))
{
  g_test_add (path, Fixture, NULL, fixture_set_up, test, fixture_tear_down);
}

int
fixture_run (int argc,
             char **argv,
             guint n_tests,
             const FixtureTest *tests)
{
  gtk_test_init (&argc, &argv);
  for (guint i = 0; i < n_tests; i++)
    fixture_add (tests[i].path, tests[i].test);
  return g_test_run ();
}
