/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/source.h"

#include <string.h>

/* The text is C as well as CUDA C. For stage k of a plan it has
 *
 *   body_k (slots, totals, first, stride)  goes over elements first,
 *     first + stride, … and adds what is summed up to totals
 *   store_k (slots, totals)  stores the sums, when all have been added
 *   AG_STAGE (k, number of totals)
 *
 * and at the end, if one block can run the whole plan, AG_RUN (k, number of
 * totals) for each stage between AG_STEPS_BEGIN and AG_STEPS_END. A prelude
 * defines ag_slot, a union of a pointer p and numbers f and d, ag_index,
 * AG_INLINE, AG_RESTRICT and these macros: how elements are shared out among
 * threads, in which order their sums are added, and what a kernel is.
 * It is included under the name "prelude", after AG_N_SLOTS, the number of
 * slots, is defined. */

/* So many float32 are added up before their sum is added in double. */
#define CHAIN 32

/* A product with at most so many elements, each a long sum, is a loop over the
 * terms; one with sums of at most so many terms a loop over the elements. */
#define MAX_TOTALS 8
#define MAX_TERMS 16

static const char *const c_types[AG_N_DTYPES] = {
  [AG_DTYPE_FLOAT32] = "float",
  [AG_DTYPE_FLOAT64] = "double",
  [AG_DTYPE_INT64] = "long long",
};

typedef struct
{
  const AgPlan *plan;
  GString *text;
  gboolean *uses_op[AG_N_DTYPES];
} Writer;

/* The operation's formula as a function, the first time it is used. */
static void
need_op (Writer *writer,
         AgOp op,
         AgDType dtype)
{
  const AgOpInfo *info = ag_op_info (op);
  const char *type = c_types[dtype];

  if (op == AG_OP_cast || op == AG_OP_identity || writer->uses_op[dtype][op])
    return;
  writer->uses_op[dtype][op] = TRUE;
  g_string_append_printf (writer->text, "AG_INLINE %s\nop_%s_%s (", type, info->name,
                          ag_dtype_name (dtype));
  for (guint i = 0; i < info->n_operands; i++)
    g_string_append_printf (writer->text, "%s%s %c", i > 0 ? ", " : "", type, 'a' + (char) i);
  g_string_append_printf (writer->text, ")\n{\n  return (%s) (%s);\n}\n\n", type, info->formula);
}

static void
append_index (GString *text,
              const AgLayout *layout)
{
  gint64 inner = 1;

  g_string_append_printf (text, "%" G_GINT64_FORMAT, layout->offset);
  for (gint d = layout->n_dims - 1; d >= 0; d--)
    {
      if (layout->strides[d] != 0 && layout->dims[d] > 1)
        {
          g_string_append_printf (text, " + i / %" G_GINT64_FORMAT, inner);
          if (d > 0)
            g_string_append_printf (text, " %% %" G_GINT64_FORMAT, layout->dims[d]);
          g_string_append_printf (text, " * %" G_GINT64_FORMAT, layout->strides[d]);
        }
      inner *= MAX (1, layout->dims[d]);
    }
}

static gboolean
is_number (const Writer *writer,
           const AgOperand *operand)
{
  return operand->kind != AG_OPERAND_VALUE
         && writer->plan->buffers[operand->index].kind == AG_BUFFER_NUMBER;
}

/* A scalar is read once, before the loop, under the name c<instruction>_<k>. */
static void
append_operand (Writer *writer,
                gint at,
                guint k,
                const AgOperand *operand)
{
  switch (operand->kind)
    {
    case AG_OPERAND_VALUE:
      g_string_append_printf (writer->text, "v%d", operand->index);
      break;
    case AG_OPERAND_SCALAR:
      g_string_append_printf (writer->text, "c%d_%u", at, k);
      break;
    case AG_OPERAND_CONTIGUOUS:
      g_string_append_printf (writer->text, "b%d[%" G_GINT64_FORMAT " + i]", operand->index,
                              operand->offset);
      break;
    case AG_OPERAND_STRIDED:
    default:
      g_string_append_printf (writer->text, "b%d[", operand->index);
      append_index (writer->text, operand->layout);
      g_string_append (writer->text, "]");
      break;
    }
}

static void
declare_buffer (Writer *writer,
                gboolean *is_declared,
                gint buffer,
                AgDType dtype,
                gboolean is_output)
{
  if (is_declared[buffer])
    return;
  is_declared[buffer] = TRUE;
  g_string_append_printf (writer->text, "  %s%s *AG_RESTRICT b%d = (%s%s *) slots[%d].p;\n",
                          is_output ? "" : "const ", c_types[dtype], buffer,
                          is_output ? "" : "const ", c_types[dtype], buffer);
}

static void
declare (Writer *writer,
         const AgStage *stage)
{
  g_autofree gboolean *is_declared = g_new0 (gboolean, writer->plan->n_buffers);

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (instruction->buffer >= 0 && !instruction->sums)
        declare_buffer (writer, is_declared, instruction->buffer, instruction->dtype, TRUE);
      for (guint k = 0; k < instruction->n_operands; k++)
        {
          const AgOperand *operand = &instruction->operands[k];

          if (operand->kind == AG_OPERAND_VALUE)
            continue;
          if (!is_number (writer, operand))
            declare_buffer (writer, is_declared, operand->index, operand->dtype, FALSE);
          if (operand->kind != AG_OPERAND_SCALAR)
            continue;
          g_string_append_printf (writer->text, "  const %s c%d_%u = ", c_types[operand->dtype], i,
                                  k);
          if (is_number (writer, operand))
            g_string_append_printf (writer->text, "slots[%d].%s;\n", operand->index,
                                    operand->dtype == AG_DTYPE_FLOAT32 ? "f" : "d");
          else
            g_string_append_printf (writer->text, "b%d[%" G_GINT64_FORMAT "];\n", operand->index,
                                    operand->offset);
        }
    }
}

static void
write_instruction (Writer *writer,
                   gint at,
                   const AgInstruction *instruction,
                   guint *n_totals)
{
  GString *text = writer->text;

  g_string_append_printf (text, "          const %s v%d = ", c_types[instruction->dtype], at);
  if (instruction->op == AG_OP_cast || instruction->op == AG_OP_identity)
    g_string_append_printf (text, "(%s) (", c_types[instruction->dtype]);
  else
    g_string_append_printf (text, "op_%s_%s (", ag_op_info (instruction->op)->name,
                            ag_dtype_name (instruction->dtype));
  for (guint k = 0; k < instruction->n_operands; k++)
    {
      if (k > 0)
        g_string_append (text, ", ");
      append_operand (writer, at, k, &instruction->operands[k]);
    }
  g_string_append (text, ");\n");
  if (instruction->sums)
    g_string_append_printf (text, "          t%u += v%d;\n", (*n_totals)++, at);
  else if (instruction->buffer >= 0)
    g_string_append_printf (text, "          b%d[i] = v%d;\n", instruction->buffer, at);
}

static void
begin_body (Writer *writer,
            gint number)
{
  g_string_append_printf (writer->text,
                          "AG_INLINE void\nbody_%d (const ag_slot *slots, double *totals, "
                          "ag_index first, ag_index stride)\n{\n",
                          number);
}

/* The sums go to the buffers of the instructions that sum. */
static void
write_store (Writer *writer,
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
        g_string_append_printf (writer->text, "  *(%s *) slots[%d].p = (%s) totals[%u];\n",
                                c_types[instruction->dtype], instruction->buffer,
                                c_types[instruction->dtype], n_totals++);
    }
  g_string_append (writer->text, "}\n\n");
}

static void
write_loop (Writer *writer,
            gint number,
            const AgStage *stage,
            AgSourceStage *info)
{
  GString *text = writer->text;
  guint n_totals = 0;

  info->n_elements = stage->n_elements;
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      need_op (writer, stage->instructions[i].op, stage->instructions[i].dtype);
      info->n_totals += stage->instructions[i].sums ? 1 : 0;
    }

  begin_body (writer, number);
  declare (writer, stage);
  g_string_append_printf (text,
                          "  for (ag_index i = first; i < %" G_GINT64_FORMAT ";)\n    {\n",
                          stage->n_elements);
  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].sums)
      g_string_append_printf (text, "      %s t%u = 0;\n", c_types[stage->instructions[i].dtype],
                              n_totals++);
  g_string_append_printf (text,
                          "      for (int n = 0; n < %d && i < %" G_GINT64_FORMAT
                          "; n++, i += stride)\n        {\n",
                          CHAIN, stage->n_elements);
  n_totals = 0;
  for (gint i = 0; i < stage->n_instructions; i++)
    write_instruction (writer, i, &stage->instructions[i], &n_totals);
  g_string_append (text, "        }\n");
  for (guint i = 0; i < n_totals; i++)
    g_string_append_printf (text, "      totals[%u] += t%u;\n", i, i);
  g_string_append (text, "    }\n}\n\n");
  write_store (writer, number, stage);
}

/* A sum over some dimensions: a thread for each result. */
static void
write_sum (Writer *writer,
           gint number,
           const AgStage *stage,
           AgSourceStage *info)
{
  const AgInstruction *instruction = &stage->instructions[0];
  const AgLayout *layout = instruction->operands[0].layout;
  const char *type = c_types[instruction->dtype];
  GString *text = writer->text;
  gint64 inner = 1;
  gint depth = 0;

  info->n_elements = writer->plan->buffers[instruction->buffer].n_elements;
  begin_body (writer, number);
  g_string_append_printf (text,
                          "  const %s *x = (const %s *) slots[%d].p;\n"
                          "  %s *y = (%s *) slots[%d].p;\n"
                          "  for (ag_index i = first; i < %" G_GINT64_FORMAT
                          "; i += stride)\n    {\n"
                          "      double total = 0;\n"
                          "      const ag_index at = %" G_GINT64_FORMAT,
                          type, type, instruction->operands[0].index, type, type,
                          instruction->buffer, info->n_elements, layout->offset);
  for (gint d = layout->n_dims - 1; d >= 0; d--)
    if ((instruction->attribute >> d & 1) == 0)
      {
        g_string_append_printf (text,
                                " + i / %" G_GINT64_FORMAT " %% %" G_GINT64_FORMAT
                                " * %" G_GINT64_FORMAT,
                                inner, MAX (1, layout->dims[d]), layout->strides[d]);
        inner *= MAX (1, layout->dims[d]);
      }
  g_string_append (text, ";\n");
  for (gint d = 0; d < layout->n_dims; d++)
    if ((instruction->attribute >> d & 1) != 0)
      {
        g_string_append_printf (text,
                                "      for (ag_index k%d = 0; k%d < %" G_GINT64_FORMAT "; k%d++)\n",
                                d, d, layout->dims[d], d);
        depth++;
      }
  g_string_append (text, "        total += x[at");
  for (gint d = 0; depth > 0 && d < layout->n_dims; d++)
    if ((instruction->attribute >> d & 1) != 0)
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
write_product (Writer *writer,
               gint number,
               const AgStage *stage,
               AgSourceStage *info)
{
  const AgInstruction *instruction = &stage->instructions[0];
  const AgLayout *a = instruction->operands[0].layout, *b = instruction->operands[1].layout;
  const gint64 n_rows = a->dims[0], n_terms = a->dims[1], n_columns = b->dims[1];
  const char *type = c_types[instruction->dtype];
  GString *text = writer->text;
  gboolean is_long = n_rows * n_columns <= MAX_TOTALS && n_terms > MAX_TERMS;

  info->is_product = !is_long && n_terms > MAX_TERMS;
  if (info->is_product)
    return;
  info->n_elements = is_long ? n_terms : n_rows * n_columns;
  info->n_totals = is_long ? (guint) (n_rows * n_columns) : 0;

  begin_body (writer, number);
  g_string_append_printf (text,
                          "  const %s *AG_RESTRICT a = (const %s *) slots[%d].p;\n"
                          "  const %s *AG_RESTRICT b = (const %s *) slots[%d].p;\n",
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
                              "  %s *AG_RESTRICT y = (%s *) slots[%d].p;\n"
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
    g_string_append_printf (text, "  ((%s *) slots[%d].p)[%u] = (%s) totals[%u];\n", type,
                            instruction->buffer, i, type, i);
  g_string_append (text, "}\n\n");
}

/**
 * ag_source_new:
 * @plan: a plan
 *
 * Writes a plan as source text that is C as well as CUDA C, from the same
 * table of operations that the CPU's kernels come from.
 *
 * Returns: (transfer full): the source
 */
AgSource *
ag_source_new (const AgPlan *plan)
{
  static void (*const writers[]) (Writer *, gint, const AgStage *, AgSourceStage *) = {
    [AG_STAGE_LOOP] = write_loop,
    [AG_STAGE_SUM] = write_sum,
    [AG_STAGE_MATMUL] = write_product,
  };
  AgSource *source = g_new0 (AgSource, 1);
  Writer writer = { .plan = plan, .text = g_string_new (NULL) };

  g_string_append_printf (writer.text, "#define AG_N_SLOTS %d\n#include \"prelude\"\n\n",
                          plan->n_buffers);
  for (guint i = 0; i < AG_N_DTYPES; i++)
    writer.uses_op[i] = g_new0 (gboolean, AG_N_OPS);
  source->n_slots = plan->n_buffers;
  source->n_stages = plan->n_stages;
  source->stages = g_new0 (AgSourceStage, plan->n_stages);
  source->has_steps = TRUE;
  for (gint i = 0; i < plan->n_stages; i++)
    {
      AgSourceStage *info = &source->stages[i];

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

  for (guint i = 0; i < AG_N_DTYPES; i++)
    g_free (writer.uses_op[i]);
  source->text = g_string_free (writer.text, FALSE);
  return source;
}

/**
 * ag_source_free:
 * @source: (transfer full): a source
 */
void
ag_source_free (AgSource *source)
{
  g_free (source->text);
  g_free (source->stages);
  g_free (source);
}
