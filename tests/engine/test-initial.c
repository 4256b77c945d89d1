/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/initial.h"
#include "train/trainer.h"

#include <math.h>

/* What a run begins with is known before it is made. */

static void
check (const AgRun *run)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer = ag_trainer_new (run, &error);
  double coefficients[AG_PROGRAM_MAX_PARAMETERS];

  g_assert_no_error (error);
  ag_run_initial (run, coefficients, &error);
  g_assert_no_error (error);
  ag_trainer_step (trainer);
  ag_trainer_stop (trainer);
  while (!ag_trainer_wait (trainer, G_USEC_PER_SEC))
    ;
  g_assert_cmpmem (coefficients, sizeof (double) * run->program->n_parameters,
                   ag_trainer_initial (trainer), sizeof (double) * run->program->n_parameters);
  ag_trainer_free (trainer);
}

static void
test_programs (void)
{
  static const guint64 seeds[] = { 0, 1, 42, 4294967295 };

  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (seeds); k++)
      {
        AgRun run;

        ag_run_init (&run, ag_program_class_nth (i));
        run.steps = 1;
        run.seed = seeds[k];
        check (&run);
        run.dtype = run.dtype == AG_DTYPE_FLOAT32 ? AG_DTYPE_FLOAT64 : AG_DTYPE_FLOAT32;
        check (&run);
      }
}

/* Some are given, and rounded to the element type; the others are drawn. */
static void
test_given (void)
{
  g_autoptr (GError) error = NULL;
  double coefficients[AG_PROGRAM_MAX_PARAMETERS];
  AgRun run;

  ag_run_init (&run, ag_program_class_find ("autograd"));
  run.steps = 1;
  ag_run_parse_init (&run, "a=0.1,d=-2", &error);
  g_assert_no_error (error);
  check (&run);
  ag_run_initial (&run, coefficients, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (coefficients[0], ==, 0.1f);
  g_assert_cmpfloat (coefficients[3], ==, -2);
  run.init = AG_INIT_PUBLISHED;
  check (&run);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/initial/programs", test_programs);
  g_test_add_func ("/initial/given", test_given);
  return g_test_run ();
}
