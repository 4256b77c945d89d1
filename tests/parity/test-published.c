/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference.h"

#include <math.h>
#include <string.h>

/* The runs the tutorial printed, made again from the initial values worked out
 * backwards from them. */

typedef struct
{
  const char *variant;
  double tolerance;
} Published;

static const Published published[] = {
  { "numpy", 1e-12 },
  { "tensors", 1e-5 },
  { "autograd", 1e-5 },
  { "legendre", 1e-5 },
  { "nn", 1e-5 },
  { "module", 1e-5 },
};

typedef struct
{
  const char *variant;
  double tolerance;
  const AgHistory *history;
  guint n_losses;
  double worst;
} Check;

static void
check_loss (char **fields,
            gpointer user_data)
{
  Check *check = user_data;
  double want, loss, error;

  if (strcmp (fields[0], check->variant) != 0)
    return;
  want = g_ascii_strtod (fields[2], NULL);
  loss = reference_loss (check->history, g_ascii_strtoll (fields[1], NULL, 10));
  error = fabs (loss - want) / want;
  check->worst = fmax (check->worst, error);
  check->n_losses++;
  if (!(error <= check->tolerance))
    g_error ("%s, step %s: loss %.17g instead of %.17g", check->variant, fields[1], loss, want);
}

static void
make_run (const char *variant,
          AgRunSpec *spec,
          AgSnapshot **last,
          AgHistory **history)
{
  ag_run_spec_init (spec, ag_program_class_find (variant));
  spec->init = "published";
  reference_run (spec, last, NULL, history);
}

static void
test_log (gconstpointer data)
{
  const Published *p = data;
  g_autoptr (AgHistory) history = NULL;
  g_autoptr (AgSnapshot) last = NULL;
  AgRunSpec spec;
  Check check = { .variant = p->variant, .tolerance = p->tolerance };

  make_run (p->variant, &spec, &last, &history);
  check.history = history;
  reference_foreach ("tutorial-printed.csv", "variant,step,loss", check_loss, &check);
  g_assert_cmpuint (check.n_losses, ==, 20);
  g_test_message ("losses within %.1e", check.worst);
}

static void
check_initial (char **fields,
               gpointer user_data)
{
  const AgProgramClass *klass = ag_program_class_find (fields[0]);
  guint *n_checked = user_data;

  for (guint i = 0; i < klass->model->n_parameters; i++)
    {
      if (strcmp (klass->model->parameters[i], fields[1]) != 0)
        continue;
      ++*n_checked;
      if (*fields[2] == '\0')
        g_assert_true (isnan (ag_program_class_published (klass, i)));
      else
        g_assert_cmpfloat (ag_program_class_published (klass, i), ==,
                           g_ascii_strtod (fields[2], NULL));
    }
}

static void
test_initial (void)
{
  guint n_checked = 0;

  reference_foreach ("tutorial-printed-parameters.csv",
                     "variant,name,recovered_initial,printed_final", check_initial, &n_checked);
  g_assert_cmpuint (n_checked, ==, 33);
}

static void
check_legendre (char **fields,
                gpointer user_data)
{
  const AgSnapshot *last = user_data;
  const char *name = fields[1];
  double want = g_ascii_strtod (fields[3], NULL);

  /* Seven digits; a and c are nothing but rounding errors around 0. */
  if (strcmp (fields[0], "legendre") != 0)
    return;
  if (strcmp (name, "b") == 0)
    g_assert_cmpfloat_with_epsilon (last->coefficients[1], want, 5e-7);
  else if (strcmp (name, "d") == 0)
    g_assert_cmpfloat_with_epsilon (last->coefficients[3], want, 5e-8);
  else
    g_assert_cmpfloat_with_epsilon (last->coefficients[*name - 'a'], want, 1e-7);
}

static void
test_legendre (void)
{
  g_autoptr (AgHistory) history = NULL;
  g_autoptr (AgSnapshot) last = NULL;
  AgRunSpec spec;

  make_run ("legendre", &spec, &last, &history);
  reference_foreach ("tutorial-printed-parameters.csv",
                     "variant,name,recovered_initial,printed_final", check_legendre, last);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (!reference_set_up ())
    return 0;
  for (guint i = 0; i < G_N_ELEMENTS (published); i++)
    {
      g_autofree char *path = g_strconcat ("/published/log/", published[i].variant, NULL);

      g_test_add_data_func (path, &published[i], test_log);
    }
  g_test_add_func ("/published/initial", test_initial);
  g_test_add_func ("/published/legendre", test_legendre);
  return g_test_run ();
}
