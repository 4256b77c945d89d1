/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../common.h"
#include "device/safe-folder.h"
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* Any user but root and the one who runs the tests. */
#define STRANGER 12002

typedef struct
{
  char *base;
  char *above;
  char *folder;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  fixture->base = g_dir_make_tmp ("converge-XXXXXX", NULL);
  fixture->above = g_build_filename (fixture->base, "above", NULL);
  fixture->folder = g_build_filename (fixture->above, "folder", NULL);
  g_assert_cmpint (g_mkdir_with_parents (fixture->folder, 0700), ==, 0);
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  common_remove (fixture->base);
  g_free (fixture->folder);
  g_free (fixture->above);
  g_free (fixture->base);
}

static gboolean
skip_without_root (void)
{
  if (geteuid () == 0)
    return FALSE;
  g_test_skip ("only root can give files to another user");
  return TRUE;
}

static gboolean
opens (const char *path)
{
  const int fd = ag_safe_folder_open (path, FALSE);

  if (fd >= 0)
    close (fd);
  return fd >= 0;
}

static gboolean
is_private (const char *path)
{
  const int fd = ag_safe_folder_open (path, FALSE);
  gboolean result;

  g_assert_cmpint (fd, >=, 0);
  result = ag_safe_folder_is_private (fd);
  close (fd);
  return result;
}

static void
test_make (Fixture *fixture,
           gconstpointer data)
{
  g_autofree char *parent = g_build_filename (fixture->folder, "a", NULL);
  g_autofree char *path = g_build_filename (parent, "b", NULL);
  const mode_t mask = umask (0);
  GStatBuf status;
  int fd;

  g_assert_false (opens (path));
  fd = ag_safe_folder_open (path, TRUE);
  umask (mask);
  g_assert_cmpint (fd, >=, 0);
  close (fd);
  g_assert_true (opens (path));
  g_assert_true (is_private (path));
  g_assert_cmpint (g_stat (parent, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);
}

static void
test_mode (Fixture *fixture,
           gconstpointer data)
{
  static const struct
  {
    mode_t mode;
    gboolean is_safe;
  } cases[] = {
    { 0700, TRUE },
    { 0755, TRUE },
    { 01777, TRUE },
    { 0770, FALSE },
    { 0702, FALSE },
    { 0777, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_assert_cmpint (g_chmod (fixture->above, cases[i].mode), ==, 0);
      g_assert_cmpint (opens (fixture->folder), ==, cases[i].is_safe);
    }
  /* Nothing is made in a folder that is refused. */
  g_autofree char *missing = g_build_filename (fixture->above, "missing", NULL);
  g_assert_cmpint (ag_safe_folder_open (missing, TRUE), ==, -1);
  g_assert_false (g_file_test (missing, G_FILE_TEST_EXISTS));

  /* In the last folder others may not even make something of their own. */
  g_assert_true (is_private (fixture->base));
  g_assert_cmpint (g_chmod (fixture->above, 01777), ==, 0);
  g_assert_false (is_private (fixture->above));
}

static void
test_owner (Fixture *fixture,
            gconstpointer data)
{
  if (skip_without_root ())
    return;
  g_assert_true (opens (fixture->folder));
  g_assert_cmpint (chown (fixture->above, STRANGER, STRANGER), ==, 0);
  g_assert_false (opens (fixture->folder));
  g_assert_cmpint (chown (fixture->above, 0, 0), ==, 0);
  g_assert_cmpint (chown (fixture->folder, STRANGER, STRANGER), ==, 0);
  g_assert_false (opens (fixture->folder));
  /* Nor where everybody may have made it. */
  g_assert_cmpint (g_chmod (fixture->above, 01777), ==, 0);
  g_assert_false (opens (fixture->folder));
}

/* What is safe for one user is not for another; what is root's is for both. */
static void
test_other_user (Fixture *fixture,
                 gconstpointer data)
{
  if (skip_without_root ())
    return;
  g_assert_cmpint (g_chmod (fixture->base, 0755), ==, 0);
  g_assert_cmpint (g_chmod (fixture->above, 0755), ==, 0);
  g_assert_cmpint (chown (fixture->folder, STRANGER, STRANGER), ==, 0);
  g_assert_cmpint (seteuid (STRANGER), ==, 0);
  g_assert_true (opens (fixture->folder));
  g_assert_true (is_private (fixture->folder));
  g_assert_false (is_private (fixture->above));
  g_assert_cmpint (seteuid (0), ==, 0);
  g_assert_false (opens (fixture->folder));
}

static void
test_links (Fixture *fixture,
            gconstpointer data)
{
  g_autofree char *absolute = g_build_filename (fixture->base, "absolute", NULL);
  g_autofree char *through = g_build_filename (absolute, "folder", NULL);
  g_autofree char *relative = g_build_filename (fixture->above, "relative", NULL);
  g_autofree char *circle = g_build_filename (fixture->base, "circle", NULL);

  g_assert_cmpint (symlink (fixture->above, absolute), ==, 0);
  g_assert_cmpint (symlink ("../above//./folder/", relative), ==, 0);
  g_assert_cmpint (symlink ("circle", circle), ==, 0);
  g_assert_true (opens (through));
  g_assert_true (opens (relative));
  g_assert_false (opens (circle));

  /* Every folder that a link leads through counts. */
  g_assert_cmpint (g_chmod (fixture->above, 0777), ==, 0);
  g_assert_false (opens (through));
}

static void
test_foreign_link (Fixture *fixture,
                   gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->base, "link", NULL);

  if (skip_without_root ())
    return;
  g_assert_cmpint (symlink (fixture->folder, link), ==, 0);
  g_assert_true (opens (link));
  g_assert_cmpint (lchown (link, STRANGER, STRANGER), ==, 0);
  g_assert_false (opens (link));
}

static void
test_nonsense (Fixture *fixture,
               gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->base, "file", NULL);
  g_autofree char *below = g_build_filename (file, "below", NULL);
  g_autofree char *long_name = g_strnfill (5000, 'd');
  g_autofree char *too_long = g_build_filename (fixture->base, long_name, NULL);

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_false (opens (file));
  g_assert_cmpint (ag_safe_folder_open (below, TRUE), ==, -1);
  g_assert_cmpint (ag_safe_folder_open (too_long, TRUE), ==, -1);
  g_assert_cmpint (ag_safe_folder_open ("", TRUE), ==, -1);
  g_assert_cmpint (ag_safe_folder_open ("relative", TRUE), ==, -1);
  g_assert_true (opens ("/"));
}

#define ADD(name, function) \
  g_test_add ("/safe-folder/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("make", test_make);
  ADD ("mode", test_mode);
  ADD ("owner", test_owner);
  ADD ("other-user", test_other_user);
  ADD ("links", test_links);
  ADD ("foreign-link", test_foreign_link);
  ADD ("nonsense", test_nonsense);
  return g_test_run ();
}
