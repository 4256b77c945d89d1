/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-source-loop.h"

#include "device/gpu-backend.h"

/* A loop as text. All that a pack of elements needs is read first, then comes the
 * arithmetic, and what is stored is stored in the end: so no load waits for a store that
 * might, for all that a compiler knows, be to the same place. In the texts, x<n> is a pack
 * that was read, v<n> a value of one of its elements, y<n> a pack that will be stored, and
 * t<n> a sum. */

/* The number of float32 that are added up before their sum is added in double. */
#define CHAIN 32

/* Bytes that a thread reads or writes by one instruction, of the widest type in a loop. */
#define PACK_BYTES 16

/* Threads of a warp, of which none takes longer because others do something else. */
#define WARP 32

/* Where a loop reads. */
typedef struct
{
  gint buffer;
  gint64 offset;
  const AgLayout *layout;
  AgDType dtype;
} Load;

/**
 * Loop:
 * @stage: the loop
 * @width: elements in a pack
 * @loads: (element-type Load): what it reads of each element
 * @n_totals: how many sums end it
 */
typedef struct
{
  AgGpuWriter *writer;
  const AgStage *stage;
  gint width;
  GArray *loads;
  guint n_totals;
} Loop;

/* An instruction that belongs to another part is blanked, so that the others keep their numbers. */
static void
blank (AgInstruction *instruction)
{
  *instruction = (AgInstruction){ .buffer = -1 };
}

static gboolean
is_blank (const AgInstruction *instruction)
{
  return instruction->n_operands == 0;
}

static gboolean
is_load (const AgOperand *operand)
{
  return operand->kind == AG_OPERAND_CONTIGUOUS || operand->kind == AG_OPERAND_STRIDED;
}

static guint
find_load (Loop *loop,
           const AgOperand *operand)
{
  const gboolean is_strided = operand->kind == AG_OPERAND_STRIDED;
  const Load load = {
    .buffer = operand->index,
    .offset = is_strided ? 0 : operand->offset,
    .layout = is_strided ? operand->layout : NULL,
    .dtype = operand->dtype,
  };

  for (guint i = 0; i < loop->loads->len; i++)
    {
      const Load *other = &g_array_index (loop->loads, Load, i);

      if (other->buffer == load.buffer && other->offset == load.offset
          && other->layout == load.layout)
        return i;
    }
  g_array_append_val (loop->loads, load);
  return loop->loads->len - 1;
}

/* Finds out what the loop reads, and how wide its packs are. */
static void
survey (Loop *loop)
{
  gsize widest = 1;

  for (gint i = 0; i < loop->stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &loop->stage->instructions[i];

      loop->n_totals += instruction->sums ? 1 : 0;
      if (!instruction->sums && instruction->buffer >= 0)
        widest = MAX (widest, ag_dtype_size (instruction->dtype));
      for (guint k = 0; k < instruction->n_operands; k++)
        if (is_load (&instruction->operands[k]))
          {
            find_load (loop, &instruction->operands[k]);
            widest = MAX (widest, ag_dtype_size (instruction->operands[k].dtype));
          }
    }
  loop->width = loop->stage->n_elements <= AG_GPU_MAX_TINY ? 1 : (gint) (PACK_BYTES / widest);
}

static guint
count_words (AgDType dtype)
{
  return (guint) (ag_dtype_size (dtype) / sizeof (guint32));
}

/* About how many registers a thread needs: for the packs that are read and those that will be
 * stored, for a sum and its total in double precision, for a scalar that is not an argument,
 * for what an operation computes on its way, and for addresses. */
static guint
estimate_registers (const Loop *loop)
{
  guint n = 20;

  for (guint i = 0; i < loop->loads->len; i++)
    n += (guint) loop->width * count_words (g_array_index (loop->loads, Load, i).dtype);
  for (gint i = 0; i < loop->stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &loop->stage->instructions[i];
      const guint n_words = count_words (instruction->dtype);

      if (instruction->sums)
        n += n_words + count_words (AG_DTYPE_FLOAT64);
      else if (instruction->buffer >= 0)
        n += (guint) loop->width * n_words;
      for (guint k = 0; k < instruction->n_operands; k++)
        if (instruction->operands[k].kind == AG_OPERAND_SCALAR)
          n += n_words;
    }
  return n;
}

/* Appends where element i lies. */
static void
append_index (AgGpuWriter *writer,
              const AgLayout *layout)
{
  GString *text = writer->base.text;
  gint64 inner = 1;

  ag_gpu_writer_append_size (writer, layout->offset);
  for (gint d = layout->n_dims - 1; d >= 0; d--)
    {
      const gint64 size = layout->dims[d];

      if (layout->strides[d] != 0 && size > 1)
        {
          g_string_append (text, d > 0 ? " + ag_remainder (ag_divide (i, " : " + ag_divide (i, ");
          ag_gpu_writer_append_size (writer, inner);
          if (d > 0)
            {
              g_string_append (text, "), ");
              ag_gpu_writer_append_size (writer, size);
            }
          g_string_append (text, ") * ");
          ag_gpu_writer_append_size (writer, layout->strides[d]);
        }
      inner *= MAX (1, size);
    }
}

static void
write_loads (Loop *loop)
{
  AgGpuWriter *writer = loop->writer;
  GString *text = writer->base.text;

  for (guint i = 0; i < loop->loads->len; i++)
    {
      const Load *load = &g_array_index (loop->loads, Load, i);
      const gint slot = ag_source_slot (&writer->base, load->buffer);
      const gboolean is_aligned = load->layout == NULL && load->offset % loop->width == 0;

      if (is_aligned)
        {
          g_string_append_printf (text, "      const auto x%u = ag_load<N> (b%d + ", i, slot);
          ag_gpu_writer_append_size (writer, load->offset);
          g_string_append (text, " + at);\n");
          continue;
        }
      g_string_append_printf (text,
                              "      ag_pack<%s, N> x%u;\n"
                              "      AG_UNROLL\n"
                              "      for (ag_index u = 0, i = at; u < N; u++, i++)\n"
                              "        x%u.at[u] = b%d[",
                              ag_source_type (load->dtype), i, i, slot);
      if (load->layout != NULL)
        {
          append_index (writer, load->layout);
        }
      else
        {
          ag_gpu_writer_append_size (writer, load->offset);
          g_string_append (text, " + i");
        }
      g_string_append (text, "];\n");
    }
}

static void
append_operand (gpointer user_data,
                gint at,
                guint k,
                const AgOperand *operand)
{
  Loop *loop = user_data;
  GString *text = loop->writer->base.text;

  if (operand->kind == AG_OPERAND_VALUE)
    g_string_append_printf (text, "v%d", operand->index);
  else if (operand->kind == AG_OPERAND_SCALAR)
    g_string_append_printf (text, "c%d_%u", at, k);
  else
    g_string_append_printf (text, "x%u.at[u]", find_load (loop, operand));
}

static void
write_instruction (Loop *loop,
                   gint at)
{
  const AgInstruction *instruction = &loop->stage->instructions[at];
  GString *text = loop->writer->base.text;

  if (is_blank (instruction))
    return;
  ag_source_write_value (text, at, instruction, append_operand, loop);
  if (instruction->sums)
    g_string_append_printf (text, "          t%d += v%d;\n", at, at);
  else if (instruction->buffer >= 0)
    g_string_append_printf (text, "          y%d.at[u] = v%d;\n", at, at);
}

/* Writes the function that computes a pack of N elements from element `at` on. */
static void
write_compute (Loop *loop)
{
  GString *text = loop->writer->base.text;

  g_string_append (text, "  const auto compute = [&] (auto width, ag_index at)\n    {\n"
                         "      enum { N = decltype (width)::n };\n");
  write_loads (loop);
  for (gint i = 0; i < loop->stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &loop->stage->instructions[i];

      if (!instruction->sums && instruction->buffer >= 0)
        g_string_append_printf (text, "      ag_pack<%s, N> y%d;\n",
                                ag_source_type (instruction->dtype), i);
    }
  g_string_append (text, "      AG_UNROLL\n      for (int u = 0; u < N; u++)\n        {\n");
  for (gint i = 0; i < loop->stage->n_instructions; i++)
    write_instruction (loop, i);
  g_string_append (text, "        }\n");
  for (gint i = 0; i < loop->stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &loop->stage->instructions[i];

      if (!instruction->sums && instruction->buffer >= 0)
        g_string_append_printf (text, "      ag_store (b%d + at, y%d);\n",
                                ag_source_slot (&loop->writer->base, instruction->buffer), i);
    }
  g_string_append (text, "    };\n");
}

/* Finds which instructions work on each other's results: @parts gets the number of the first of
 * them for each. */
static void
find_parts (const AgStage *stage,
            gint *parts)
{
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      parts[i] = i;
      for (guint k = 0; k < stage->instructions[i].n_operands; k++)
        {
          const AgOperand *operand = &stage->instructions[i].operands[k];
          const gint from = operand->kind == AG_OPERAND_VALUE ? parts[operand->index] : i;
          const gint to = MIN (from, parts[i]), other = MAX (from, parts[i]);

          for (gint m = 0; m <= i; m++)
            if (parts[m] == other)
              parts[m] = to;
        }
    }
}

/* Writes a tiny loop. Its parts, such as the updates of several parameters, know nothing of each
 * other, so each has threads of its own, and they take no longer than one. */
static void
write_tiny (AgGpuWriter *writer,
            const AgStage *stage)
{
  const gint n_threads = stage->n_elements <= WARP ? WARP : AG_GPU_MAX_TINY;
  g_autofree gint *parts = g_new (gint, MAX (1, stage->n_instructions));
  GString *text = writer->base.text;
  gint begin = 0;

  find_parts (stage, parts);
  for (gint part = 0; part < stage->n_instructions; part++)
    {
      g_autofree AgInstruction *instructions
        = g_memdup2 (stage->instructions, sizeof (AgInstruction) * (gsize) stage->n_instructions);
      AgStage own = *stage;
      g_autoptr (GArray) loads = g_array_new (FALSE, FALSE, sizeof (Load));
      Loop loop = { .writer = writer, .stage = &own, .loads = loads };

      if (parts[part] != part)
        continue;
      own.instructions = instructions;
      for (gint i = 0; i < stage->n_instructions; i++)
        if (parts[i] != part)
          blank (&instructions[i]);
      survey (&loop);
      g_string_append_printf (text,
                              "  if (first >= %d && first < %" G_GINT64_FORMAT ")\n  {\n", begin,
                              begin + stage->n_elements);
      ag_source_declare (&writer->base, &own);
      write_compute (&loop);
      g_string_append_printf (text, "  compute (ag_width<1> (), first - %d);\n  }\n", begin);
      begin = (begin + n_threads) % AG_GPU_STAGE_THREADS;
    }
  g_string_append (text, "  add ();\n");
}

/* Writes a loop whose elements are dealt out in packs. */
static void
write_packs (Loop *loop)
{
  AgGpuWriter *writer = loop->writer;

  ag_source_declare (&writer->base, loop->stage);
  write_compute (loop);
  g_string_append_printf (writer->base.text, "  ag_packs<%d, %d> (", loop->width, CHAIN);
  ag_gpu_writer_append_size (writer, loop->stage->n_elements);
  g_string_append (writer->base.text, ", first, stride, compute, add);\n");
}

/* Declares the sums, and what adds them to the totals. */
static void
declare_sums (AgGpuWriter *writer,
              const AgStage *stage)
{
  GString *text = writer->base.text;
  guint n_totals = 0;

  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].sums)
      g_string_append_printf (text, "  %s t%d = 0;\n",
                              ag_source_type (stage->instructions[i].dtype), i);
  g_string_append (text, "  const auto add = [&]\n    {\n");
  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].sums)
      g_string_append_printf (text, "      totals[%u] += t%d;\n      t%d = 0;\n", n_totals++, i, i);
  g_string_append (text, "    };\n");
}

/* Writes the function that stores a total of a loop in the buffer of the instruction that
 * sums it. */
static void
write_store (Loop *loop,
             gint number)
{
  GString *text = loop->writer->base.text;
  guint n_totals = 0;

  g_string_append_printf (text,
                          "AG_INLINE void\nstore_%d (const ag_slot *slots, int which, double total)\n"
                          "{\n  switch (which)\n    {\n",
                          number);
  for (gint i = 0; i < loop->stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &loop->stage->instructions[i];
      const char *type = ag_source_type (instruction->dtype);

      if (instruction->sums)
        g_string_append_printf (text,
                                "    case %u:\n      ((%s *) AG_POINTER (%d))[%" G_GINT64_FORMAT
                                "] = (%s) total;\n      break;\n",
                                n_totals++, type, instruction->buffer, instruction->offset, type);
    }
  g_string_append (text, "    }\n}\n\n");
}

/**
 * ag_gpu_source_write_loop:
 * @writer: a writer
 * @number: number of the stage
 * @stage: a loop
 * @info: (out): what it has become
 *
 * Writes the functions body_<number> and, if sums end the loop, store_<number>.
 */
void
ag_gpu_source_write_loop (AgGpuWriter *writer,
                          gint number,
                          const AgStage *stage,
                          AgGpuSourceStage *info)
{
  g_autoptr (GArray) loads = g_array_new (FALSE, FALSE, sizeof (Load));
  Loop loop = { .writer = writer, .stage = stage, .loads = loads };

  survey (&loop);
  info->n_elements = info->n_work = stage->n_elements;
  info->n_totals = loop.n_totals;
  info->n_registers = estimate_registers (&loop);

  ag_source_write_ops (&writer->base, stage);
  ag_gpu_writer_begin_body (writer, number);
  declare_sums (writer, stage);
  if (stage->n_elements <= AG_GPU_MAX_TINY)
    write_tiny (writer, stage);
  else
    write_packs (&loop);
  g_string_append (writer->base.text, "}\n\n");
  if (loop.n_totals > 0)
    write_store (&loop, number);
}
