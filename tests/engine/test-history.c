/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/history.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define IS_SLOW 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define IS_SLOW 1
#endif
#endif

#ifndef IS_SLOW
#define IS_SLOW 0
#endif

/* How many steps are kept one by one. */
#define EXACT (G_GINT64_CONSTANT (1) << 24)

static double
loss_of (gint64 step)
{
  return 1000.0 / (double) (step + 1) + (double) (step % 7);
}

static AgHistory *
new_history (gint64 n_steps)
{
  AgHistory *history = ag_history_new (G_MAXINT64);

  for (gint64 i = 0; i < n_steps; i++)
    ag_history_push (history, loss_of (i));
  return history;
}

static void
check_entry (const AgHistoryEntry *entry,
             double (*loss) (gint64 step))
{
  double minimum = INFINITY, maximum = -INFINITY;

  for (gint64 i = entry->step; i < entry->step + entry->stride; i++)
    {
      minimum = fmin (minimum, loss (i));
      maximum = fmax (maximum, loss (i));
    }
  g_assert_true (entry->minimum == minimum);
  g_assert_true (entry->maximum == maximum);
  g_assert_true (entry->loss == loss (entry->step + entry->stride - 1));
}

static void
test_empty (void)
{
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  AgHistoryEntry entry;

  g_assert_cmpint (ag_history_n_steps (history), ==, 0);
  g_assert_cmpint (ag_history_stride (history), ==, 1);
  g_assert_cmpuint (ag_history_n_levels (history), ==, 1);
  g_assert_cmpuint (ag_history_read (history, 0, 0, 10, 1, &entry), ==, 0);
  g_assert_cmpuint (ag_history_level_for (history, 0, 100, 10), ==, 0);

  ag_history_push (history, 5);
  g_assert_cmpuint (ag_history_read (history, 0, 0, 10, 1, &entry), ==, 1);
  g_assert_cmpint (entry.step, ==, 0);
  g_assert_cmpint (entry.stride, ==, 1);
  g_assert_true (entry.minimum == 5 && entry.maximum == 5 && entry.loss == 5);
}

/* It takes as many losses as it was made for, and no more memory than that needs. */
static void
test_size (void)
{
  static const gint64 sizes[] = { 1, 1023, 1024, 1025, 4096, 100000 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const gint64 n = sizes[i];
      g_autoptr (AgHistory) history = ag_history_new (n);
      AgHistoryEntry entry;

      g_assert_cmpuint (ag_history_size (n), >=, sizeof (double) * (gsize) n);
      g_assert_cmpuint (ag_history_size (n), <, sizeof (double) * (3 * (gsize) n + 1200));
      for (gint64 step = 0; step < n; step++)
        ag_history_push (history, loss_of (step));
      g_assert_cmpint (ag_history_stride (history), ==, 1);
      g_assert_cmpuint (ag_history_read (history, 0, n - 1, n - 1, 1, &entry), ==, 1);
      g_assert_true (entry.loss == loss_of (n - 1));
      g_assert_cmpuint (ag_history_read (history, ag_history_n_levels (history) - 1, 0, n - 1, 1,
                                         &entry),
                        ==, 1);
      check_entry (&entry, loss_of);
    }
  g_assert_cmpuint (ag_history_size (EXACT + 1), >, ag_history_size (EXACT));
  g_assert_cmpuint (ag_history_size (G_MAXINT64), ==, ag_history_size (EXACT + 1));
}

/* One that was extended, at whatever time, is as if it had been made so large. */
static void
test_extend (void)
{
  static const struct
  {
    gint64 at_first;
    gint64 extended_after;
    gint64 n;
  } cases[] = {
    { 1, 1, 3 },
    { 1000, 10, 2000 },
    { 1024, 1024, 1025 },
    { 1500, 1500, 100000 },
    { 3000, 2500, 3001 },
    { EXACT, EXACT, EXACT + 10 },
    { 2000, 2000, EXACT + 10 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const gint64 n = cases[i].n;
      g_autoptr (AgHistory) extended = ag_history_new (cases[i].at_first);
      g_autoptr (AgHistory) expected = ag_history_new (n);
      AgHistoryEntry have[64], want[64];

      for (gint64 step = 0; step < n; step++)
        {
          if (step == cases[i].extended_after)
            g_assert_true (ag_history_extend (extended, n));
          ag_history_push (extended, loss_of (step));
          ag_history_push (expected, loss_of (step));
        }
      g_assert_cmpint (ag_history_n_steps (extended), ==, n);
      g_assert_cmpint (ag_history_stride (extended), ==, ag_history_stride (expected));
      for (guint level = 0; level < ag_history_n_levels (expected); level++)
        for (gint64 first = 0; first < n; first += MAX (n / 10, 1))
          {
            gsize n_entries = ag_history_read (expected, level, first, n - 1,
                                               G_N_ELEMENTS (want), want);

            g_assert_cmpuint (ag_history_read (extended, level, first, n - 1,
                                               G_N_ELEMENTS (have), have),
                              ==, n_entries);
            g_assert_cmpmem (have, n_entries * sizeof *have, want, n_entries * sizeof *want);
          }
    }
}

/* Each time by so little that a new place is needed each time. */
static void
test_extend_often (void)
{
  g_autoptr (AgHistory) history = ag_history_new (1024);
  const gint64 n = 1 << 18;
  AgHistoryEntry entry;

  for (gint64 step = 0; step < n; step++)
    {
      if (step >= 1024 && (step & (step - 1)) == 0)
        g_assert_true (ag_history_extend (history, step + 1));
      ag_history_push (history, loss_of (step));
    }
  g_assert_cmpuint (ag_history_read (history, ag_history_n_levels (history) - 1, 0, n - 1, 1,
                                     &entry),
                    ==, 1);
  g_assert_cmpint (entry.stride, ==, n);
  check_entry (&entry, loss_of);
}

static void
test_exact (void)
{
  const gint64 n = 10000;
  g_autoptr (AgHistory) history = new_history (n);
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, n);

  g_assert_cmpint (ag_history_n_steps (history), ==, n);
  g_assert_cmpuint (ag_history_read (history, 0, 0, n - 1, (gsize) n, entries), ==, n);
  for (gint64 i = 0; i < n; i++)
    {
      g_assert_cmpint (entries[i].step, ==, i);
      g_assert_cmpint (entries[i].stride, ==, 1);
      g_assert_true (entries[i].loss == loss_of (i));
      g_assert_true (entries[i].minimum == loss_of (i));
      g_assert_true (entries[i].maximum == loss_of (i));
    }

  /* A window, a window past the end, little room, nothing. */
  g_assert_cmpuint (ag_history_read (history, 0, 100, 109, (gsize) n, entries), ==, 10);
  g_assert_cmpint (entries[0].step, ==, 100);
  g_assert_cmpuint (ag_history_read (history, 0, n - 3, n + 100, (gsize) n, entries), ==, 3);
  g_assert_cmpuint (ag_history_read (history, 0, -5, 1, (gsize) n, entries), ==, 2);
  g_assert_cmpuint (ag_history_read (history, 0, 0, n - 1, 4, entries), ==, 4);
  g_assert_cmpuint (ag_history_read (history, 0, n, n + 1, (gsize) n, entries), ==, 0);
  g_assert_cmpuint (ag_history_read (history, 0, 7, 6, (gsize) n, entries), ==, 0);
}

/* Whatever the number of steps, each level covers all of them, edge to edge. */
static void
test_pyramid (void)
{
  const gint64 sizes[] = { 1, 2, 31, 32, 33, 63, 64, 65, 1000, 4096, 5003 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      const gint64 n = sizes[i];
      g_autoptr (AgHistory) history = new_history (n);
      g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, n);
      const guint n_levels = ag_history_n_levels (history);

      g_assert_cmpint (G_GINT64_CONSTANT (1) << (n_levels - 1), >=, n);
      g_assert_true (n_levels == 1 || G_GINT64_CONSTANT (1) << (n_levels - 2) < n);
      for (guint level = 0; level < n_levels; level++)
        {
          const gint64 width = G_GINT64_CONSTANT (1) << level;
          const gsize n_read = ag_history_read (history, level, 0, n - 1, (gsize) n, entries);

          g_assert_cmpuint (n_read, ==, (n + width - 1) / width);
          for (gsize k = 0; k < n_read; k++)
            {
              g_assert_cmpint (entries[k].step, ==, (gint64) k * width);
              g_assert_cmpint (entries[k].stride, ==, MIN (width, n - entries[k].step));
              check_entry (&entries[k], loss_of);
            }
        }
    }
}

static void
test_level_for (void)
{
  const gint64 n = 100000;
  g_autoptr (AgHistory) history = new_history (n);
  AgHistoryEntry entries[2000];

  g_assert_cmpuint (ag_history_level_for (history, 0, 99, 100), ==, 0);
  g_assert_cmpuint (ag_history_level_for (history, 0, n - 1, n), ==, 0);
  g_assert_cmpuint (ag_history_level_for (history, 0, n - 1, 1), ==, 17);
  for (gint64 wanted = 1; wanted <= 2000; wanted = wanted * 3 / 2 + 1)
    for (gint64 first = 0; first < n; first += 33333)
      {
        const guint level = ag_history_level_for (history, first, n - 1, wanted);
        const gsize n_read = ag_history_read (history, level, first, n - 1, 2000, entries);

        /* Not too many, and a finer level would have had too many. */
        if (wanted > 1)
          g_assert_cmpint ((gint64) n_read, <=, wanted);
        g_assert_cmpint ((gint64) n_read, >=, 1);
        if (level > 0)
          {
            const gint64 finer = G_GINT64_CONSTANT (1) << (level - 1);

            g_assert_cmpint ((n - 1) / finer - first / finer + 1, >, wanted);
          }
      }
}

static void
test_spike (void)
{
  const gint64 n = 1000000, spike = 777777;
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);

  for (gint64 i = 0; i < n; i++)
    ag_history_push (history, i == spike ? 1e9 : i == spike + 1 ? -1e9
                                                                : 1);
  for (guint level = 0; level < ag_history_n_levels (history); level++)
    {
      AgHistoryEntry entries[2];
      gsize n_read = ag_history_read (history, level, spike, spike + 1, 2, entries);

      g_assert_cmpuint (n_read, >=, 1);
      g_assert_true (entries[0].maximum == 1e9);
      g_assert_true (entries[n_read - 1].minimum == -1e9);
    }
}

/* A NaN counts only where there is nothing else. */
static void
test_nan (void)
{
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  AgHistoryEntry entry;

  for (gint64 i = 0; i < 1024; i++)
    ag_history_push (history, i < 64 || i % 3 == 0 ? NAN : i % 5 == 0 ? INFINITY
                                                                      : (double) i);
  for (guint level = 5; level <= 6; level++)
    {
      g_assert_cmpuint (ag_history_read (history, level, 0, 0, 1, &entry), ==, 1);
      g_assert_true (isnan (entry.minimum) && isnan (entry.maximum) && isnan (entry.loss));
    }
  g_assert_cmpuint (ag_history_read (history, 6, 64, 64, 1, &entry), ==, 1);
  g_assert_true (entry.minimum == 64);
  g_assert_true (isinf (entry.maximum));
  g_assert_cmpuint (ag_history_read (history, 10, 0, 0, 1, &entry), ==, 1);
  g_assert_true (entry.minimum == 64);
  g_assert_true (isnan (entry.loss));
  g_assert_cmpuint (ag_history_read (history, 0, 66, 66, 1, &entry), ==, 1);
  g_assert_true (isnan (entry.minimum) && isnan (entry.maximum));
}

static double
ramp (gint64 step)
{
  return step == 12345678 ? 1e12 : step == 23456789 ? -1e12
                                                    : (double) step;
}

/* Beyond 2^24 steps it is thinned: nothing but single losses is lost. */
static void
test_thinning (void)
{
  const gint64 n = (IS_SLOW ? 1 : 2) * EXACT + 12345;
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, 1 << 22);
  double longest = 0, total;
  gint64 started = g_get_monotonic_time ();

  for (gint64 i = 0; i < n; i++)
    {
      if (i % EXACT == 0 && i > 0)
        {
          gint64 before = g_get_monotonic_time ();

          ag_history_push (history, ramp (i));
          longest = MAX (longest, (double) (g_get_monotonic_time () - before) / 1e6);
        }
      else
        {
          ag_history_push (history, ramp (i));
        }
    }
  total = (double) (g_get_monotonic_time () - started) / 1e6;
  g_test_message ("%" G_GINT64_FORMAT " losses in %.2f s, the thinning %.3f s", n, total, longest);

  const gint64 stride = ag_history_stride (history);
  g_assert_cmpint (ag_history_n_steps (history), ==, n);
  g_assert_cmpint (stride, >, 1);
  g_assert_cmpint (stride & (stride - 1), ==, 0);
  g_assert_cmpint (n / stride, <=, 1 << 22);

  const gsize n_read = ag_history_read (history, 0, 0, n - 1, 1 << 22, entries);
  g_assert_cmpuint (n_read, ==, (n + stride - 1) / stride);
  for (gsize k = 0; k < n_read; k++)
    {
      g_assert_cmpint (entries[k].step, ==, (gint64) k * stride);
      g_assert_cmpint (entries[k].stride, ==, MIN (stride, n - entries[k].step));
      check_entry (&entries[k], ramp);
    }
  for (guint level = 1; level < ag_history_n_levels (history); level += 3)
    {
      const gint64 width = stride << level;

      for (gint64 step = 0; step < n; step += MAX (width, n / 50))
        {
          g_assert_cmpuint (ag_history_read (history, level, step, step, 1, entries), ==, 1);
          g_assert_cmpint (entries[0].step, ==, step / width * width);
          check_entry (&entries[0], ramp);
        }
    }
}

/* In bytes. */
static gint64
resident_memory (void)
{
  g_autofree char *text = NULL;
  long long n_pages = 0, n_resident = 0;

  g_assert_true (g_file_get_contents ("/proc/self/statm", &text, NULL, NULL));
  g_assert_cmpint (sscanf (text, "%lld %lld", &n_pages, &n_resident), ==, 2);
  return n_resident * sysconf (_SC_PAGESIZE);
}

/* However long a run is, its losses take no more memory. */
static void
test_memory (void)
{
  g_autoptr (AgHistory) history = NULL;
  gint64 before, most = 0, most_thinned = 0;

  if (IS_SLOW)
    {
      g_test_skip ("a sanitizer takes memory of its own");
      return;
    }
  before = resident_memory ();
  history = ag_history_new (G_MAXINT64);
  for (gint64 i = 0; i < 4 * EXACT; i++)
    {
      ag_history_push (history, ramp (i));
      if (i % (1 << 16) > 0)
        continue;
      most = MAX (most, resident_memory () - before);
      if (i > EXACT + EXACT / 16)
        most_thinned = MAX (most_thinned, resident_memory () - before);
    }
  g_test_message ("%.1f MB, thinned %.1f MB", (double) most / 1e6, (double) most_thinned / 1e6);
  g_assert_cmpint (most, <=, 170000000);
  g_assert_cmpint (most_thinned, <=, 45000000);
}

typedef struct
{
  AgHistory *history;
  gint64 n;
} Pushing;

static gpointer
push_ramp (gpointer data)
{
  Pushing *pushing = data;

  for (gint64 i = 0; i < pushing->n; i++)
    ag_history_push (pushing->history, (double) i);
  ag_history_unref (pushing->history);
  return NULL;
}

/* While another thread pushes a ramp, a reader sees a ramp. */
static void
check_reading (gint64 n)
{
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  Pushing pushing = { ag_history_ref (history), n };
  GThread *thread = g_thread_new ("push", push_ramp, &pushing);
  AgHistoryEntry entries[512];
  gint64 seen = 0;
  guint n_reads = 0;

  while (seen < n)
    {
      const gint64 before = ag_history_n_steps (history);
      const gint64 last = MAX (before - 1, 0);
      const gint64 first = n_reads % 2 == 0 ? 0 : MAX (0, last - 200);
      const guint level = ag_history_level_for (history, first, last, 256);
      const gsize n_read = ag_history_read (history, level, first, last, 512, entries);
      gint64 end = n_read > 0 ? entries[0].step : 0;

      g_assert_cmpint (before, >=, seen);
      g_assert_true (n_read > 0 || before == 0);
      for (gsize k = 0; k < n_read; k++)
        {
          g_assert_cmpint (entries[k].step, ==, end);
          g_assert_cmpint (entries[k].stride, >=, 1);
          end += entries[k].stride;
          /* The newest may still grow while it is read. */
          g_assert_true (entries[k].minimum == (double) entries[k].step);
          g_assert_true (entries[k].maximum >= (double) (end - 1));
          if (k + 1 < n_read)
            g_assert_true (entries[k].maximum == (double) (end - 1));
        }
      g_assert_cmpint (end, >=, before);
      g_assert_cmpuint (ag_history_n_levels (history), >=, 1);
      seen = before;
      n_reads++;
    }
  g_test_message ("%u reads", n_reads);
  g_thread_join (thread);
}

static void
test_threads (void)
{
  for (guint i = 0; i < 20; i++)
    check_reading (20000);
  /* Over a thinning. */
  check_reading (EXACT + EXACT / (IS_SLOW ? 64 : 4));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history/empty", test_empty);
  g_test_add_func ("/history/size", test_size);
  g_test_add_func ("/history/extend", test_extend);
  g_test_add_func ("/history/extend-often", test_extend_often);
  g_test_add_func ("/history/exact", test_exact);
  g_test_add_func ("/history/pyramid", test_pyramid);
  g_test_add_func ("/history/level-for", test_level_for);
  g_test_add_func ("/history/spike", test_spike);
  g_test_add_func ("/history/nan", test_nan);
  g_test_add_func ("/history/thinning", test_thinning);
  g_test_add_func ("/history/memory", test_memory);
  g_test_add_func ("/history/threads", test_threads);

  return g_test_run ();
}
