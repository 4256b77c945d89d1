/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "converge-controls.h"
#include "converge-status-bar.h"

/* With text of one and a half times the size, as for people who see badly, no name or value of a
 * setting may be cut. */

/* GTK counts the resolution of text in 1/1024 of a dot per inch. */
#define DPI(dpi) ((dpi) *1024)

#define HEIGHT 600

/* Where there is no window manager, the frame is part of the window. */
#define FRAME 16

typedef struct
{
  int dpi;
  int width;
} Case;

static const Case cases[] = {
  { 96, 800 },
  { 96, 1280 },
  { 144, 800 },
  { 144, 1280 },
};

static int wanted_width;

static gboolean
is_so_wide (Fixture *fixture)
{
  const int width = gtk_widget_get_width (GTK_WIDGET (fixture->window));

  return width <= wanted_width && width >= wanted_width - FRAME;
}

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  const Case *one = data;

  fixture_set_up (fixture, NULL);
  /* Rows come and go at once. */
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", DPI (one->dpi),
                "gtk-enable-animations", FALSE, NULL);
  wanted_width = one->width;
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), one->width, HEIGHT);
  fixture_wait (is_so_wide, fixture);
  fixture_wait_for_frames (fixture);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  fixture_tear_down (fixture, data);
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", DPI (96), "gtk-enable-animations", TRUE,
                NULL);
}

static gboolean
is_cut (GtkWidget *widget,
        const char *name)
{
  return GTK_IS_LABEL (widget) && gtk_widget_get_mapped (widget)
         && pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget)));
}

static void
assert_whole (Fixture *fixture,
              GType type)
{
  GtkWidget *part = fixture_find (GTK_WIDGET (fixture->window), type, NULL, NULL);
  GtkWidget *cut;

  g_assert_true (gtk_widget_get_mapped (part));
  cut = fixture_find (part, GTK_TYPE_WIDGET, is_cut, NULL);
  if (cut != NULL)
    g_error ("“%s” is cut.", gtk_label_get_text (GTK_LABEL (cut)));
}

static gboolean
controls_are_there (Fixture *fixture)
{
  GtkWidget *flap = fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_FLAP, NULL, NULL);

  return adw_flap_get_reveal_progress (ADW_FLAP (flap)) == 1;
}

static void
open_controls (Fixture *fixture)
{
  GtkWidget *flap = fixture_find (GTK_WIDGET (fixture->window), ADW_TYPE_FLAP, NULL, NULL);

  adw_flap_set_reveal_flap (ADW_FLAP (flap), TRUE);
  fixture_wait (controls_are_there, fixture);
  adw_expander_row_set_expanded (
    ADW_EXPANDER_ROW (fixture_find_row (fixture, "Hyper-parameters")), TRUE);
  adw_expander_row_set_expanded (
    ADW_EXPANDER_ROW (fixture_find_row (fixture, "Formula, interval, points")), TRUE);
}

static void
test_controls (Fixture *fixture,
               gconstpointer data)
{
  open_controls (fixture);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      fixture_choose (fixture, "Program", i);
      fixture_wait_for_frames (fixture);
      assert_whole (fixture, CONVERGE_TYPE_CONTROLS);
    }
  /* A setting that differs from its default has a button beside it. */
  fixture_type (fixture, "Learning rate", "1.25e-6");
  fixture_type (fixture, "Steps", "20001");
  fixture_type (fixture, "Points", "20001");
  fixture_choose (fixture, "Initial values", 2);
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    {
      fixture_choose (fixture, "Optimizer", i);
      fixture_wait_for_frames (fixture);
      assert_whole (fixture, CONVERGE_TYPE_CONTROLS);
    }
}

static void
test_status (Fixture *fixture,
             gconstpointer data)
{
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 100);
  assert_whole (fixture, CONVERGE_TYPE_STATUS_BAR);
  fixture_do (fixture, "win.stop");
  fixture_wait_to_show (fixture, "Continue or New Run");
  assert_whole (fixture, CONVERGE_TYPE_STATUS_BAR);
}

static void
add (const char *name,
     const Case *one,
     void (*test) (Fixture *fixture,
                   gconstpointer data))
{
  g_autofree char *path = g_strdup_printf ("/large-text/%s/%d/%d", name, one->dpi, one->width);

  g_test_add (path, Fixture, one, set_up, test, tear_down);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  adw_init ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      add ("controls", &cases[i], test_controls);
      add ("status", &cases[i], test_status);
    }
  return g_test_run ();
}
