/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "train/initial.h"
#include "train/trainer.h"

#include <math.h>

/* What a run begins with is known before it is made. */

static void
check (const AgRunSpec *spec)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer = ag_trainer_new (spec, &error);
  g_autofree double *coefficients = g_new (double, spec->program->model->n_parameters);

  g_assert_no_error (error);
  ag_run_spec_initial (spec, coefficients, &error);
  g_assert_no_error (error);
  ag_trainer_step (trainer);
  ag_trainer_stop (trainer);
  while (!ag_trainer_wait (trainer, G_USEC_PER_SEC))
    ;
  g_assert_cmpmem (coefficients, sizeof (double) * spec->program->model->n_parameters,
                   ag_trainer_initial (trainer), sizeof (double) * spec->program->model->n_parameters);
  ag_trainer_free (trainer);
}

static void
test_programs (void)
{
  static const guint64 seeds[] = { 0, 1, 42, 4294967295 };

  for (guint i = 0; i < ag_program_n_classes (); i++)
    for (guint k = 0; k < G_N_ELEMENTS (seeds); k++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_nth (i));
        spec.steps = 1;
        spec.seed = seeds[k];
        check (&spec);
        spec.dtype = spec.dtype == AG_DTYPE_FLOAT32 ? AG_DTYPE_FLOAT64 : AG_DTYPE_FLOAT32;
        check (&spec);
      }
}

/* Some are given, and rounded to the element type; the others are drawn. */
static void
test_given (void)
{
  g_autoptr (GError) error = NULL;
  double coefficients[4];
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.steps = 1;
  ag_run_spec_set_init (&spec, "a=0.1,d=-2", &error);
  g_assert_no_error (error);
  check (&spec);
  ag_run_spec_initial (&spec, coefficients, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (coefficients[0], ==, 0.1f);
  g_assert_cmpfloat (coefficients[3], ==, -2);
  spec.init = "published";
  check (&spec);
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
