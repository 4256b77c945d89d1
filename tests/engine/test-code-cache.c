/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "../common.h"
#include "device/code-cache.h"
#include "fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define KIND "loops"
#define KEY "0123456789abcdef.so"
#define STRANGER 12002

/* How often it is tried to get something in. */
#define N_OPENED 5000

/* As long as a loop is. */
#define CODE_BYTES 15000

static char *cache_home;
static char *folder;
static char *file;

static AgCodeCache *
open_cache (void)
{
  AgCodeCache *cache = ag_code_cache_open (KIND);

  g_assert_nonnull (cache);
  return cache;
}

static AgCodeCache *
open_empty_cache (void)
{
  g_autofree char *above = g_path_get_dirname (folder);

  common_remove (above);
  return open_cache ();
}

static GBytes *
make_code (guint32 seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  guint8 *data = g_malloc (CODE_BYTES);

  for (gsize i = 0; i < CODE_BYTES; i++)
    data[i] = (guint8) g_rand_int (random);
  return g_bytes_new_take (data, CODE_BYTES);
}

static void
keep (AgCodeCache *cache,
      const char *key,
      GBytes *code)
{
  g_autoptr (AgWorkFolder) work = ag_code_cache_begin (cache, key);

  g_assert_nonnull (work);
  g_assert_true (ag_code_cache_put (cache, key, code, work));
}

static void
assert_kept (AgCodeCache *cache,
             const char *key,
             GBytes *expected)
{
  g_autoptr (GBytes) code = ag_code_cache_get (cache, key);

  g_assert_nonnull (code);
  g_assert_true (g_bytes_equal (code, expected));
}

static guint
count_names (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  g_assert_nonnull (dir);
  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
test_keep (void)
{
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  g_autoptr (GBytes) first = make_code (1);
  g_autoptr (GBytes) second = make_code (2);
  GStatBuf status;

  g_assert_null (ag_code_cache_get (cache, KEY));
  keep (cache, KEY, first);
  assert_kept (cache, KEY, first);
  keep (cache, KEY, second);
  assert_kept (cache, KEY, second);
  g_assert_cmpuint (count_names (folder), ==, 1);
  g_assert_cmpint (g_stat (file, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);
  ag_code_cache_remove (cache, KEY);
  g_assert_null (ag_code_cache_get (cache, KEY));
  g_assert_cmpuint (count_names (folder), ==, 0);
}

/* A file with any other content is not taken for code, and is removed. */
static void
assert_refused (AgCodeCache *cache,
                GBytes *good)
{
  g_assert_null (ag_code_cache_get (cache, KEY));
  g_assert_false (g_file_test (file, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK));
  keep (cache, KEY, good);
  assert_kept (cache, KEY, good);
}

static void
assert_content_refused (AgCodeCache *cache,
                        GBytes *good,
                        const void *data,
                        gsize n_bytes)
{
  g_assert_true (g_file_set_contents (file, data, (gssize) n_bytes, NULL));
  assert_refused (cache, good);
}

/* Cut short, with zeros where a disk had not yet written, and with wrong bits. */
static void
test_damaged (void)
{
  static const gsize lengths[] = { 0, 1, 31, 32, 33, 63, 64, 512, 1024, 4095, 4096,
                                   4097, 8191, 8192, 8193, 12288, CODE_BYTES - 1, CODE_BYTES };
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  g_autoptr (GBytes) good = make_code (3);
  g_autofree char *content = NULL;
  g_autofree char *copy = NULL;
  gsize n_bytes;

  keep (cache, KEY, good);
  g_assert_true (g_file_get_contents (file, &content, &n_bytes, NULL));
  g_assert_cmpuint (n_bytes, >, CODE_BYTES);
  copy = g_malloc0 (n_bytes + 1);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      assert_content_refused (cache, good, content, lengths[i]);
      memset (copy, 0, n_bytes);
      memcpy (copy, content, lengths[i]);
      assert_content_refused (cache, good, copy, n_bytes);
    }
  memcpy (copy, content, n_bytes);
  assert_content_refused (cache, good, copy, n_bytes + 1);
  assert_content_refused (cache, good, copy + 1, n_bytes - 1);
  assert_content_refused (cache, good, "text\n", 5);
  for (gsize i = 0; i < n_bytes; i += i < CODE_BYTES ? 499 : 1)
    {
      copy[i] ^= (char) (1 << i % 8);
      assert_content_refused (cache, good, copy, n_bytes);
      copy[i] = content[i];
    }
}

/* Code that was kept under one key is not found under another. */
static void
test_renamed (void)
{
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  g_autoptr (GBytes) good = make_code (4);
  g_autofree char *other = g_build_filename (folder, "other.so", NULL);

  keep (cache, "other.so", good);
  g_assert_cmpint (g_rename (other, file), ==, 0);
  assert_refused (cache, good);
}

static void
test_no_file (void)
{
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  g_autoptr (GBytes) good = make_code (5);
  g_autofree char *elsewhere = g_build_filename (cache_home, "elsewhere", NULL);

  /* A link, even to what would be right. */
  keep (cache, KEY, good);
  g_assert_cmpint (g_rename (file, elsewhere), ==, 0);
  g_assert_cmpint (symlink (elsewhere, file), ==, 0);
  assert_refused (cache, good);

  /* A pipe, which nobody writes to. */
  ag_code_cache_remove (cache, KEY);
  g_assert_cmpint (mkfifo (file, 0600), ==, 0);
  assert_refused (cache, good);

  if (geteuid () == 0)
    {
      g_assert_cmpint (chown (file, STRANGER, STRANGER), ==, 0);
      assert_refused (cache, good);
    }
  ag_code_cache_remove (cache, KEY);
}

/* Which folders are safe is tested in test-safe-folder.c. */
static void
test_unsafe (void)
{
  g_autofree char *above = g_path_get_dirname (folder);

  ag_code_cache_close (open_empty_cache ());
  g_assert_cmpint (g_chmod (folder, 01777), ==, 0);
  g_assert_null (ag_code_cache_open (KIND));
  g_assert_cmpint (g_chmod (folder, 0700), ==, 0);
  g_assert_cmpint (g_chmod (above, 0777), ==, 0);
  g_assert_null (ag_code_cache_open (KIND));
  g_assert_cmpint (g_chmod (above, 0700), ==, 0);
}

/* Somebody who owns a folder above exchanges it as fast as can be. What comes out is
 * never theirs, though it has the right digest. */
static void
test_exchanged (void)
{
  g_autofree char *above = g_path_get_dirname (folder);
  g_autofree char *foreign = g_build_filename (cache_home, "foreign", NULL);
  g_autoptr (GBytes) good = make_code (6);
  g_autoptr (GBytes) evil = make_code (7);
  guint n_opened = 0, n_good = 0;
  GStatBuf status;
  pid_t stranger;

  if (geteuid () != 0)
    {
      g_test_skip ("only root can play two users");
      return;
    }
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  keep (cache, KEY, evil);
  g_assert_cmpint (g_rename (above, foreign), ==, 0);
  g_assert_cmpint (chown (foreign, STRANGER, STRANGER), ==, 0);
  g_clear_pointer (&cache, ag_code_cache_close);
  cache = open_cache ();
  keep (cache, KEY, good);
  stranger = fork ();
  if (stranger == 0)
    {
      prctl (PR_SET_PDEATHSIG, SIGKILL);
      while (renameat2 (AT_FDCWD, above, AT_FDCWD, foreign, RENAME_EXCHANGE) == 0)
        ;
      _exit (1);
    }
  for (guint i = 0; i < N_OPENED; i++)
    {
      g_autoptr (AgCodeCache) opened = ag_code_cache_open (KIND);
      g_autoptr (GBytes) code = opened != NULL ? ag_code_cache_get (opened, KEY) : NULL;

      n_opened += opened != NULL ? 1 : 0;
      n_good += code != NULL && g_bytes_equal (code, good) ? 1 : 0;
      g_assert_false (code != NULL && g_bytes_equal (code, evil));
    }
  kill (stranger, SIGKILL);
  waitpid (stranger, NULL, 0);
  g_assert_cmpuint (n_opened, >, 0);
  g_assert_cmpuint (n_opened, <, N_OPENED);
  g_assert_cmpuint (n_good, ==, n_opened);

  g_assert_cmpint (g_stat (above, &status), ==, 0);
  if (status.st_uid != geteuid ())
    renameat2 (AT_FDCWD, above, AT_FDCWD, foreign, RENAME_EXCHANGE);
  common_remove (foreign);
}

/* Two at once, and one after another that was killed. */
static void
test_work (void)
{
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  AgWorkFolder *work = ag_code_cache_begin (cache, KEY);
  AgWorkFolder *other;
  g_autofree char *left = NULL;
  g_autofree char *part = NULL;

  g_assert_nonnull (work);
  errno = 0;
  g_assert_null (ag_code_cache_begin (cache, KEY));
  g_assert_cmpint (errno, ==, EBUSY);
  other = ag_code_cache_begin (cache, "other.so");
  g_assert_nonnull (other);
  g_assert_cmpuint (count_names (folder), ==, 2);
  left = g_build_filename (folder, work->name, NULL);
  ag_work_folder_remove (other);
  ag_work_folder_remove (work);
  g_assert_cmpuint (count_names (folder), ==, 0);

  part = g_build_filename (left, "part", NULL);
  g_assert_cmpint (g_mkdir (left, 0700), ==, 0);
  g_assert_true (g_file_set_contents (part, "half a file", -1, NULL));
  other = ag_code_cache_begin (cache, "other.so");
  g_assert_nonnull (other);
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  ag_work_folder_remove (other);
  g_assert_cmpuint (count_names (folder), ==, 0);
}

static void
make_old_file (const char *name,
               off_t n_bytes,
               gint64 age)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  const struct timespec now = { .tv_sec = g_get_real_time () / G_USEC_PER_SEC };
  const struct timespec times[] = { { now.tv_sec - age, 0 }, { now.tv_sec - age, 0 } };

  g_assert_true (g_file_set_contents (path, "x", 1, NULL));
  g_assert_cmpint (truncate (path, n_bytes), ==, 0);
  g_assert_cmpint (utimensat (AT_FDCWD, path, times, 0), ==, 0);
}

static gboolean
exists (const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* When the folder is full, the code that was not used for longest is removed. */
static void
test_bound (void)
{
  g_autoptr (AgCodeCache) cache = open_empty_cache ();
  g_autoptr (GBytes) code = make_code (8);
  const struct timespec old[] = { { 1, 0 }, { 1, 0 } };

  keep (cache, KEY, code);
  g_assert_cmpint (utimensat (AT_FDCWD, file, old, 0), ==, 0);
  make_old_file ("oldest", AG_CODE_CACHE_MAX_BYTES / 2, 3000);
  make_old_file ("older", AG_CODE_CACHE_MAX_BYTES / 3, 2000);
  make_old_file ("old", AG_CODE_CACHE_MAX_BYTES / 3, 1000);
  assert_kept (cache, KEY, code);
  keep (cache, "new.so", code);
  g_assert_true (exists (KEY));
  g_assert_true (exists ("new.so"));
  g_assert_true (exists ("old"));
  g_assert_true (exists ("older"));
  g_assert_false (exists ("oldest"));
}

/* Several processes make, read and spoil the same code: what one gets is whole. */
static void
test_at_once (void)
{
  g_autoptr (GBytes) code = make_code (9);
  pid_t children[6];

  ag_code_cache_close (open_empty_cache ());
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      children[i] = fork ();
      if (children[i] != 0)
        continue;
      for (guint run = 0; run < 200; run++)
        {
          g_autoptr (AgCodeCache) cache = open_cache ();
          g_autoptr (GBytes) kept = ag_code_cache_get (cache, KEY);
          g_autoptr (AgWorkFolder) work = kept == NULL ? ag_code_cache_begin (cache, KEY) : NULL;

          if (kept != NULL && !g_bytes_equal (kept, code))
            _exit (1);
          if (work != NULL)
            ag_code_cache_put (cache, KEY, code, work);
          if (run % 10 == 0)
            (void) !truncate (file, 5000);
        }
      _exit (0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (children); i++)
    {
      int status;

      g_assert_cmpint (waitpid (children[i], &status, 0), ==, children[i]);
      g_assert_cmpint (status, ==, 0);
    }
  g_assert_cmpuint (count_names (folder), <=, 1);
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  cache_home = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_setenv ("XDG_CACHE_HOME", cache_home, TRUE);
  folder = g_build_filename (cache_home, "converge", KIND, NULL);
  file = g_build_filename (folder, KEY, NULL);
  g_test_add_func ("/code-cache/keep", test_keep);
  g_test_add_func ("/code-cache/damaged", test_damaged);
  g_test_add_func ("/code-cache/renamed", test_renamed);
  g_test_add_func ("/code-cache/no-file", test_no_file);
  g_test_add_func ("/code-cache/unsafe", test_unsafe);
  g_test_add_func ("/code-cache/exchanged", test_exchanged);
  g_test_add_func ("/code-cache/work", test_work);
  g_test_add_func ("/code-cache/bound", test_bound);
  g_test_add_func ("/code-cache/at-once", test_at_once);
  status = g_test_run ();
  common_remove (cache_home);
  g_free (file);
  g_free (folder);
  g_free (cache_home);
  return status;
}
