/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/trace.h"

static double steps[AG_TRACE_MAX_POINTS];
static double values[AG_TRACE_MAX_POINTS];

static void
push (AgTrace *trace,
      gint64 from,
      gint64 to)
{
  for (gint64 i = from; i < to; i++)
    if (ag_trace_is_due (trace, i))
      ag_trace_push (trace, i, (double[]){ (double) i, -2 * (double) i });
}

static void
test_short (void)
{
  g_autoptr (AgTrace) trace = ag_trace_new (2);

  g_assert_cmpuint (ag_trace_read (trace, 0, steps, values), ==, 0);
  push (trace, 0, 1);
  g_assert_cmpuint (ag_trace_read (trace, 1, steps, values), ==, 1);
  g_assert_cmpfloat (values[0], ==, 0);
  push (trace, 1, 1000);
  g_assert_cmpuint (ag_trace_read (trace, 1, steps, values), ==, 1000);
  for (guint i = 0; i < 1000; i++)
    {
      g_assert_cmpfloat (steps[i], ==, i);
      g_assert_cmpfloat (values[i], ==, -2.0 * i);
    }
}

/* However long it gets: evenly spaced, from the first step on, and near the
 * last one, at least half as many points as there is room for. */
static void
assert_is_whole (const AgTrace *trace,
                 gint64 n_steps)
{
  const gsize n = ag_trace_read (trace, 0, steps, values);

  g_assert_cmpuint (n, <=, AG_TRACE_MAX_POINTS);
  g_assert_cmpuint (n, >=, (gsize) MIN (n_steps, AG_TRACE_MAX_POINTS / 2));
  for (gsize i = 0; i < n; i++)
    {
      g_assert_cmpfloat (steps[i], ==, (double) i * steps[1]);
      g_assert_cmpfloat (values[i], ==, steps[i]);
    }
  g_assert_cmpfloat (steps[n - 1] + steps[1], >=, (double) n_steps - 1);
}

static void
test_long (void)
{
  g_autoptr (AgTrace) trace = ag_trace_new (2);
  gint64 n_steps = 0;

  for (gint64 end = 2; end < 3000000; end = end * 3 / 2)
    {
      push (trace, n_steps, end);
      n_steps = end;
      assert_is_whole (trace, n_steps);
    }
}

/* A copy goes on from wherever the other one was left. */
static void
test_copy (void)
{
  for (gint64 end = 2; end < 300000; end = end * 5 / 4 + 1)
    {
      g_autoptr (AgTrace) trace = ag_trace_new (2), copy = ag_trace_new (2);

      push (trace, 0, end + 1000);
      ag_trace_copy (copy, trace, end - 1);
      assert_is_whole (copy, end);
      push (copy, end, 2 * end);
      assert_is_whole (copy, 2 * end);
    }
}

typedef struct
{
  AgTrace *trace;
  gint done;
} Race;

static gpointer
read_all_the_time (gpointer data)
{
  Race *race = data;

  while (!g_atomic_int_get (&race->done))
    {
      gsize n = ag_trace_read (race->trace, 1, steps, values);

      for (gsize i = 0; i < n; i++)
        g_assert_cmpfloat (values[i], ==, -2 * steps[i]);
    }
  return NULL;
}

static void
test_threads (void)
{
  g_autoptr (AgTrace) trace = ag_trace_new (2);
  Race race = { .trace = trace };
  GThread *reader = g_thread_new ("reader", read_all_the_time, &race);

  push (trace, 0, 2000000);
  g_atomic_int_set (&race.done, 1);
  g_thread_join (reader);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/trace/short", test_short);
  g_test_add_func ("/trace/long", test_long);
  g_test_add_func ("/trace/copy", test_copy);
  g_test_add_func ("/trace/threads", test_threads);
  return g_test_run ();
}
