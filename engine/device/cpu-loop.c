/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include <string.h>

/* Tiles that one part of a loop sums up before the parts are added. Sums depend
 * on where parts end, so that they are the same on every machine. */
#define TILES_PER_PART 32

typedef struct
{
  AgDType dtype;
  gint buffer;
  gint64 offset;
} Total;

/**
 * AgCpuLoop:
 * @n_buffers: how many buffers the plan has
 * @part_size: elements of a part
 * @n_stored: how many results it stores for each of its elements
 * @totals: what the loop sums up
 * @partial: the parts' totals
 * @sums: each thread's own sums
 * @tiles: the loop for the interpreter
 * @compiled: (nullable): the loop as compiled code
 * @work: (nullable): where it counts what it computes
 * @slots: where the buffers are that the compiled code takes
 */
struct _AgCpuLoop
{
  gint64 n_elements;
  gint n_buffers;
  gint64 part_size;
  guint n_parts;
  guint n_stored;
  guint n_totals;
  Total *totals;
  double *partial;
  guint n_threads;
  AgCpuSums **sums;
  const AgCpuKernels *kernels;
  AgCpuTiles *tiles;
  AgCpuCompiled *compiled;
  AgCpuFunction function;
  AgWork *work;
  void *const *buffers;
  void **slots;
};

static gint
choose_tile (const AgStage *stage)
{
  gsize size = 1;

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      size = MAX (size, ag_dtype_size (instruction->dtype));
      for (guint k = 0; k < instruction->n_operands; k++)
        size = MAX (size, ag_dtype_size (instruction->operands[k].dtype));
    }
  return (gint) (AG_CPU_TILE_BYTES / size);
}

/**
 * ag_cpu_loop_new:
 * @plan: a plan
 * @stage: a loop of it
 * @kernels: the kernels to use
 * @threads: the threads it will run on
 *
 * Makes a loop ready: as compiled code if there is any for it, and as kernel
 * calls over tiles for as long as there is none.
 *
 * Returns: (transfer full): the loop
 */
AgCpuLoop *
ag_cpu_loop_new (const AgPlan *plan,
                 const AgStage *stage,
                 const AgCpuKernels *kernels,
                 AgCpuThreads *threads)
{
  const gint tile = choose_tile (stage);
  AgCpuLoop *loop = g_new0 (AgCpuLoop, 1);
  AgCpuSource *source = ag_cpu_source_new (plan, stage);

  loop->n_elements = stage->n_elements;
  loop->n_buffers = plan->n_buffers;
  loop->part_size = (gint64) tile * TILES_PER_PART;
  loop->n_parts = (guint) MAX (1, (stage->n_elements + loop->part_size - 1) / loop->part_size);
  loop->totals = g_new0 (Total, stage->n_instructions);
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (instruction->sums)
        loop->totals[loop->n_totals++]
          = (Total){ instruction->dtype, instruction->buffer, instruction->offset };
      else if (instruction->buffer >= 0)
        loop->n_stored++;
    }
  loop->partial = g_new0 (double, MAX (1, loop->n_totals * loop->n_parts));
  loop->n_threads = ag_cpu_threads_count (threads);
  loop->sums = g_new0 (AgCpuSums *, loop->n_threads);
  for (guint i = 0; i < loop->n_threads; i++)
    loop->sums[i] = g_aligned_alloc0 (MAX (1, loop->n_totals), sizeof (AgCpuSums), 64);
  loop->kernels = kernels;
  loop->tiles = ag_cpu_tiles_new (stage, kernels, tile, loop->n_threads);
  loop->compiled = source != NULL ? ag_cpu_compiled_new (source, kernels) : NULL;
  if (loop->compiled != NULL)
    loop->slots = g_new0 (void *, MAX (1, ag_cpu_compiled_n_slots (loop->compiled)));
  return loop;
}

/**
 * ag_cpu_loop_free:
 * @loop: (transfer full): a loop
 */
void
ag_cpu_loop_free (AgCpuLoop *loop)
{
  for (guint i = 0; i < loop->n_threads; i++)
    g_aligned_free (loop->sums[i]);
  g_free (loop->sums);
  g_free (loop->totals);
  g_free (loop->partial);
  g_free (loop->slots);
  ag_cpu_tiles_free (loop->tiles);
  g_clear_pointer (&loop->compiled, ag_cpu_compiled_free);
  g_free (loop);
}

/**
 * ag_cpu_loop_engine:
 * @loop: a loop
 *
 * Returns: what runs it
 */
AgLoopEngine
ag_cpu_loop_engine (const AgCpuLoop *loop)
{
  return loop->compiled != NULL ? ag_cpu_compiled_loop_engine (loop->compiled) : AG_LOOP_ENGINE_INTERPRETER;
}

static void
interpret (AgCpuLoop *loop,
           void *const *buffers,
           guint thread,
           gint64 start,
           gint64 end,
           double *totals)
{
  AgCpuSums *sums = loop->sums[thread];

  for (guint t = 0; t < loop->n_totals; t++)
    ag_cpu_sums_init (&sums[t]);
  ag_cpu_tiles_run (loop->tiles, buffers, thread, start, end, sums);
  for (guint t = 0; t < loop->n_totals; t++)
    totals[t] = loop->kernels->sum_end[loop->totals[t].dtype](&sums[t]);
}

static void
run_part (gpointer data,
          guint part,
          guint thread)
{
  AgCpuLoop *loop = data;
  double *totals = loop->partial + (gsize) part * loop->n_totals;
  gint64 start = (gint64) part * loop->part_size;
  gint64 end = MIN (start + loop->part_size, loop->n_elements);

  if (G_UNLIKELY (ag_work_is_cancelled (loop->work)))
    return;
  if (loop->function == NULL || !loop->function (loop->slots, start, end, totals))
    interpret (loop, loop->buffers, thread, start, end, totals);
  ag_work_add (loop->work, loop->n_stored * (end - start));
}

/* Adds the totals of the parts pairwise, which loses fewer bits than one after the other. */
static double
add_parts (AgCpuLoop *loop,
           guint total)
{
  double *partial = loop->partial + total;
  gsize stride = loop->n_totals;

  for (guint step = 1; step < loop->n_parts; step *= 2)
    for (guint i = 0; i + step < loop->n_parts; i += 2 * step)
      partial[i * stride] += partial[(i + step) * stride];
  return partial[0];
}

static void
store_totals (AgCpuLoop *loop,
              void *const *buffers)
{
  for (guint t = 0; t < loop->n_totals; t++)
    {
      const Total *where = &loop->totals[t];
      const double total = add_parts (loop, t);

      if (where->dtype == AG_DTYPE_FLOAT32)
        ((float *) buffers[where->buffer])[where->offset] = (float) total;
      else
        ((double *) buffers[where->buffer])[where->offset] = total;
    }
}

/**
 * ag_cpu_loop_run:
 * @loop: a loop
 * @buffers: where the plan's buffers are
 * @threads: the threads it was made for
 * @work: (nullable): where it counts what it stores, a part at a time; if that is
 *   cancelled, the results are of no use
 *
 * Runs the loop. The bits of the results do not depend on the number of
 * threads.
 */
void
ag_cpu_loop_run (AgCpuLoop *loop,
                 void *const *buffers,
                 AgCpuThreads *threads,
                 AgWork *work)
{
  loop->buffers = buffers;
  loop->work = work;
  loop->function = loop->compiled != NULL
                     ? ag_cpu_compiled_bind (loop->compiled, buffers, loop->slots)
                     : NULL;
  if (loop->n_parts == 1)
    run_part (loop, 0, 0);
  else
    ag_cpu_threads_run (threads, run_part, loop, loop->n_parts);
  store_totals (loop, buffers);
}

/**
 * ag_cpu_loop_interpret:
 * @loop: a loop that is one part
 * @buffers: where the plan's buffers are
 *
 * Runs the loop without compiled code.
 */
void
ag_cpu_loop_interpret (AgCpuLoop *loop,
                       void *const *buffers)
{
  interpret (loop, buffers, 0, 0, loop->n_elements, loop->partial);
  store_totals (loop, buffers);
}

/**
 * ag_cpu_call_init:
 * @call: (out caller-allocates): room for a call
 * @loop: a loop
 *
 * Makes room for what a call of the loop takes.
 */
void
ag_cpu_call_init (AgCpuCall *call,
                  AgCpuLoop *loop)
{
  const gint n_slots = loop->compiled != NULL ? ag_cpu_compiled_n_slots (loop->compiled) : 0;

  *call = (AgCpuCall){
    .loop = loop,
    .buffers = g_new0 (void *, MAX (1, loop->n_buffers)),
    .slots = g_new0 (void *, MAX (1, n_slots)),
    .n_elements = loop->n_elements,
    .n_totals = loop->n_totals,
    .totals = g_new0 (double, MAX (1, loop->n_totals)),
    .targets = g_new0 (void *, MAX (1, loop->n_totals)),
    .dtypes = g_new0 (AgDType, MAX (1, loop->n_totals)),
  };
}

/**
 * ag_cpu_call_bind:
 * @call: a call
 * @buffers: where the plan's buffers are
 *
 * Makes the call ready, as often as it will be run.
 *
 * Returns: whether the loop can be called: it is one part, and there is compiled code of it
 */
gboolean
ag_cpu_call_bind (AgCpuCall *call,
                  void *const *buffers)
{
  const AgCpuLoop *loop = call->loop;

  if (loop->n_parts > 1 || loop->compiled == NULL)
    return FALSE;
  call->function = ag_cpu_compiled_bind (loop->compiled, buffers, call->slots);
  if (call->function == NULL)
    return FALSE;
  memcpy (call->buffers, buffers, sizeof (void *) * (gsize) loop->n_buffers);
  for (guint t = 0; t < call->n_totals; t++)
    {
      const Total *total = &loop->totals[t];

      call->dtypes[t] = total->dtype;
      call->targets[t] = (char *) buffers[total->buffer]
                         + (gsize) total->offset * ag_dtype_size (total->dtype);
    }
  return TRUE;
}

/**
 * ag_cpu_call_interpret:
 * @call: a call that was made ready
 *
 * Sums up without compiled code, which was not sure of the sums' bits.
 */
void
ag_cpu_call_interpret (const AgCpuCall *call)
{
  interpret (call->loop, call->buffers, 0, 0, call->n_elements, call->totals);
}

/**
 * ag_cpu_call_clear:
 * @call: a call
 *
 * Frees what it takes.
 */
void
ag_cpu_call_clear (AgCpuCall *call)
{
  g_free (call->buffers);
  g_free (call->slots);
  g_free (call->totals);
  g_free (call->targets);
  g_free (call->dtypes);
}
