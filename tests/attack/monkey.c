/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "monkey.h"

#include <execinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Random actions on the real window, as fast as it takes them, and faster than a
 * person could: what is typed may be nonsense, files may have nowhere to go, and
 * the window is closed and opened in between. A critical message or a report of
 * a sanitizer ends the process. The script of that name starts one after another:
 *
 *   monkey [--rounds N] [--seed N] [--points N] [--full FOLDER]
 *
 * --points is the greatest number of data points, --full a folder on a full disk. */

/* The main loop has as long to end what is on its way when all is closed. */
#define AFTERMATH_MS 1000

/* An action is a freeze if it takes longer. Sanitizers and other work on the same
 * processors are slow, too. */
#define FREEZE_US (60 * G_USEC_PER_SEC)

static gint n_rounds = 1000;
static gint seed = 1;
static Monkey monkey = { .most_points = 20000 };
static const char *doing = "open a window";

static const GOptionEntry options[] = {
  { "rounds", 0, 0, G_OPTION_ARG_INT, &n_rounds, "How many actions", "N" },
  { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Seed of the actions", "N" },
  { "points", 0, 0, G_OPTION_ARG_INT, &monkey.most_points, "Greatest number of data points", "N" },
  { "full", 0, 0, G_OPTION_ARG_FILENAME, &monkey.full, "A folder on a full disk", "FOLDER" },
  { NULL },
};

static void
empty_folder (const char *path)
{
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *file = g_build_filename (path, name, NULL);

      remove (file);
    }
}

/* GTK 4.8 itself complains of these, and they are not for us to mend: it shows the tooltip of a
 * window that was closed since, cannot place a popover whose row was moved off the screen, ends twice
 * the scrolling that is under way when a window closes, and looks for the focus when a popover of
 * words alone opens, where the monkey, who presses without a pointer, has put none. */
static const char *const known_complaints[] = {
  "gdk_surface_get_device_position: assertion 'GDK_IS_SURFACE (surface)' failed",
  "_gtk_widget_find_at_coords: assertion 'GDK_IS_SURFACE (surface)' failed",
  "gdk_monitor_get_geometry: assertion 'GDK_IS_MONITOR (monitor)' failed",
  "g_signal_handler_disconnect: assertion 'handler_id > 0' failed",
  "gdk_frame_clock_idle_end_updating: assertion 'priv->updating_count > 0' failed",
  "gtk_widget_is_ancestor: assertion 'GTK_IS_WIDGET (widget)' failed",
};

static gboolean
is_known (const char *message)
{
  for (guint i = 0; i < G_N_ELEMENTS (known_complaints); i++)
    if (g_str_equal (message, known_complaints[i]))
      return TRUE;
  return FALSE;
}

/* Its actions are seldom as fast twice, so that the same seed need not lead there again. */
static void
say_where (void)
{
  void *callers[64];

  fprintf (stderr, "It was to %s.\n", doing);
  fflush (stderr);
  backtrace_symbols_fd (callers, backtrace (callers, G_N_ELEMENTS (callers)), STDERR_FILENO);
}

/* Any other critical message ends the monkey. */
static GLogWriterOutput
write_log (GLogLevelFlags level,
           const GLogField *parts,
           gsize n_parts,
           gpointer user_data)
{
  for (gsize i = 0; i < n_parts; i++)
    if (g_str_equal (parts[i].key, "MESSAGE") && parts[i].length < 0 && is_known (parts[i].value))
      return G_LOG_WRITER_HANDLED;
  g_log_writer_default (level, parts, n_parts, user_data);
  if ((level & G_LOG_LEVEL_CRITICAL) != 0)
    {
      say_where ();
      abort ();
    }
  return G_LOG_WRITER_HANDLED;
}

static void
prepare_environment (void)
{
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  g_setenv ("GTK_A11Y", "test", TRUE);
  g_log_set_writer_func (write_log, NULL, NULL);
  monkey.files = g_dir_make_tmp ("converge-monkey-XXXXXX", NULL);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  gint64 longest = 0;
  const char *slowest = "";

  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "%s\n", error->message);
      return 2;
    }
  prepare_environment ();
  gtk_init ();
  adw_init ();
  monkey.random = g_rand_new_with_seed ((guint32) seed);
  fixture_set_up (&monkey.fixture, NULL);
  for (gint i = 0; i < n_rounds; i++)
    {
      const MonkeyAction *action = monkey_draw_action (&monkey);
      gint64 started = g_get_monotonic_time (), took;

      doing = action->name;
      action->act (&monkey);
      took = g_get_monotonic_time () - started;
      if (took > longest)
        {
          longest = took;
          slowest = action->name;
        }
    }
  doing = "leave";
  monkey_close_others (&monkey);
  fixture_tear_down (&monkey.fixture, NULL);
  for (gint64 end = g_get_monotonic_time () + AFTERMATH_MS * 1000; g_get_monotonic_time () < end;)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (5000);
    }
  empty_folder (monkey.files);
  remove (monkey.files);
  g_free (monkey.files);
  g_rand_free (monkey.random);
  printf ("actions %d windows %u exports %u rates %u longest %.0f %s\n", n_rounds,
          monkey.n_windows + 1, monkey.n_exports, monkey.n_rates, (double) longest / 1e3, slowest);
  /* A sanitizer that finds something at the exit writes nothing out any more. */
  fflush (stdout);
  return longest > FREEZE_US;
}
