/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include "base/memory.h"

#include <stdatomic.h>

/* How often a thread looks for work before it goes to sleep: some tens of
 * microseconds, about what waking it again would cost. */
#define SPINS 20000

/* The addresses that a thread takes at most: its stack, and a heap of its own as
 * glibc gives it one. */
#define THREAD_BYTES (G_GUINT64_CONSTANT (72) << 20)

/**
 * AgCpuThreads:
 *
 * The threads that large loops are spread over. Parts are handed out one by
 * one by an atomic counter; which thread computes a part has no influence on
 * the result.
 */
struct _AgCpuThreads
{
  guint n_threads;
  GThread **threads;

  AgCpuTask task;
  gpointer data;
  guint n_parts;
  atomic_uint next_part;
  atomic_uint n_busy;
  atomic_uint round;
  atomic_bool quits;

  atomic_uint n_asleep;
  GMutex lock;
  GCond wake;
};

typedef struct
{
  AgCpuThreads *threads;
  guint number;
} Worker;

static inline void
relax (void)
{
#if defined(__x86_64__)
  __builtin_ia32_pause ();
#endif
}

static void
take_parts (AgCpuThreads *threads,
            guint number)
{
  guint part;

  while ((part = atomic_fetch_add (&threads->next_part, 1)) < threads->n_parts)
    threads->task (threads->data, part, number);
}

static void
wait_for_round (AgCpuThreads *threads,
                guint seen)
{
  for (guint i = 0; i < SPINS; i++)
    {
      if (atomic_load (&threads->round) != seen)
        return;
      relax ();
    }

  g_mutex_lock (&threads->lock);
  atomic_fetch_add (&threads->n_asleep, 1);
  while (atomic_load (&threads->round) == seen)
    g_cond_wait (&threads->wake, &threads->lock);
  atomic_fetch_sub (&threads->n_asleep, 1);
  g_mutex_unlock (&threads->lock);
}

static gpointer
work (gpointer data)
{
  Worker *worker = data;
  AgCpuThreads *threads = worker->threads;
  guint number = worker->number;
  guint seen = 0;

  g_free (worker);
  for (;;)
    {
      wait_for_round (threads, seen);
      seen = atomic_load (&threads->round);
      if (atomic_load (&threads->quits))
        return NULL;
      take_parts (threads, number);
      atomic_fetch_sub (&threads->n_busy, 1);
    }
}

static GThread *
start_thread (AgCpuThreads *threads,
              guint number)
{
  Worker *worker;
  GThread *thread;

  if (ag_memory_addresses () < THREAD_BYTES)
    return NULL;
  worker = g_new (Worker, 1);
  worker->threads = threads;
  worker->number = number;
  thread = g_thread_try_new ("converge-cpu", work, worker, NULL);
  if (thread == NULL)
    g_free (worker);
  return thread;
}

/**
 * ag_cpu_threads_new:
 * @n_threads: how many are wanted, the calling one counted; at least 1
 *
 * Starts threads. Where a limit allows fewer than are wanted there are fewer: a
 * run is slower then and otherwise the same.
 *
 * Returns: (transfer full): the threads
 */
AgCpuThreads *
ag_cpu_threads_new (guint n_threads)
{
  AgCpuThreads *threads = g_new0 (AgCpuThreads, 1);

  threads->n_threads = 1;
  threads->threads = g_new0 (GThread *, n_threads);
  g_mutex_init (&threads->lock);
  g_cond_init (&threads->wake);
  while (threads->n_threads < n_threads)
    {
      GThread *thread = start_thread (threads, threads->n_threads);

      if (thread == NULL)
        break;
      threads->threads[threads->n_threads++] = thread;
    }
  return threads;
}

static void
start_round (AgCpuThreads *threads)
{
  atomic_fetch_add (&threads->round, 1);
  if (atomic_load (&threads->n_asleep) > 0)
    {
      g_mutex_lock (&threads->lock);
      g_cond_broadcast (&threads->wake);
      g_mutex_unlock (&threads->lock);
    }
}

/**
 * ag_cpu_threads_free:
 * @threads: (transfer full): threads that have nothing to do
 */
void
ag_cpu_threads_free (AgCpuThreads *threads)
{
  atomic_store (&threads->quits, TRUE);
  start_round (threads);
  for (guint i = 1; i < threads->n_threads; i++)
    g_thread_join (threads->threads[i]);
  g_mutex_clear (&threads->lock);
  g_cond_clear (&threads->wake);
  g_free (threads->threads);
  g_free (threads);
}

/**
 * ag_cpu_threads_count:
 * @threads: threads
 *
 * Returns: how many there are, the calling one counted
 */
guint
ag_cpu_threads_count (const AgCpuThreads *threads)
{
  return threads->n_threads;
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
  threads->task = task;
  threads->data = data;
  threads->n_parts = n_parts;
  atomic_store (&threads->next_part, 0);
  if (threads->n_threads > 1 && n_parts > 1)
    {
      atomic_store (&threads->n_busy, threads->n_threads - 1);
      start_round (threads);
    }
  take_parts (threads, 0);
  while (atomic_load (&threads->n_busy) > 0)
    relax ();
}
