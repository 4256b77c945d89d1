/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/source-writer.h"

/* In the texts, b<slot> is a buffer, c<instruction>_<operand> a scalar that is
 * read before the loop, v<instruction> a value, i the element's number. What a
 * slot is and what functions are called, a prelude defines: AG_POINTER (slot),
 * AG_NUMBER (slot, f or d), AG_NAME (name), AG_INLINE, AG_RESTRICT, ag_index. */

/**
 * ag_source_writer_init:
 * @writer: a writer
 * @plan: a plan
 */
void
ag_source_writer_init (AgSourceWriter *writer,
                       const AgPlan *plan)
{
  *writer = (AgSourceWriter){ .plan = plan, .text = g_string_new (NULL) };
  for (guint i = 0; i < AG_N_DTYPES; i++)
    writer->has_op[i] = g_new0 (gboolean, AG_N_OPS);
}

/**
 * ag_source_writer_number_slots:
 * @writer: a fresh writer
 *
 * Lets slots be numbered in the order in which they are written.
 */
void
ag_source_writer_number_slots (AgSourceWriter *writer)
{
  writer->slots = g_new (gint, writer->plan->n_buffers);
  for (gint i = 0; i < writer->plan->n_buffers; i++)
    writer->slots[i] = -1;
}

/**
 * ag_source_writer_clear:
 * @writer: a writer; its text stays
 */
void
ag_source_writer_clear (AgSourceWriter *writer)
{
  for (guint i = 0; i < AG_N_DTYPES; i++)
    g_clear_pointer (&writer->has_op[i], g_free);
  g_clear_pointer (&writer->slots, g_free);
}

/**
 * ag_source_type:
 * @dtype: a dtype
 *
 * Returns: (transfer none): C's name for it
 */
const char *
ag_source_type (AgDType dtype)
{
  static const char *const types[AG_N_DTYPES] = {
    [AG_DTYPE_FLOAT32] = "float",
    [AG_DTYPE_FLOAT64] = "double",
    [AG_DTYPE_INT64] = "long long",
  };

  return types[dtype];
}

/**
 * ag_source_slot:
 * @writer: a writer
 * @buffer: one of the plan's buffers
 *
 * Returns: its slot
 */
gint
ag_source_slot (AgSourceWriter *writer,
                gint buffer)
{
  if (writer->slots == NULL)
    return buffer;
  if (writer->slots[buffer] < 0)
    writer->slots[buffer] = writer->n_slots++;
  return writer->slots[buffer];
}

/**
 * ag_source_is_copy:
 * @op: an operation
 *
 * Returns: whether its result is the operand itself, in its own type
 */
gboolean
ag_source_is_copy (AgOp op)
{
  return op == AG_OP_cast || op == AG_OP_identity;
}

static void
write_op (AgSourceWriter *writer,
          AgOp op,
          AgDType dtype)
{
  const AgOpInfo *info = ag_op_info (op);
  const char *type = ag_source_type (dtype);

  if (writer->has_op[dtype][op])
    return;
  writer->has_op[dtype][op] = TRUE;
  g_string_append_printf (writer->text, "AG_INLINE %s\nAG_NAME (%s_%s) (", type, info->name,
                          ag_dtype_name (dtype));
  for (guint k = 0; k < info->n_operands; k++)
    g_string_append_printf (writer->text, "%s%s %c", k > 0 ? ", " : "", type, 'a' + (char) k);
  g_string_append_printf (writer->text, ")\n{\n  return (%s) (%s);\n}\n\n", type, info->formula);
}

/**
 * ag_source_write_ops:
 * @writer: a writer
 * @stage: a loop
 *
 * Writes the formulas that the loop needs, as functions.
 */
void
ag_source_write_ops (AgSourceWriter *writer,
                     const AgStage *stage)
{
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (!ag_source_is_copy (instruction->op))
        write_op (writer, instruction->op, instruction->dtype);
      if (instruction->contracts)
        write_op (writer, AG_OP_addcmul, instruction->dtype);
    }
}

/**
 * ag_source_append_index:
 * @writer: a writer
 * @layout: how a buffer is read
 *
 * Appends where element i lies.
 */
void
ag_source_append_index (AgSourceWriter *writer,
                        const AgLayout *layout)
{
  GString *text = writer->text;
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
is_number (const AgSourceWriter *writer,
           const AgOperand *operand)
{
  return operand->kind != AG_OPERAND_VALUE
         && writer->plan->buffers[operand->index].kind == AG_BUFFER_NUMBER;
}

static void
append_operand (gpointer user_data,
                gint at,
                guint k,
                const AgOperand *operand)
{
  AgSourceWriter *writer = user_data;

  switch (operand->kind)
    {
    case AG_OPERAND_VALUE:
      g_string_append_printf (writer->text, "v%d", operand->index);
      break;
    case AG_OPERAND_SCALAR:
      g_string_append_printf (writer->text, "c%d_%u", at, k);
      break;
    case AG_OPERAND_CONTIGUOUS:
      g_string_append_printf (writer->text, "b%d[%" G_GINT64_FORMAT " + i]",
                              ag_source_slot (writer, operand->index), operand->offset);
      break;
    case AG_OPERAND_STRIDED:
    default:
      g_string_append_printf (writer->text, "b%d[", ag_source_slot (writer, operand->index));
      ag_source_append_index (writer, operand->layout);
      g_string_append (writer->text, "]");
      break;
    }
}

static void
declare_buffer (AgSourceWriter *writer,
                gboolean *is_declared,
                gint buffer,
                AgDType dtype,
                gboolean is_output)
{
  const char *constness = is_output ? "" : "const ";
  const char *type = ag_source_type (dtype);
  const gint slot = ag_source_slot (writer, buffer);

  if (is_declared[buffer])
    return;
  is_declared[buffer] = TRUE;
  g_string_append_printf (writer->text, "  %s%s *AG_RESTRICT b%d = (%s%s *) AG_POINTER (%d);\n",
                          constness, type, slot, constness, type, slot);
}

static void
declare_scalar (AgSourceWriter *writer,
                gint at,
                guint k,
                const AgOperand *operand)
{
  const gint slot = ag_source_slot (writer, operand->index);

  g_string_append_printf (writer->text, "  const %s c%d_%u = ", ag_source_type (operand->dtype), at,
                          k);
  if (is_number (writer, operand))
    g_string_append_printf (writer->text, "AG_NUMBER (%d, %s);\n", slot,
                            operand->dtype == AG_DTYPE_FLOAT32 ? "f" : "d");
  else
    g_string_append_printf (writer->text, "b%d[%" G_GINT64_FORMAT "];\n", slot, operand->offset);
}

static void
declare (AgSourceWriter *writer,
         const AgStage *stage,
         gboolean with_scalars)
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
          if (!is_number (writer, operand) && (with_scalars || operand->kind != AG_OPERAND_SCALAR))
            declare_buffer (writer, is_declared, operand->index, operand->dtype, FALSE);
          if (with_scalars && operand->kind == AG_OPERAND_SCALAR)
            declare_scalar (writer, i, k, operand);
        }
    }
}

/**
 * ag_source_declare:
 * @writer: a writer
 * @stage: a loop
 *
 * Declares the loop's buffers and scalars.
 */
void
ag_source_declare (AgSourceWriter *writer,
                   const AgStage *stage)
{
  declare (writer, stage, TRUE);
}

/**
 * ag_source_declare_buffers:
 * @writer: a writer
 * @stage: a loop
 *
 * Declares the loop's buffers but for those of which only scalars are read.
 */
void
ag_source_declare_buffers (AgSourceWriter *writer,
                           const AgStage *stage)
{
  declare (writer, stage, FALSE);
}

/**
 * ag_source_write_value:
 * @text: what was written
 * @at: number of the instruction
 * @instruction: an instruction of a loop
 * @append: appends the name of its operand number @k
 * @user_data: given to @append
 *
 * Writes v<at> = …, of one element.
 */
void
ag_source_write_value (GString *text,
                       gint at,
                       const AgInstruction *instruction,
                       AgSourceOperand append,
                       gpointer user_data)
{
  const char *type = ag_source_type (instruction->dtype);

  g_string_append_printf (text, "          const %s v%d = ", type, at);
  if (ag_source_is_copy (instruction->op))
    g_string_append_printf (text, "(%s) (", type);
  else
    g_string_append_printf (text, "AG_NAME (%s_%s) (", ag_op_info (instruction->op)->name,
                            ag_dtype_name (instruction->dtype));
  for (guint k = 0; k < instruction->n_operands; k++)
    {
      if (k > 0)
        g_string_append (text, ", ");
      append (user_data, at, k, &instruction->operands[k]);
    }
  g_string_append (text, ");\n");
}

/**
 * ag_source_write_instruction:
 * @writer: a writer
 * @at: number of the instruction
 * @instruction: an instruction of a loop
 *
 * Writes v<at> = …, of element i, and stores it if it is to be stored; what is
 * summed up is left to the caller.
 */
void
ag_source_write_instruction (AgSourceWriter *writer,
                             gint at,
                             const AgInstruction *instruction)
{
  GString *text = writer->text;

  ag_source_write_value (text, at, instruction, append_operand, writer);
  if (!instruction->sums && instruction->buffer >= 0)
    g_string_append_printf (text, "          b%d[i] = v%d;\n",
                            ag_source_slot (writer, instruction->buffer), at);
}
