/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "../common.h"

#include "base/error.h"
#include "base/memory.h"
#include "data/table.h"
#include "device/cpu-private.h"
#include "explain/landscape.h"
#include "picture/graph-pictures.h"
#include "train/run-check.h"
#include "train/sweep-private.h"
#include "train/trainer.h"

#include <glib/gstdio.h>

#include <stdatomic.h>
#include <string.h>
#include <sys/resource.h>

/* These tests run where memory, addresses or threads are limited. */

#define MIB (G_GUINT64_CONSTANT (1) << 20)

/* This many addresses are left for small things. */
#define MARGIN (256 * MIB)

/* Lets this process map @n_bytes more than now, and returns whether it can. */
static gboolean
limit_addresses (guint64 n_bytes)
{
  g_autofree char *text = NULL;
  struct rlimit limit;
  const char *size;

  if (!CAN_LIMIT)
    {
      g_test_skip ("addresses cannot be limited under this sanitizer");
      return FALSE;
    }
  g_assert_true (g_file_get_contents ("/proc/self/status", &text, NULL, NULL));
  size = strstr (text, "VmSize:");
  g_assert_nonnull (size);
  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  limit.rlim_cur = 1024 * g_ascii_strtoull (size + strlen ("VmSize:"), NULL, 10) + n_bytes;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
  return TRUE;
}

static void
lift_limit (void)
{
  struct rlimit limit;

  g_assert_cmpint (getrlimit (RLIMIT_AS, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_AS, &limit), ==, 0);
}

/* Each case has what a system's files would say, and how much memory there is then. */
static const struct
{
  guint64 available;
  const char *files[14];
} systems[] = {
  /* No control groups. */
  { 3072000,
    { "proc/meminfo", "MemTotal: 9000 kB\nMemAvailable:    2000 kB\nSwapFree: 1000 kB\n" } },
  /* Version 2: the group around it has less than its own, caches do not count. */
  { 700,
    { "proc/meminfo", "MemAvailable: 2000 kB\n",
      "proc/self/cgroup", "0::/user/shell\n",
      "sys/fs/cgroup/user/shell/memory.max", "max\n",
      "sys/fs/cgroup/user/memory.max", "1000\n",
      "sys/fs/cgroup/user/memory.current", "500\n",
      "sys/fs/cgroup/user/memory.stat", "anon 300\nactive_file 150\ninactive_file 50\n" } },
  /* A container that sees itself as the outermost group. */
  { 90,
    { "proc/meminfo", "MemAvailable: 2000 kB\n",
      "proc/self/cgroup", "0::/docker/0123\n",
      "sys/fs/cgroup/memory.max", "100\n",
      "sys/fs/cgroup/memory.current", "10\n" } },
  /* Version 1, and more in use than allowed. */
  { 0,
    { "proc/meminfo", "MemAvailable: 2000 kB\n",
      "proc/self/cgroup", "5:cpu,memory:/a\n3:devices:/b\n0::/\n",
      "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "100\n",
      "sys/fs/cgroup/memory/a/memory.usage_in_bytes", "101\n" } },
  { 2048000,
    { "proc/meminfo", "MemAvailable: 2000 kB\n",
      "proc/self/cgroup", "nonsense\n5:memory:/a\n",
      "sys/fs/cgroup/memory/a/memory.limit_in_bytes", "9223372036854771712\n",
      "sys/fs/cgroup/memory/a/memory.usage_in_bytes", "101\n" } },
};

static void
make_files (const char *root,
            const char *const *files)
{
  for (guint i = 0; files[i] != NULL; i += 2)
    {
      g_autofree char *path = g_build_filename (root, files[i], NULL);
      g_autofree char *folder = g_path_get_dirname (path);

      g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
      g_assert_true (g_file_set_contents (path, files[i + 1], -1, NULL));
    }
}

/* The folders on the way to a file go when they are empty. */
static void
remove_files (const char *root,
              const char *const *files)
{
  for (guint i = 0; files[i] != NULL; i += 2)
    {
      g_autofree char *path = g_build_filename (root, files[i], NULL);

      g_assert_cmpint (g_unlink (path), ==, 0);
      while (strlen (path) > strlen (root))
        {
          *strrchr (path, '/') = '\0';
          if (g_rmdir (path) != 0)
            break;
        }
    }
}

static void
test_systems (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (systems); i++)
    {
      g_autofree char *root = g_dir_make_tmp ("converge-test-XXXXXX", NULL);

      make_files (root, systems[i].files);
      g_assert_cmpuint (ag_memory_available (root), ==, systems[i].available);
      remove_files (root, systems[i].files);
      g_assert_false (g_file_test (root, G_FILE_TEST_EXISTS));
    }
}

static void
test_addresses (void)
{
  if (!limit_addresses (MARGIN + 100 * MIB))
    return;
  g_assert_cmpuint (ag_memory_addresses (), >, 90 * MIB);
  g_assert_cmpuint (ag_memory_addresses (), <=, 100 * MIB);
  g_assert_cmpuint (ag_memory_available ("/"), <=, 100 * MIB);
  lift_limit ();
  if (limit_addresses (MARGIN / 2))
    g_assert_cmpuint (ag_memory_addresses (), ==, 0);
  lift_limit ();
}

/* A table that fills the memory is refused before it is there. */
static void
test_table (void)
{
  static const AgTableWish wish;
  const guint n_rows = 3000000, n_bytes = 4 * n_rows;
  char *text = g_malloc (n_bytes);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AgByteSource) source = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < n_rows; i++)
    memcpy (text + 4 * i, "1,2\n", 4);
  bytes = g_bytes_new_take (text, n_bytes);
  source = ag_byte_source_from_bytes (bytes);
  if (limit_addresses (MARGIN + 16 * MIB))
    {
      g_assert_null (ag_table_read ("points.csv", source, &wish, NULL, &error));
      g_assert_error (error, AG_ERROR, AG_ERROR_DEVICE);
      lift_limit ();
    }
}

/* A tensor that finds no room makes its step fail. */
static void
test_tensors (void)
{
  /* Whole pages, which a storage is rounded up to. */
  const gint64 n = 25000 * 4096;
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 1);

  fixture_enter (1);
  if (limit_addresses (32 * MIB))
    {
      ag_sum (ag_linspace (AG_DTYPE_FLOAT64, 0, 1, n));
      fixture_expect_error (AG_ERROR_DEVICE, "memory", "819200000", NULL);
      ag_sum (ag_zeros (AG_DTYPE_FLOAT32, AG_SHAPE (n)));
      fixture_expect_error (AG_ERROR_DEVICE, "memory", "409600000", NULL);
      ag_sum (ag_rand (AG_DTYPE_FLOAT32, AG_SHAPE (n), generator));
      fixture_expect_error (AG_ERROR_DEVICE, "memory", "409600000", NULL);
      ag_sum (ag_randn (AG_DTYPE_FLOAT32, AG_SHAPE (n), generator));
      fixture_expect_error (AG_ERROR_DEVICE, "memory", "409600000", NULL);
      lift_limit ();
    }
  fixture_leave ();
}

static void
count_part (gpointer data,
            guint part,
            guint thread)
{
  atomic_fetch_add ((atomic_int *) data, 1);
}

/* Where there is no room for all threads, there are fewer. */
static void
test_threads (void)
{
  AgCpuThreads *threads;
  atomic_int n_parts = 0;

  if (!limit_addresses (MARGIN + 100 * MIB))
    return;
  threads = ag_cpu_threads_new (200);
  lift_limit ();
  g_assert_cmpuint (ag_cpu_threads_count (threads), <, 200);
  ag_cpu_threads_run (threads, count_part, &n_parts, 50);
  g_assert_cmpint (atomic_load (&n_parts), ==, 50);
  ag_cpu_threads_free (threads);
}

/* A history that was made takes all its losses, even where it must be thinned
 * when there is no memory left. */
static void
test_history (void)
{
  const gint64 n_steps = (G_GINT64_CONSTANT (1) << 24) + 100;
  AgHistory *history = ag_history_new (n_steps);

  g_assert_nonnull (history);
  if (limit_addresses (MIB))
    {
      for (gint64 i = 0; i < n_steps; i++)
        ag_history_push (history, (double) i);
      g_assert_cmpint (ag_history_n_steps (history), ==, n_steps);
      g_assert_cmpint (ag_history_stride (history), >, 1);
      g_assert_null (ag_history_new (n_steps));
      lift_limit ();
    }
  ag_history_unref (history);
}

/* The number that the sentence offers. */
static gint64
find_most (const char *sentence)
{
  static const char before[] = "Give at most ";
  const char *number = strstr (sentence, before);

  g_assert_nonnull (number);
  return g_ascii_strtoll (number + strlen (before), NULL, 10);
}

/* A run that finds no room is told of before it begins, with one that would. */
static void
test_run (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("nn"));
  spec.points = 10000000;
  if (!limit_addresses (MARGIN + 100 * MIB))
    return;
  g_assert_null (ag_trainer_new (&spec, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "10000000 points"));
  spec.points = find_most (error->message);
  g_clear_error (&error);
  g_assert_true (ag_run_spec_check (&spec, &error));
  g_assert_no_error (error);
  spec.points += spec.points / 50;
  g_assert_false (ag_run_check_points (&spec, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_clear_error (&error);
  spec.points = 2000;
  spec.steps = AG_RUN_MAX_STEPS;
  g_assert_null (ag_trainer_new (&spec, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_nonnull (strstr (error->message, "Give fewer steps"));
  g_clear_error (&error);
  g_assert_false (ag_run_check_steps (&spec, NULL));
  g_assert_true (ag_run_check_points (&spec, NULL));
  spec.steps = 10;
  g_assert_true (ag_run_spec_check (&spec, &error));
  g_assert_no_error (error);
  lift_limit ();
}

/* The numbers of a file are there twice, in double precision and in the run's, until all of the
 * run's are made. */
static void
test_file (void)
{
  const guint n_rows = 10000;
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "points.csv", NULL);
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  for (guint i = 0; i < n_rows; i++)
    g_string_append (text, "1,2\n");
  g_assert_true (g_file_set_contents (path, text->str, -1, NULL));
  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_run_spec_set_data (&spec, path, &error));
  g_assert_true (ag_run_spec_check (&spec, &error));
  g_assert_cmpuint (ag_run_spec_size_of_points (&spec), >=,
                    n_rows * 2 * (sizeof (double) + sizeof (float)));
  g_remove (path);
  g_rmdir (folder);
}

/* Where the number of points is what is swept, there is room for the runs with the most. */
static void
test_sweep (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;
  AgSweepAxis *axis;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  axis = ag_sweep_axis_new (&spec, "points", "1000..10000000", 9, &error);
  g_assert_no_error (error);
  if (limit_addresses (MARGIN + 300 * MIB))
    {
      AgSweep *sweep = ag_sweep_new (&spec, 1, &axis, 1, 0, AG_SWEEP_PLAIN, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (sweep->workers->len, ==, 1);
      ag_sweep_cancel (sweep);
      ag_sweep_unref (sweep);
      lift_limit ();
    }
  ag_sweep_axis_free (axis);
}

/* A run's points have room there, and those of its loss, in double precision, or all values of a step
 * have none. */
static void
test_beside_run (void)
{
  g_autoptr (AgData) data = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.points = 3000000;
  data = ag_run_spec_data (&spec, NULL);
  if (limit_addresses (MARGIN + 60 * MIB))
    {
      g_autoptr (GError) of_loss = NULL, of_step = NULL;
      AgGraphPictures *pictures = ag_graph_pictures_new (&spec, data, NULL);

      g_assert_null (ag_landscape_new (&spec, data, NULL, &of_loss));
      g_assert_error (of_loss, AG_ERROR, AG_ERROR_DEVICE);
      g_assert_null (ag_graph_pictures_take (pictures, 0, -1, NULL, &of_step));
      g_assert_error (of_step, AG_ERROR, AG_ERROR_DEVICE);
      ag_graph_pictures_free (pictures);
      lift_limit ();
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/systems", test_systems);
  g_test_add_func ("/memory/addresses", test_addresses);
  g_test_add_func ("/memory/table", test_table);
  g_test_add_func ("/memory/tensors", test_tensors);
  g_test_add_func ("/memory/threads", test_threads);
  g_test_add_func ("/memory/history", test_history);
  g_test_add_func ("/memory/run", test_run);
  g_test_add_func ("/memory/file", test_file);
  g_test_add_func ("/memory/sweep", test_sweep);
  g_test_add_func ("/memory/beside-run", test_beside_run);
  return g_test_run ();
}
