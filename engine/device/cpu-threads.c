/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include "base/memory.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

/* Large loops are spread over the thread that runs them and over helpers, which all
 * devices of the process share: as many as the device that wants most has use for, and
 * not as many for each. A helper goes to whatever loop has fewest of them, part by
 * part, as long as loops and helpers at work are no more than the threads wanted. So a
 * run alone has all helpers, and where as many runs as cores are at work each has a
 * core. Parts are handed out one by one by an atomic counter; which thread computes a
 * part, and how many threads there are, has no influence on the result. */

/* How often a helper looks for work before it goes to sleep: some tens of
 * microseconds, about what waking it again would cost. */
#define SPINS 20000

/* The addresses that a thread takes at most: its stack, and a heap of its own as
 * glibc gives it one. */
#define THREAD_BYTES (G_GUINT64_CONSTANT (72) << 20)

/* The most devices that can have helpers at a time. A further one computes all its parts itself. */
#define MAX_SHARES 64

/* A share's state: whether its loop can be joined, how many helpers have joined it so
 * far, and how many of them are there now. */
#define IS_OPEN 0x80000000u
#define ONE_JOINED 0x10000u
#define ALL_JOINED 0x7fff0000u
#define ALL_INSIDE 0xffffu

/**
 * Share:
 * @state: see %IS_OPEN
 * @next_part: the part to be computed next
 * @n_threads: how many threads may compute a loop, the device's own counted
 * @task: what computes a part
 * @data: what @task is given
 * @n_parts: number of parts
 * @is_used: whether a device has it
 *
 * The part of a device that its helper threads see. It is never freed, so they may look at any
 * time.
 */
typedef struct
{
  _Alignas(64) atomic_uint state;
  atomic_uint next_part;
  atomic_uint n_threads;
  AgCpuTask task;
  gpointer data;
  guint n_parts;
  gboolean is_used;
} Share;

/**
 * AgCpuThreads:
 * @n_threads: how many threads it may use, the calling one counted
 * @share: (nullable): what helpers see of it
 *
 * The threads over which a device's loops are spread.
 */
struct _AgCpuThreads
{
  guint n_threads;
  Share *share;
};

/* The whole process shares these: the loops that helpers look at, */
static Share shares[MAX_SHARES];
static atomic_uint n_shares;
/* how many helpers there are to be, */
static atomic_uint n_wanted;
/* how many loops are open, how many helpers are at one, and how often one was opened, */
static atomic_uint n_loops;
static atomic_uint n_helping;
static atomic_uint n_rounds;

/* the helpers themselves (ThreadSanitizer does not see GLib's locks), */
static pthread_mutex_t helpers_lock = PTHREAD_MUTEX_INITIALIZER;
static GThread *helpers[AG_DEVICE_MAX_THREADS];
static guint n_helpers;

/* and where they sleep. */
static atomic_uint n_asleep;
static pthread_mutex_t sleep_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;

static inline void
relax (void)
{
#if defined(__x86_64__)
  __builtin_ia32_pause ();
#endif
}

/* Whether one helper more, or the one that asks and is counted, is too many. */
static gboolean
is_crowded (guint n_more)
{
  return atomic_load (&n_helping) + n_more + atomic_load (&n_loops)
         > atomic_load (&n_wanted) + 1;
}

static gboolean
can_be_joined (Share *share,
               guint state)
{
  return (state & IS_OPEN) != 0
         && (state & ALL_JOINED) / ONE_JOINED + 1 < atomic_load (&share->n_threads);
}

/* The loop that fewest helpers are at; %NULL if there is none to be joined. */
static Share *
find_share (void)
{
  const guint n = atomic_load (&n_shares);
  Share *found = NULL;
  guint fewest = G_MAXUINT;

  for (guint i = 0; i < n; i++)
    {
      const guint state = atomic_load (&shares[i].state);

      if (can_be_joined (&shares[i], state) && (state & ALL_INSIDE) < fewest)
        {
          found = &shares[i];
          fewest = state & ALL_INSIDE;
        }
    }
  return found;
}

/* Sets @number to which of the loop's threads the helper then is, from 1. */
static gboolean
join (Share *share,
      guint *number)
{
  guint state = atomic_load (&share->state);

  while (can_be_joined (share, state))
    if (atomic_compare_exchange_weak (&share->state, &state, state + ONE_JOINED + 1))
      {
        *number = (state & ALL_JOINED) / ONE_JOINED + 1;
        return TRUE;
      }
  return FALSE;
}

static gboolean
take_part (Share *share,
           guint number)
{
  const guint part = atomic_fetch_add (&share->next_part, 1);

  if (part >= share->n_parts)
    return FALSE;
  share->task (share->data, part, number);
  return TRUE;
}

/* Returns whether there was something to do. */
static gboolean
help (void)
{
  Share *share = find_share ();
  gboolean has_joined;
  guint number;

  if (share == NULL || is_crowded (1))
    return FALSE;
  atomic_fetch_add (&n_helping, 1);
  has_joined = !is_crowded (0) && join (share, &number);
  if (has_joined)
    {
      while (take_part (share, number) && !is_crowded (0))
        ;
      atomic_fetch_sub (&share->state, 1);
    }
  atomic_fetch_sub (&n_helping, 1);
  return has_joined;
}

/* A device first opens a loop and then looks for sleeping helpers; a helper first says that it
 * sleeps and then looks for open loops. So at least one of the two sees the other, and no helper
 * sleeps beside a loop that it could join. */
static void
sleep_until_woken (guint number)
{
  pthread_mutex_lock (&sleep_lock);
  atomic_fetch_add (&n_asleep, 1);
  if (number < atomic_load (&n_wanted) && (find_share () == NULL || is_crowded (1)))
    pthread_cond_wait (&wake, &sleep_lock);
  atomic_fetch_sub (&n_asleep, 1);
  pthread_mutex_unlock (&sleep_lock);
}

static void
wait_for_work (guint number,
               guint seen)
{
  for (guint i = 0; i < SPINS && !is_crowded (1); i++)
    {
      if (atomic_load (&n_rounds) != seen)
        return;
      relax ();
    }
  sleep_until_woken (number);
}

static gpointer
work (gpointer data)
{
  const guint number = GPOINTER_TO_UINT (data);

  while (number < atomic_load (&n_wanted))
    {
      const guint seen = atomic_load (&n_rounds);

      if (!help ())
        wait_for_work (number, seen);
    }
  return NULL;
}

static void
wake_helpers (void)
{
  pthread_mutex_lock (&sleep_lock);
  pthread_cond_broadcast (&wake);
  pthread_mutex_unlock (&sleep_lock);
}

/* How many threads help the one that wants most of them. */
static guint
count_wanted (void)
{
  guint most = 1;

  for (guint i = 0; i < atomic_load (&n_shares); i++)
    if (shares[i].is_used)
      most = MAX (most, atomic_load (&shares[i].n_threads));
  return most - 1;
}

/* With the lock held. Where a limit allows fewer there are fewer. */
static void
hire (void)
{
  const guint most = count_wanted ();

  atomic_store (&n_wanted, most);
  while (n_helpers < most && ag_memory_addresses () >= THREAD_BYTES)
    {
      helpers[n_helpers] = g_thread_try_new ("converge-cpu", work, GUINT_TO_POINTER (n_helpers),
                                             NULL);
      if (helpers[n_helpers] == NULL)
        break;
      n_helpers++;
    }
  atomic_store (&n_wanted, n_helpers);
}

/* With the lock held. */
static void
dismiss (void)
{
  const guint most = MIN (count_wanted (), n_helpers);

  atomic_store (&n_wanted, most);
  if (n_helpers == most)
    return;
  wake_helpers ();
  while (n_helpers > most)
    g_thread_join (helpers[--n_helpers]);
}

static Share *
find_unused (void)
{
  for (guint i = 0; i < MAX_SHARES; i++)
    if (!shares[i].is_used)
      {
        if (i >= atomic_load (&n_shares))
          atomic_store (&n_shares, i + 1);
        return &shares[i];
      }
  return NULL;
}

/**
 * ag_cpu_threads_new:
 * @n_threads: how many are wanted, the calling one counted; at least 1
 *
 * Makes threads ready for a device, which starts as many helpers as there are not yet.
 * Where a limit allows fewer than are wanted there are fewer: a run is slower then and
 * otherwise the same.
 *
 * Returns: (transfer full): the threads
 */
AgCpuThreads *
ag_cpu_threads_new (guint n_threads)
{
  AgCpuThreads *threads = g_new0 (AgCpuThreads, 1);

  threads->n_threads = 1;
  if (n_threads == 1)
    return threads;
  pthread_mutex_lock (&helpers_lock);
  threads->share = find_unused ();
  if (threads->share != NULL)
    {
      threads->share->is_used = TRUE;
      atomic_store (&threads->share->n_threads, n_threads);
      hire ();
      threads->n_threads = MIN (n_threads, n_helpers + 1);
      atomic_store (&threads->share->n_threads, threads->n_threads);
    }
  pthread_mutex_unlock (&helpers_lock);
  return threads;
}

/**
 * ag_cpu_threads_free:
 * @threads: (transfer full): threads that have nothing to do
 *
 * Ends the helpers that no other device has use for.
 */
void
ag_cpu_threads_free (AgCpuThreads *threads)
{
  if (threads->share != NULL)
    {
      pthread_mutex_lock (&helpers_lock);
      threads->share->is_used = FALSE;
      dismiss ();
      pthread_mutex_unlock (&helpers_lock);
    }
  g_free (threads);
}

/**
 * ag_cpu_threads_count:
 * @threads: threads
 *
 * Returns: how many there are at most at a time, the calling one counted
 */
guint
ag_cpu_threads_count (const AgCpuThreads *threads)
{
  return threads->n_threads;
}

/* A helper that other programs keep from running is waited for without keeping it from
 * running even more. */
static void
close_share (Share *share)
{
  guint n_looks = 0;

  atomic_fetch_and (&share->state, ~IS_OPEN);
  while ((atomic_load (&share->state) & ALL_INSIDE) > 0)
    {
      if (++n_looks > SPINS)
        sched_yield ();
      else
        relax ();
    }
}

/**
 * ag_cpu_threads_run:
 * @threads: threads
 * @task: what to do
 * @data: what @task is given
 * @n_parts: number of parts
 *
 * Runs @task once for each part and returns when all are done.
 */
void
ag_cpu_threads_run (AgCpuThreads *threads,
                    AgCpuTask task,
                    gpointer data,
                    guint n_parts)
{
  Share *share = threads->share;

  if (share == NULL || n_parts == 1)
    {
      for (guint part = 0; part < n_parts; part++)
        task (data, part, 0);
      return;
    }

  share->task = task;
  share->data = data;
  share->n_parts = n_parts;
  atomic_store (&share->next_part, 0);
  atomic_fetch_add (&n_loops, 1);
  atomic_store (&share->state, IS_OPEN);
  atomic_fetch_add (&n_rounds, 1);
  if (atomic_load (&n_asleep) > 0 && !is_crowded (1))
    wake_helpers ();
  while (take_part (share, 0))
    ;
  close_share (share);
  atomic_fetch_sub (&n_loops, 1);
}
