/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/build-folder.h"

#include <glib/gstdio.h>

/* Copies this program into a folder and runs the copy, which prints what it takes for
 * its build folder. */
static char *
ask_copy (const char *folder)
{
  g_autofree char *self = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *copy = g_build_filename (folder, "copy", NULL);
  const char *arguments[] = { copy, "--tell", NULL };
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  char *told = NULL;
  int status = -1;
  gsize length;

  g_file_get_contents (self, &contents, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (copy, contents, (gssize) length, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_chmod (copy, 0700), ==, 0);
  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &told, NULL, &status,
                &error);
  g_unlink (copy);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return told;
}

static gboolean
is_told (void)
{
  if (*AG_BUILD_FOLDER != '\0')
    return TRUE;
  g_test_skip ("built with -Drun_in_place=false");
  return FALSE;
}

static void
test_in_place (void)
{
  if (is_told ())
    g_assert_cmpstr (ag_build_folder (), ==, AG_BUILD_FOLDER);
  else
    g_assert_null (ag_build_folder ());
}

/* The program that is installed is the one that was built, elsewhere. */
static void
test_elsewhere (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", &error);
  g_autofree char *told = NULL;

  g_assert_no_error (error);
  told = ask_copy (folder);
  g_rmdir (folder);
  g_assert_cmpstr (told, ==, "nowhere\n");
}

/* A folder whose name only begins with that of the build folder is another one. */
static void
test_beside (void)
{
  g_autofree char *folder = g_strdup (AG_BUILD_FOLDER "-XXXXXX"), *told = NULL;

  if (!is_told ())
    return;
  if (g_mkdtemp (folder) == NULL)
    {
      g_test_skip ("nothing can be created beside the build folder");
      return;
    }
  told = ask_copy (folder);
  g_rmdir (folder);
  g_assert_cmpstr (told, ==, "nowhere\n");
}

int
main (int argc,
      char **argv)
{
  if (argc == 2 && g_str_equal (argv[1], "--tell"))
    {
      const char *folder = ag_build_folder ();

      g_print ("%s\n", folder != NULL ? folder : "nowhere");
      return 0;
    }
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/build-folder/in-place", test_in_place);
  g_test_add_func ("/build-folder/elsewhere", test_elsewhere);
  g_test_add_func ("/build-folder/beside", test_beside);
  return g_test_run ();
}
