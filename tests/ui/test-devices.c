/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "window-fixture.h"

#include "device/device.h"

#include <glib/gstdio.h>
#include <string.h>

/* The window is there before it is known whether there is a GPU. Here one is that is found when a
 * file is written. */

static const char *
get_description (Fixture *fixture)
{
  GtkWidget *row = fixture_find_row (fixture, "Device");
  GtkWidget *stack = fixture_find (row, GTK_TYPE_STACK, NULL, NULL);

  return gtk_label_get_text (
    GTK_LABEL (gtk_stack_get_child_by_name (GTK_STACK (stack), "1")));
}

static gboolean
is_found (Fixture *fixture)
{
  return strstr (get_description (fixture), "stand in for a GPU") != NULL;
}

static void
test_found_later (Fixture *fixture,
                  gconstpointer data)
{
  g_assert_cmpstr (get_description (fixture), ==, "Is being looked for");
  g_assert_cmpstr (fixture_settings (fixture)->device, ==, "cpu");
  g_assert_true (g_file_set_contents (g_getenv ("HOST_GPU_PROBE_WAITS_FOR"), "", 0, NULL));
  fixture_wait (is_found, fixture);
  g_assert_cmpstr (fixture_settings (fixture)->device, ==, "cpu");
  fixture_choose (fixture, "Device", 1);
  g_assert_cmpstr (fixture_settings (fixture)->device, ==, "cuda");
  fixture_choose (fixture, "Device", 0);
  g_assert_cmpstr (fixture_settings (fixture)->device, ==, "cpu");
}

static gboolean
is_labelled (GtkWidget *widget,
             const char *name)
{
  return g_strcmp0 (gtk_button_get_label (GTK_BUTTON (widget)), name) == 0;
}

/* A sweep whose device cannot be opened says why there is nothing of it. */
static void
test_taken (Fixture *fixture,
            gconstpointer data)
{
  GtkWidget *tab;

  fixture_wait (is_found, fixture);
  fixture_choose (fixture, "Device", 1);
  fixture_wait_for_frames (fixture);
  g_setenv ("HOST_GPU_OPENS", "0", TRUE);
  tab = fixture_find (GTK_WIDGET (fixture->window), GTK_TYPE_TOGGLE_BUTTON, is_labelled, "Sweep");
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (tab), TRUE);
  fixture_wait_to_show (fixture, "The GPU is taken by another program");
  g_unsetenv ("HOST_GPU_OPENS");
}

static const FixtureTest tests[] = {
  { "/devices/found-later", test_found_later },
  { "/devices/taken", test_taken },
};

int
main (int argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "now", NULL);
  int status;

  g_setenv ("HOST_GPU_PROBE_WAITS_FOR", path, TRUE);
  ag_device_begin_to_look ();
  status = fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
  g_unlink (path);
  g_rmdir (folder);
  return status;
}
