/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/phases.h"
#include "train/restart.h"

#include "fixture.h"

#include <string.h>

/* Steps that are recorded and not taken say what those of a run are, and leave nothing behind. */

#define N_STEPS 20

static void
init_spec (AgRunSpec *spec,
           const char *optimizer,
           const char *option,
           const char *value)
{
  ag_run_spec_init (spec, ag_program_class_find ("module"));
  spec->points = 50;
  fixture_set (spec, "optimizer", optimizer);
  if (option != NULL)
    fixture_set (spec, option, value);
}

/* Takes the machine where the run begins, and records its steps. */
static void
record (AgRestart *restart,
        const AgRunSpec *spec,
        AgPhases *phases)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_restart_prepare (restart, spec, 1, NULL, &error));
  g_assert_no_error (error);
  ag_restart_set_options (restart, spec);
  ag_checkpoint_load_counts (&restart->checkpoint, restart->machine, restart->begin);
  g_assert_true (ag_phases_record (phases, restart->machine, &error));
  g_assert_no_error (error);
}

static guint
count_phases (const char *optimizer,
              const char *option,
              const char *value)
{
  AgRestart restart = { NULL };
  AgPhases phases;
  AgRunSpec spec;
  guint n;

  init_spec (&spec, optimizer, option, value);
  record (&restart, &spec, &phases);
  n = phases.n;
  ag_phases_clear (&phases);
  ag_restart_clear (&restart);
  return n;
}

/* With momentum the first step is another one than those that follow. */
static void
test_count (void)
{
  g_assert_cmpuint (count_phases ("sgd", NULL, NULL), ==, 1);
  g_assert_cmpuint (count_phases ("sgd", "momentum", "0.9"), ==, 2);
  g_assert_cmpuint (count_phases ("adam", NULL, NULL), ==, 1);
}

static void
assert_like (const char *option,
             const char *one,
             const char *other,
             gboolean is_expected)
{
  AgRestart restart = { NULL };
  AgPhases a, b;
  AgRunSpec spec;

  init_spec (&spec, "sgd", option, one);
  record (&restart, &spec, &a);
  fixture_set (&spec, option, other);
  record (&restart, &spec, &b);
  g_assert_cmpint (ag_phases_are_like (&a, &b), ==, is_expected);
  ag_phases_clear (&a);
  ag_phases_clear (&b);
  ag_restart_clear (&restart);
}

static void
test_like (void)
{
  assert_like ("lr", "1e-6", "1e-3", TRUE);
  assert_like ("momentum", "0.5", "0.9", TRUE);
  assert_like ("momentum", "0", "0.9", FALSE);
  assert_like ("weight-decay", "0", "0.1", FALSE);
}

static void
take_steps (AgRestart *restart,
            const AgRunSpec *spec,
            double *losses)
{
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_restart_prepare (restart, spec, 1, NULL, &error));
  g_assert_true (ag_restart_begin (restart, spec, &error));
  for (guint i = 0; i < N_STEPS; i++)
    {
      AgTensor *loss = ag_stepper_take (restart->machine->stepper, &error);

      g_assert_no_error (error);
      g_assert_true (ag_tensor_item (loss, &losses[i], &error));
      ag_tensor_unref (loss);
    }
}

/* Coefficients stay as they are, and a run that is made then has the bits that it has on a machine
 * of its own. */
static void
test_nothing_left (void)
{
  static const char *const optimizers[] = { "sgd", "adam", "rmsprop" };
  static const char *const versions[] = { "1", "2" };

  for (guint i = 0; i < G_N_ELEMENTS (optimizers); i++)
    for (guint k = 0; k < G_N_ELEMENTS (versions); k++)
      {
        AgRestart used = { NULL }, fresh = { NULL };
        double losses[N_STEPS], expected[N_STEPS], before[4], after[4];
        AgPhases phases;
        AgRunSpec spec;

        init_spec (&spec, optimizers[i], "pytorch", versions[k]);
        take_steps (&fresh, &spec, expected);
        ag_restart_clear (&fresh);
        take_steps (&used, &spec, losses);
        g_assert_true (ag_program_read (used.machine->program, before, NULL));
        record (&used, &spec, &phases);
        g_assert_cmpuint (phases.n, >, 0);
        g_assert_true (ag_program_read (used.machine->program, after, NULL));
        g_assert_cmpmem (before, sizeof before, after, sizeof after);
        ag_phases_clear (&phases);
        take_steps (&used, &spec, losses);
        g_assert_cmpmem (losses, sizeof losses, expected, sizeof expected);
        ag_restart_clear (&used);
      }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/phases/count", test_count);
  g_test_add_func ("/phases/like", test_like);
  g_test_add_func ("/phases/nothing-left", test_nothing_left);
  return g_test_run ();
}
