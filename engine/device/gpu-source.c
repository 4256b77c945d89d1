/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-source.h"

#include "device/source-writer.h"

/* The text is C as well as CUDA C. For stage k of a plan it has
 *
 *   body_k (slots, totals, first, stride)  goes over elements first,
 *     first + stride, … and adds what is summed up to totals
 *   store_k (slots, totals)  stores the sums, when all have been added
 *   AG_STAGE (k, number of totals)
 *
 * and at the end, if one block can run the whole plan, AG_RUN (k, number of
 * totals) for each stage between AG_STEPS_BEGIN and AG_STEPS_END. A prelude
 * defines ag_slot, a union of a pointer p and numbers f and d, what
 * source-writer.c asks for and these macros: how elements are shared out among
 * threads, in which order their sums are added, and what a kernel is.
 * It is included under the name "prelude", after AG_N_SLOTS, the number of
 * slots, is defined. */

/* So many float32 are added up before their sum is added in double. */
#define CHAIN 32

/* A product with at most so many elements, each a long sum, is a loop over the
 * terms; one with sums of at most so many terms a loop over the elements. */
#define MAX_TOTALS 8
#define MAX_TERMS 16

static void
begin_body (AgSourceWriter *writer,
            gint number)
{
  g_string_append_printf (writer->text,
                          "AG_INLINE void\nbody_%d (const ag_slot *slots, double *totals, "
                          "ag_index first, ag_index stride)\n{\n",
                          number);
}

/* Writes the function that stores each total of a loop in the buffer of the instruction that sums
 * it. */
static void
write_store (AgSourceWriter *writer,
             gint number,
             const AgStage *stage)
{
  guint n_totals = 0;

  g_string_append_printf (writer->text,
                          "AG_INLINE void\nstore_%d (const ag_slot *slots, const double *totals)\n{\n",
                          number);
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (instruction->sums)
        g_string_append_printf (writer->text,
                                "  ((%s *) AG_POINTER (%d))[%" G_GINT64_FORMAT
                                "] = (%s) totals[%u];\n",
                                ag_source_type (instruction->dtype), instruction->buffer,
                                instruction->offset, ag_source_type (instruction->dtype),
                                n_totals++);
    }
  g_string_append (writer->text, "}\n\n");
}

static void
write_loop (AgSourceWriter *writer,
            gint number,
            const AgStage *stage,
            AgGpuSourceStage *info)
{
  GString *text = writer->text;
  guint n_totals = 0;

  info->n_elements = stage->n_elements;
  for (gint i = 0; i < stage->n_instructions; i++)
    info->n_totals += stage->instructions[i].sums ? 1 : 0;

  ag_source_write_ops (writer, stage);
  begin_body (writer, number);
  ag_source_declare (writer, stage);
  g_string_append_printf (text,
                          "  for (ag_index i = first; i < %" G_GINT64_FORMAT ";)\n    {\n",
                          stage->n_elements);
  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].sums)
      g_string_append_printf (text, "      %s t%u = 0;\n", ag_source_type (stage->instructions[i].dtype),
                              n_totals++);
  g_string_append_printf (text,
                          "      for (int n = 0; n < %d && i < %" G_GINT64_FORMAT
                          "; n++, i += stride)\n        {\n",
                          CHAIN, stage->n_elements);
  n_totals = 0;
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      ag_source_write_instruction (writer, i, &stage->instructions[i]);
      if (stage->instructions[i].sums)
        g_string_append_printf (text, "          t%u += v%d;\n", n_totals++, i);
    }
  g_string_append (text, "        }\n");
  for (guint i = 0; i < n_totals; i++)
    g_string_append_printf (text, "      totals[%u] += t%u;\n", i, i);
  g_string_append (text, "    }\n}\n\n");
  write_store (writer, number, stage);
}

/* A sum over some dimensions: a thread for each result. */
static void
write_sum (AgSourceWriter *writer,
           gint number,
           const AgStage *stage,
           AgGpuSourceStage *info)
{
  const AgInstruction *instruction = &stage->instructions[0];
  const AgLayout *layout = instruction->operands[0].layout;
  const char *type = ag_source_type (instruction->dtype);
  GString *text = writer->text;
  gint64 inner = 1;
  gint depth = 0;

  info->n_elements = writer->plan->buffers[instruction->buffer].n_elements;
  begin_body (writer, number);
  g_string_append_printf (text,
                          "  const %s *x = (const %s *) AG_POINTER (%d);\n"
                          "  %s *y = (%s *) AG_POINTER (%d);\n"
                          "  for (ag_index i = first; i < %" G_GINT64_FORMAT
                          "; i += stride)\n    {\n"
                          "      double total = 0;\n"
                          "      const ag_index at = %" G_GINT64_FORMAT,
                          type, type, instruction->operands[0].index, type, type,
                          instruction->buffer, info->n_elements, layout->offset);
  for (gint d = layout->n_dims - 1; d >= 0; d--)
    if ((instruction->summed_dims >> d & 1) == 0)
      {
        g_string_append_printf (text,
                                " + i / %" G_GINT64_FORMAT " %% %" G_GINT64_FORMAT
                                " * %" G_GINT64_FORMAT,
                                inner, MAX (1, layout->dims[d]), layout->strides[d]);
        inner *= MAX (1, layout->dims[d]);
      }
  g_string_append (text, ";\n");
  for (gint d = 0; d < layout->n_dims; d++)
    if ((instruction->summed_dims >> d & 1) != 0)
      {
        g_string_append_printf (text,
                                "      for (ag_index k%d = 0; k%d < %" G_GINT64_FORMAT "; k%d++)\n",
                                d, d, layout->dims[d], d);
        depth++;
      }
  g_string_append (text, "        total += x[at");
  for (gint d = 0; depth > 0 && d < layout->n_dims; d++)
    if ((instruction->summed_dims >> d & 1) != 0)
      g_string_append_printf (text, " + k%d * %" G_GINT64_FORMAT, d, layout->strides[d]);
  g_string_append_printf (text, "];\n      y[i] = (%s) total;\n    }\n}\n\n", type);
  write_store (writer, number, stage);
}

/* Element (row, column) of a matrix, both given as text. */
static void
append_element (GString *text,
                const char *name,
                const AgLayout *layout,
                const char *row,
                const char *column)
{
  g_string_append_printf (text,
                          "%s[%" G_GINT64_FORMAT " + %s * %" G_GINT64_FORMAT
                          " + %s * %" G_GINT64_FORMAT "]",
                          name, layout->offset, row, layout->strides[0], column,
                          layout->strides[1]);
}

static void
write_product (AgSourceWriter *writer,
               gint number,
               const AgStage *stage,
               AgGpuSourceStage *info)
{
  const AgInstruction *instruction = &stage->instructions[0];
  const AgLayout *a = instruction->operands[0].layout, *b = instruction->operands[1].layout;
  const gint64 n_rows = a->dims[0], n_terms = a->dims[1], n_columns = b->dims[1];
  const char *type = ag_source_type (instruction->dtype);
  GString *text = writer->text;
  gboolean is_long = n_rows * n_columns <= MAX_TOTALS && n_terms > MAX_TERMS;

  info->is_product = !is_long && n_terms > MAX_TERMS;
  if (info->is_product)
    return;
  info->n_elements = is_long ? n_terms : n_rows * n_columns;
  info->n_totals = is_long ? (guint) (n_rows * n_columns) : 0;

  begin_body (writer, number);
  g_string_append_printf (text,
                          "  const %s *AG_RESTRICT a = (const %s *) AG_POINTER (%d);\n"
                          "  const %s *AG_RESTRICT b = (const %s *) AG_POINTER (%d);\n",
                          type, type, instruction->operands[0].index, type, type,
                          instruction->operands[1].index);
  if (is_long)
    {
      g_string_append_printf (text,
                              "  for (ag_index i = first; i < %" G_GINT64_FORMAT
                              "; i += stride)\n    {\n",
                              n_terms);
      for (gint64 row = 0; row < n_rows; row++)
        for (gint64 column = 0; column < n_columns; column++)
          {
            g_autofree char *row_text = g_strdup_printf ("%" G_GINT64_FORMAT, row);
            g_autofree char *column_text = g_strdup_printf ("%" G_GINT64_FORMAT, column);

            g_string_append_printf (text, "      totals[%" G_GINT64_FORMAT "] += (double) ",
                                    row * n_columns + column);
            append_element (text, "a", a, row_text, "i");
            g_string_append (text, " * ");
            append_element (text, "b", b, "i", column_text);
            g_string_append (text, ";\n");
          }
      g_string_append (text, "    }\n}\n\n");
    }
  else
    {
      g_autofree char *row = g_strdup_printf ("(i / %" G_GINT64_FORMAT ")", MAX (1, n_columns));
      g_autofree char *column = g_strdup_printf ("(i %% %" G_GINT64_FORMAT ")",
                                                 MAX (1, n_columns));

      g_string_append_printf (text,
                              "  %s *AG_RESTRICT y = (%s *) AG_POINTER (%d);\n"
                              "  for (ag_index i = first; i < %" G_GINT64_FORMAT
                              "; i += stride)\n    {\n      double total = 0;\n"
                              "      for (int k = 0; k < %" G_GINT64_FORMAT
                              "; k++)\n        total += (double) ",
                              type, type, instruction->buffer, info->n_elements, n_terms);
      append_element (text, "a", a, row, "k");
      g_string_append (text, " * ");
      append_element (text, "b", b, "k", column);
      g_string_append_printf (text, ";\n      y[i] = (%s) total;\n    }\n}\n\n", type);
    }

  g_string_append_printf (text,
                          "AG_INLINE void\nstore_%d (const ag_slot *slots, const double *totals)\n{\n",
                          number);
  for (guint i = 0; i < info->n_totals; i++)
    g_string_append_printf (text, "  ((%s *) AG_POINTER (%d))[%u] = (%s) totals[%u];\n", type,
                            instruction->buffer, i, type, i);
  g_string_append (text, "}\n\n");
}

/**
 * ag_gpu_source_new:
 * @plan: a plan
 *
 * Writes a plan as source text that is C as well as CUDA C, from the same
 * table of operations that the CPU's kernels come from.
 *
 * Returns: (transfer full): the source
 */
AgGpuSource *
ag_gpu_source_new (const AgPlan *plan)
{
  static void (*const writers[]) (AgSourceWriter *, gint, const AgStage *, AgGpuSourceStage *) = {
    [AG_STAGE_LOOP] = write_loop,
    [AG_STAGE_SUM] = write_sum,
    [AG_STAGE_MATMUL] = write_product,
  };
  AgGpuSource *source = g_new0 (AgGpuSource, 1);
  AgSourceWriter writer;

  ag_source_writer_init (&writer, plan);
  g_string_append_printf (writer.text, "#define AG_N_SLOTS %d\n#include \"prelude\"\n\n",
                          plan->n_buffers);
  source->n_slots = plan->n_buffers;
  source->n_stages = plan->n_stages;
  source->stages = g_new0 (AgGpuSourceStage, plan->n_stages);
  source->has_steps = TRUE;
  for (gint i = 0; i < plan->n_stages; i++)
    {
      AgGpuSourceStage *info = &source->stages[i];

      writers[plan->stages[i].kind](&writer, i, &plan->stages[i], info);
      if (info->is_product)
        source->has_steps = FALSE;
      else
        g_string_append_printf (writer.text, "AG_STAGE (%d, %u)\n\n", i, info->n_totals);
    }

  if (source->has_steps)
    {
      g_string_append_printf (writer.text, "AG_STEPS_BEGIN (%d)\n", plan->n_buffers);
      for (gint i = 0; i < plan->n_stages; i++)
        g_string_append_printf (writer.text, "AG_RUN (%d, %u)\n", i, source->stages[i].n_totals);
      g_string_append (writer.text, "AG_STEPS_END\n");
    }

  ag_source_writer_clear (&writer);
  source->text = g_string_free (writer.text, FALSE);
  return source;
}

/**
 * ag_gpu_source_free:
 * @source: (transfer full): a source
 */
void
ag_gpu_source_free (AgGpuSource *source)
{
  g_free (source->text);
  g_free (source->stages);
  g_free (source);
}
