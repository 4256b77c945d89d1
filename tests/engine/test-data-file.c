/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../common.h"
#include "fixture.h"

#include "base/error.h"
#include "data/data-file.h"
#include "train/run-spec.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
write_file (const char *text)
{
  char *path = g_build_filename (g_get_tmp_dir (), "converge-data-XXXXXX", NULL);
  const int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static AgRunSpec
make_run (const char *path)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_run_spec_set_data (&spec, path, NULL));
  return spec;
}

static void
expect_error (const AgRunSpec *spec,
              const char *part)
{
  g_autoptr (GError) error = NULL;

  g_assert_false (ag_run_spec_check (spec, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, part));
}

/* For a run with a file only the columns count that are read. */
static void
test_unused (void)
{
  g_autofree char *path = write_file ("t,u,v\n1,2,3\n2,4,9\n4,8,no\n");
  AgRunSpec spec = make_run (path), other;
  g_autofree char *command = NULL;

  spec.y = "v";
  spec.points = 1;
  spec.target = "1/0";
  fixture_expect_valid (&spec);
  command = ag_run_spec_to_command (&spec);
  g_assert_null (strstr (command, "--points"));
  g_assert_null (strstr (command, "--target"));
  g_assert_nonnull (strstr (command, " --y v "));
  other = spec;
  other.points = 7;
  g_assert_true (ag_run_spec_has_same_data (&spec, &other));
  other.y = "u";
  g_assert_false (ag_run_spec_has_same_data (&spec, &other));
  g_assert_true (ag_run_spec_set_data (&spec, "", NULL));
  g_assert_false (ag_run_spec_has_file (&spec));
  expect_error (&spec, "“1/0” has no finite value");
  common_remove (path);
}

/* Runs of one file share its points, which are what was read at first. */
static void
test_shared (void)
{
  g_autofree char *path = write_file ("1,2\n2,4\n4,8\n5,no\n");
  AgRunSpec spec = make_run (path);
  g_autoptr (AgData) data = ag_run_spec_data (&spec, NULL);
  g_autoptr (AgData) again = ag_run_spec_data (&spec, NULL);
  g_autoptr (AgData) anew = NULL;

  g_assert_true (data == again);
  g_assert_cmpint (ag_data_n_points (data), ==, 3);
  g_assert_cmpint (ag_data_table (data)->n_left_out, ==, 1);
  g_assert_false (ag_data_file_has_changed (data));
  g_assert_true (g_file_set_contents (path, "1,2\n2,4\n", -1, NULL));
  g_assert_true (ag_data_file_has_changed (data));
  fixture_expect_valid (&spec);
  ag_data_file_forget (path);
  anew = ag_run_spec_data (&spec, NULL);
  g_assert_cmpint (ag_data_n_points (anew), ==, 2);
  g_assert_cmpint (ag_data_n_points (data), ==, 3);
  g_assert_false (ag_data_file_has_changed (anew));
  common_remove (path);
}

static void
test_errors (void)
{
  g_autofree char *path = write_file ("t;u\n1;2e100\n2;4\n");
  AgRunSpec spec = make_run (path);
  g_autoptr (GError) error = NULL;

  expect_error (&spec, "has numbers that are larger than float32 reaches. Choose float64.");
  spec.dtype = AG_DTYPE_FLOAT64;
  fixture_expect_valid (&spec);
  spec.y = "w";
  expect_error (&spec, "has no column “w”");
  spec.y = "u";
  spec.delimiter = AG_DELIMITER_COMMA;
  expect_error (&spec, "has no column “u”");
  common_remove (path);
  ag_data_file_forget (path);
  expect_error (&spec, "cannot be read: No such file or directory");
  g_assert_false (ag_run_spec_set_data (&spec, "\xff.csv", &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_cmpstr (spec.data, ==, path);
}

/* A run fits what the file has, in any order, with an x twice: here a parabola. */
static void
test_run (void)
{
  g_autofree char *path = write_file ("x y\n3 9\n-1 1\n0 0\n3 9\n2 4\n-2 4\n1 1\n");
  AgRunSpec spec = make_run (path);
  AgTrainer *trainer;
  AgSnapshot snapshot;

  spec.dtype = AG_DTYPE_FLOAT64;
  spec.lr = 1e-4;
  spec.steps = 100000;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  snapshot = fixture_wait_for (trainer, AG_TRAINER_DONE, 0);
  g_assert_cmpfloat (snapshot.final_loss, <, 1e-6);
  fixture_assert_near (snapshot.coefficients[2], 1, 1e-3);
  ag_trainer_free (trainer);
  common_remove (path);
}

/* Threads that ask for one file at a time get the same points. */
static gpointer
ask (gpointer path)
{
  const AgTableWish wish = { .x = "", .y = "" };

  return ag_data_file_read (path, &wish, NULL, NULL);
}

static void
test_threads (void)
{
  g_autofree char *path = write_file ("1,2\n2,4\n4,8\n");
  GThread *threads[4];
  AgData *data[G_N_ELEMENTS (threads)];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("reader", ask, path);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    data[i] = g_thread_join (threads[i]);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_assert_true (data[i] == data[0]);
      ag_data_unref (data[i]);
    }
  common_remove (path);
}

/* Data that nobody uses any more are let go of; those that a run has are not. */
static void
test_many_files (void)
{
  g_autofree char *kept = write_file ("1,2\n2,4\n");
  AgRunSpec spec = make_run (kept);
  g_autoptr (AgData) data = ag_run_spec_data (&spec, NULL);

  g_assert_nonnull (data);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *path = write_file ("1,2\n2,4\n");
      AgRunSpec other = make_run (path);
      AgData *unused = ag_run_spec_data (&other, NULL);

      ag_data_unref (unused);
      common_remove (path);
    }
  common_remove (kept);
  fixture_expect_valid (&spec);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/data-file/unused", test_unused);
  g_test_add_func ("/data-file/shared", test_shared);
  g_test_add_func ("/data-file/errors", test_errors);
  g_test_add_func ("/data-file/run", test_run);
  g_test_add_func ("/data-file/threads", test_threads);
  g_test_add_func ("/data-file/many-files", test_many_files);
  return g_test_run ();
}
