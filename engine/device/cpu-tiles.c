/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-private.h"

#include <string.h>

/* The interpreter of loops: one kernel call after the other over a tile that
 * stays in the first-level cache. */

#define NO_BUFFER -1

/**
 * Place:
 * @buffer: number of the buffer, or %NO_BUFFER for the thread's own scratch
 * @offset: where it begins there, in bytes
 * @stride: bytes from an element to the next; 0 if every tile is in one place
 */
typedef struct
{
  gint buffer;
  gsize offset;
  gsize stride;
} Place;

/**
 * KernelCall:
 * @map: computes a tile, or
 * @sum: sums it up, or
 * @gather: brings a tile's elements together, of the type
 * @dtype
 * @out: where the tile goes
 * @in: where the operands' tiles are
 * @total: of a sum, its number
 */
typedef struct
{
  AgCpuMap map;
  AgCpuSum sum;
  const AgLayout *gather;
  AgDType dtype;
  Place out;
  Place in[AG_OP_MAX_OPERANDS];
  gint total;
} KernelCall;

/* A kernel call whose places are addresses. */
typedef struct
{
  const KernelCall *call;
  char *out;
  const char *in[AG_OP_MAX_OPERANDS];
} BoundCall;

/**
 * AgCpuTiles:
 * @size: elements in a tile
 * @calls: the kernel calls for a tile
 * @scratch: each thread's own memory
 * @bound: each thread's own addresses
 */
struct _AgCpuTiles
{
  gint size;
  guint n_calls;
  KernelCall *calls;
  guint n_threads;
  gsize scratch_size;
  char **scratch;
  BoundCall **bound;
};

/**
 * Builder:
 * @stage: the loop that is made kernel calls of
 * @kernels: the kernels to call
 * @calls: (element-type KernelCall): the calls so far
 * @n_totals: how many sums they have
 * @values: of each instruction, where its value is
 * @last_use: of each instruction, the last one that reads its value
 * @tile_of: of each instruction, the tile of scratch that its value is in, or −1
 * @free_tiles: (element-type gint): tiles of scratch whose value nobody reads any more
 * @n_tiles: how many tiles of scratch a thread needs
 */
typedef struct
{
  const AgStage *stage;
  const AgCpuKernels *kernels;
  GArray *calls;
  gint n_totals;
  Place *values;
  gint *last_use;
  gint *tile_of;
  GArray *free_tiles;
  gint n_tiles;
} Builder;

static gint
take_tile (Builder *builder)
{
  gint tile;

  if (builder->free_tiles->len == 0)
    return builder->n_tiles++;
  tile = g_array_index (builder->free_tiles, gint, builder->free_tiles->len - 1);
  g_array_set_size (builder->free_tiles, builder->free_tiles->len - 1);
  return tile;
}

static Place
tile_place (gint tile)
{
  Place place = { NO_BUFFER, (gsize) tile * AG_CPU_TILE_BYTES, 0 };

  return place;
}

static Place
operand_place (const Builder *builder,
               const AgOperand *operand)
{
  gsize size = ag_dtype_size (operand->dtype);
  Place place = { operand->index, (gsize) operand->offset * size,
                  operand->kind == AG_OPERAND_CONTIGUOUS ? size : 0 };

  return operand->kind == AG_OPERAND_VALUE ? builder->values[operand->index] : place;
}

/* A kernel reads elements that lie one behind the other, or one for all. An operand that is
 * neither is first brought into a tile of scratch. Returns that tile, or −1. */
static gint
bring_together (Builder *builder,
                const AgOperand *operand,
                gboolean fill,
                Place *place)
{
  KernelCall call = { .dtype = operand->dtype };
  gint tile;

  *place = operand_place (builder, operand);
  if (operand->kind == AG_OPERAND_STRIDED)
    {
      call.gather = operand->layout;
      place->offset = 0;
    }
  else if (operand->kind == AG_OPERAND_SCALAR && fill && builder->stage->n_elements > 1)
    {
      call.map = builder->kernels->map[operand->dtype][AG_OP_identity][AG_CPU_FORM_VS];
    }
  else
    {
      return -1;
    }

  tile = take_tile (builder);
  call.in[0] = *place;
  call.out = *place = tile_place (tile);
  g_array_append_val (builder->calls, call);
  return tile;
}

static AgCpuForm
find_form (const AgInstruction *instruction)
{
  if (instruction->n_operands != 2)
    return AG_CPU_FORM_VV;
  if (instruction->operands[1].kind == AG_OPERAND_SCALAR)
    return AG_CPU_FORM_VS;
  if (instruction->operands[0].kind == AG_OPERAND_SCALAR)
    return AG_CPU_FORM_SV;
  return AG_CPU_FORM_VV;
}

static gboolean
must_fill (const AgInstruction *instruction,
           guint operand)
{
  if (instruction->op == AG_OP_cast || instruction->n_operands == 3)
    return TRUE;
  if (instruction->n_operands == 1)
    return instruction->op != AG_OP_identity || instruction->sums;
  /* There is a form of each kernel for a scalar as one operand, none for two: the first of two
   * scalars is filled into a tile, the second is read as a scalar. */
  return operand == 0 && instruction->operands[1].kind == AG_OPERAND_SCALAR;
}

static AgCpuMap
find_map (const Builder *builder,
          const AgInstruction *instruction,
          AgCpuForm form)
{
  if (instruction->op == AG_OP_cast)
    return builder->kernels->cast[instruction->operands[0].dtype][instruction->dtype];
  if (instruction->op == AG_OP_identity
      && instruction->operands[0].kind == AG_OPERAND_SCALAR)
    form = AG_CPU_FORM_VS;
  return builder->kernels->map[instruction->dtype][instruction->op][form];
}

static void
release_operands (Builder *builder,
                  const AgInstruction *instruction,
                  gint at)
{
  for (guint k = 0; k < instruction->n_operands; k++)
    {
      const AgOperand *operand = &instruction->operands[k];

      if (operand->kind != AG_OPERAND_VALUE || builder->last_use[operand->index] != at
          || builder->tile_of[operand->index] < 0)
        continue;
      g_array_append_val (builder->free_tiles, builder->tile_of[operand->index]);
      builder->tile_of[operand->index] = -1;
    }
}

static void
place_result (Builder *builder,
              const AgInstruction *instruction,
              gint at)
{
  if (instruction->buffer >= 0)
    {
      Place place = { instruction->buffer, 0, ag_dtype_size (instruction->dtype) };

      builder->values[at] = place;
    }
  else
    {
      builder->tile_of[at] = take_tile (builder);
      builder->values[at] = tile_place (builder->tile_of[at]);
    }
}

/* The product that an addition can take in: the only user of its value, and
 * computed just for it. Returns which operand it is, or −1. */
static gint
find_product (const Builder *builder,
              const AgInstruction *sum,
              const gint *n_uses)
{
  if (sum->op != AG_OP_add || sum->sums)
    return -1;
  for (gint k = 1; k >= 0; k--)
    {
      const AgOperand *operand = &sum->operands[k];
      const AgInstruction *product;

      if (operand->kind != AG_OPERAND_VALUE || n_uses[operand->index] != 1
          || sum->operands[1 - k].kind == AG_OPERAND_STRIDED)
        continue;
      product = &builder->stage->instructions[operand->index];
      if (product->op == AG_OP_mul && product->buffer < 0 && !product->sums)
        return k;
    }
  return -1;
}

static void
build_instruction (Builder *builder,
                   gint at,
                   AgInstruction *instruction)
{
  KernelCall call = { .dtype = instruction->dtype };
  AgCpuForm form = find_form (instruction);
  gint taken[AG_OP_MAX_OPERANDS];

  for (guint k = 0; k < instruction->n_operands; k++)
    taken[k] = bring_together (builder, &instruction->operands[k], must_fill (instruction, k),
                               &call.in[k]);

  if (instruction->sums)
    {
      call.sum = instruction->contracts
                   ? builder->kernels->contract[instruction->dtype][form]
                   : builder->kernels->sum[instruction->dtype][instruction->op][form];
      call.total = builder->n_totals++;
    }
  else
    {
      call.map = find_map (builder, instruction, form);
      place_result (builder, instruction, at);
      call.out = builder->values[at];
    }
  g_array_append_val (builder->calls, call);

  for (guint k = 0; k < instruction->n_operands; k++)
    if (taken[k] >= 0)
      g_array_append_val (builder->free_tiles, taken[k]);
  release_operands (builder, instruction, at);
}

static void
build_multiply_add (Builder *builder,
                    gint at,
                    const AgInstruction *sum,
                    gint product_operand)
{
  gint product_at = sum->operands[product_operand].index;
  AgInstruction *product = &builder->stage->instructions[product_at];
  KernelCall call = { .dtype = sum->dtype };
  gint taken[2];

  for (guint k = 0; k < 2; k++)
    taken[k] = bring_together (builder, &product->operands[k], must_fill (product, k),
                               &call.in[k]);
  call.in[2] = operand_place (builder, &sum->operands[1 - product_operand]);
  call.map = builder->kernels->multiply_add[sum->dtype][find_form (product)]
                                           [sum->operands[1 - product_operand].kind
                                            == AG_OPERAND_SCALAR];
  place_result (builder, sum, at);
  call.out = builder->values[at];
  g_array_append_val (builder->calls, call);

  for (guint k = 0; k < 2; k++)
    if (taken[k] >= 0)
      g_array_append_val (builder->free_tiles, taken[k]);
  release_operands (builder, product, product_at);
  release_operands (builder, sum, at);
}

static void
build (Builder *builder)
{
  const AgStage *stage = builder->stage;
  g_autofree gint *n_uses = g_new0 (gint, stage->n_instructions);
  g_autofree gint *product = g_new (gint, stage->n_instructions);
  g_autofree gboolean *is_taken_in = g_new0 (gboolean, stage->n_instructions);

  for (gint i = 0; i < stage->n_instructions; i++)
    for (guint k = 0; k < stage->instructions[i].n_operands; k++)
      if (stage->instructions[i].operands[k].kind == AG_OPERAND_VALUE)
        n_uses[stage->instructions[i].operands[k].index]++;

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      product[i] = find_product (builder, &stage->instructions[i], n_uses);
      if (product[i] >= 0)
        is_taken_in[stage->instructions[i].operands[product[i]].index] = TRUE;
    }

  /* A product that is taken in reads its operands when the sum is computed. */
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      for (guint k = 0; !is_taken_in[i] && k < instruction->n_operands; k++)
        if (instruction->operands[k].kind == AG_OPERAND_VALUE)
          builder->last_use[instruction->operands[k].index] = i;
      if (product[i] < 0)
        continue;
      instruction = &stage->instructions[instruction->operands[product[i]].index];
      for (guint k = 0; k < instruction->n_operands; k++)
        if (instruction->operands[k].kind == AG_OPERAND_VALUE)
          builder->last_use[instruction->operands[k].index] = i;
    }

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      if (is_taken_in[i])
        continue;
      if (product[i] >= 0)
        build_multiply_add (builder, i, &stage->instructions[i], product[i]);
      else
        build_instruction (builder, i, &stage->instructions[i]);
    }
}

/**
 * ag_cpu_tiles_new:
 * @stage: a loop of a plan
 * @kernels: the kernels to use
 * @size: elements in a tile
 * @n_threads: how many threads may run it
 *
 * Returns: (transfer full): the loop as kernel calls
 */
AgCpuTiles *
ag_cpu_tiles_new (const AgStage *stage,
                  const AgCpuKernels *kernels,
                  gint size,
                  guint n_threads)
{
  AgCpuTiles *tiles = g_new0 (AgCpuTiles, 1);
  Builder builder = { .stage = stage, .kernels = kernels };

  builder.calls = g_array_new (FALSE, TRUE, sizeof (KernelCall));
  builder.free_tiles = g_array_new (FALSE, TRUE, sizeof (gint));
  builder.values = g_new0 (Place, stage->n_instructions);
  builder.last_use = g_new0 (gint, stage->n_instructions);
  builder.tile_of = g_new (gint, stage->n_instructions);
  memset (builder.tile_of, 0xff, sizeof (gint) * (gsize) stage->n_instructions);
  build (&builder);

  tiles->size = size;
  tiles->n_calls = builder.calls->len;
  tiles->calls = (KernelCall *) (gpointer) g_array_free (builder.calls, FALSE);
  tiles->n_threads = n_threads;
  tiles->scratch_size = (gsize) MAX (1, builder.n_tiles) * AG_CPU_TILE_BYTES;
  tiles->scratch = g_new0 (char *, n_threads);
  tiles->bound = g_new0 (BoundCall *, n_threads);
  for (guint i = 0; i < n_threads; i++)
    {
      tiles->scratch[i] = g_aligned_alloc0 (1, tiles->scratch_size, 64);
      tiles->bound[i] = g_new0 (BoundCall, tiles->n_calls);
    }

  g_array_unref (builder.free_tiles);
  g_free (builder.values);
  g_free (builder.last_use);
  g_free (builder.tile_of);
  return tiles;
}

/**
 * ag_cpu_tiles_free:
 * @tiles: (transfer full): a loop as kernel calls
 */
void
ag_cpu_tiles_free (AgCpuTiles *tiles)
{
  for (guint i = 0; i < tiles->n_threads; i++)
    {
      g_aligned_free (tiles->scratch[i]);
      g_free (tiles->bound[i]);
    }
  g_free (tiles->scratch);
  g_free (tiles->bound);
  g_free (tiles->calls);
  g_free (tiles);
}

static inline char *
find_address (const Place *place,
              void *const *buffers,
              char *scratch)
{
  return (place->buffer == NO_BUFFER ? scratch : (char *) buffers[place->buffer]) + place->offset;
}

static void
run_tile (const AgCpuTiles *tiles,
          const BoundCall *bound,
          gint64 start,
          gint n,
          AgCpuSums *sums)
{
  for (guint s = 0; s < tiles->n_calls; s++)
    {
      const KernelCall *call = bound[s].call;
      const char *a = bound[s].in[0] + (gsize) start * call->in[0].stride;
      const char *b = bound[s].in[1] + (gsize) start * call->in[1].stride;
      const char *c = bound[s].in[2] + (gsize) start * call->in[2].stride;

      if (call->map != NULL)
        call->map (bound[s].out + (gsize) start * call->out.stride, a, b, c, n);
      else if (call->sum != NULL)
        call->sum (a, b, n, &sums[call->total]);
      else
        ag_cpu_gather (call->dtype, call->gather, start, n, a, bound[s].out);
    }
}

/**
 * ag_cpu_tiles_run:
 * @tiles: a loop as kernel calls
 * @buffers: where the plan's buffers are
 * @thread: which thread runs it
 * @start: the first element, where a tile begins
 * @end: the one after the last
 * @sums: the loop's sums, to be added to
 */
void
ag_cpu_tiles_run (AgCpuTiles *tiles,
                  void *const *buffers,
                  guint thread,
                  gint64 start,
                  gint64 end,
                  AgCpuSums *sums)
{
  BoundCall *bound = tiles->bound[thread];

  for (guint s = 0; s < tiles->n_calls; s++)
    {
      const KernelCall *call = &tiles->calls[s];

      bound[s].call = call;
      bound[s].out = find_address (&call->out, buffers, tiles->scratch[thread]);
      for (guint k = 0; k < AG_OP_MAX_OPERANDS; k++)
        bound[s].in[k] = find_address (&call->in[k], buffers, tiles->scratch[thread]);
    }
  for (; start < end; start += tiles->size)
    run_tile (tiles, bound, start, (gint) MIN (tiles->size, end - start), sums);
}
