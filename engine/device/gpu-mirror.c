/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-mirror.h"

#include <string.h>

/* Small values, losses and coefficients above all, lie in chunks on the GPU, and
 * the host has two pictures of each chunk: while the GPU fills one behind what it
 * was given to do, the host reads the other, and waits for neither. */

#define CHUNK_BYTES 65536
#define N_VALUES (CHUNK_BYTES / AG_GPU_SMALL_BYTES)

/**
 * Chunk:
 * @memory: on the GPU
 * @pictures: what was there
 * @n_values: how many values it has
 * @written: the first picture that has a value as it was written last
 */
typedef struct
{
  char *memory;
  char *pictures[AG_GPU_N_MARKS];
  guint n_values;
  guint64 written[N_VALUES];
} Chunk;

/**
 * AgGpuMirror:
 * @chunks: (element-type Chunk): where values are
 * @n_pictures: how many times pictures were asked for
 * @is_there: whether the last picture of each place is known to have come
 */
struct _AgGpuMirror
{
  const AgGpuBackend *backend;
  AgGpu *gpu;
  GPtrArray *chunks;
  guint64 n_pictures;
  gboolean is_there[AG_GPU_N_MARKS];
};

/**
 * ag_gpu_mirror_new:
 * @backend: how to use the GPU
 * @gpu: the GPU
 *
 * Returns: (transfer full): a mirror of nothing
 */
AgGpuMirror *
ag_gpu_mirror_new (const AgGpuBackend *backend,
                   AgGpu *gpu)
{
  AgGpuMirror *mirror = g_new0 (AgGpuMirror, 1);

  mirror->backend = backend;
  mirror->gpu = gpu;
  mirror->chunks = g_ptr_array_new ();
  for (guint i = 0; i < AG_GPU_N_MARKS; i++)
    mirror->is_there[i] = TRUE;
  return mirror;
}

static void
free_chunk (AgGpuMirror *mirror,
            Chunk *chunk)
{
  if (chunk->memory != NULL)
    mirror->backend->free (mirror->gpu, chunk->memory);
  for (guint i = 0; i < AG_GPU_N_MARKS; i++)
    if (chunk->pictures[i] != NULL)
      mirror->backend->free_host (mirror->gpu, chunk->pictures[i]);
  g_free (chunk);
}

/**
 * ag_gpu_mirror_free:
 * @mirror: (transfer full): a mirror, which takes its values with it
 */
void
ag_gpu_mirror_free (AgGpuMirror *mirror)
{
  for (guint i = 0; i < mirror->chunks->len; i++)
    free_chunk (mirror, g_ptr_array_index (mirror->chunks, i));
  g_ptr_array_unref (mirror->chunks);
  g_free (mirror);
}

static char *
add_chunk (AgGpuMirror *mirror)
{
  Chunk *chunk = g_new0 (Chunk, 1);
  char *problem = mirror->backend->alloc (mirror->gpu, CHUNK_BYTES, (void **) &chunk->memory);

  for (guint i = 0; problem == NULL && i < AG_GPU_N_MARKS; i++)
    problem = mirror->backend->alloc_host (mirror->gpu, CHUNK_BYTES,
                                           (void **) &chunk->pictures[i]);
  if (problem != NULL)
    free_chunk (mirror, chunk);
  else
    g_ptr_array_add (mirror->chunks, chunk);
  return problem;
}

static Chunk *
find_chunk (AgGpuMirror *mirror,
            const char *data)
{
  for (guint i = 0; i < mirror->chunks->len; i++)
    {
      Chunk *chunk = g_ptr_array_index (mirror->chunks, i);

      if (data >= chunk->memory && data < chunk->memory + CHUNK_BYTES)
        return chunk;
    }
  return NULL;
}

static guint64 *
find_written (AgGpuMirror *mirror,
              const char *data)
{
  Chunk *chunk = find_chunk (mirror, data);

  return chunk != NULL ? &chunk->written[(data - chunk->memory) / AG_GPU_SMALL_BYTES] : NULL;
}

/**
 * ag_gpu_mirror_alloc:
 * @mirror: a mirror
 * @data: (out): room for %AG_GPU_SMALL_BYTES on the GPU, for as long as the
 *   mirror lasts
 *
 * Returns: (transfer full) (nullable): why there is none
 */
char *
ag_gpu_mirror_alloc (AgGpuMirror *mirror,
                     void **data)
{
  Chunk *chunk = mirror->chunks->len > 0
                   ? g_ptr_array_index (mirror->chunks, mirror->chunks->len - 1)
                   : NULL;

  if (chunk == NULL || chunk->n_values == N_VALUES)
    {
      char *problem = add_chunk (mirror);

      if (problem != NULL)
        return problem;
      chunk = g_ptr_array_index (mirror->chunks, mirror->chunks->len - 1);
    }
  *data = chunk->memory + (gsize) AG_GPU_SMALL_BYTES * chunk->n_values++;
  ag_gpu_mirror_touch (mirror, *data);
  return NULL;
}

/**
 * ag_gpu_mirror_touch:
 * @mirror: a mirror
 * @data: memory of the GPU
 *
 * To be called when it is decided that something will be written there: only
 * later pictures show it.
 */
void
ag_gpu_mirror_touch (AgGpuMirror *mirror,
                     const void *data)
{
  guint64 *written = find_written (mirror, data);

  if (written != NULL)
    *written = mirror->n_pictures + 1;
}

/**
 * ag_gpu_mirror_has:
 * @mirror: a mirror
 * @data: memory of the GPU
 *
 * Returns: whether it is a value of the mirror's
 */
gboolean
ag_gpu_mirror_has (AgGpuMirror *mirror,
                   const void *data)
{
  return find_chunk (mirror, data) != NULL;
}

/**
 * ag_gpu_mirror_is_fresh:
 * @mirror: a mirror
 * @data: a value of it
 *
 * Returns: whether a picture was asked for since it was written last
 */
gboolean
ag_gpu_mirror_is_fresh (AgGpuMirror *mirror,
                        const void *data)
{
  return *find_written (mirror, data) <= mirror->n_pictures;
}

/**
 * ag_gpu_mirror_next:
 * @mirror: a mirror
 *
 * Returns: the mark that ag_gpu_mirror_update() will set next
 */
guint
ag_gpu_mirror_next (const AgGpuMirror *mirror)
{
  return (guint) ((mirror->n_pictures + 1) % AG_GPU_N_MARKS);
}

/**
 * ag_gpu_mirror_wait:
 * @mirror: a mirror
 * @which: a mark
 *
 * Waits until the GPU has done all that it was given before the last
 * ag_gpu_mirror_update() that set the mark.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_mirror_wait (AgGpuMirror *mirror,
                    guint which)
{
  char *problem = mirror->is_there[which] ? NULL : mirror->backend->wait (mirror->gpu, which);

  mirror->is_there[which] = problem == NULL;
  return problem;
}

/**
 * ag_gpu_mirror_update:
 * @mirror: a mirror
 *
 * Asks for pictures of all values, as they are when the GPU has done what it
 * was given until now. Waits only if those of the time before last are not
 * there yet.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_mirror_update (AgGpuMirror *mirror)
{
  const guint which = ag_gpu_mirror_next (mirror);
  char *problem = ag_gpu_mirror_wait (mirror, which);

  for (guint i = 0; problem == NULL && i < mirror->chunks->len; i++)
    {
      const Chunk *chunk = g_ptr_array_index (mirror->chunks, i);

      problem = mirror->backend->begin_copy_out (mirror->gpu, chunk->pictures[which], chunk->memory,
                                                 (gsize) AG_GPU_SMALL_BYTES * chunk->n_values);
    }
  if (problem == NULL)
    problem = mirror->backend->mark (mirror->gpu, which);
  if (problem != NULL)
    return problem;
  mirror->is_there[which] = FALSE;
  mirror->n_pictures++;
  return NULL;
}

/**
 * ag_gpu_mirror_read:
 * @mirror: a mirror
 * @target: where to
 * @data: a value of it that is fresh
 * @n_bytes: how much of it
 *
 * Reads a value as it was written last, from the older picture if that has it.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
ag_gpu_mirror_read (AgGpuMirror *mirror,
                    void *target,
                    const void *data,
                    gsize n_bytes)
{
  const Chunk *chunk = find_chunk (mirror, data);
  const gboolean is_old = *find_written (mirror, data) < mirror->n_pictures;
  const guint which = (guint) ((mirror->n_pictures - (is_old ? 1 : 0)) % AG_GPU_N_MARKS);
  char *problem = ag_gpu_mirror_wait (mirror, which);

  if (problem == NULL)
    memcpy (target, chunk->pictures[which] + ((const char *) data - chunk->memory), n_bytes);
  return problem;
}
