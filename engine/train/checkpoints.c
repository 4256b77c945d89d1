/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/checkpoints.h"

#include "base/atomic-number.h"
#include "base/memory.h"
#include "train/checkpoint.h"

#include <stdatomic.h>

/* Memory comes in chunks as the run goes on, and where there is no more of it, or the
 * run has all it may have, each second checkpoint makes room for others. From then on
 * each second one that is offered is taken, so that they stay evenly spaced. */
#define CHUNK_BYTES ((gsize) 1 << 20)

/* Bytes that must be left in the machine for another chunk to be taken. */
#define LEAST_LEFT ((guint64) 64 << 20)

/* To move the kept ones together takes some milliseconds at most, in which a reader
 * looks again. */
#define RETRY_US 200

/**
 * AgCheckpoints:
 * @n_numbers: how many numbers each has, the first of which is its step
 * @n_per_chunk: how many of them are in a chunk
 * @n_chunks: number of @chunks that there are
 * @max_chunks: how many there may be
 * @thinned: how often each second one made room
 * @n_offered: how often ag_checkpoints_is_due() was asked
 * @n: how many are kept
 * @version: odd while they are being moved
 * @chunks: where they are, in the order of their steps
 */
struct _AgCheckpoints
{
  guint n_numbers;
  gsize n_per_chunk;
  atomic_uint n_chunks;
  guint max_chunks;
  guint thinned;
  guint64 n_offered;
  atomic_size_t n;
  atomic_uint version;
  double **chunks;
};

static double *
nth (const AgCheckpoints *checkpoints,
     gsize i)
{
  return checkpoints->chunks[i / checkpoints->n_per_chunk]
         + i % checkpoints->n_per_chunk * checkpoints->n_numbers;
}

/**
 * ag_checkpoints_new:
 * @n_numbers: how many numbers each checkpoint has
 * @max_bytes: how much memory they may take, usually %AG_CHECKPOINTS_MAX_BYTES
 *
 * Returns: (transfer full): none so far
 */
AgCheckpoints *
ag_checkpoints_new (guint n_numbers,
                    gsize max_bytes)
{
  const gsize size = n_numbers * sizeof (double);
  AgCheckpoints *checkpoints = g_new0 (AgCheckpoints, 1);

  checkpoints->n_numbers = n_numbers;
  checkpoints->n_per_chunk = MAX (CHUNK_BYTES / size, 2);
  checkpoints->max_chunks = (guint) MAX (max_bytes / (checkpoints->n_per_chunk * size), 1);
  checkpoints->chunks = g_new0 (double *, checkpoints->max_chunks);
  return checkpoints;
}

/**
 * ag_checkpoints_free:
 * @checkpoints: (transfer full): checkpoints
 */
void
ag_checkpoints_free (AgCheckpoints *checkpoints)
{
  for (guint i = 0; i < checkpoints->max_chunks; i++)
    g_free (checkpoints->chunks[i]);
  g_free (checkpoints->chunks);
  g_free (checkpoints);
}

static gboolean
add_chunk (AgCheckpoints *checkpoints)
{
  const guint n_chunks = atomic_load_explicit (&checkpoints->n_chunks, memory_order_relaxed);
  const gsize n_numbers = checkpoints->n_per_chunk * checkpoints->n_numbers;

  if (n_chunks == checkpoints->max_chunks
      || (n_chunks > 0 && ag_memory_available ("/") < LEAST_LEFT))
    return FALSE;
  checkpoints->chunks[n_chunks] = g_try_malloc_n (n_numbers, sizeof (double));
  if (checkpoints->chunks[n_chunks] == NULL)
    return FALSE;
  atomic_store_explicit (&checkpoints->n_chunks, n_chunks + 1, memory_order_release);
  return TRUE;
}

static void
copy (AgCheckpoints *checkpoints,
      double *target,
      const double *source)
{
  for (guint i = 0; i < checkpoints->n_numbers; i++)
    ag_number_store (&target[i], source[i]);
}

/* Drops every other checkpoint. Those with even numbers stay, and with them the first one. */
static void
thin (AgCheckpoints *checkpoints)
{
  const gsize n = atomic_load_explicit (&checkpoints->n, memory_order_relaxed);
  const gsize n_left = (n + 1) / 2;

  atomic_fetch_add_explicit (&checkpoints->version, 1, memory_order_acq_rel);
  for (gsize i = 1; i < n_left; i++)
    copy (checkpoints, nth (checkpoints, i), nth (checkpoints, 2 * i));
  atomic_store_explicit (&checkpoints->n, n_left, memory_order_release);
  atomic_fetch_add_explicit (&checkpoints->version, 1, memory_order_release);
  checkpoints->thinned++;
}

/**
 * ag_checkpoints_is_due:
 * @checkpoints: checkpoints
 *
 * To be asked before each that could be pushed.
 *
 * Returns: whether the next one is wanted
 */
gboolean
ag_checkpoints_is_due (AgCheckpoints *checkpoints)
{
  const guint64 number = checkpoints->n_offered++;

  return (number & (((guint64) 1 << MIN (checkpoints->thinned, 63)) - 1)) == 0;
}

/**
 * ag_checkpoints_push:
 * @checkpoints: checkpoints
 * @numbers: one of them; copied
 *
 * Keeps a checkpoint if its step is later than those before. Nothing is kept where
 * there is no memory at all.
 */
void
ag_checkpoints_push (AgCheckpoints *checkpoints,
                     const double *numbers)
{
  gsize n = atomic_load_explicit (&checkpoints->n, memory_order_relaxed);

  if (n > 0 && nth (checkpoints, n - 1)[AG_CHECKPOINT_STEP] >= numbers[AG_CHECKPOINT_STEP])
    return;
  if (n == atomic_load_explicit (&checkpoints->n_chunks, memory_order_relaxed) * checkpoints->n_per_chunk
      && !add_chunk (checkpoints))
    {
      if (n == 0)
        return;
      thin (checkpoints);
      n = atomic_load_explicit (&checkpoints->n, memory_order_relaxed);
    }
  copy (checkpoints, nth (checkpoints, n), numbers);
  atomic_store_explicit (&checkpoints->n, n + 1, memory_order_release);
}

/* The last one up to @step. Returns FALSE if there is none. */
static gboolean
look (const AgCheckpoints *checkpoints,
      gint64 step,
      double *numbers)
{
  gsize first = 0, end = atomic_load_explicit (&checkpoints->n, memory_order_acquire);
  const double *found;

  while (first < end)
    {
      const gsize middle = first + (end - first) / 2;

      if (ag_number_load (nth (checkpoints, middle) + AG_CHECKPOINT_STEP) <= (double) step)
        first = middle + 1;
      else
        end = middle;
    }
  if (first == 0)
    return FALSE;
  found = nth (checkpoints, first - 1);
  for (guint i = 0; i < checkpoints->n_numbers; i++)
    numbers[i] = ag_number_load (&found[i]);
  return TRUE;
}

/**
 * ag_checkpoints_find:
 * @checkpoints: checkpoints
 * @step: how many steps were taken
 * @numbers: (out caller-allocates): room for a checkpoint
 *
 * Finds the last one that is not later than @step.
 *
 * Returns: whether there is one
 */
gboolean
ag_checkpoints_find (const AgCheckpoints *checkpoints,
                     gint64 step,
                     double *numbers)
{
  for (;;)
    {
      const guint version = atomic_load_explicit (&checkpoints->version, memory_order_acquire);
      const gboolean is_found = version % 2 == 0 && look (checkpoints, step, numbers);

      if (version % 2 == 0
          && atomic_load_explicit (&checkpoints->version, memory_order_acquire) == version)
        return is_found;
      g_usleep (RETRY_US);
    }
}

/**
 * ag_checkpoints_n_kept:
 * @checkpoints: checkpoints
 *
 * Returns: how many there are
 */
gsize
ag_checkpoints_n_kept (const AgCheckpoints *checkpoints)
{
  return atomic_load_explicit (&checkpoints->n, memory_order_acquire);
}

/**
 * ag_checkpoints_n_bytes:
 * @checkpoints: checkpoints
 *
 * Returns: how much memory they have; of the first chunk, what was written there
 */
gsize
ag_checkpoints_n_bytes (const AgCheckpoints *checkpoints)
{
  const gsize n_chunks = atomic_load_explicit (&checkpoints->n_chunks, memory_order_acquire);
  const gsize n = n_chunks > 1 ? n_chunks * checkpoints->n_per_chunk : ag_checkpoints_n_kept (checkpoints);

  return n * checkpoints->n_numbers * sizeof (double);
}

/**
 * ag_checkpoints_clear:
 * @checkpoints: checkpoints that nobody pushes or finds meanwhile
 *
 * Gives all of them up, and their memory back.
 */
void
ag_checkpoints_clear (AgCheckpoints *checkpoints)
{
  atomic_store_explicit (&checkpoints->n, 0, memory_order_release);
  atomic_store_explicit (&checkpoints->n_chunks, 0, memory_order_release);
  for (guint i = 0; i < checkpoints->max_chunks; i++)
    g_clear_pointer (&checkpoints->chunks[i], g_free);
}
