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

static const FixtureTest tests[] = {
  { "/devices/found-later", test_found_later },
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
