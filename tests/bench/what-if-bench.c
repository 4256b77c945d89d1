/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window.h"
#include "frames.h"

#include "train/what-if.h"

#include <math.h>

/* What it costs to see what a run would do while the slider of the rate is dragged: frames a
 * second, the longest wait for one, in how many of them there was another future to be seen, and
 * how long one takes to find, for a run that is done within a frame and for such as are not. To
 * be run by tests/ui/with-display.
 *
 *   what-if-bench [SECONDS]
 */

#define WIDTH 1280
#define HEIGHT 800
#define N_LONE 200

static GtkWidget *
find_scale (GtkWidget *widget)
{
  GtkWidget *row = gtk_widget_get_ancestor (widget, GTK_TYPE_LIST_BOX_ROW), *found = NULL;

  if (GTK_IS_SCALE (widget) && row != NULL && g_str_equal (G_OBJECT_TYPE_NAME (row), "ConvergeRateRow"))
    return widget;
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_scale (child);
  return found;
}

/**
 * Drag:
 * @scale: the slider
 * @what_if: what follows it
 * @n: how often it was moved
 * @seen: the rate of the future that was seen last
 * @n_seen: how many were
 * @n_steps: how many steps of the last one were known
 */
typedef struct
{
  GtkWidget *scale;
  ConvergeWhatIf *what_if;
  guint n;
  double seen;
  guint n_seen;
  gint64 n_steps;
} Drag;

/* To and fro over three decades, a little in each frame, as a hand does. */
static gboolean
drag (GtkWidget *widget,
      GdkFrameClock *clock,
      gpointer user_data)
{
  Drag *self = user_data;
  const AgFuture *future = converge_what_if_get_future (self->what_if);

  if (future != NULL && future->spec.lr != self->seen)
    {
      self->seen = future->spec.lr;
      self->n_seen++;
    }
  self->n_steps = future != NULL ? future->n_steps : 0;
  gtk_range_set_value (GTK_RANGE (self->scale), -6.5 + 1.5 * sin (0.021 * self->n++));
  return G_SOURCE_CONTINUE;
}

static void
set (ConvergeWindow *window,
     const char *id,
     const char *text)
{
  converge_settings_set_text (converge_window_get_settings (window), id, text);
}

static void
measure (ConvergeWindow *window,
         const char *steps,
         const char *points,
         double seconds)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (window));
  Drag self = { .scale = find_scale (GTK_WIDGET (window)), .what_if = converge_window_get_what_if (window) };
  Frames frames;
  guint tick;

  set (window, "steps", steps);
  set (window, "points", points);
  tick = gtk_widget_add_tick_callback (GTK_WIDGET (window), drag, &self, NULL);
  frames_spin (1);
  self.n = self.n_seen = 0;
  frames_begin (&frames, clock);
  frames_spin (seconds);
  frames_end (&frames, clock);
  gtk_widget_remove_tick_callback (GTK_WIDGET (window), tick);
  g_print ("  %10s %10s %10.1f %10.1f %10.1f %10lld\n", steps, points, frames_per_second (&frames),
           (double) frames.longest_us / 1000, 100.0 * self.n_seen / self.n, (long long) self.n_steps);
}

/* Nobody else wants a core: from a rate to all that a run of it does. */
static double
measure_alone (gint64 steps)
{
  AgWhatIf *what_if = ag_what_if_new ();
  gint64 begun_us = 0;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = steps;
  for (guint i = 0; i < N_LONE; i++)
    {
      AgFuture *future;

      if (i == N_LONE / 2)
        begun_us = g_get_monotonic_time ();
      spec.lr = 1e-7 + 1e-9 * i;
      ag_what_if_ask (what_if, &spec, NULL, 0);
      while ((future = ag_what_if_take (what_if)) == NULL)
        ;
      ag_future_unref (future);
    }
  ag_what_if_free (what_if);
  return (double) (g_get_monotonic_time () - begun_us) / 1000 / (N_LONE / 2);
}

int
main (int argc,
      char **argv)
{
  const double seconds = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 10;
  g_autoptr (AdwApplication) application = NULL;
  ConvergeWindow *window;

  gtk_init ();
  application = adw_application_new (NULL, G_APPLICATION_NON_UNIQUE);
  g_application_register (G_APPLICATION (application), NULL, NULL);
  g_print ("a future of 2,000 steps %.2f ms\n", measure_alone (2000));
  window = CONVERGE_WINDOW (converge_window_new (application, NULL));
  gtk_window_set_default_size (GTK_WINDOW (window), WIDTH, HEIGHT);
  gtk_window_present (GTK_WINDOW (window));
  frames_spin (1);
  g_print ("window %d × %d, autograd, the slider moves in each frame, %g s\n", WIDTH, HEIGHT, seconds);
  g_print ("  %10s %10s %10s %10s %10s %10s\n", "steps", "points", "frames/s", "longest", "% another", "known");
  g_print ("  off\n");
  measure (window, "2000", "2000", seconds);
  g_print ("  on\n");
  gtk_widget_activate_action (GTK_WIDGET (window), "win.what-if", NULL);
  measure (window, "2000", "2000", seconds);
  measure (window, "1000000", "2000", seconds);
  measure (window, "2000", "1000000", seconds);
  gtk_window_destroy (GTK_WINDOW (window));
  return 0;
}
