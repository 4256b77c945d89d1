/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-source.h"

#include "device/gpu-backend.h"
#include "device/gpu-source-loop.h"

/* The text is C++ as well as CUDA C++. For stage k of a plan it has, in the namespace of the
 * plan,
 *
 *   body_k (slots, sizes, totals, first, stride)  goes over elements first,
 *     first + stride, … and adds what is summed up to totals
 *   store_k (slots, which, total)  stores a sum, when all of it has been added
 *
 * and behind them what runs them. If one block can run the whole plan, that is a function
 * step (slots, sizes): AG_RUN (k, number of totals) for each stage between AG_STEP_BEGIN
 * and AG_STEP_END, and for all plans of the text AG_STEPS_PLAN
 * (number of the plan) between AG_STEPS_BEGIN and AG_STEPS_END; or, in a text for many runs at
 * once, which has one plan, AG_RUNS (blocks). Else it is for each stage
 * AG_STAGE (k, number of totals, blocks), and between AG_FINISH_BEGIN and AG_FINISH_END
 * what one block does after that: it adds what the blocks have left, and runs the tiny
 * stages that follow.
 *
 * A prelude defines ag_slot, a union of a pointer p and numbers f, d and i, what
 * source-writer.c asks for, AG_SIZE (number), AG_UNROLL and these macros: how elements are
 * shared out among threads, in which order their sums are added, and what a kernel is. It is
 * included under the name "prelude", after AG_N_SLOTS, the number of slots, AG_N_SIZES, the
 * number of sizes, and AG_N_PLANS are defined.
 *
 * How many points there are is an argument, one of the sizes, so that a text serves all
 * numbers of points. */

/* A plan that has no more to do in any stage is small: it is run by one block, many steps
 * in one launch, since what a launch costs would be most of a step. */
#define MAX_SMALL 16384

/* A product with at most so many elements, each a long sum, is a loop over the
 * terms; one with sums of at most so many terms a loop over the elements. */
#define MAX_TOTALS 8
#define MAX_TERMS 16

/* A sum over some dimensions with at most so many results is a loop over the terms. */
#define MAX_RESULTS 16

/* A multiprocessor has so many registers. Blocks of a stage's kernel are to fit on it together,
 * so many at most, which is enough to keep memory busy, and as many as there are registers for:
 * what does not fit into them would go to memory and back. */
#define REGISTERS 65536
#define MAX_STAGE_BLOCKS 6

/* If the loops of a run need no more registers than this by the estimate, two blocks that make a
 * run each fit on a multiprocessor, and one works while the other waits. */
#define TWO_RUNS_REGISTERS 44

/* Begins the function store_<number>, or the whole of it where there is one type for all totals,
 * which lie one behind the other. */
static void
write_store (AgGpuWriter *writer,
             gint number,
             const AgInstruction *instruction)
{
  const char *type = ag_source_type (instruction->dtype);

  g_string_append_printf (writer->base.text,
                          "AG_INLINE void\nstore_%d (const ag_slot *slots, int which, double total)\n"
                          "{\n  ((%s *) AG_POINTER (%d))[which] = (%s) total;\n}\n\n",
                          number, type, instruction->buffer, type);
}

/* Appends where, in a layout, the element lies that has number @name among those that differ
 * in the dimensions of @mask only. */
static void
append_place (GString *text,
              const AgLayout *layout,
              guint64 mask,
              const char *name)
{
  gint64 inner = 1;

  g_string_append (text, "0");
  for (gint d = layout->n_dims - 1; d >= 0; d--)
    if ((mask >> d & 1) != 0 && layout->dims[d] > 1)
      {
        g_string_append_printf (text, " + %s", name);
        if (inner > 1)
          g_string_append_printf (text, " / %" G_GINT64_FORMAT, inner);
        inner *= layout->dims[d];
        /* The outermost one needs no remainder. */
        if ((mask & ((G_GUINT64_CONSTANT (1) << d) - 1)) != 0)
          g_string_append_printf (text, " %% %" G_GINT64_FORMAT, layout->dims[d]);
        g_string_append_printf (text, " * %" G_GINT64_FORMAT, layout->strides[d]);
      }
}

/* Where an element lies, of which the dimensions of @mask are given by its number there. */
static gint64
find_place (const AgLayout *layout,
            guint64 mask,
            gint64 number)
{
  gint64 place = layout->offset;

  for (gint d = layout->n_dims - 1; d >= 0; d--)
    if ((mask >> d & 1) != 0)
      {
        place += number % MAX (1, layout->dims[d]) * layout->strides[d];
        number /= MAX (1, layout->dims[d]);
      }
  return place;
}

/* A sum over some dimensions: where there are few results, each thread adds some elements of all
 * of them; else it adds all elements of some. */
static void
write_sum (AgGpuWriter *writer,
           gint number,
           const AgStage *stage,
           AgGpuSourceStage *info)
{
  const AgInstruction *instruction = &stage->instructions[0];
  const AgLayout *layout = instruction->operands[0].layout;
  const guint64 all = (G_GUINT64_CONSTANT (1) << layout->n_dims) - 1;
  const guint64 summed = (guint64) instruction->summed_dims & all, kept = all & ~summed;
  const gint64 n_results = writer->base.plan->buffers[instruction->buffer].n_elements;
  const gint64 n_terms = layout->n_elements / MAX (1, n_results);
  const gboolean is_long = n_results <= MAX_RESULTS && n_terms > AG_GPU_MAX_TINY;
  const char *type = ag_source_type (instruction->dtype);
  GString *text = writer->base.text;

  info->n_elements = is_long ? n_terms : n_results;
  info->n_work = layout->n_elements;
  info->n_totals = is_long ? (guint) n_results : 0;
  info->n_registers = 32 + 4 * info->n_totals;
  ag_gpu_writer_begin_body (writer, number);
  g_string_append_printf (text, "  const %s *x = (const %s *) AG_POINTER (%d);\n", type, type,
                          instruction->operands[0].index);
  if (is_long)
    {
      g_string_append (text, "  for (ag_index i = first; i < ");
      ag_gpu_writer_append_size (writer, n_terms);
      g_string_append (text, "; i += stride)\n    {\n      const ag_index at = ");
      append_place (text, layout, summed, "i");
      g_string_append (text, ";\n");
      for (gint64 i = 0; i < n_results; i++)
        g_string_append_printf (text,
                                "      totals[%" G_GINT64_FORMAT "] += x[%" G_GINT64_FORMAT
                                " + at];\n",
                                i, find_place (layout, kept, i));
      g_string_append (text, "    }\n}\n\n");
      write_store (writer, number, instruction);
      return;
    }
  g_string_append_printf (text,
                          "  %s *y = (%s *) AG_POINTER (%d);\n"
                          "  for (ag_index i = first; i < ",
                          type, type, instruction->buffer);
  ag_gpu_writer_append_size (writer, n_results);
  g_string_append_printf (text,
                          "; i += stride)\n    {\n      double total = 0;\n"
                          "      const ag_index at = %" G_GINT64_FORMAT " + ",
                          layout->offset);
  append_place (text, layout, kept, "i");
  g_string_append (text, ";\n      for (ag_index k = 0; k < ");
  ag_gpu_writer_append_size (writer, n_terms);
  g_string_append (text, "; k++)\n        total += x[at + ");
  append_place (text, layout, summed, "k");
  g_string_append_printf (text, "];\n      y[i] = (%s) total;\n    }\n}\n\n", type);
}

/* Element (row, column) of a matrix, both given as text. */
static void
append_element (AgGpuWriter *writer,
                const char *name,
                const AgLayout *layout,
                const char *row,
                const char *column)
{
  GString *text = writer->base.text;

  g_string_append_printf (text, "%s[%" G_GINT64_FORMAT " + %s * ", name, layout->offset, row);
  ag_gpu_writer_append_size (writer, layout->strides[0]);
  g_string_append_printf (text, " + %s * ", column);
  ag_gpu_writer_append_size (writer, layout->strides[1]);
  g_string_append (text, "]");
}

/* A product with few results: each thread adds some terms of all of them. */
static void
write_long_product (AgGpuWriter *writer,
                    gint number,
                    const AgInstruction *instruction)
{
  const AgLayout *a = instruction->operands[0].layout, *b = instruction->operands[1].layout;
  GString *text = writer->base.text;

  g_string_append (text, "  for (ag_index i = first; i < ");
  ag_gpu_writer_append_size (writer, a->dims[1]);
  g_string_append (text, "; i += stride)\n    {\n");
  for (gint64 row = 0; row < a->dims[0]; row++)
    for (gint64 column = 0; column < b->dims[1]; column++)
      {
        g_autofree char *row_text = g_strdup_printf ("%" G_GINT64_FORMAT, row);
        g_autofree char *column_text = g_strdup_printf ("%" G_GINT64_FORMAT, column);

        g_string_append_printf (text, "      totals[%" G_GINT64_FORMAT "] += (double) ",
                                row * b->dims[1] + column);
        append_element (writer, "a", a, row_text, "i");
        g_string_append (text, " * ");
        append_element (writer, "b", b, "i", column_text);
        g_string_append (text, ";\n");
      }
  g_string_append (text, "    }\n}\n\n");
  write_store (writer, number, instruction);
}

/* A product of few terms: a thread for each result. */
static void
write_short_product (AgGpuWriter *writer,
                     const AgInstruction *instruction)
{
  const AgLayout *a = instruction->operands[0].layout, *b = instruction->operands[1].layout;
  const char *type = ag_source_type (instruction->dtype);
  g_autofree char *row = g_strdup_printf ("(i / %" G_GINT64_FORMAT ")", MAX (1, b->dims[1]));
  g_autofree char *column = g_strdup_printf ("(i %% %" G_GINT64_FORMAT ")", MAX (1, b->dims[1]));
  GString *text = writer->base.text;

  g_string_append_printf (text,
                          "  %s *AG_RESTRICT y = (%s *) AG_POINTER (%d);\n"
                          "  for (ag_index i = first; i < ",
                          type, type, instruction->buffer);
  ag_gpu_writer_append_size (writer, a->dims[0] * b->dims[1]);
  g_string_append_printf (text,
                          "; i += stride)\n    {\n      double total = 0;\n"
                          "      for (int k = 0; k < %" G_GINT64_FORMAT
                          "; k++)\n        total += (double) ",
                          a->dims[1]);
  append_element (writer, "a", a, row, "k");
  g_string_append (text, " * ");
  append_element (writer, "b", b, "k", column);
  g_string_append_printf (text, ";\n      y[i] = (%s) total;\n    }\n}\n\n", type);
}

static void
write_product (AgGpuWriter *writer,
               gint number,
               const AgStage *stage,
               AgGpuSourceStage *info)
{
  const AgInstruction *instruction = &stage->instructions[0];
  const AgLayout *a = instruction->operands[0].layout, *b = instruction->operands[1].layout;
  const gint64 n_results = a->dims[0] * b->dims[1], n_terms = a->dims[1];
  const gboolean is_long = n_results <= MAX_TOTALS && n_terms > MAX_TERMS;
  const char *type = ag_source_type (instruction->dtype);

  info->is_product = !is_long && n_terms > MAX_TERMS;
  if (info->is_product)
    return;
  info->n_elements = is_long ? n_terms : n_results;
  info->n_work = n_results * n_terms;
  info->n_totals = is_long ? (guint) n_results : 0;
  info->n_registers = 32 + 4 * info->n_totals;
  ag_gpu_writer_begin_body (writer, number);
  g_string_append_printf (writer->base.text,
                          "  const %s *AG_RESTRICT a = (const %s *) AG_POINTER (%d);\n"
                          "  const %s *AG_RESTRICT b = (const %s *) AG_POINTER (%d);\n",
                          type, type, instruction->operands[0].index, type, type,
                          instruction->operands[1].index);
  if (is_long)
    write_long_product (writer, number, instruction);
  else
    write_short_product (writer, instruction);
}

/* Writes the bodies of a plan's stages. Returns what the stages have become. */
static AgGpuSourceStage *
write_bodies (AgGpuWriter *writer,
              const AgPlan *plan)
{
  static void (*const writers[]) (AgGpuWriter *, gint, const AgStage *, AgGpuSourceStage *) = {
    [AG_STAGE_LOOP] = ag_gpu_source_write_loop,
    [AG_STAGE_SUM] = write_sum,
    [AG_STAGE_MATMUL] = write_product,
  };
  AgGpuSourceStage *stages = g_new0 (AgGpuSourceStage, MAX (1, plan->n_stages));

  for (gint i = 0; i < plan->n_stages; i++)
    {
      writers[plan->stages[i].kind](writer, i, &plan->stages[i], &stages[i]);
      if (!stages[i].is_product && stages[i].n_totals == 0)
        g_string_append_printf (writer->base.text,
                                "AG_INLINE void\nstore_%d (const ag_slot *, int, double)\n{\n}\n\n",
                                i);
    }
  return stages;
}

static gboolean
is_small (const AgGpuSourceStage *stages,
          gint n_stages)
{
  for (gint i = 0; i < n_stages; i++)
    if (stages[i].is_product || stages[i].n_work > MAX_SMALL)
      return FALSE;
  return TRUE;
}

static void
write_run (GString *text,
           gint number,
           const AgGpuSourceStage *stage)
{
  g_string_append_printf (text, "AG_RUN (%d, %u)\n", number, stage->n_totals);
}

static void
write_step (GString *text,
            const AgGpuSourceStage *stages,
            gint n_stages)
{
  g_string_append (text, "AG_STEP_BEGIN\n");
  for (gint i = 0; i < n_stages; i++)
    write_run (text, i, &stages[i]);
  g_string_append (text, "AG_STEP_END\n");
}

/* The least number of blocks of the stage that are to fit on a multiprocessor. */
static guint
find_stage_blocks (const AgGpuSourceStage *stage)
{
  const guint fitting = REGISTERS / AG_GPU_STAGE_THREADS / MAX (1, stage->n_registers);

  return CLAMP (fitting, 1, MAX_STAGE_BLOCKS);
}

static gboolean
is_tiny (const AgGpuSourceStage *stage)
{
  return !stage->is_product && stage->n_work <= AG_GPU_MAX_TINY;
}

/* Writes the kernels of a plan that is not small. */
static void
write_stages (GString *text,
              AgGpuSourceStage *stages,
              gint n_stages)
{
  for (gint i = 0; i < n_stages; i++)
    {
      AgGpuSourceStage *stage = &stages[i];

      if (stage->is_product)
        continue;
      while (i + 1 < n_stages && is_tiny (&stages[i + 1]))
        stages[++i].is_follower = TRUE;
      stage->n_followers = (guint) (&stages[i] - stage);
      g_string_append_printf (text, "AG_STAGE (%d, %u, %u)\n", (gint) (stage - stages),
                              stage->n_totals, find_stage_blocks (stage));
      if (stage->n_totals == 0 && stage->n_followers == 0)
        continue;
      g_string_append_printf (text, "AG_FINISH_BEGIN (%d, %u)\n", (gint) (stage - stages),
                              stage->n_totals);
      for (guint k = 1; k <= stage->n_followers; k++)
        write_run (text, (gint) (stage - stages + k), &stage[k]);
      g_string_append (text, "AG_FINISH_END\n");
    }
}

static void
write_plan (AgGpuWriter *writer,
            AgGpuSource *source,
            const AgPlan *plan,
            guint number)
{
  GString *text = writer->base.text;

  g_string_append_printf (text, "namespace plan_%u\n{\n\n", number);
  g_free (source->stages);
  source->stages = write_bodies (writer, plan);
  source->is_small = is_small (source->stages, plan->n_stages);
  if (source->is_small)
    write_step (text, source->stages, plan->n_stages);
  else
    write_stages (text, source->stages, plan->n_stages);
  g_string_append (text, "\n}\n\n");
}

/* The least number of runs that are to fit on a multiprocessor. */
static guint
find_runs_blocks (const AgGpuSource *source)
{
  guint n_registers = 0;

  for (gint i = 0; i < source->n_stages; i++)
    if (!is_tiny (&source->stages[i]))
      n_registers = MAX (n_registers, source->stages[i].n_registers);
  return n_registers <= TWO_RUNS_REGISTERS ? 2 : 1;
}

static char *
make_text (const AgGpuSource *source,
           gboolean is_for_runs,
           const char *bodies)
{
  GString *text = g_string_new (NULL);

  g_string_append_printf (text,
                          "#define AG_N_SLOTS %d\n#define AG_N_SIZES %u\n#define AG_N_PLANS %u\n"
                          "#include \"prelude\"\n\n%s",
                          source->n_slots, source->n_sizes, source->n_plans, bodies);
  if (is_for_runs)
    {
      g_string_append_printf (text, "AG_RUNS (%u)\n", find_runs_blocks (source));
    }
  else if (source->is_small)
    {
      g_string_append (text, "AG_STEPS_BEGIN\n");
      for (guint i = 0; i < source->n_plans; i++)
        g_string_append_printf (text, "AG_STEPS_PLAN (%u)\n", i);
      g_string_append (text, "AG_STEPS_END\n");
    }
  return g_string_free (text, FALSE);
}

static AgGpuSource *
write_source (const AgPlan *const *plans,
              guint n_plans,
              gboolean is_for_runs)
{
  AgGpuSource *source = g_new0 (AgGpuSource, 1);
  /* With room for one size it has an address, from which none is copied either. */
  AgGpuWriter writer = { .sizes = g_array_sized_new (FALSE, FALSE, sizeof (gint64), 1) };
  g_autoptr (GString) bodies = g_string_new (NULL);

  for (guint i = 0; i < n_plans; i++)
    {
      ag_source_writer_init (&writer.base, plans[i]);
      write_plan (&writer, source, plans[i], i);
      ag_source_writer_clear (&writer.base);
      g_string_append (bodies, writer.base.text->str);
      g_string_free (writer.base.text, TRUE);
      source->n_slots = MAX (source->n_slots, plans[i]->n_buffers);
      source->n_stages = plans[i]->n_stages;
    }
  source->n_plans = n_plans;
  source->n_sizes = writer.sizes->len;
  source->sizes = (gint64 *) (gpointer) g_array_free (writer.sizes, FALSE);
  source->text = make_text (source, is_for_runs, bodies->str);
  return source;
}

/**
 * ag_gpu_source_new:
 * @plans: (array length=n_plans): plans, all of which are small if there are several
 * @n_plans: how many
 *
 * Writes plans as source text that is C++ as well as CUDA C++, from the same
 * table of operations that the CPU's kernels come from.
 *
 * Returns: (transfer full): the source
 */
AgGpuSource *
ag_gpu_source_new (const AgPlan *const *plans,
                   guint n_plans)
{
  return write_source (plans, n_plans, FALSE);
}

/**
 * ag_gpu_source_new_for_runs:
 * @plan: a plan that is small
 *
 * Writes the plan as the source of a kernel called runs, which makes many runs at once, a block
 * each.
 *
 * Returns: (transfer full): the source
 */
AgGpuSource *
ag_gpu_source_new_for_runs (const AgPlan *plan)
{
  return write_source (&plan, 1, TRUE);
}

/**
 * ag_gpu_source_free:
 * @source: (transfer full): a source
 */
void
ag_gpu_source_free (AgGpuSource *source)
{
  g_free (source->text);
  g_free (source->sizes);
  g_free (source->stages);
  g_free (source);
}
