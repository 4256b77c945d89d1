/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/atomic-file.h"

#include "base/error.h"
#include "train/transaction.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture *fixture,
        gconstpointer data)
{
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("converge-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->path = g_build_filename (fixture->folder, "losses.csv", NULL);
}

static guint
count_files (const Fixture *fixture)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

static void
tear_down (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_assert_cmpint (g_remove (path), ==, 0);
    }
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->path);
  g_free (fixture->folder);
}

static void
write_file (const char *path,
            const char *contents)
{
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, contents, -1, &error);
  g_assert_no_error (error);
}

static void
assert_contents (const char *path,
                 const char *expected)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (contents, ==, expected);
}

static AgAtomicFile *
begin (const char *path,
       const char *contents)
{
  g_autoptr (GError) error = NULL;
  AgAtomicFile *file = ag_atomic_file_begin (path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (file);
  fputs (contents, ag_atomic_file_stream (file));
  return file;
}

static void
replace (const char *path,
         const char *contents)
{
  g_autoptr (GError) error = NULL;
  gboolean success = ag_atomic_file_commit (begin (path, contents), &error);

  g_assert_no_error (error);
  g_assert_true (success);
}

static void
assert_sentence (GError *error,
                 const char *path,
                 gint code)
{
  g_assert_error (error, AG_ERROR, AG_ERROR_FILE);
  g_assert_nonnull (strstr (error->message, path));
  g_assert_nonnull (strstr (error->message, g_strerror (code)));
  g_assert_true (g_str_has_suffix (error->message, "."));
}

static void
assert_fails (const char *path,
              gint code)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) check_error = NULL;

  g_assert_null (ag_atomic_file_begin (path, &error));
  assert_sentence (error, path, code);
  g_assert_false (ag_atomic_file_check (path, &check_error));
  assert_sentence (check_error, path, code);
}

static gboolean
skip_as_root (void)
{
  if (geteuid () == 0)
    g_test_skip ("root may write everywhere");
  return geteuid () == 0;
}

static void
test_whole (Fixture *fixture,
            gconstpointer data)
{
  AgAtomicFile *file = begin (fixture->path, "step,loss\n");

  /* Until it is whole it is not there. */
  fflush (ag_atomic_file_stream (file));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  fputs ("0,1\n", ag_atomic_file_stream (file));
  g_assert_true (ag_atomic_file_commit (file, NULL));
  assert_contents (fixture->path, "step,loss\n0,1\n");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_replace (Fixture *fixture,
              gconstpointer data)
{
  write_file (fixture->path, "old");
  AgAtomicFile *file = begin (fixture->path, "new");

  fflush (ag_atomic_file_stream (file));
  assert_contents (fixture->path, "old");
  g_assert_true (ag_atomic_file_commit (file, NULL));
  assert_contents (fixture->path, "new");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_abort (Fixture *fixture,
            gconstpointer data)
{
  ag_atomic_file_abort (begin (fixture->path, "half"));
  g_assert_cmpuint (count_files (fixture), ==, 0);

  write_file (fixture->path, "old");
  ag_atomic_file_abort (begin (fixture->path, "half"));
  assert_contents (fixture->path, "old");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_check (Fixture *fixture,
            gconstpointer data)
{
  g_assert_true (ag_atomic_file_check (fixture->path, NULL));
  g_assert_cmpuint (count_files (fixture), ==, 0);
  write_file (fixture->path, "old");
  g_assert_true (ag_atomic_file_check (fixture->path, NULL));
  assert_contents (fixture->path, "old");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_errors (Fixture *fixture,
             gconstpointer data)
{
  g_autofree char *missing = g_build_filename (fixture->folder, "missing", "losses.csv", NULL);
  g_autofree char *below_file = g_build_filename (fixture->path, "losses.csv", NULL);

  assert_fails (missing, ENOENT);
  assert_fails ("", ENOENT);
  assert_fails (fixture->folder, EISDIR);
  write_file (fixture->path, "");
  assert_fails (below_file, ENOTDIR);
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_permissions (Fixture *fixture,
                  gconstpointer data)
{
  if (skip_as_root ())
    return;
  write_file (fixture->path, "old");
  g_assert_cmpint (g_chmod (fixture->path, 0444), ==, 0);
  assert_fails (fixture->path, EACCES);
  assert_contents (fixture->path, "old");

  g_assert_cmpint (g_chmod (fixture->path, 0644), ==, 0);
  g_assert_cmpint (g_chmod (fixture->folder, 0555), ==, 0);
  assert_fails (fixture->path, EACCES);
  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  assert_contents (fixture->path, "old");
}

static void
test_mode (Fixture *fixture,
           gconstpointer data)
{
  const mode_t mask = umask (027);
  struct stat status;

  /* A new file has the mode that any program's would have. */
  replace (fixture->path, "new");
  umask (mask);
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0640);

  g_assert_cmpint (g_chmod (fixture->path, 0604), ==, 0);
  replace (fixture->path, "newer");
  g_assert_cmpint (stat (fixture->path, &status), ==, 0);
  g_assert_cmphex (status.st_mode & 0777, ==, 0604);
  assert_contents (fixture->path, "newer");
}

static void
test_symlink (Fixture *fixture,
              gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link.csv", NULL);

  write_file (fixture->path, "old");
  g_assert_cmpint (symlink ("losses.csv", link), ==, 0);
  replace (link, "new");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  assert_contents (fixture->path, "new");
  g_assert_cmpuint (count_files (fixture), ==, 2);
}

/* A chain of links to a file that is yet to be made, from folder to folder. */
static void
test_dangling_symlink (Fixture *fixture,
                       gconstpointer data)
{
  g_autofree char *link = g_build_filename (fixture->folder, "link.csv", NULL);
  g_autofree char *next = g_build_filename (fixture->folder, "next.csv", NULL);
  g_autofree char *absolute = g_build_filename (fixture->folder, ".", "losses.csv", NULL);

  g_assert_cmpint (symlink ("./next.csv", link), ==, 0);
  g_assert_cmpint (symlink (absolute, next), ==, 0);
  g_assert_true (ag_atomic_file_check (link, NULL));
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
  replace (link, "new");
  g_assert_true (g_file_test (link, G_FILE_TEST_IS_SYMLINK));
  g_assert_true (g_file_test (next, G_FILE_TEST_IS_SYMLINK));
  assert_contents (fixture->path, "new");

  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
  g_assert_cmpint (symlink ("link.csv", fixture->path), ==, 0);
  assert_fails (link, ELOOP);
}

/* The temporary file must not need a longer name than the file itself. */
static void
test_long_name (Fixture *fixture,
                gconstpointer data)
{
  g_autofree char *name = g_strnfill (255, 'n');
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);
  g_autofree char *too_long = g_strconcat (path, "n", NULL);

  replace (path, "new");
  replace (path, "newer");
  assert_contents (path, "newer");
  assert_fails (too_long, ENAMETOOLONG);
}

/* A process that is killed while it writes leaves nothing, or what it leaves is
 * gone when the next file is written there. */
static void
test_killed (Fixture *fixture,
             gconstpointer data)
{
  gint wait_status;
  const pid_t child = fork ();

  if (child == 0)
    {
      fflush (ag_atomic_file_stream (ag_atomic_file_begin (fixture->path, NULL)));
      raise (SIGKILL);
    }
  g_assert_cmpint (waitpid (child, &wait_status, 0), ==, child);
  g_assert_true (WIFSIGNALED (wait_status));
  g_assert_true (ag_atomic_file_check (fixture->path, NULL));
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

/* Of the files in the folder only those are removed that are surely our own and not in use. */
static void
test_clean (Fixture *fixture,
            gconstpointer data)
{
  static const char *const kept[] = { ".converge-tmp-abc12", ".converge-tmp-abc_12",
                                      "converge-tmp-abc123", ".converge-tmp-abc1234" };
  g_autofree char *left = g_build_filename (fixture->folder, ".converge-tmp-abc123", NULL);
  g_autofree char *used = g_build_filename (fixture->folder, ".converge-tmp-XYZ789", NULL);
  gint fd;

  for (guint i = 0; i < G_N_ELEMENTS (kept); i++)
    {
      g_autofree char *path = g_build_filename (fixture->folder, kept[i], NULL);

      write_file (path, "somebody's");
    }
  write_file (left, "half");
  write_file (used, "half");
  fd = open (used, O_WRONLY | O_CLOEXEC);
  g_assert_cmpint (flock (fd, LOCK_EX), ==, 0);

  replace (fixture->path, "new");
  g_assert_false (g_file_test (left, G_FILE_TEST_EXISTS));
  g_assert_true (g_file_test (used, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture), ==, G_N_ELEMENTS (kept) + 2);
  close (fd);
  replace (fixture->path, "newer");
  g_assert_false (g_file_test (used, G_FILE_TEST_EXISTS));
}

/* Both files are new or both are as they were. */
static void
test_transaction (Fixture *fixture,
                  gconstpointer data)
{
  g_autofree char *second = g_build_filename (fixture->folder, "second.csv", NULL);
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, "old");
  fputs ("new", ag_transaction_open (transaction, fixture->path, NULL));
  fputs ("new", ag_transaction_open (transaction, second, NULL));
  assert_contents (fixture->path, "old");
  g_assert_true (ag_transaction_commit (transaction, &error));
  g_assert_no_error (error);
  assert_contents (fixture->path, "new");
  assert_contents (second, "new");
  g_assert_cmpuint (count_files (fixture), ==, 2);
}

/* The disk is full before the second one is written. */
static void
test_transaction_full (Fixture *fixture,
                       gconstpointer data)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, "old");
  fputs ("new", ag_transaction_open (transaction, fixture->path, NULL));
  fputs ("new", ag_transaction_open (transaction, "/dev/full", NULL));
  g_assert_false (ag_transaction_commit (transaction, &error));
  assert_sentence (error, "/dev/full", ENOSPC);
  assert_contents (fixture->path, "old");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

/* The second one cannot be put in its place, when the first ones are already. */
static void
test_transaction_taken_back (Fixture *fixture,
                             gconstpointer data)
{
  g_autofree char *added = g_build_filename (fixture->folder, "added.csv", NULL);
  g_autofree char *last = g_build_filename (fixture->folder, "last.csv", NULL);
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;

  write_file (fixture->path, "old");
  fputs ("new", ag_transaction_open (transaction, fixture->path, NULL));
  fputs ("new", ag_transaction_open (transaction, added, NULL));
  fputs ("new", ag_transaction_open (transaction, last, NULL));
  g_assert_cmpint (g_mkdir_with_parents (last, 0777), ==, 0);
  g_assert_false (ag_transaction_commit (transaction, &error));
  assert_sentence (error, last, EISDIR);
  assert_contents (fixture->path, "old");
  g_assert_false (g_file_test (added, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (count_files (fixture), ==, 2);
}

/* The first error is the one that is told, not what the stream does after it. */
static void
test_first_error (Fixture *fixture,
                  gconstpointer data)
{
  const struct rlimit narrow = { 4096, RLIM_INFINITY };
  struct rlimit limit;
  g_autoptr (GError) error = NULL;
  AgAtomicFile *file = begin (fixture->path, "step,loss\n");

  g_assert_cmpint (getrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  signal (SIGXFSZ, SIG_IGN);
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &narrow), ==, 0);
  for (guint i = 0; i < 100000; i++)
    fputs ("1,2.5\n", ag_atomic_file_stream (file));
  g_assert_cmpint (setrlimit (RLIMIT_FSIZE, &limit), ==, 0);
  errno = 0;
  g_assert_false (ag_atomic_file_commit (file, &error));
  assert_sentence (error, fixture->path, EFBIG);
  g_assert_cmpuint (count_files (fixture), ==, 0);
}

static void
check_full (const char *path)
{
  g_autoptr (GError) error = NULL;
  AgAtomicFile *file = begin (path, "step,loss\n");

  for (guint i = 0; i < 10000; i++)
    fputs ("1,2.5\n", ag_atomic_file_stream (file));
  g_assert_false (ag_atomic_file_commit (file, &error));
  assert_sentence (error, path, ENOSPC);
  g_assert_nonnull (strstr (error->message, "space"));
}

static void
test_full (Fixture *fixture,
           gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  AgAtomicFile *file;

  if (!g_file_test ("/dev/full", G_FILE_TEST_EXISTS))
    {
      g_test_skip ("there is no /dev/full here");
      return;
    }
  check_full ("/dev/full");
  /* So few bytes that nothing is written before the end. */
  file = begin ("/dev/full", "1");
  g_assert_false (ag_atomic_file_commit (file, &error));
  assert_sentence (error, "/dev/full", ENOSPC);
}

/* A file that cannot be replaced, such as a pipe, is written to. */
static void
test_device (Fixture *fixture,
             gconstpointer data)
{
  replace ("/dev/null", "nothing");
  g_assert_false (g_file_test ("/dev/null", G_FILE_TEST_IS_REGULAR));
}

#define ADD(name, func) g_test_add ("/atomic-file/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("whole", test_whole);
  ADD ("replace", test_replace);
  ADD ("abort", test_abort);
  ADD ("check", test_check);
  ADD ("errors", test_errors);
  ADD ("permissions", test_permissions);
  ADD ("mode", test_mode);
  ADD ("symlink", test_symlink);
  ADD ("dangling-symlink", test_dangling_symlink);
  ADD ("long-name", test_long_name);
  ADD ("killed", test_killed);
  ADD ("clean", test_clean);
  ADD ("transaction", test_transaction);
  ADD ("transaction-full", test_transaction_full);
  ADD ("transaction-taken-back", test_transaction_taken_back);
  ADD ("first-error", test_first_error);
  ADD ("full", test_full);
  ADD ("device", test_device);

  return g_test_run ();
}
