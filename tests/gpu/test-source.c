/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source-cases.h"

#include "base/error.h"
#include "program/program.h"

#include <math.h>
#include <string.h>

/* The source that a GPU would run, run by loops on the host: what comes of it
 * is what the CPU's kernels give. */

/* Compares what comes of an expression on both devices. */
static void
compare (const SourceExpression *expression)
{
  double expected[SOURCE_MAX_RESULTS], values[SOURCE_MAX_RESULTS];
  double tolerance = expression->dtype == AG_DTYPE_FLOAT32 ? 2e-6 : 1e-13;

  source_evaluate ("cpu", expression, expected);
  source_evaluate ("cuda", expression, values);
  for (gint64 i = 0; i < expression->n_results; i++)
    if (!(isnan (expected[i]) && isnan (values[i])) && expected[i] != values[i])
      g_assert_cmpfloat_with_epsilon (values[i], expected[i],
                                      tolerance * fmax (expression->scale, fabs (expected[i])));
}

static void
test_ops (void)
{
  source_foreach_op (compare);
}

static void
test_stages (void)
{
  source_foreach_stage (compare);
}

static void
train (const AgRunSpec *spec,
       const char *device,
       AgSnapshot **last,
       double *losses)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec on_device = *spec;
  AgTrainer *trainer;
  AgHistoryEntry entry;
  AgSnapshot snapshot;

  on_device.device = device;
  trainer = ag_trainer_new (&on_device, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_no_error (ag_trainer_error (trainer));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  if (last != NULL)
    *last = ag_snapshot_copy (&snapshot);
  for (gint64 i = 0; i < spec->steps; i++)
    {
      g_assert_cmpint (ag_history_read (ag_trainer_history (trainer), 0, i, i, 1, &entry), ==, 1);
      losses[i] = entry.loss;
    }
  ag_trainer_free (trainer);
}

static void
compare_runs (const AgRunSpec *spec)
{
  const double tolerance = spec->dtype == AG_DTYPE_FLOAT32 ? 2e-4 : 1e-9;
  g_autofree double *expected = g_new (double, spec->steps);
  g_autofree double *losses = g_new (double, spec->steps);
  g_autoptr (AgSnapshot) cpu = NULL;
  g_autoptr (AgSnapshot) gpu = NULL;

  train (spec, "cpu", &cpu, expected);
  train (spec, "cuda", &gpu, losses);
  for (gint64 k = 0; k < spec->steps; k++)
    g_assert_cmpfloat_with_epsilon (losses[k] / expected[k], 1, tolerance);
  for (guint k = 0; k < spec->program->model->n_parameters; k++)
    g_assert_cmpfloat_with_epsilon (gpu->coefficients[k], cpu->coefficients[k], tolerance);
}

static void
test_program (gconstpointer data)
{
  source_foreach_run (data, compare_runs);
}

/* Though many steps were taken before the loss was looked at: the step is
 * named, and what comes after it is taken back. */
static void
test_divergence (void)
{
  g_autoptr (AgSnapshot) cpu = NULL;
  g_autoptr (AgSnapshot) gpu = NULL;

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      AgTrainer *trainer;
      AgSnapshot last;
      AgRunSpec spec;

      source_init_divergence (&spec);
      spec.device = i == 0 ? "cpu" : "cuda";
      trainer = ag_trainer_new (&spec, &error);
      g_assert_no_error (error);
      ag_trainer_start (trainer);
      ag_trainer_wait (trainer, -1);
      g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DIVERGED);
      g_assert_true (ag_trainer_take_snapshot (trainer, &last));
      g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==,
                       last.diverged_step + 1);
      *(i == 0 ? &cpu : &gpu) = ag_snapshot_copy (&last);
      ag_trainer_free (trainer);
    }
  g_assert_cmpint (cpu->diverged_step, ==, gpu->diverged_step);
  g_assert_cmpint (cpu->step, ==, gpu->step);
  /* The odd ones have grown, the even ones are what rounding left beside them. */
  for (guint k = 0; k < 4; k++)
    g_assert_true (isfinite (gpu->coefficients[k]));
  for (guint k = 1; k < 4; k += 2)
    g_assert_cmpfloat_with_epsilon (gpu->coefficients[k] / cpu->coefficients[k], 1, 1e-2);
}

/* A GPU that has no memory left or is lost, at any time: a sentence, nothing
 * more, and the CPU goes on in the same process. */
static void
test_failures (void)
{
  static const char *const variables[] = { "HOST_GPU_ALLOCATIONS", "HOST_GPU_LAUNCHES" };
  g_autofree double *losses = NULL;
  AgRunSpec spec;

  source_init_failure (&spec);
  losses = g_new (double, spec.steps);
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    for (guint n_calls = 0; n_calls < 40; n_calls++)
      {
        g_autofree char *text = g_strdup_printf ("%u", n_calls);
        g_autoptr (GError) error = NULL;
        AgTrainer *trainer;

        g_setenv (variables[i], text, TRUE);
        spec.device = "cuda";
        trainer = ag_trainer_new (&spec, &error);
        g_assert_no_error (error);
        ag_trainer_start (trainer);
        ag_trainer_wait (trainer, -1);
        if (ag_trainer_state (trainer) != AG_TRAINER_DONE)
          {
            g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_FAILED);
            g_assert_error (ag_trainer_error (trainer), AG_ERROR, AG_ERROR_DEVICE);
          }
        else
          {
            /* It had enough. */
            g_assert_cmpuint (n_calls, >, 2);
          }
        ag_trainer_free (trainer);
        g_unsetenv (variables[i]);
      }
  train (&spec, "cpu", NULL, losses);
  train (&spec, "cuda", NULL, losses);
}

/* A GPU that is there and cannot be opened. */
static void
test_taken (void)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.device = "cuda";
  g_setenv ("HOST_GPU_OPENS", "0", TRUE);
  trainer = ag_trainer_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_unsetenv ("HOST_GPU_OPENS");
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_FAILED);
  g_assert_error (ag_trainer_error (trainer), AG_ERROR, AG_ERROR_DEVICE);
  g_assert_nonnull (strstr (ag_trainer_error (trainer)->message, "another program"));
  ag_trainer_free (trainer);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/ops", test_ops);
  g_test_add_func ("/source/stages", test_stages);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      g_autofree char *path = g_strdup_printf ("/source/programs/%s", program->id);

      g_test_add_data_func (path, program, test_program);
    }
  g_test_add_func ("/source/divergence", test_divergence);
  g_test_add_func ("/source/failures", test_failures);
  g_test_add_func ("/source/taken", test_taken);
  return g_test_run ();
}
