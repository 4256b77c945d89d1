/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect.h"

#include <string.h>

/* Looks at the texts that a GPU is given to compile and to launch, with a stand-in that only notes
 * them. */

/* Counts the texts of one plan. Whether plans that take turns come to be in one program depends on
 * how many steps wait at a time, and so on how fast this machine just is. */
static guint
count_texts (void)
{
  GHashTableIter iter;
  gpointer text;
  guint n = 0;

  g_hash_table_iter_init (&iter, collect_texts ());
  while (g_hash_table_iter_next (&iter, &text, NULL))
    n += strstr (text, "AG_STEPS_PLAN (1)") == NULL;
  return n;
}

/* Returns how many texts of one plan there are that no run before had. */
static guint
train (const char *program,
       gint64 points,
       gint64 n_steps)
{
  const guint n_before = count_texts ();
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  spec.points = points;
  spec.steps = n_steps;
  collect_n_launches ();
  collect_run (&spec);
  return count_texts () - n_before;
}

/* Another number of points is no other text, which would be compiled anew, if as many of them
 * fill the packs; of few points powers are kept, and with many a plan is run in another way. */
static void
test_points (gconstpointer data)
{
  static const gint64 sizes[][2] = { { 400, 480 }, { 4000, 4800 }, { 20000, 40000 } };
  const char *program = data;

  g_hash_table_remove_all (collect_texts ());
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      train (program, sizes[i][0], 20);
      g_assert_cmpuint (train (program, sizes[i][1], 20), ==, 0);
    }
}

/* Plans that take turns from step to step come to be in one program, so that many of their steps
 * are one launch. */
static void
test_turns (void)
{
  enum
  {
    N_STEPS = 2000
  };
  GHashTableIter iter;
  gpointer text;
  guint n_joint = 0;

  g_hash_table_remove_all (collect_texts ());
  train ("dynamic", 2000, N_STEPS);
  g_assert_cmpuint (collect_n_launches (), <, N_STEPS / 4);
  g_hash_table_iter_init (&iter, collect_texts ());
  while (g_hash_table_iter_next (&iter, &text, NULL))
    n_joint += strstr (text, "AG_STEPS_PLAN (2)") != NULL ? 1 : 0;
  g_assert_cmpuint (n_joint, ==, 1);
}

int
main (int argc,
      char **argv)
{
  static const char *const programs[] = { "numpy", "tensors", "autograd", "legendre",
                                          "nn", "optim", "module", "dynamic", "mlp" };

  g_test_init (&argc, &argv, NULL);
  collect_begin ();
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/text/points/%s", programs[i]);

      g_test_add_data_func (path, programs[i], test_points);
    }
  g_test_add_func ("/text/turns", test_turns);
  return g_test_run ();
}
