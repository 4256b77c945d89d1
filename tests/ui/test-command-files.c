/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <glib/gstdio.h>

static char *
read_file (Command *command,
           const char *name,
           gsize *length)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, length, &error);
  g_assert_no_error (error);
  return contents;
}

/* All folders that were made go again, and none that was there before. */
static void
test_folders (Command *command,
              gconstpointer data)
{
  g_autofree char *there = g_build_filename (command->folder, "there", NULL);

  command_run (command, "train --output a/b//c/ --loss-log missing/loss.csv");
  g_assert_cmpint (command->status, ==, 2);
  g_assert_cmpuint (command_count_files (command->folder), ==, 0);

  g_assert_cmpint (g_mkdir (there, 0777), ==, 0);
  command_run (command, "train --output there/b/c --loss-log missing/loss.csv");
  g_assert_cmpint (command->status, ==, 2);
  g_assert_cmpuint (command_count_files (command->folder), ==, 1);
  g_assert_cmpuint (command_count_files (there), ==, 0);

  command_run (command, "train --quiet --steps 5 --output there/b/c");
  g_assert_cmpint (command->status, ==, 0);
  command_assert_losses (command, "there/b/c/loss.csv", 5, 1);
}

static void
test_endings (Command *command,
              gconstpointer data)
{
  static const char *const refused[] = { "train --plot fit.bmp", "train --plot fitpng" };
  static const char *const tables[] = { "train --loss-log fit.png", "train --coefficients F.PDF" };
  g_autofree char *picture = NULL;
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      command_run (command, refused[i]);
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, ".png, .svg or .pdf");
      command_run (command, tables[i]);
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, ".csv");
      g_assert_cmpuint (command_count_files (command->folder), ==, 0);
    }
  command_run (command, "train --quiet --plot FIT.PNG");
  g_assert_cmpint (command->status, ==, 0);
  picture = read_file (command, "FIT.PNG", &length);
  g_assert_cmpmem (picture, 4, "\x89PNG", 4);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-files/folders", test_folders);
  command_add ("/command-files/endings", test_endings);
  return g_test_run ();
}
