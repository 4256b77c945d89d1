/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "device/device.h"
#include "train/sweep.h"
#include "train/trainer.h"

#include <math.h>
#include <string.h>

/* These tests show what only a GPU can: the same bits in every run, the CPU's numbers at every
 * size, memory that does not grow. */

#define N_RUNS 5

static void
train (AgRunSpec *spec,
       const char *device,
       AgSnapshot **last)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer;
  AgSnapshot snapshot;

  spec->device = device;
  trainer = ag_trainer_new (spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_no_error (ag_trainer_error (trainer));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  if (last != NULL)
    *last = ag_snapshot_copy (&snapshot);
  ag_trainer_free (trainer);
}

static void
make_run (AgRunSpec *spec,
          const AgProgramClass *program,
          gint64 points)
{
  ag_run_spec_init (spec, program);
  spec->steps = 200;
  /* RMSprop swings where a few points are fitted exactly. */
  if (strcmp (program->optimizer, "sgd") != 0)
    {
      ag_run_spec_set_optimizer (spec, ag_optimizer_class_find ("sgd"));
      spec->lr = 1e-6;
    }
  /* With few points the outermost ones weigh most. */
  spec->lr *= (points < 2000 ? 200.0 : 2000.0) / (double) points;
  spec->points = points;
}

static void
test_same_bits (void)
{
  static const gint64 sizes[] = { 2000, 1000000 };

  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
      {
        g_autoptr (AgSnapshot) first = NULL;
        AgRunSpec spec;

        make_run (&spec, ag_program_class_nth (i), sizes[k]);
        train (&spec, "cuda", &first);
        for (guint n = 1; n < N_RUNS; n++)
          {
            const gsize n_bytes = sizeof (double) * first->n_coefficients;
            g_autoptr (AgSnapshot) again = NULL;

            train (&spec, "cuda", &again);
            g_assert_cmpmem (first->coefficients, n_bytes, again->coefficients, n_bytes);
            g_assert_cmpmem (&first->loss, sizeof first->loss, &again->loss, sizeof again->loss);
          }
      }
}

static void
test_same_numbers (void)
{
  static const gint64 sizes[] = { 2, 31, 2000, 16384, 16385, 1000000, 10000000 };

  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (sizes); k++)
      for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
        {
          g_autoptr (AgSnapshot) cpu = NULL;
          g_autoptr (AgSnapshot) gpu = NULL;
          AgRunSpec spec;

          make_run (&spec, ag_program_class_nth (i), sizes[k]);
          spec.dtype = dtype;
          spec.steps = sizes[k] > 100000 ? 10 : 200;
          train (&spec, "cpu", &cpu);
          train (&spec, "cuda", &gpu);
          /* Two points are fitted exactly, and rounding is what is left then. */
          g_assert_cmpfloat_with_epsilon (gpu->loss, cpu->loss,
                                          (dtype == AG_DTYPE_FLOAT32 ? 2e-4 : 1e-9)
                                            * fmax (cpu->loss, 1e-3 * (double) spec.points));
        }
}

/* Runs that are made at once, a block each, have the bits that each has alone. */
static void
test_at_once (void)
{
  static const char *const optimizers[] = { "sgd", "adam" };
  static const char *const programs[] = { "numpy", "tensors", "autograd", "legendre", "nn", "module" };

  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    for (guint k = 0; k < G_N_ELEMENTS (optimizers); k++)
      {
        g_autoptr (GError) error = NULL;
        g_autoptr (AgSweepAxis) axis = NULL;
        g_autoptr (AgSweep) sweep = NULL;
        AgRunSpec spec;

        make_run (&spec, ag_program_class_find (programs[i]), 2000);
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizers[k]));
        spec.device = "cuda";
        axis = ag_sweep_axis_new (&spec, "lr", k == 0 ? "1e-9..1e-2" : "1e-6..1", 400, &error);
        g_assert_no_error (error);
        sweep = ag_sweep_new (&spec, 1, &axis, 1, 0, AG_SWEEP_WITHOUT_SEARCH, &error);
        g_assert_no_error (error);
        g_assert_true (ag_sweep_wait (sweep, -1));
        g_assert_no_error (ag_sweep_error (sweep));
        for (guint run = 0; run < ag_sweep_n_runs (sweep); run += 19)
          {
            const gsize n_bytes = sizeof (double) * spec.program->model->n_parameters;
            g_autoptr (AgSnapshot) alone = NULL;
            AgSweepResult result;
            AgRunSpec own;

            g_assert_true (ag_sweep_read (sweep, run, &result));
            g_assert_true (ag_sweep_get_run (sweep, run, &own, &error));
            if (result.state != AG_TRAINER_DONE)
              continue;
            train (&own, "cuda", &alone);
            g_assert_cmpfloat (result.loss, ==, alone->loss);
            g_assert_cmpfloat (result.final_loss, ==, alone->final_loss);
            g_assert_cmpmem (ag_sweep_coefficients (sweep, run), n_bytes, alone->coefficients,
                             n_bytes);
          }
      }
}

static gint64
resident_bytes (void)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) fields = NULL;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  fields = g_strsplit (text, " ", 3);
  return g_ascii_strtoll (fields[1], NULL, 10) * 4096;
}

static void
test_memory (void)
{
  gint64 before;
  AgRunSpec spec;

  make_run (&spec, ag_program_class_find ("autograd"), 2000);
  train (&spec, "cuda", NULL);
  before = resident_bytes ();
  for (guint i = 0; i < 20; i++)
    train (&spec, "cuda", NULL);
  g_assert_cmpint (resident_bytes () - before, <, 16 << 20);
}

/* More than any GPU has: a sentence, and the CPU goes on. */
static void
test_out_of_memory (void)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.points = AG_RUN_MAX_POINTS;
  spec.dtype = AG_DTYPE_FLOAT64;
  spec.lr = 1e-15;
  spec.steps = 1;
  spec.device = "cuda";
  trainer = ag_trainer_new (&spec, &error);
  if (trainer == NULL)
    {
      g_test_skip (error->message);
      return;
    }
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  if (ag_trainer_error (trainer) != NULL)
    g_assert_nonnull (strstr (ag_trainer_error (trainer)->message, "device “cpu”"));
  ag_trainer_free (trainer);

  make_run (&spec, ag_program_class_find ("autograd"), 2000);
  train (&spec, "cpu", NULL);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) devices = ag_device_list ();
  const AgDeviceInfo *info = g_ptr_array_index (devices, 1);

  g_test_init (&argc, &argv, NULL);
  if (!info->available)
    {
      g_print ("1..0 # SKIP the device cuda cannot be used: %s\n", info->reason);
      return 0;
    }
  g_test_message ("%s", info->title);
  g_test_add_func ("/gpu/same-bits", test_same_bits);
  g_test_add_func ("/gpu/same-numbers", test_same_numbers);
  g_test_add_func ("/gpu/at-once", test_at_once);
  g_test_add_func ("/gpu/memory", test_memory);
  g_test_add_func ("/gpu/out-of-memory", test_out_of_memory);
  return g_test_run ();
}
