/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/setting.h"

#include <math.h>
#include <string.h>

#define PATIENCE_US (120 * G_USEC_PER_SEC)

/**
 * fixture_enter:
 * @n_threads: threads of the CPU device
 *
 * Opens the CPU and enters a new graph on it.
 */
void
fixture_enter (guint n_threads)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgDevice) device = ag_device_open ("cpu", n_threads, &error);

  g_assert_no_error (error);
  ag_graph_enter (ag_graph_new (device));
}

/**
 * fixture_leave:
 *
 * Frees the graph that fixture_enter() made.
 */
void
fixture_leave (void)
{
  AgGraph *graph = ag_graph_current ();

  ag_graph_leave (graph);
  ag_graph_free (graph);
}

/**
 * fixture_end_step:
 *
 * Ends a step that must go well.
 */
void
fixture_end_step (void)
{
  g_autoptr (GError) error = NULL;
  gboolean success = ag_graph_end_step (ag_graph_current (), &error);

  g_assert_no_error (error);
  g_assert_true (success);
}

/**
 * fixture_expect_error:
 * @code: the error's code
 * @...: %NULL-terminated, words that its message must have
 *
 * Ends a step that must fail, with a sentence that says what and where.
 */
void
fixture_expect_error (AgError code,
                      ...)
{
  g_autoptr (GError) error = NULL;
  gboolean success = ag_graph_end_step (ag_graph_current (), &error);
  va_list words;
  const char *word;

  g_assert_false (success);
  g_assert_error (error, AG_ERROR, (gint) code);
  va_start (words, code);
  while ((word = va_arg (words, const char *)) != NULL)
    if (strstr (error->message, word) == NULL)
      g_error ("“%s” is not in “%s”", word, error->message);
  va_end (words);
}

/**
 * fixture_tensor:
 * @dtype: type of the elements
 * @shape: their shape
 * @elements: the elements
 *
 * Returns: (transfer none): a tensor of them
 */
AgTensor *
fixture_tensor (AgDType dtype,
                const AgLayout *shape,
                const double *elements)
{
  g_autofree char *converted = g_malloc ((gsize) shape->n_elements * 8 + 8);

  for (gint64 i = 0; i < shape->n_elements; i++)
    {
      if (dtype == AG_DTYPE_FLOAT32)
        ((float *) (gpointer) converted)[i] = (float) elements[i];
      else if (dtype == AG_DTYPE_FLOAT64)
        ((double *) (gpointer) converted)[i] = elements[i];
      else
        ((gint64 *) (gpointer) converted)[i] = (gint64) elements[i];
    }
  return ag_from_data (dtype, shape, converted);
}

/**
 * fixture_random:
 * @dtype: a float dtype
 * @shape: the shape
 * @low: least element
 * @high: greatest element
 * @seed: seed of the generator
 *
 * Returns: (transfer none): a tensor of uniform numbers
 */
AgTensor *
fixture_random (AgDType dtype,
                const AgLayout *shape,
                double low,
                double high,
                guint64 seed)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_NUMPY, seed);

  return ag_uniform (dtype, shape, low, high, generator);
}

/**
 * fixture_parameter:
 * @value: a tensor made from nothing
 *
 * Returns: (transfer full): @value, which now collects a gradient
 */
AgTensor *
fixture_parameter (AgTensor *value)
{
  ag_tensor_set_requires_grad (value, TRUE);
  return ag_tensor_ref (value);
}

/**
 * fixture_item:
 * @tensor: a tensor of one element
 *
 * Returns: the element
 */
double
fixture_item (AgTensor *tensor)
{
  g_autoptr (GError) error = NULL;
  double value = NAN;
  gboolean success = ag_tensor_item (tensor, &value, &error);

  g_assert_no_error (error);
  g_assert_true (success);
  return value;
}

/**
 * fixture_read:
 * @tensor: a tensor
 *
 * Returns: (transfer full): its elements
 */
double *
fixture_read (AgTensor *tensor)
{
  g_autoptr (GError) error = NULL;
  double *elements = g_new0 (double, ag_tensor_n_elements (tensor) + 1);
  gboolean success = ag_tensor_read (tensor, AG_DTYPE_FLOAT64, elements, &error);

  g_assert_no_error (error);
  g_assert_true (success);
  return elements;
}

/**
 * fixture_is_near:
 * @actual: a number
 * @expected: what it should be
 * @tolerance: how far off it may be, relative to @expected where that is
 *   above 1; 0 for not at all
 *
 * Returns: whether it is; NaN is near NaN alone, infinities near themselves
 */
gboolean
fixture_is_near (double actual,
                 double expected,
                 double tolerance)
{
  if (isnan (actual) || isnan (expected))
    return isnan (actual) && isnan (expected);
  if (actual == expected)
    return TRUE;
  return isfinite (actual) && isfinite (expected)
         && fabs (actual - expected) <= tolerance * fmax (1, fabs (expected));
}

/**
 * fixture_fail:
 * @file: where the assertion is
 * @line: where the assertion is
 * @function: where the assertion is
 * @expression: what was looked at
 * @actual: what it is
 * @expected: what it should be
 * @tolerance: how far off it may be
 *
 * Reports a number that is wrong.
 */
void
fixture_fail (const char *file,
              int line,
              const char *function,
              const char *expression,
              double actual,
              double expected,
              double tolerance)
{
  g_autofree char *message = g_strdup_printf ("%s is %.17g, not %.17g ± %g", expression, actual,
                                              expected, tolerance);

  g_assertion_message (G_LOG_DOMAIN, file, line, function, message);
  g_assert_not_reached ();
}

void
fixture_expect_valid (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;

  ag_run_spec_check (spec, &error);
  g_assert_no_error (error);
}

/* Sets a setting by its text, as if it had been typed. */
void
fixture_set (AgRunSpec *spec,
             const char *id,
             const char *text)
{
  g_autoptr (GError) error = NULL;

  ag_setting_parse (ag_setting_find (spec, id), text, spec, &error);
  g_assert_no_error (error);
}

AgTrainer *
fixture_trainer (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer = ag_trainer_new (spec, &error);

  g_assert_no_error (error);
  return trainer;
}

/* Waits for a snapshot of that state, of a step that is not before @least_step, and returns
 * the newest one. */
AgSnapshot
fixture_wait_for (AgTrainer *trainer,
                  AgTrainerState state,
                  gint64 least_step)
{
  const gint64 end = g_get_monotonic_time () + PATIENCE_US;
  AgSnapshot snapshot = { 0 };

  while (snapshot.serial == 0 || snapshot.state != state || snapshot.step < least_step)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end);
      if (!ag_trainer_take_snapshot (trainer, &snapshot))
        g_usleep (200);
    }
  return snapshot;
}

/* Takes the steps that are left. */
AgSnapshot
fixture_finish (AgTrainer *trainer)
{
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  return fixture_wait_for (trainer, AG_TRAINER_DONE, 0);
}

AgRun *
fixture_run (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  AgRun *run = ag_run_new (spec, &error);

  g_assert_no_error (error);
  ag_trainer_start (ag_run_trainer (run));
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), PATIENCE_US));
  return run;
}

void
fixture_extend (AgTrainer *trainer,
                gint64 n_steps)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_trainer_extend (trainer, n_steps, &error));
  g_assert_no_error (error);
  g_assert_cmpint (ag_trainer_spec (trainer)->steps, ==, n_steps);
}

double
fixture_loss_at (AgTrainer *trainer,
                 gint64 step)
{
  AgHistoryEntry entry;

  g_assert_cmpuint (ag_history_read (ag_trainer_history (trainer), 0, step, step, 1, &entry), ==,
                    1);
  g_assert_cmpint (entry.step, ==, step);
  g_assert_cmpint (entry.stride, ==, 1);
  return entry.loss;
}

void
fixture_assert_same_run (AgTrainer *trainer,
                         const AgSnapshot *have,
                         AgTrainer *reference,
                         const AgSnapshot *want)
{
  const gsize n_bytes = sizeof (double) * want->n_coefficients;

  g_assert_cmpint (have->step, ==, want->step);
  g_assert_cmpmem (have->coefficients, n_bytes, want->coefficients, n_bytes);
  g_assert_cmpmem (have->gradients, n_bytes, want->gradients, n_bytes);
  g_assert_true (have->final_loss == want->final_loss);
  for (gint64 step = 0; step < want->step; step++)
    g_assert_true (fixture_loss_at (trainer, step) == fixture_loss_at (reference, step));
}

/* Two moments are the same to the bit. */
void
fixture_assert_same_moment (const AgMoment *have,
                            const AgMoment *want)
{
  const gsize n_bytes = sizeof (double) * want->n_parameters;

  g_assert_cmpint (have->step, ==, want->step);
  g_assert_cmpmem (&have->loss, sizeof (double), &want->loss, sizeof (double));
  g_assert_cmpmem (have->coefficients, n_bytes, want->coefficients, n_bytes);
  g_assert_cmpmem (have->gradients, n_bytes, want->gradients, n_bytes);
  g_assert_cmpmem (have->states, n_bytes * want->n_states, want->states,
                   n_bytes * want->n_states);
}
