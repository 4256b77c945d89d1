/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-compiler.h"
#include "device/device-private.h"
#include "train/restart.h"

#include "fixture.h"

#include <string.h>

/* Steps of several runs that are taken at once leave the bits that each leaves alone: those of one
 * after the other, and those of a batch, whose values lie side by side. */

#define N_RUNS 5
#define N_ALONE 3
#define N_STEPS 200

typedef struct
{
  double losses[N_STEPS];
  double coefficients[8];
} Outcome;

static AgRunSpec
make_spec (const AgRunSpec *spec,
           guint run)
{
  AgRunSpec own = *spec;

  own.lr *= 1 + 0.1 * run;
  return own;
}

static void
begin (AgRestart *restart,
       const AgRunSpec *spec,
       guint seat)
{
  g_autoptr (GError) error = NULL;

  ag_restart_prepare (restart, spec, 1, NULL, &error);
  g_assert_no_error (error);
  ag_machine_sit (restart->machine, seat);
  ag_restart_begin (restart, spec, &error);
  g_assert_no_error (error);
}

static void
take_alone (AgRestart *restart,
            gint64 n,
            double *losses)
{
  g_autoptr (GError) error = NULL;

  for (gint64 step = 0; step < n;)
    {
      step += ag_stepper_take_many (restart->machine->stepper, n - step, losses + step, &error);
      g_assert_no_error (error);
    }
}

static gboolean
set_apart (AgRestart *restart)
{
  g_autoptr (GError) error = NULL;
  gboolean is_apart;

  ag_stepper_set_apart (restart->machine->stepper, &is_apart, &error);
  g_assert_no_error (error);
  return is_apart;
}

static void
read_coefficients (AgRestart *restart,
                   Outcome *outcome)
{
  g_autoptr (GError) error = NULL;

  ag_program_read (restart->machine->program, outcome->coefficients, &error);
  g_assert_no_error (error);
}

static void
make_alone (const AgRunSpec *spec,
            Outcome *outcome)
{
  AgRestart restart = { NULL };

  begin (&restart, spec, 0);
  take_alone (&restart, N_STEPS, outcome->losses);
  read_coefficients (&restart, outcome);
  ag_restart_clear (&restart);
}

/* Where the library has no code for it, one is compiled. */
static void
wait_for_batch (AgStepper *const *steppers,
                AgBatch **batch)
{
  for (guint tries = 0; !ag_stepper_join (steppers, N_RUNS, batch); tries++)
    {
      g_assert_cmpuint (tries, <, 6000);
      g_usleep (10000);
    }
}

/* In the middle of it some steps are taken without the batch. */
static void
take_the_rest (AgRestart *restart,
               gboolean is_batch,
               gint64 step,
               Outcome *outcomes)
{
  AgStepper *steppers[N_RUNS];
  double losses[N_STEPS * N_RUNS];
  AgBatch *batch = NULL;

  for (guint i = 0; i < N_RUNS; i++)
    steppers[i] = restart->machine->seats[i].stepper;
  while (step < N_STEPS)
    {
      const gboolean with_batch = is_batch && (step < N_STEPS / 3 || step > N_STEPS / 2);
      gint64 n;

      if (with_batch)
        wait_for_batch (steppers, &batch);
      n = ag_stepper_take_at_once (steppers, N_RUNS, with_batch ? batch : NULL,
                                   MIN (N_STEPS / 8, N_STEPS - step), losses);
      g_assert_cmpint (n, >, 0);
      if (with_batch)
        ag_stepper_leave (steppers, N_RUNS, batch);
      for (gint64 k = 0; k < n; k++)
        for (guint i = 0; i < N_RUNS; i++)
          outcomes[i].losses[step + k] = losses[k * N_RUNS + i];
      step += n;
    }
  g_clear_pointer (&batch, ag_batch_free);
}

static gboolean
has_batches (void)
{
  g_autoptr (GError) error = NULL;
  AgDevice *device = ag_device_open ("cpu", 1, &error);
  gboolean has = device->n_batch > 0;

  ag_device_unref (device);
  return has;
}

static void
compare (const AgRunSpec *spec,
         gboolean is_batch)
{
  Outcome *outcomes = g_new0 (Outcome, N_RUNS), *alone = g_new0 (Outcome, 1);
  AgRestart restart = { NULL };
  gint64 n_alone = 0;

  for (guint i = 0; i < N_RUNS; i++)
    {
      const AgRunSpec own = make_spec (spec, i);

      begin (&restart, &own, i);
      for (n_alone = 0; n_alone == 0 || !set_apart (&restart); n_alone++)
        {
          g_assert_cmpint (n_alone, <, N_STEPS / 2);
          take_alone (&restart, 1, outcomes[i].losses + n_alone);
        }
      g_assert_true (ag_stepper_is_like (restart.machine->stepper, restart.machine->seats[0].stepper));
    }
  take_the_rest (&restart, is_batch, n_alone, outcomes);
  for (guint i = 0; i < N_RUNS; i++)
    {
      ag_machine_sit (restart.machine, i);
      ag_stepper_take_back (restart.machine->stepper);
      read_coefficients (&restart, &outcomes[i]);
    }
  ag_restart_clear (&restart);

  for (guint i = 0; i < N_RUNS; i++)
    {
      const AgRunSpec own = make_spec (spec, i);

      make_alone (&own, alone);
      g_assert_cmpmem (alone->losses, sizeof alone->losses, outcomes[i].losses,
                       sizeof outcomes[i].losses);
      g_assert_cmpmem (alone->coefficients, sizeof alone->coefficients, outcomes[i].coefficients,
                       sizeof outcomes[i].coefficients);
    }
  g_free (outcomes);
  g_free (alone);
}

static void
compare_both (AgRunSpec *spec)
{
  spec->steps = N_STEPS;
  compare (spec, FALSE);
  if (has_batches ())
    compare (spec, TRUE);
}

static void
test_bits (void)
{
  static const char *const optimizers[] = { NULL, "sgd", "adam", "adamw", "nadam" };

  for (guint p = 0; p < ag_program_n_classes (); p++)
    for (guint o = 0; o < G_N_ELEMENTS (optimizers); o++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_nth (p));
        if (g_str_equal (spec.program->id, "mlp") || g_str_equal (spec.program->id, "formula"))
          continue;
        if (optimizers[o] != NULL)
          fixture_set (&spec, "optimizer", optimizers[o]);
        compare_both (&spec);
      }
}

/* Points fill rows, blocks of rows and halves of them, or not; of few points each run has its own.
 * Fewer points in double precision have loops that are not in the library. */
static void
test_points (void)
{
  static const gint64 points[] = { 2, 16, 31, 40, 100, 555, 1000, 1999 };

  for (guint i = 0; i < G_N_ELEMENTS (points); i++)
    {
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find ("tensors"));
      spec.points = points[i];
      if (points[i] > AG_DEVICE_MAX_OWN || ag_cpu_compiler () != NULL)
        compare_both (&spec);
      ag_run_spec_init (&spec, ag_program_class_find ("numpy"));
      spec.points = points[i];
      if (points[i] > 1500)
        compare_both (&spec);
    }
}

/* Compiled code that leaves a factor out of sums is not sure of those of values so small, in a batch
 * of the runs that have them alone. */
static void
test_small_values (void)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("tensors"));
  fixture_set (&spec, "target", "1e-39 * sin(x)");
  fixture_set (&spec, "init", "a=0,b=0,c=0,d=0");
  compare_both (&spec);
}

/* A run whose steps are others, or which the device cannot play, is to be made alone. */
static void
test_others (void)
{
  AgRestart restart = { NULL };
  double losses[N_ALONE];
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  begin (&restart, &spec, 0);
  g_assert_false (set_apart (&restart));
  take_alone (&restart, N_ALONE, losses);
  g_assert_true (set_apart (&restart));
  spec.options[0] = 0.5;
  begin (&restart, &spec, 1);
  take_alone (&restart, N_ALONE, losses);
  g_assert_true (set_apart (&restart));
  g_assert_false (ag_stepper_is_like (restart.machine->stepper, restart.machine->seats[0].stepper));
  ag_restart_clear (&restart);

  /* Its next step may have another structure than that of the run before. */
  ag_run_spec_init (&spec, ag_program_class_find ("dynamic"));
  for (guint i = 0; i < 2; i++)
    {
      begin (&restart, &spec, i);
      while (!set_apart (&restart))
        take_alone (&restart, 1, losses);
      take_alone (&restart, i, losses);
      g_assert_true (set_apart (&restart));
    }
  g_assert_false (ag_stepper_is_like (restart.machine->stepper, restart.machine->seats[0].stepper));
  ag_restart_clear (&restart);
}

/* A run that is set apart keeps its values while other steps are taken and the loss is evaluated. */
static void
test_apart (void)
{
  AgRestart restart = { NULL };
  Outcome *alone = g_new0 (Outcome, 1), *apart = g_new0 (Outcome, 1);
  double losses[N_STEPS], loss;
  g_autoptr (GError) error = NULL;
  AgStepper *stepper;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("nn"));
  make_alone (&spec, alone);
  begin (&restart, &spec, 0);
  take_alone (&restart, N_ALONE, apart->losses);
  g_assert_true (set_apart (&restart));
  stepper = restart.machine->stepper;
  for (guint i = 1; i < 4; i++)
    {
      AgRunSpec other = make_spec (&spec, i);

      fixture_set (&other, "init", "a=1,b=2,c=3,d=4");
      begin (&restart, &other, 1);
      take_alone (&restart, N_STEPS, losses);
      g_assert_true (ag_program_evaluate_loss (restart.machine->program, &loss, &error));
    }
  for (gint64 step = N_ALONE; step < N_STEPS;)
    step += ag_stepper_take_at_once (&stepper, 1, NULL, N_STEPS - step, apart->losses + step);
  ag_stepper_take_back (stepper);
  read_coefficients (&restart, apart);
  g_assert_cmpmem (alone, sizeof *alone, apart, sizeof *apart);
  ag_restart_clear (&restart);
  g_free (alone);
  g_free (apart);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/at-once/bits", test_bits);
  g_test_add_func ("/at-once/points", test_points);
  g_test_add_func ("/at-once/small-values", test_small_values);
  g_test_add_func ("/at-once/others", test_others);
  g_test_add_func ("/at-once/apart", test_apart);
  return g_test_run ();
}
