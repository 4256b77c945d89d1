/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/snapshot.h"

#include <stdatomic.h>

#define IS_NEW 4u
#define SLOT 3u

/* Of the three slots one is the writer's, one the reader's, and one lies
 * between them; each side exchanges its own for that one. */
struct _AgSnapshotBuffer
{
  AgSnapshot slots[3];
  guint writers;
  guint readers;
  atomic_uint middle;
};

/**
 * ag_snapshot_buffer_new:
 *
 * Returns: (transfer full): a buffer with nothing in it
 */
AgSnapshotBuffer *
ag_snapshot_buffer_new (void)
{
  AgSnapshotBuffer *buffer = g_new0 (AgSnapshotBuffer, 1);

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
  g_free (buffer);
}

/**
 * ag_snapshot_buffer_publish:
 * @buffer: a buffer
 * @snapshot: what the reader shall see
 *
 * Makes @snapshot the newest. Only one thread may publish.
 */
void
ag_snapshot_buffer_publish (AgSnapshotBuffer *buffer,
                            const AgSnapshot *snapshot)
{
  buffer->slots[buffer->writers] = *snapshot;
  buffer->writers = SLOT & atomic_exchange_explicit (&buffer->middle, buffer->writers | IS_NEW, memory_order_acq_rel);
}

/**
 * ag_snapshot_buffer_take:
 * @buffer: a buffer
 * @snapshot: (out): where the newest snapshot is copied to
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
  buffer->readers = SLOT & atomic_exchange_explicit (&buffer->middle, buffer->readers, memory_order_acq_rel);
  *snapshot = buffer->slots[buffer->readers];
  return TRUE;
}
