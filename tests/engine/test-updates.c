/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/updates.h"

/* Gradients and changes all over a run. */

#define LONG 10

static AgUpdates *
look (AgTrainer *trainer,
      gint64 n_steps,
      const AgUpdates *known)
{
  g_autoptr (GError) error = NULL;
  AgUpdates *updates
    = ag_updates_new (ag_trainer_moments (trainer), n_steps, known, LONG, NULL, &error);

  g_assert_no_error (error);
  g_assert_true (ag_updates_is_whole (updates, n_steps));
  return updates;
}

static void
assert_is_of_step (AgTrainer *trainer,
                   const AgUpdates *updates,
                   guint index)
{
  AgMoments *moments = ag_trainer_moments (trainer);
  const gint64 step = index * updates->spacing;
  g_autoptr (AgMoment) before = ag_moments_at (moments, step, NULL, NULL);
  g_autoptr (AgMoment) after = ag_moments_at (moments, step + 1, NULL, NULL);

  for (guint i = 0; i < updates->n_parameters; i++)
    {
      const gsize at = (gsize) index * updates->n_parameters + i;

      g_assert_true (updates->gradients[at] == after->gradients[i]);
      g_assert_true (updates->updates[at] == after->coefficients[i] - before->coefficients[i]);
    }
}

/* Each step of a short run, and some of a long one. */
static void
test_steps (void)
{
  static const gint64 lengths[] = { 1, 100, 511, 512, 513, 5000 };
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("optim"));
  spec.points = 100;
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (AgUpdates) updates = NULL;
      g_autoptr (AgTrainer) trainer = NULL;

      spec.steps = lengths[i];
      trainer = fixture_trainer (&spec);
      fixture_finish (trainer);
      updates = look (trainer, spec.steps, NULL);
      g_assert_cmpint (updates->n, ==, (spec.steps - 1) / updates->spacing + 1);
      g_assert_cmpint (updates->n, <=, AG_UPDATES_MAX);
      g_assert_cmpint (updates->n, >=, MIN (spec.steps, AG_UPDATES_MAX / 2));
      for (guint k = 0; k < updates->n; k += 97)
        assert_is_of_step (trainer, updates, k);
      assert_is_of_step (trainer, updates, updates->n - 1);
    }
}

/* In plain gradient descent the change is the gradient times the rate. */
static void
test_rate (void)
{
  g_autoptr (AgUpdates) updates = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("numpy"));
  spec.steps = 300;
  trainer = fixture_trainer (&spec);
  fixture_finish (trainer);
  updates = look (trainer, spec.steps, NULL);
  for (guint i = 0; i < updates->n * updates->n_parameters; i++)
    fixture_assert_near (updates->updates[i], -spec.lr * updates->gradients[i], 1e-9);
}

/* As a run goes on it is the same as if all had been looked at when it was over. */
static void
test_grows (void)
{
  static const gint64 n_steps[] = { 1, 7, 400, 600, 1024, 1025, 3000 };
  g_autoptr (AgUpdates) updates = NULL;
  g_autoptr (AgUpdates) whole = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  gsize size;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("module"));
  spec.points = 100;
  spec.steps = 3000;
  trainer = fixture_trainer (&spec);
  fixture_finish (trainer);
  for (guint i = 0; i < G_N_ELEMENTS (n_steps); i++)
    {
      AgUpdates *more = look (trainer, n_steps[i], updates);

      g_clear_pointer (&updates, ag_updates_unref);
      updates = more;
    }
  whole = look (trainer, spec.steps, NULL);
  g_assert_cmpint (updates->n, ==, whole->n);
  g_assert_cmpint (updates->spacing, ==, whole->spacing);
  size = sizeof (double) * whole->n * whole->n_parameters;
  g_assert_cmpmem (updates->gradients, size, whole->gradients, size);
  g_assert_cmpmem (updates->updates, size, whole->updates, size);
}

static void
test_cancelled (void)
{
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  AgWork work = { 0 };
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("module"));
  spec.steps = 300;
  trainer = fixture_trainer (&spec);
  fixture_finish (trainer);
  ag_work_set_cancelled (&work, TRUE);
  g_assert_null (ag_updates_new (ag_trainer_moments (trainer), 300, NULL, LONG, &work, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_CANCELLED);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/updates/steps", test_steps);
  g_test_add_func ("/updates/rate", test_rate);
  g_test_add_func ("/updates/grows", test_grows);
  g_test_add_func ("/updates/cancelled", test_cancelled);
  return g_test_run ();
}
