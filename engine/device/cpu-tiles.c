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
 * @step: bytes from an element to the next; 0 if every tile is in one place
 */
typedef struct
{
  gint buffer;
  gsize offset;
  gsize step;
} Place;

/**
 * Step:
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
} Step;

/* Step with its places made addresses. */
typedef struct
{
  const Step *step;
  char *out;
  const char *in[AG_OP_MAX_OPERANDS];
} BoundStep;

/**
 * AgCpuTiles:
 * @size: elements in a tile
 * @steps: the kernel calls for a tile
 * @scratch: each thread's own memory
 * @bound: each thread's own addresses
 */
struct _AgCpuTiles
{
  gint size;
  guint n_steps;
  Step *steps;
  guint n_threads;
  gsize scratch_size;
  char **scratch;
  BoundStep **bound;
};

typedef struct
{
  const AgStage *stage;
  const AgCpuKernels *kernels;
  GArray *steps;
  gint n_totals;
  Place *values;
  gint *last_use;
  gint *slot_of;
  GArray *free_slots;
  gint n_slots;
} Compiler;

static gint
take_slot (Compiler *compiler)
{
  gint slot;

  if (compiler->free_slots->len == 0)
    return compiler->n_slots++;
  slot = g_array_index (compiler->free_slots, gint, compiler->free_slots->len - 1);
  g_array_set_size (compiler->free_slots, compiler->free_slots->len - 1);
  return slot;
}

static Place
slot_place (gint slot)
{
  Place place = { NO_BUFFER, (gsize) slot * AG_CPU_TILE_BYTES, 0 };

  return place;
}

static Place
operand_place (const Compiler *compiler,
               const AgOperand *operand)
{
  gsize size = ag_dtype_size (operand->dtype);
  Place place = { operand->index, (gsize) operand->offset * size,
                  operand->kind == AG_OPERAND_CONTIGUOUS ? size : 0 };

  return operand->kind == AG_OPERAND_VALUE ? compiler->values[operand->index] : place;
}

/* A kernel reads tiles or single elements. What is neither is brought into a
 * slot first. Returns the slot, or −1. */
static gint
bring_together (Compiler *compiler,
                const AgOperand *operand,
                gboolean fill,
                Place *place)
{
  Step step = { .dtype = operand->dtype };
  gint slot;

  *place = operand_place (compiler, operand);
  if (operand->kind == AG_OPERAND_STRIDED)
    {
      step.gather = operand->layout;
      place->offset = 0;
    }
  else if (operand->kind == AG_OPERAND_SCALAR && fill && compiler->stage->n_elements > 1)
    {
      step.map = compiler->kernels->map[operand->dtype][AG_OP_identity][AG_CPU_FORM_VS];
    }
  else
    {
      return -1;
    }

  slot = take_slot (compiler);
  step.in[0] = *place;
  step.out = *place = slot_place (slot);
  g_array_append_val (compiler->steps, step);
  return slot;
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
  /* Of two scalars the second stays one. */
  return operand == 0 && instruction->operands[1].kind == AG_OPERAND_SCALAR;
}

static AgCpuMap
find_map (const Compiler *compiler,
          const AgInstruction *instruction,
          AgCpuForm form)
{
  if (instruction->op == AG_OP_cast)
    return compiler->kernels->cast[instruction->operands[0].dtype][instruction->dtype];
  if (instruction->op == AG_OP_identity
      && instruction->operands[0].kind == AG_OPERAND_SCALAR)
    form = AG_CPU_FORM_VS;
  return compiler->kernels->map[instruction->dtype][instruction->op][form];
}

static void
release_operands (Compiler *compiler,
                  const AgInstruction *instruction,
                  gint at)
{
  for (guint k = 0; k < instruction->n_operands; k++)
    {
      const AgOperand *operand = &instruction->operands[k];

      if (operand->kind != AG_OPERAND_VALUE || compiler->last_use[operand->index] != at
          || compiler->slot_of[operand->index] < 0)
        continue;
      g_array_append_val (compiler->free_slots, compiler->slot_of[operand->index]);
      compiler->slot_of[operand->index] = -1;
    }
}

static void
place_result (Compiler *compiler,
              const AgInstruction *instruction,
              gint at)
{
  if (instruction->buffer >= 0)
    {
      Place place = { instruction->buffer, 0, ag_dtype_size (instruction->dtype) };

      compiler->values[at] = place;
    }
  else
    {
      compiler->slot_of[at] = take_slot (compiler);
      compiler->values[at] = slot_place (compiler->slot_of[at]);
    }
}

/* The product that an addition can take in: the only user of its value, and
 * computed just for it. Returns which operand it is, or −1. */
static gint
find_product (const Compiler *compiler,
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
      product = &compiler->stage->instructions[operand->index];
      if (product->op == AG_OP_mul && product->buffer < 0 && !product->sums)
        return k;
    }
  return -1;
}

static void
compile_instruction (Compiler *compiler,
                     gint at,
                     AgInstruction *instruction)
{
  Step step = { .dtype = instruction->dtype };
  AgCpuForm form = find_form (instruction);
  gint slots[AG_OP_MAX_OPERANDS];

  for (guint k = 0; k < instruction->n_operands; k++)
    slots[k] = bring_together (compiler, &instruction->operands[k], must_fill (instruction, k),
                               &step.in[k]);

  if (instruction->sums)
    {
      step.sum = compiler->kernels->sum[instruction->dtype][instruction->op][form];
      step.total = compiler->n_totals++;
    }
  else
    {
      step.map = find_map (compiler, instruction, form);
      place_result (compiler, instruction, at);
      step.out = compiler->values[at];
    }
  g_array_append_val (compiler->steps, step);

  for (guint k = 0; k < instruction->n_operands; k++)
    if (slots[k] >= 0)
      g_array_append_val (compiler->free_slots, slots[k]);
  release_operands (compiler, instruction, at);
}

static void
compile_multiply_add (Compiler *compiler,
                      gint at,
                      const AgInstruction *sum,
                      gint product_operand)
{
  gint product_at = sum->operands[product_operand].index;
  AgInstruction *product = &compiler->stage->instructions[product_at];
  Step step = { .dtype = sum->dtype };
  gint slots[2];

  for (guint k = 0; k < 2; k++)
    slots[k] = bring_together (compiler, &product->operands[k], must_fill (product, k),
                               &step.in[k]);
  step.in[2] = operand_place (compiler, &sum->operands[1 - product_operand]);
  step.map = compiler->kernels->multiply_add[sum->dtype][find_form (product)]
                                            [sum->operands[1 - product_operand].kind
                                             == AG_OPERAND_SCALAR];
  place_result (compiler, sum, at);
  step.out = compiler->values[at];
  g_array_append_val (compiler->steps, step);

  for (guint k = 0; k < 2; k++)
    if (slots[k] >= 0)
      g_array_append_val (compiler->free_slots, slots[k]);
  release_operands (compiler, product, product_at);
  release_operands (compiler, sum, at);
}

static void
compile (Compiler *compiler)
{
  const AgStage *stage = compiler->stage;
  g_autofree gint *n_uses = g_new0 (gint, stage->n_instructions);
  g_autofree gint *product = g_new (gint, stage->n_instructions);
  g_autofree gboolean *is_taken_in = g_new0 (gboolean, stage->n_instructions);

  for (gint i = 0; i < stage->n_instructions; i++)
    for (guint k = 0; k < stage->instructions[i].n_operands; k++)
      if (stage->instructions[i].operands[k].kind == AG_OPERAND_VALUE)
        n_uses[stage->instructions[i].operands[k].index]++;

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      product[i] = find_product (compiler, &stage->instructions[i], n_uses);
      if (product[i] >= 0)
        is_taken_in[stage->instructions[i].operands[product[i]].index] = TRUE;
    }

  /* A product that is taken in reads its operands when the sum is computed. */
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      for (guint k = 0; !is_taken_in[i] && k < instruction->n_operands; k++)
        if (instruction->operands[k].kind == AG_OPERAND_VALUE)
          compiler->last_use[instruction->operands[k].index] = i;
      if (product[i] < 0)
        continue;
      instruction = &stage->instructions[instruction->operands[product[i]].index];
      for (guint k = 0; k < instruction->n_operands; k++)
        if (instruction->operands[k].kind == AG_OPERAND_VALUE)
          compiler->last_use[instruction->operands[k].index] = i;
    }

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      if (is_taken_in[i])
        continue;
      if (product[i] >= 0)
        compile_multiply_add (compiler, i, &stage->instructions[i], product[i]);
      else
        compile_instruction (compiler, i, &stage->instructions[i]);
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
  Compiler compiler = { .stage = stage, .kernels = kernels };

  compiler.steps = g_array_new (FALSE, TRUE, sizeof (Step));
  compiler.free_slots = g_array_new (FALSE, TRUE, sizeof (gint));
  compiler.values = g_new0 (Place, stage->n_instructions);
  compiler.last_use = g_new0 (gint, stage->n_instructions);
  compiler.slot_of = g_new (gint, stage->n_instructions);
  memset (compiler.slot_of, 0xff, sizeof (gint) * (gsize) stage->n_instructions);
  compile (&compiler);

  tiles->size = size;
  tiles->n_steps = compiler.steps->len;
  tiles->steps = (Step *) (gpointer) g_array_free (compiler.steps, FALSE);
  tiles->n_threads = n_threads;
  tiles->scratch_size = (gsize) MAX (1, compiler.n_slots) * AG_CPU_TILE_BYTES;
  tiles->scratch = g_new0 (char *, n_threads);
  tiles->bound = g_new0 (BoundStep *, n_threads);
  for (guint i = 0; i < n_threads; i++)
    {
      tiles->scratch[i] = g_aligned_alloc0 (1, tiles->scratch_size, 64);
      tiles->bound[i] = g_new0 (BoundStep, tiles->n_steps);
    }

  g_array_unref (compiler.free_slots);
  g_free (compiler.values);
  g_free (compiler.last_use);
  g_free (compiler.slot_of);
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
  g_free (tiles->steps);
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
          const BoundStep *bound,
          gint64 start,
          gint n,
          AgCpuSums *sums)
{
  for (guint s = 0; s < tiles->n_steps; s++)
    {
      const Step *step = bound[s].step;
      const char *a = bound[s].in[0] + (gsize) start * step->in[0].step;
      const char *b = bound[s].in[1] + (gsize) start * step->in[1].step;
      const char *c = bound[s].in[2] + (gsize) start * step->in[2].step;

      if (step->map != NULL)
        step->map (bound[s].out + (gsize) start * step->out.step, a, b, c, n);
      else if (step->sum != NULL)
        step->sum (a, b, n, &sums[step->total]);
      else
        ag_cpu_gather (step->dtype, step->gather, start, n, a, bound[s].out);
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
  BoundStep *bound = tiles->bound[thread];

  for (guint s = 0; s < tiles->n_steps; s++)
    {
      const Step *step = &tiles->steps[s];

      bound[s].step = step;
      bound[s].out = find_address (&step->out, buffers, tiles->scratch[thread]);
      for (guint k = 0; k < AG_OP_MAX_OPERANDS; k++)
        bound[s].in[k] = find_address (&step->in[k], buffers, tiles->scratch[thread]);
    }
  for (; start < end; start += tiles->size)
    run_tile (tiles, bound, start, (gint) MIN (tiles->size, end - start), sums);
}
