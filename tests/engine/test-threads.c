/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include <string.h>

/* Several runs at once: each has the bits that it has alone, on however many threads,
 * and there are no more threads than runs and cores. */

#define PATIENCE_US (300 * G_USEC_PER_SEC)
#define N_RUNS 8
#define N_STEPS 400
/* Enough for a step to be spread over threads. */
#define POINTS 60000

static AgRunSpec
make_run (guint i)
{
  static const char *const programs[] = { "autograd", "dynamic", "legendre", "module" };
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (programs[i % G_N_ELEMENTS (programs)]));
  spec.seed = i;
  spec.steps = N_STEPS;
  spec.points = POINTS + 1000 * (gint) i;
  spec.lr *= 2000 / (double) spec.points;
  return spec;
}

static guint
count_threads (void)
{
  GDir *folder = g_dir_open ("/proc/self/task", 0, NULL);
  guint n_threads = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n_threads++;
  g_dir_close (folder);
  return n_threads;
}

/* The last moment has all that a run came to. */
static AgMoment *
finish (AgTrainer *trainer)
{
  g_autoptr (GError) error = NULL;
  AgMoment *moment;

  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  g_assert_no_error (ag_trainer_error (trainer));
  moment = ag_moments_at (ag_trainer_moments (trainer), N_STEPS, NULL, &error);
  g_assert_no_error (error);
  return moment;
}

static void
test_runs (void)
{
  AgTrainer *trainers[N_RUNS];
  AgMoment *alone[N_RUNS];
  guint n_before, most = 0;

  for (guint i = 0; i < N_RUNS; i++)
    {
      AgRunSpec spec = make_run (i);
      g_autoptr (AgTrainer) trainer = fixture_trainer (&spec);

      ag_trainer_start (trainer);
      alone[i] = finish (trainer);
    }

  /* The thread that compiles loops stays, and may begin only now. */
  n_before = count_threads () + 1;
  for (guint i = 0; i < N_RUNS; i++)
    {
      AgRunSpec spec = make_run (i);

      trainers[i] = fixture_trainer (&spec);
    }
  for (guint i = 0; i < N_RUNS; i++)
    ag_trainer_start (trainers[i]);
  for (guint i = 0; i < N_RUNS; i++)
    while (!ag_trainer_wait (trainers[i], 1000))
      most = MAX (most, count_threads ());
  for (guint i = 0; i < N_RUNS; i++)
    {
      g_autoptr (AgMoment) moment = finish (trainers[i]);

      fixture_assert_same_moment (moment, alone[i]);
      ag_moment_unref (alone[i]);
      ag_trainer_free (trainers[i]);
    }
  g_test_message ("%u threads at most, where there were %u", most, n_before);
  g_assert_cmpuint (most, >, 0);
  g_assert_cmpuint (most, <=, n_before + N_RUNS + g_get_num_processors () - 1);
  g_assert_cmpuint (count_threads (), <=, n_before);
}

static void
test_counts (void)
{
  AgRunSpec spec = make_run (1);
  g_autoptr (AgMoment) want = NULL;

  for (guint n_threads = 1; n_threads <= 9; n_threads += n_threads < 3 ? 1 : 3)
    {
      g_autoptr (AgTrainer) trainer = NULL;
      g_autoptr (AgMoment) moment = NULL;

      spec.n_threads = n_threads;
      trainer = fixture_trainer (&spec);
      ag_trainer_start (trainer);
      moment = finish (trainer);
      if (want == NULL)
        want = ag_moment_ref (moment);
      fixture_assert_same_moment (moment, want);
    }
}

/* Devices come and go while others compute. */
static gpointer
open_and_close (gpointer data)
{
  for (guint i = 0; i < 300; i++)
    {
      AgDevice *device = ag_device_open ("cpu", 2 + i % 7, NULL);

      g_assert_nonnull (device);
      ag_device_unref (device);
    }
  return NULL;
}

static void
test_devices (void)
{
  AgRunSpec spec = make_run (0);
  g_autoptr (AgTrainer) alone = fixture_trainer (&spec);
  g_autoptr (AgTrainer) disturbed = fixture_trainer (&spec);
  g_autoptr (AgMoment) want = NULL;
  g_autoptr (AgMoment) have = NULL;
  GThread *threads[3];

  ag_trainer_start (alone);
  want = finish (alone);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("devices", open_and_close, NULL);
  ag_trainer_start (disturbed);
  have = finish (disturbed);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  fixture_assert_same_moment (have, want);
}

static void
multiply (AgDType dtype,
          guint n_threads,
          gint64 n,
          gint64 k,
          gint64 m,
          void *result)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 1);
  g_autoptr (GError) error = NULL;
  AgDevice *device = ag_device_open ("cpu", n_threads, &error);
  AgGraph *graph;
  AgTensor *product;

  g_assert_no_error (error);
  graph = ag_graph_new (device);
  ag_graph_enter (graph);
  product = ag_tensor_ref (ag_matmul (ag_randn (dtype, AG_SHAPE (n, k), generator),
                                      ag_randn (dtype, AG_SHAPE (k, m), generator)));
  ag_tensor_read (product, dtype, result, &error);
  g_assert_no_error (error);
  ag_tensor_unref (product);
  ag_graph_end_step (graph, &error);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
}

/* Products of matrices too, however they lie. */
static void
test_products (void)
{
  static const gint64 shapes[][3] = {
    { 20000, 16, 16 },
    { 16, 20000, 16 },
    { 20000, 16, 1 },
    { 16, 20000, 1 },
    { 1, 20000, 16 },
    { 300, 300, 300 },
    { 1, 16, 1 },
  };

  for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
      {
        const gint64 *s = shapes[i];
        const gsize n_bytes = (gsize) (s[0] * s[2]) * ag_dtype_size (dtype);
        g_autofree char *want = g_malloc (n_bytes);
        g_autofree char *have = g_malloc (n_bytes);

        multiply (dtype, 1, s[0], s[1], s[2], want);
        for (guint n_threads = 2; n_threads <= 5; n_threads++)
          {
            multiply (dtype, n_threads, s[0], s[1], s[2], have);
            g_assert_cmpmem (have, n_bytes, want, n_bytes);
          }
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/threads/products", test_products);
  g_test_add_func ("/threads/counts", test_counts);
  g_test_add_func ("/threads/devices", test_devices);
  g_test_add_func ("/threads/runs", test_runs);
  return g_test_run ();
}
