/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trainer.h"

#include <string.h>

/* The learning rate that each program begins with under each optimizer. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define N_SEEDS 3

/* The optimum's loss is 8.82. PyTorch's own rates leave losses of thousands. */
#define BOUND 70

/* RAdam gets to no such loss whatever the rate: its first five steps are not divided by the
 * gradient's size, which is of the order of 10⁵ here, and with a rate at which these do not
 * diverge all others are too short. What its runs end with is below what they begin with, or
 * for dynamic, whose first steps may go up, of the same order. */
#define RADAM_BOUND 1e7

static double
loss_after (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer = ag_trainer_new (spec, &error);
  AgSnapshot snapshot;

  g_assert_no_error (error);
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_true (ag_trainer_take_snapshot (trainer, &snapshot));
  ag_trainer_free (trainer);
  return snapshot.final_loss;
}

/* A run that nobody gave a rate gets somewhere. */
static void
test_rates (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < ag_optimizer_n_classes (); k++)
      {
        const AgProgramClass *program = ag_program_class_nth (i);
        const AgOptimizerClass *optimizer = ag_optimizer_class_nth (k);
        double worst = 0, bound = strcmp (optimizer->id, "radam") == 0 ? RADAM_BOUND : BOUND;
        AgRunSpec spec;

        ag_run_spec_init (&spec, program);
        /* A mean is as large with few points. */
        if (program->loss->is_mean)
          {
            spec.points = 100;
            bound = BOUND / 2000.0;
          }
        if (strcmp (program->optimizer, optimizer->id) != 0)
          ag_run_spec_set_optimizer (&spec, optimizer);
        for (spec.seed = 0; spec.seed < N_SEEDS; spec.seed++)
          worst = MAX (worst, loss_after (&spec));
        g_test_message ("%s, %s, %g: %g", program->id, optimizer->id, spec.lr, worst);
        g_assert_cmpfloat (worst, <, bound);
      }
}

/* The tutorial's stays where it is the program's own, and each other optimizer has one
 * that was found for it, or for another that it takes the rates of. */
static void
test_default_rate (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);

      for (guint k = 0; k < ag_optimizer_n_classes (); k++)
        {
          const AgOptimizerClass *optimizer = ag_optimizer_class_nth (k);
          g_autofree char *name = g_strconcat (optimizer->id, "=", NULL);

          if (strcmp (program->optimizer, optimizer->id) == 0)
            g_assert_cmpfloat (ag_run_spec_default_rate (program, optimizer), ==,
                               program->lr);
          else if (optimizer->rates_of == NULL)
            g_assert_nonnull (strstr (program->rates, name));
        }
    }
  g_assert_cmpfloat (ag_run_spec_default_rate (ag_program_class_find ("legendre"),
                                               ag_optimizer_class_find ("adamw")),
                     ==, 5e-3);
  g_assert_cmpfloat (ag_run_spec_default_rate (ag_program_class_find ("legendre"),
                                               ag_optimizer_class_find ("nadam")),
                     ==, 2e-3);
  g_assert_cmpfloat (ag_run_spec_default_rate (ag_program_class_find ("dynamic"),
                                               ag_optimizer_class_find ("radam")),
                     ==, 1e-8);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rates/default", test_default_rate);
  g_test_add_func ("/rates/runs", test_rates);
  return g_test_run ();
}
