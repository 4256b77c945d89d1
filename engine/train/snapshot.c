/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/snapshot.h"

#include <stdatomic.h>
#include <string.h>

#define IS_NEW 4u
#define PART 3u
#define N_PARTS 3

/* One of the three parts belongs to the writer, one to the reader, and the third lies between them;
 * each side exchanges its own part for that one. The numbers of a part's snapshot, coefficients and
 * then gradients, lie in one array with those of the others. */
struct _AgSnapshotBuffer
{
  AgSnapshot parts[N_PARTS];
  guint n_coefficients;
  double *numbers;
  guint writers;
  guint readers;
  atomic_uint middle;
};

/**
 * ag_snapshot_copy:
 * @snapshot: a snapshot
 *
 * Returns: (transfer full): one that has numbers of its own
 */
AgSnapshot *
ag_snapshot_copy (const AgSnapshot *snapshot)
{
  const gsize n_bytes = sizeof (double) * snapshot->n_coefficients;
  AgSnapshot *copy = g_malloc (sizeof (AgSnapshot) + 2 * n_bytes);
  double *numbers = (double *) (copy + 1);

  *copy = *snapshot;
  copy->coefficients = numbers;
  copy->gradients = numbers + snapshot->n_coefficients;
  memcpy (numbers, snapshot->coefficients, n_bytes);
  memcpy (numbers + snapshot->n_coefficients, snapshot->gradients, n_bytes);
  return copy;
}

/**
 * ag_snapshot_free:
 * @snapshot: (transfer full): what ag_snapshot_copy() made
 */
void
ag_snapshot_free (AgSnapshot *snapshot)
{
  g_free (snapshot);
}

/**
 * ag_snapshot_buffer_new:
 * @n_coefficients: how many each snapshot has
 *
 * Returns: (transfer full): a buffer with nothing in it
 */
AgSnapshotBuffer *
ag_snapshot_buffer_new (guint n_coefficients)
{
  AgSnapshotBuffer *buffer = g_new0 (AgSnapshotBuffer, 1);

  buffer->n_coefficients = n_coefficients;
  buffer->numbers = g_new0 (double, (gsize) N_PARTS * 2 * n_coefficients);
  buffer->writers = 0;
  buffer->readers = 1;
  atomic_init (&buffer->middle, 2);
  return buffer;
}

/**
 * ag_snapshot_buffer_free:
 * @buffer: (transfer full): a buffer that no thread uses any more
 *
 * Frees the buffer.
 */
void
ag_snapshot_buffer_free (AgSnapshotBuffer *buffer)
{
  g_free (buffer->numbers);
  g_free (buffer);
}

/**
 * ag_snapshot_buffer_publish:
 * @buffer: a buffer
 * @snapshot: what the reader shall see; copied, with its numbers
 *
 * Makes @snapshot the newest. Only one thread may publish.
 */
void
ag_snapshot_buffer_publish (AgSnapshotBuffer *buffer,
                            const AgSnapshot *snapshot)
{
  const guint n = buffer->n_coefficients;
  AgSnapshot *part = &buffer->parts[buffer->writers];
  double *numbers = buffer->numbers + (gsize) buffer->writers * 2 * n;

  *part = *snapshot;
  part->coefficients = numbers;
  part->gradients = numbers + n;
  memcpy (numbers, snapshot->coefficients, sizeof (double) * n);
  memcpy (numbers + n, snapshot->gradients, sizeof (double) * n);
  buffer->writers = PART & atomic_exchange_explicit (&buffer->middle, buffer->writers | IS_NEW, memory_order_acq_rel);
}

/**
 * ag_snapshot_buffer_take:
 * @buffer: a buffer
 * @snapshot: (out): the newest snapshot, whose numbers are there until the next one
 *   is taken
 *
 * Takes the newest snapshot, if one was published since the last call. Only
 * one thread may take.
 *
 * Returns: whether there was one; else @snapshot is left as it is
 */
gboolean
ag_snapshot_buffer_take (AgSnapshotBuffer *buffer,
                         AgSnapshot *snapshot)
{
  if ((atomic_load_explicit (&buffer->middle, memory_order_relaxed) & IS_NEW) == 0)
    return FALSE;
  buffer->readers = PART & atomic_exchange_explicit (&buffer->middle, buffer->readers, memory_order_acq_rel);
  *snapshot = buffer->parts[buffer->readers];
  return TRUE;
}
