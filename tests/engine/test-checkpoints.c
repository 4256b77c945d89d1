/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/checkpoints.h"

#include "train/rates.h"

#include <stdatomic.h>

#define N_NUMBERS 12
#define MAX_BYTES ((gsize) 1 << 20)
#define N_PUSHED 300000
#define GAP 3

/* All of a checkpoint follows from its step. */
static void
fill (double *numbers,
      gint64 step)
{
  for (guint i = 0; i < N_NUMBERS; i++)
    numbers[i] = (double) step * (1 + i);
}

static void
check (const double *numbers)
{
  for (guint i = 0; i < N_NUMBERS; i++)
    g_assert_cmpfloat (numbers[i], ==, numbers[0] * (1 + i));
}

static void
push (AgCheckpoints *checkpoints,
      gint64 step)
{
  double numbers[N_NUMBERS];

  if (!ag_checkpoints_is_due (checkpoints))
    return;
  fill (numbers, step);
  ag_checkpoints_push (checkpoints, numbers);
}

static void
test_find (void)
{
  g_autoptr (AgCheckpoints) checkpoints = ag_checkpoints_new (N_NUMBERS, MAX_BYTES);
  double numbers[N_NUMBERS];

  g_assert_false (ag_checkpoints_find (checkpoints, 100, numbers));
  push (checkpoints, 10);
  push (checkpoints, 13);
  /* A step that is not later than the last one is left out. */
  push (checkpoints, 13);
  push (checkpoints, 17);
  g_assert_cmpuint (ag_checkpoints_n_kept (checkpoints), ==, 3);
  g_assert_false (ag_checkpoints_find (checkpoints, 9, numbers));
  g_assert_true (ag_checkpoints_find (checkpoints, 10, numbers));
  g_assert_cmpfloat (numbers[0], ==, 10);
  g_assert_true (ag_checkpoints_find (checkpoints, 16, numbers));
  g_assert_cmpfloat (numbers[0], ==, 13);
  g_assert_true (ag_checkpoints_find (checkpoints, G_MAXINT64, numbers));
  g_assert_cmpfloat (numbers[0], ==, 17);
  check (numbers);
}

/* The memory is bounded, and what is kept is spread over the whole run. */
static void
test_thinned (void)
{
  g_autoptr (AgCheckpoints) checkpoints = ag_checkpoints_new (N_NUMBERS, MAX_BYTES);
  const gsize capacity = MAX_BYTES / (N_NUMBERS * sizeof (double));
  double numbers[N_NUMBERS];
  gint64 last = 0;

  for (gint64 step = 0; step <= N_PUSHED; step++)
    {
      push (checkpoints, step * GAP);
      g_assert_cmpuint (ag_checkpoints_n_bytes (checkpoints), <=, MAX_BYTES);
      g_assert_cmpuint (ag_checkpoints_n_kept (checkpoints), <=, capacity);
    }
  g_assert_cmpuint (ag_checkpoints_n_kept (checkpoints), >=, capacity / 2);
  for (gint64 step = 0; step <= N_PUSHED * GAP; step += 1000)
    {
      const gint64 most = 2 * N_PUSHED * GAP / (gint64) (capacity / 2);

      g_assert_true (ag_checkpoints_find (checkpoints, step, numbers));
      check (numbers);
      g_assert_cmpfloat (numbers[0], <=, (double) step);
      g_assert_cmpfloat (numbers[0], >, (double) (step - most));
      g_assert_cmpfloat (numbers[0], >=, (double) last);
      last = (gint64) numbers[0];
    }
}

typedef struct
{
  AgCheckpoints *checkpoints;
  AgRates *rates;
  atomic_int is_over;
} Pushing;

static gpointer
push_all (gpointer data)
{
  Pushing *pushing = data;

  for (gint64 step = 0; step < N_PUSHED; step++)
    {
      push (pushing->checkpoints, step);
      if (step % 100 == 0)
        ag_rates_push (pushing->rates, step, (double) step);
    }
  atomic_store (&pushing->is_over, TRUE);
  return NULL;
}

/* A reader never sees a part of one, not even while they are moved. */
static void
test_threads (void)
{
  Pushing pushing = { ag_checkpoints_new (N_NUMBERS, MAX_BYTES), ag_rates_new (), FALSE };
  GThread *thread = g_thread_new ("push", push_all, &pushing);
  guint n_found = 0;

  while (!atomic_load (&pushing.is_over))
    {
      const gint64 step = g_test_rand_int_range (0, N_PUSHED);
      const guint n_changes = ag_rates_n (pushing.rates);
      double numbers[N_NUMBERS];

      if (ag_checkpoints_find (pushing.checkpoints, step, numbers))
        {
          check (numbers);
          g_assert_cmpfloat (numbers[0], <=, (double) step);
          n_found++;
        }
      if (n_changes > 0)
        {
          const gint64 changed = g_test_rand_int_range (0, (gint32) n_changes) * 100;

          g_assert_cmpfloat (ag_rates_at (pushing.rates, -1, changed + 99), ==, (double) changed);
        }
    }
  g_thread_join (thread);
  g_assert_cmpuint (n_found, >, 0);
  ag_checkpoints_free (pushing.checkpoints);
  ag_rates_free (pushing.rates);
}

static void
test_rates (void)
{
  AgRates *rates = ag_rates_new ();

  g_assert_cmpfloat (ag_rates_at (rates, 1, 5), ==, 1);
  ag_rates_push (rates, 3, 2);
  ag_rates_push (rates, 3, 4);
  ag_rates_push (rates, 8, 1);
  g_assert_cmpuint (ag_rates_n (rates), ==, 3);
  g_assert_cmpfloat (ag_rates_at (rates, 1, 2), ==, 1);
  g_assert_cmpfloat (ag_rates_at (rates, 1, 3), ==, 4);
  g_assert_cmpfloat (ag_rates_at (rates, 1, 7), ==, 4);
  g_assert_cmpfloat (ag_rates_at (rates, 1, 8), ==, 1);
  g_assert_cmpfloat (ag_rates_nth (rates, 1).lr, ==, 4);
  g_assert_cmpint (ag_rates_nth (rates, 1).step, ==, 3);
  ag_rates_free (rates);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/checkpoints/find", test_find);
  g_test_add_func ("/checkpoints/thinned", test_thinned);
  g_test_add_func ("/checkpoints/threads", test_threads);
  g_test_add_func ("/checkpoints/rates", test_rates);
  return g_test_run ();
}
