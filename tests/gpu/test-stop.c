/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host-backend.h"

#include "program/program.h"
#include "train/trainer.h"

#include <gmodule.h>

/* A GPU that is slow: whenever somebody wants a run to stop, it has little left to do. */

/* That a stop may take. */
#define STOP_US 50000

#define N_STEPS 150

/**
 * Case:
 * @step_us: how long a step takes the GPU
 * @points: many for a launch a step, few for many steps in a launch
 */
typedef struct
{
  const char *program;
  gint64 step_us;
  gint64 points;
} Case;

static HostGpuMostBehind most_behind;

static void
find_stand_in (void)
{
  GModule *module = g_module_open (g_getenv ("CONVERGE_GPU_MODULE"),
                                   G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  g_assert_nonnull (module);
  g_assert_true (g_module_symbol (module, HOST_GPU_MOST_BEHIND_SYMBOL, (gpointer *) &most_behind));
}

/* Counts the work that the GPU was given, since the time that a stop takes may be anything on a
 * busy machine. */
static void
test_stop (gconstpointer data)
{
  const Case *slow = data;
  g_autofree char *step_us = g_strdup_printf ("%" G_GINT64_FORMAT, slow->step_us);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTrainer) trainer = NULL;
  AgRunSpec spec;
  gint64 behind_us;

  ag_run_spec_init (&spec, ag_program_class_find (slow->program));
  spec.lr = 1e-12;
  spec.points = slow->points;
  spec.steps = N_STEPS;
  spec.device = "cuda";
  g_setenv ("HOST_GPU_STEP_US", step_us, TRUE);
  most_behind ();
  trainer = ag_trainer_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_no_error (ag_trainer_error (trainer));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  behind_us = most_behind ();
  g_unsetenv ("HOST_GPU_STEP_US");
  g_test_message ("%g ms of work at most", (double) behind_us / 1000);
  g_assert_cmpint (behind_us, >, 0);
  g_assert_cmpint (behind_us, <=, STOP_US);
}

int
main (int argc,
      char **argv)
{
  static const Case cases[] = {
    { "autograd", 4000, 20000 },
    { "autograd", 500, 2000 },
    { "dynamic", 2000, 2000 },
  };

  g_test_init (&argc, &argv, NULL);
  find_stand_in ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/stop/%s/%" G_GINT64_FORMAT, cases[i].program,
                                               cases[i].points);

      g_test_add_data_func (path, &cases[i], test_stop);
    }
  return g_test_run ();
}
