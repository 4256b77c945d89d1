/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A moment of any step is, to the bit, what a fresh run shows that stops at that step.
 * CONVERGE_TEST_DEVICE can name another device. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define N_STEPS 300
#define N_LOOKS 100
#define N_DIVERGED_LOOKS 20
#define POINTS 200

static const char *
test_device (void)
{
  return g_getenv ("CONVERGE_TEST_DEVICE") != NULL ? g_getenv ("CONVERGE_TEST_DEVICE") : "cpu";
}

static AgRunSpec
make_run (const AgProgramClass *program,
          const AgOptimizerClass *optimizer)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, program);
  if (optimizer != NULL)
    ag_run_spec_set_optimizer (&spec, optimizer);
  spec.steps = N_STEPS;
  spec.points = POINTS;
  spec.device = test_device ();
  return spec;
}

static void
run (AgTrainer *trainer)
{
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  g_assert_no_error (ag_trainer_error (trainer));
}

static AgMoment *
look_up (AgTrainer *trainer,
         gint64 step)
{
  g_autoptr (GError) error = NULL;
  AgMoment *moment = ag_moments_at (ag_trainer_moments (trainer), step, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpint (moment->step, ==, step);
  return moment;
}

static void
run_on (AgTrainer *trainer,
        gint64 n_steps)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_trainer_extend (trainer, n_steps, &error));
  run (trainer);
}

/* A run that has not taken a step, and will have the changes of the rate that @rates has. */
static AgTrainer *
begin_anew (const AgRunSpec *spec)
{
  AgRunSpec own = *spec;

  own.steps = 1;
  own.pace = 0;
  return fixture_trainer (&own);
}

/* Lets it go on to a step later than the one it is at, and rest there. */
static void
go_on (AgTrainer *trainer,
       const AgRates *rates,
       gint64 step)
{
  const guint n_changes = ag_rates_n (rates);

  for (guint i = 0; i < n_changes && ag_rates_nth (rates, i).step < step; i++)
    {
      const AgRateChange change = ag_rates_nth (rates, i);

      if (change.step < ag_history_n_steps (ag_trainer_history (trainer)))
        continue;
      if (change.step > 0)
        run_on (trainer, change.step);
      ag_trainer_set_lr (trainer, change.lr);
    }
  run_on (trainer, step);
}

static void
assert_same_numbers (const double *have,
                     const double *want,
                     gsize n)
{
  g_assert_cmpmem (have, sizeof (double) * n, want, sizeof (double) * n);
}

/* Where a fresh run rests it has computed the loss already, and its moment there reads it. */
static void
check_moment (AgTrainer *trainer,
              AgTrainer *fresh,
              const AgRunSpec *spec,
              gint64 step)
{
  g_autoptr (AgMoment) have = look_up (trainer, step);
  g_autoptr (AgMoment) want = NULL;
  AgHistoryEntry entry;
  AgSnapshot snapshot;

  if (step == 0)
    {
      assert_same_numbers (have->coefficients, ag_trainer_initial (trainer), have->n_parameters);
      g_assert_true (isnan (have->loss));
      return;
    }
  go_on (fresh, ag_trainer_rates (trainer), step);
  want = look_up (fresh, step);
  g_assert_true (want->is_live);
  g_assert_true (ag_trainer_take_snapshot (fresh, &snapshot));
  assert_same_numbers (want->coefficients, snapshot.coefficients, snapshot.n_coefficients);

  g_assert_cmpuint (have->n_parameters, ==, spec->program->model->n_parameters);
  g_assert_cmpuint (have->n_states, ==, spec->optimizer->n_states);
  assert_same_numbers (have->coefficients, want->coefficients, have->n_parameters);
  assert_same_numbers (have->gradients, want->gradients, have->n_parameters);
  assert_same_numbers (have->states, want->states, have->n_parameters * have->n_states);
  assert_same_numbers (&have->loss, &want->loss, 1);
  assert_same_numbers (&have->lr, &want->lr, 1);
  ag_history_read (ag_trainer_history (trainer), 0, step - 1, step - 1, 1, &entry);
  assert_same_numbers (&have->loss, &entry.loss, 1);
}

static void
check_moment_anew (AgTrainer *trainer,
                   const AgRunSpec *spec,
                   gint64 step)
{
  g_autoptr (AgTrainer) fresh = begin_anew (spec);

  check_moment (trainer, fresh, spec, step);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  return *(const gint *) a - *(const gint *) b;
}

/* A run that rests at a hundred of its steps, one after the other, and one that rests at one
 * of them only. */
static void
check_moments (AgTrainer *trainer,
               const AgRunSpec *spec,
               gint n_steps)
{
  g_autoptr (AgTrainer) resting = begin_anew (spec);
  g_autofree gint *looks = g_new (gint, N_LOOKS);

  for (guint i = 0; i < N_LOOKS; i++)
    looks[i] = g_test_rand_int_range (1, n_steps + 1);
  qsort (looks, N_LOOKS, sizeof *looks, compare_numbers);
  check_moment (trainer, resting, spec, 0);
  for (guint i = 0; i < N_LOOKS; i++)
    if (i == 0 || looks[i] > looks[i - 1])
      check_moment (trainer, resting, spec, looks[i]);
  check_moment_anew (trainer, spec, looks[g_test_rand_int_range (0, N_LOOKS)]);
}

static void
check_run (AgRunSpec *spec)
{
  g_autoptr (AgTrainer) trainer = fixture_trainer (spec);

  run (trainer);
  check_moments (trainer, spec, N_STEPS);
}

static void
test_programs (gconstpointer data)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      {
        AgRunSpec spec = make_run (ag_program_class_nth (i), ag_optimizer_class_nth (k));

        spec.dtype = *(const AgDType *) data;
        check_run (&spec);
      }
}

/* On a device that compiles each kernel first only the programs are tried, with their own
 * optimizers. */
static void
test_device_programs (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i), NULL);

      check_run (&spec);
    }
}

/* There a parameter without a gradient in a step has one of zero. */
static void
test_first_pytorch (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i), NULL);

      spec.pytorch = AG_PYTORCH_1;
      check_run (&spec);
    }
}

/* The rate was changed where the run was extended, and before its first step. */
static void
test_extended (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      AgRunSpec spec = make_run (ag_program_class_nth (i), NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (AgTrainer) trainer = NULL;

      spec.steps = 90;
      trainer = fixture_trainer (&spec);
      ag_trainer_set_lr (trainer, spec.lr / 3);
      run (trainer);
      ag_trainer_set_lr (trainer, spec.lr / 2);
      g_assert_true (ag_trainer_extend (trainer, 210, &error));
      run (trainer);
      ag_trainer_set_lr (trainer, spec.lr);
      g_assert_true (ag_trainer_extend (trainer, N_STEPS, &error));
      run (trainer);
      g_assert_cmpuint (ag_rates_n (ag_trainer_rates (trainer)),
                        ==, 3);
      check_moments (trainer, &spec, N_STEPS);
    }
}

/* The rate is changed and moments are looked up while the run goes on. */
static void
test_live (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("dynamic"), NULL);
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (GPtrArray) looked_up
    = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_moment_unref);
  guint n_past = 0;

  spec.steps = 3000;
  spec.pace = 30000;
  trainer = fixture_trainer (&spec);
  ag_trainer_start (trainer);
  for (guint i = 1; !ag_trainer_wait (trainer, 1000); i++)
    {
      const gint64 n = ag_history_n_steps (ag_trainer_history (trainer));

      ag_trainer_set_lr (trainer, spec.lr / (1 + i % 7));
      g_ptr_array_add (looked_up,
                       look_up (trainer, g_test_rand_int_range (0, (gint) n + 1)));
    }
  for (guint i = 0; i < looked_up->len; i++)
    {
      const AgMoment *moment = g_ptr_array_index (looked_up, i);
      g_autoptr (AgMoment) again = look_up (trainer, moment->step);

      n_past += !moment->is_live;
      assert_same_numbers (again->coefficients, moment->coefficients, moment->n_parameters);
      assert_same_numbers (again->states, moment->states, moment->n_parameters * moment->n_states);
    }
  g_assert_cmpuint (n_past, >, 0);
  g_assert_cmpuint (ag_rates_n (ag_trainer_rates (trainer)), >, 3);
  check_moments (trainer, &spec, (gint) spec.steps);
}

static void
check_diverged (const char *optimizer,
                double lr,
                AgDType dtype)
{
  AgRunSpec spec = make_run (ag_program_class_find ("module"),
                             ag_optimizer_class_find (optimizer));
  g_autoptr (AgTrainer) trainer = NULL;
  gint64 n;

  spec.lr = lr;
  spec.dtype = dtype;
  trainer = fixture_trainer (&spec);
  run (trainer);
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DIVERGED);
  n = ag_history_n_steps (ag_trainer_history (trainer));
  for (gint64 step = MAX (0, n - N_DIVERGED_LOOKS); step <= n; step++)
    check_moment_anew (trainer, &spec, step);
}

static void
test_diverged (void)
{
  check_diverged ("sgd", 1, AG_DTYPE_FLOAT32);
  check_diverged ("sgd", 1e-2, AG_DTYPE_FLOAT64);
  check_diverged ("adam", 1e37, AG_DTYPE_FLOAT32);
}

static gpointer
cancel (gpointer data)
{
  g_usleep (2000);
  ag_work_set_cancelled (data, TRUE);
  return NULL;
}

/* Taken up where it was left. */
static void
test_cancelled (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("autograd"), NULL);
  g_autoptr (AgTrainer) trainer = NULL;
  g_autoptr (GError) error = NULL;
  AgWork work = { 0 };
  GThread *thread;

  trainer = fixture_trainer (&spec);
  run (trainer);
  ag_work_set_cancelled (&work, TRUE);
  g_assert_null (ag_moments_at (ag_trainer_moments (trainer), 217, &work, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_CANCELLED);
  check_moment_anew (trainer, &spec, 217);
  ag_moments_rest (ag_trainer_moments (trainer));
  check_moment_anew (trainer, &spec, 216);

  /* At any time, and looked up by any thread. */
  for (guint i = 0; i < 20; i++)
    {
      g_autoptr (AgMoment) moment = NULL;

      ag_work_set_cancelled (&work, FALSE);
      thread = g_thread_new ("cancel", cancel, &work);
      while (!ag_work_is_cancelled (&work))
        {
          ag_moment_unref (look_up (trainer, g_test_rand_int_range (0, N_STEPS + 1)));
          moment = ag_moments_at (ag_trainer_moments (trainer), 100, &work, NULL);
          if (moment != NULL)
            g_clear_pointer (&moment, ag_moment_unref);
        }
      g_thread_join (thread);
    }
  check_moments (trainer, &spec, N_STEPS);
}

/* A step that is not there yet gives the newest one, and the moments outlive the trainer. */
static void
test_edges (void)
{
  AgRunSpec spec = make_run (ag_program_class_find ("optim"), NULL);
  AgTrainer *trainer = fixture_trainer (&spec);
  g_autoptr (AgMoments) moments = ag_moments_ref (ag_trainer_moments (trainer));
  g_autoptr (AgMoment) first = NULL;
  g_autoptr (AgMoment) last = NULL;
  g_autoptr (AgMoment) past = NULL;

  first = look_up (trainer, 0);
  g_assert_true (first->is_live);
  g_assert_cmpfloat (first->lr, ==, spec.lr);
  for (guint i = 0; i < first->n_parameters; i++)
    for (guint k = 0; k < first->n_states; k++)
      g_assert_cmpfloat (ag_moment_state (first, i, k), ==, 0);
  run (trainer);
  last = ag_moments_at (moments, 2 * N_STEPS, NULL, NULL);
  g_assert_cmpint (last->step, ==, N_STEPS);
  g_assert_true (last->is_live);
  g_assert_cmpuint (ag_moments_n_bytes (moments), <=, AG_CHECKPOINTS_MAX_BYTES);
  ag_trainer_free (trainer);
  past = ag_moments_at (moments, 123, NULL, NULL);
  g_assert_cmpint (past->step, ==, 123);
  g_assert_false (past->is_live);
}

int
main (int argc,
      char **argv)
{
  static const AgDType float32 = AG_DTYPE_FLOAT32, float64 = AG_DTYPE_FLOAT64;

  g_test_init (&argc, &argv, NULL);
  if (g_str_equal (test_device (), "cpu"))
    {
      g_test_add_data_func ("/moments/float32", &float32, test_programs);
      g_test_add_data_func ("/moments/float64", &float64, test_programs);
    }
  else
    {
      g_test_add_func ("/moments/programs", test_device_programs);
    }
  g_test_add_func ("/moments/pytorch-1", test_first_pytorch);
  g_test_add_func ("/moments/extended", test_extended);
  g_test_add_func ("/moments/live", test_live);
  g_test_add_func ("/moments/diverged", test_diverged);
  g_test_add_func ("/moments/cancelled", test_cancelled);
  g_test_add_func ("/moments/edges", test_edges);
  return g_test_run ();
}
