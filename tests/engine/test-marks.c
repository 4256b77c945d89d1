/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/marks.h"

#include <math.h>

/* The marks of a run: what is found with long strides is what is found step by step. */

#define N_STEPS 20000

typedef double (*Loss) (gint64 step);

static double
falling (gint64 step)
{
  return 100 * exp (-(double) step / 700) + 9;
}

/* It swings wider and wider. */
static double
swinging (gint64 step)
{
  return 10 + 1e-4 * (double) step * cos ((double) step / 50);
}

/* A value that does not follow from the one before. */
static double
jumping (gint64 step)
{
  const guint64 mixed = (guint64) step * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  return 5000.0 / (double) (step + 10) + (double) (mixed >> 40) / (1 << 24);
}

static double
lost (gint64 step)
{
  return step < 15000 ? falling (step) : step < 15010 ? 1e300
                                                      : NAN;
}

/* Step by step. */
static GArray *
find_rises (Loss loss)
{
  GArray *rises = g_array_new (FALSE, FALSE, sizeof (gint64));
  double least = INFINITY, risen_from = INFINITY;
  gboolean is_armed = TRUE;

  for (gint64 step = 0; step < N_STEPS; step++)
    {
      if (is_armed && loss (step) > 1.1 * least)
        {
          g_array_append_val (rises, step);
          risen_from = least;
          is_armed = FALSE;
        }
      least = fmin (least, loss (step));
      is_armed |= least < 0.5 * risen_from;
    }
  return rises;
}

static AgMarks *
look (Loss loss,
      double least,
      gint64 diverged_step,
      gint64 portion)
{
  AgHistory *history = ag_history_new (N_STEPS);
  AgMarks *marks = ag_marks_new (history, 100);
  g_autoptr (AgRates) rates = ag_rates_new ();

  for (gint64 step = 0; step < N_STEPS; step++)
    {
      ag_history_push (history, loss (step));
      if (step % portion == 0)
        ag_marks_look (marks, rates, least, -1);
    }
  while (!ag_marks_look (marks, rates, least, diverged_step))
    ;
  ag_history_unref (history);
  return marks;
}

/* However much is looked at a time. */
static void
test_rises (gconstpointer data)
{
  const Loss loss = *(const Loss *) data;
  g_autoptr (GArray) rises = find_rises (loss);

  for (gint64 portion = 1; portion <= N_STEPS; portion *= 17)
    {
      g_autoptr (AgMarks) marks = look (loss, NAN, -1, portion);

      g_assert_cmpuint (ag_marks_n (marks), ==, rises->len);
      for (guint i = 0; i < ag_marks_n (marks); i++)
        {
          g_assert_cmpint (ag_marks_nth (marks, i).kind, ==, AG_MARK_RISE);
          g_assert_cmpint (ag_marks_nth (marks, i).step, ==, g_array_index (rises, gint64, i));
        }
    }
}

static void
test_near (void)
{
  g_autoptr (AgMarks) marks = look (falling, 9, 7000, 1000);
  gint64 step = 0;

  while (falling (step) > 1.01 * 9)
    step++;
  g_assert_cmpuint (ag_marks_n (marks), ==, 2);
  g_assert_cmpint (ag_marks_nth (marks, 0).kind, ==, AG_MARK_NEAR);
  g_assert_cmpint (ag_marks_nth (marks, 0).step, ==, step);
  g_assert_cmpint (ag_marks_nth (marks, 1).kind, ==, AG_MARK_DIVERGED);
  g_assert_cmpint (ag_marks_nth (marks, 1).step, ==, 7000);
}

/* Where the best is found only when the run is over, it is looked for from the start on. */
static void
test_late (void)
{
  AgHistory *history = ag_history_new (N_STEPS);
  g_autoptr (AgMarks) marks = ag_marks_new (history, 100);
  g_autoptr (AgRates) rates = ag_rates_new ();

  for (gint64 step = 0; step < N_STEPS; step++)
    ag_history_push (history, falling (step));
  while (!ag_marks_look (marks, rates, NAN, -1))
    ;
  g_assert_cmpuint (ag_marks_n (marks), ==, 0);
  ag_rates_push (rates, 300, 1e-3);
  ag_rates_push (rates, 9000, 1e-4);
  while (!ag_marks_look (marks, rates, 9, -1))
    ;
  g_assert_cmpuint (ag_marks_n (marks), ==, 3);
  g_assert_cmpint (ag_marks_nth (marks, 0).kind, ==, AG_MARK_RATE);
  g_assert_cmpint (ag_marks_nth (marks, 1).kind, ==, AG_MARK_NEAR);
  g_assert_cmpint (ag_marks_nth (marks, 2).step, ==, 9000);
  ag_history_unref (history);
}

static void
assert_next (const AgMarks *marks,
             gint64 step,
             gint direction,
             gint64 expected)
{
  AgMark mark;

  if (!ag_marks_next (marks, step, direction, &mark))
    mark.step = -1;
  g_assert_cmpint (mark.step, ==, expected);
}

/* Lines of the log are marks, at most 64 of them, and others lie between. */
static void
test_next (void)
{
  AgHistory *history = ag_history_new (N_STEPS);
  g_autoptr (AgMarks) marks = ag_marks_new (history, 100);
  g_autoptr (AgRates) rates = ag_rates_new ();

  assert_next (marks, 0, 1, -1);
  for (gint64 step = 0; step < 1000; step++)
    ag_history_push (history, 1);
  ag_rates_push (rates, 150, 1e-3);
  ag_marks_look (marks, rates, NAN, -1);
  assert_next (marks, 0, -1, -1);
  assert_next (marks, 0, 1, 99);
  assert_next (marks, 99, 1, 150);
  assert_next (marks, 150, 1, 199);
  assert_next (marks, 150, -1, 99);
  assert_next (marks, 199, -1, 150);
  assert_next (marks, 100, -1, 99);
  assert_next (marks, 99, -1, -1);
  assert_next (marks, 998, 1, 999);
  assert_next (marks, 999, 1, -1);
  for (gint64 step = 1000; step < N_STEPS; step++)
    ag_history_push (history, 1);
  g_assert_cmpint (ag_marks_line_spacing (marks), ==, 400);
  assert_next (marks, 0, 1, 150);
  assert_next (marks, 150, 1, 399);
  ag_history_unref (history);
}

int
main (int argc,
      char **argv)
{
  static const Loss losses[] = { falling, swinging, jumping, lost };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (losses); i++)
    {
      g_autofree char *path = g_strdup_printf ("/marks/rises/%u", i);

      g_test_add_data_func (path, &losses[i], test_rises);
    }
  g_test_add_func ("/marks/near", test_near);
  g_test_add_func ("/marks/late", test_late);
  g_test_add_func ("/marks/next", test_next);
  return g_test_run ();
}
