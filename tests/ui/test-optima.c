/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-optima.h"

/* Where runs converge to, as the window finds it out. */

#define LONGEST_WAIT (20 * G_USEC_PER_SEC)

static AgRunSpec
make_run (const char *program,
          gint64 n_points)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  spec.points = n_points;
  return spec;
}

static const AgOptimum *
wait_to_find (ConvergeOptima *optima,
              const AgRunSpec *spec)
{
  const gint64 end_us = g_get_monotonic_time () + LONGEST_WAIT;

  while (converge_optima_find (optima, spec) == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, end_us);
      g_main_context_iteration (NULL, TRUE);
    }
  return converge_optima_find (optima, spec);
}

static void
count (guint *n_found)
{
  (*n_found)++;
}

/* It is found out once, off this thread, however many ask. */
static void
test_once (void)
{
  g_autoptr (ConvergeOptima) optima = g_object_new (CONVERGE_TYPE_OPTIMA, NULL);
  const AgRunSpec spec = make_run ("autograd", 2000);
  const AgOptimum *optimum;
  guint n_found = 0;

  g_signal_connect_swapped (optima, "found", G_CALLBACK (count), &n_found);
  for (guint i = 0; i < 3; i++)
    g_assert_null (converge_optima_find (optima, &spec));
  optimum = wait_to_find (optima, &spec);
  g_assert_cmpuint (n_found, ==, 1);
  g_assert_cmpfloat_with_epsilon (optimum->loss, 8.817165, 1e-6);
  g_assert_true (converge_optima_find (optima, &spec) == optimum);
  g_assert_true (converge_optima_wait (optima, &spec) == optimum);
}

/* A caller that cannot wait gets the optimum at once, even while another thread is computing it. */
static void
test_wait (void)
{
  g_autoptr (ConvergeOptima) optima = g_object_new (CONVERGE_TYPE_OPTIMA, NULL);
  const AgRunSpec spec = make_run ("nn", 100000);
  const AgOptimum *optimum;

  g_assert_null (converge_optima_find (optima, &spec));
  optimum = converge_optima_wait (optima, &spec);
  g_assert_nonnull (optimum);
  /* The answer that was under way comes too late and changes nothing. */
  for (guint i = 0; i < 200; i++)
    {
      g_main_context_iteration (NULL, FALSE);
      g_usleep (500);
    }
  g_assert_true (converge_optima_find (optima, &spec) == optimum);
}

static void
test_none (void)
{
  g_autoptr (ConvergeOptima) optima = g_object_new (CONVERGE_TYPE_OPTIMA, NULL);
  AgRunSpec spec = make_run ("autograd", 2000);

  /* A sum of what is not finite has no least. */
  spec.target = "log(-1 - x^2)";
  g_assert_null (converge_optima_wait (optima, &spec));
  g_assert_null (converge_optima_find (optima, &spec));
}

/* Where it is searched for, it depends on where the search begins; who writes a file does not
 * wait for that. */
static void
test_searched (void)
{
  g_autoptr (ConvergeOptima) optima = g_object_new (CONVERGE_TYPE_OPTIMA, NULL);
  AgRunSpec spec = make_run ("legendre", 2000), linear = make_run ("autograd", 2000);
  const AgOptimum *optimum;
  double loss;

  g_assert_null (converge_optima_wait (optima, &spec));
  optimum = wait_to_find (optima, &spec);
  g_assert_false (optimum->is_exact);
  g_assert_true (converge_optima_wait (optima, &spec) == optimum);
  loss = optimum->loss;
  spec.seed++;
  g_assert_null (converge_optima_find (optima, &spec));
  g_assert_cmpfloat_with_epsilon (wait_to_find (optima, &spec)->loss, loss, 1e-9);

  optimum = wait_to_find (optima, &linear);
  g_assert_true (optimum->is_exact);
  linear.seed++;
  g_assert_true (converge_optima_find (optima, &linear) == optimum);
}

/* An optimum that was asked for long ago is computed again. */
static void
test_many (void)
{
  g_autoptr (ConvergeOptima) optima = g_object_new (CONVERGE_TYPE_OPTIMA, NULL);
  double loss;

  for (gint64 n = 100; n < 130; n++)
    {
      const AgRunSpec spec = make_run ("autograd", n);

      converge_optima_find (optima, &spec);
    }
  {
    const AgRunSpec first = make_run ("autograd", 100), last = make_run ("autograd", 129);

    loss = wait_to_find (optima, &last)->loss;
    g_assert_cmpfloat (wait_to_find (optima, &first)->loss, <, loss);
  }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/optima/once", test_once);
  g_test_add_func ("/optima/wait", test_wait);
  g_test_add_func ("/optima/none", test_none);
  g_test_add_func ("/optima/searched", test_searched);
  g_test_add_func ("/optima/many", test_many);
  return g_test_run ();
}
