/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-source.h"

#include "device/cpu-factors.h"
#include "device/source-writer.h"

#include <string.h>

/* Each formula becomes two functions, of numbers and of vectors; in the loop over vectors
 * w<instruction>_<operand> is a scalar in all lanes of one, and e<instruction>_<operand> are
 * elements that are needed more than once, named for where they are needed first. */

typedef AgSourceWriter Writer;

/* Whether C takes the formula for vectors as it is: one of sums and products. */
static gboolean
is_arithmetic (const char *formula)
{
  for (const char *c = formula; *c != '\0'; c++)
    if (strchr ("abc", *c) != NULL)
      {
        if (g_ascii_isalnum (c[1]) || (c > formula && g_ascii_isalnum (c[-1])))
          return FALSE;
      }
    else if (strchr (" +-*/()0123456789", *c) == NULL)
      {
        return FALSE;
      }
  return TRUE;
}

static void
append_parameters (GString *text,
                   const AgOpInfo *info,
                   const char *format)
{
  for (guint k = 0; k < info->n_operands; k++)
    {
      g_string_append (text, k > 0 ? ", " : "");
      for (const char *c = format; *c != '\0'; c++)
        g_string_append_c (text, *c == '$' ? 'a' + (char) k : *c);
    }
}

static void
write_vector_op (Writer *writer,
                 const AgOpInfo *info,
                 AgDType dtype)
{
  GString *text = writer->text;
  const char *type = ag_source_type (dtype), *name = ag_dtype_name (dtype);
  g_autofree char *parameter = g_strdup_printf ("ag_%s_vector $", name);

  g_string_append_printf (text, "AG_INLINE ag_%s_vector\nAG_NAME (vector_%s_%s) (", name,
                          info->name, name);
  append_parameters (text, info, parameter);
  g_string_append (text, ")\n{\n");
  if (is_arithmetic (info->formula))
    {
      g_string_append_printf (text, "  return %s;\n}\n\n", info->formula);
      return;
    }
  for (guint k = 0; k < info->n_operands; k++)
    g_string_append_printf (text,
                            "  %s %cs[AG_WIDTH (%s)];\n"
                            "  AG_STORE (%s, %cs, %c);\n",
                            type, 'a' + (char) k, type, name, 'a' + (char) k, 'a' + (char) k);
  g_string_append_printf (text,
                          "  %s ys[AG_WIDTH (%s)];\n"
                          "  for (int l = 0; l < AG_WIDTH (%s); l++)\n"
                          "    ys[l] = AG_NAME (%s_%s) (",
                          type, type, type, info->name, name);
  append_parameters (text, info, "$s[l]");
  g_string_append_printf (text, ");\n  return AG_LOAD (%s, ys);\n}\n\n", name);
}

static void
write_vector_ops (Writer *writer,
                  const AgStage *stage)
{
  g_autofree gboolean *is_written = g_new0 (gboolean, AG_N_OPS);

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (ag_source_is_copy (instruction->op) || is_written[instruction->op])
        continue;
      is_written[instruction->op] = TRUE;
      write_vector_op (writer, ag_op_info (instruction->op), instruction->dtype);
    }
  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].contracts && !is_written[AG_OP_addcmul])
      {
        is_written[AG_OP_addcmul] = TRUE;
        write_vector_op (writer, ag_op_info (AG_OP_addcmul), stage->instructions[i].dtype);
      }
}

/* Elements that do not lie one behind the other are brought together. */
static void
write_gathers (Writer *writer,
               const AgStage *stage,
               AgDType dtype)
{
  const char *type = ag_source_type (dtype), *name = ag_dtype_name (dtype);

  for (gint at = 0; at < stage->n_instructions; at++)
    for (guint k = 0; k < stage->instructions[at].n_operands; k++)
      {
        const AgOperand *operand = &stage->instructions[at].operands[k];

        if (operand->kind != AG_OPERAND_STRIDED)
          continue;
        g_string_append_printf (writer->text,
                                "AG_INLINE ag_%s_vector\n"
                                "AG_NAME (gather_%d_%u) (const %s *b, ag_index first)\n{\n"
                                "  %s ys[AG_WIDTH (%s)];\n"
                                "  for (int l = 0; l < AG_WIDTH (%s); l++)\n    {\n"
                                "      const ag_index i = first + l;\n"
                                "      ys[l] = b[",
                                name, at, k, type, type, type, type);
        ag_source_append_index (writer, operand->layout);
        g_string_append_printf (writer->text, "];\n    }\n  return AG_LOAD (%s, ys);\n}\n\n", name);
      }
}

static void
append_power (Writer *writer,
              AgDType dtype,
              gint exponent)
{
  if (exponent != 0)
    g_string_append_printf (writer->text, " * (%s) 0x1p%d", ag_source_type (dtype), exponent);
}

static void
declare_vectors (Writer *writer,
                 const AgStage *stage,
                 const AgCpuFactor *factors,
                 AgDType dtype)
{
  for (gint at = 0; at < stage->n_instructions; at++)
    for (guint k = 0; k < stage->instructions[at].n_operands; k++)
      if (stage->instructions[at].operands[k].kind == AG_OPERAND_SCALAR && !factors[at].is_left_out)
        {
          g_string_append_printf (writer->text, "  const ag_%s_vector w%d_%u = AG_SPLAT (%s, c%d_%u",
                                  ag_dtype_name (dtype), at, k, ag_dtype_name (dtype), at, k);
          append_power (writer, dtype, factors[at].scalars[k]);
          g_string_append (writer->text, ");\n");
        }
}

static gboolean
are_same_elements (const AgOperand *a,
                   const AgOperand *b)
{
  return a->kind == AG_OPERAND_CONTIGUOUS && b->kind == AG_OPERAND_CONTIGUOUS
         && a->index == b->index && a->offset == b->offset;
}

/* Finds where an operand's elements are needed first. Returns how often they are. */
static guint
find_uses (const AgStage *stage,
           const AgOperand *operand,
           gint *first_at,
           guint *first_k)
{
  guint n = 0;

  for (gint at = 0; at < stage->n_instructions; at++)
    for (guint k = 0; k < stage->instructions[at].n_operands; k++)
      if (are_same_elements (operand, &stage->instructions[at].operands[k]) && n++ == 0)
        {
          *first_at = at;
          *first_k = k;
        }
  return n;
}

static void
append_load (Writer *writer,
             const AgOperand *operand)
{
  g_string_append_printf (writer->text, "AG_LOAD (%s, b%d + %" G_GINT64_FORMAT " + i)",
                          ag_dtype_name (operand->dtype), ag_source_slot (writer, operand->index),
                          operand->offset);
}

/* Loads what an instruction is the first to need, and not the only one. */
static void
load_elements (Writer *writer,
               const AgStage *stage,
               gint at)
{
  const AgInstruction *instruction = &stage->instructions[at];

  for (guint k = 0; k < instruction->n_operands; k++)
    {
      const AgOperand *operand = &instruction->operands[k];
      gint first_at = -1;
      guint first_k = 0;

      if (find_uses (stage, operand, &first_at, &first_k) < 2 || first_at != at || first_k != k)
        continue;
      g_string_append_printf (writer->text, "          ag_%s_vector e%d_%u = ",
                              ag_dtype_name (operand->dtype), at, k);
      append_load (writer, operand);
      g_string_append_printf (writer->text, ";\n          AG_KEEP (e%d_%u);\n", at, k);
    }
}

static void
append_vector (Writer *writer,
               const AgStage *stage,
               gint at,
               guint k)
{
  const AgOperand *operand = &stage->instructions[at].operands[k];
  gint first_at = at;
  guint first_k = k;

  switch (operand->kind)
    {
    case AG_OPERAND_VALUE:
      g_string_append_printf (writer->text, "v%d", operand->index);
      break;
    case AG_OPERAND_SCALAR:
      g_string_append_printf (writer->text, "w%d_%u", at, k);
      break;
    case AG_OPERAND_CONTIGUOUS:
      if (find_uses (stage, operand, &first_at, &first_k) > 1)
        g_string_append_printf (writer->text, "e%d_%u", first_at, first_k);
      else
        append_load (writer, operand);
      break;
    case AG_OPERAND_STRIDED:
    default:
      g_string_append_printf (writer->text, "AG_NAME (gather_%d_%u) (b%d, i)", at, k,
                              ag_source_slot (writer, operand->index));
      break;
    }
}

static void
write_vector_instruction (Writer *writer,
                          const AgStage *stage,
                          const AgCpuFactor *factors,
                          gint at)
{
  const AgInstruction *instruction = &stage->instructions[at];
  GString *text = writer->text;
  const char *name = ag_dtype_name (instruction->dtype);

  load_elements (writer, stage, at);
  g_string_append_printf (text, "          const ag_%s_vector v%d = ", name, at);
  if (factors[at].is_left_out)
    {
      const guint k = ag_cpu_factors_operand (instruction);

      append_vector (writer, stage, at, k);
      g_string_append_printf (text, ";\n          (void) c%d_%u;\n", at, 1 - k);
      return;
    }
  if (!ag_source_is_copy (instruction->op))
    g_string_append_printf (text, "AG_NAME (vector_%s_%s) ", ag_op_info (instruction->op)->name,
                            name);
  g_string_append (text, "(");
  for (guint k = 0; k < instruction->n_operands; k++)
    {
      g_string_append (text, k > 0 ? ", " : "");
      append_vector (writer, stage, at, k);
    }
  g_string_append (text, ");\n");
  if (!instruction->sums && instruction->buffer >= 0)
    g_string_append_printf (text, "          AG_STORE (%s, b%d + i, v%d);\n", name,
                            ag_source_slot (writer, instruction->buffer), at);
}

/* Adds what an instruction sums up to its total. */
static void
write_vector_sum (Writer *writer,
                  const AgStage *stage,
                  gint at,
                  guint total)
{
  const AgInstruction *instruction = &stage->instructions[at];
  GString *text = writer->text;

  if (!instruction->contracts)
    {
      g_string_append_printf (text, "          t%u[h] += v%d;\n", total, at);
      return;
    }
  load_elements (writer, stage, at);
  g_string_append_printf (text, "          t%u[h] = AG_NAME (vector_addcmul_%s) (t%u[h], ", total,
                          ag_dtype_name (instruction->dtype), total);
  append_vector (writer, stage, at, 0);
  g_string_append (text, ", ");
  append_vector (writer, stage, at, 1);
  g_string_append (text, ");\n");
}

static void
write_to_lanes (Writer *writer,
                AgDType dtype,
                const char *macro,
                guint n_sums)
{
  g_string_append (writer->text, "        AG_UNROLL\n"
                                 "        for (int h = 0; h < 2; h++)\n"
                                 "        {\n");
  for (guint i = 0; i < n_sums; i++)
    g_string_append_printf (writer->text,
                            "          %s (%s, lanes[%u] + k + h * AG_WIDTH (%s), t%u[h]);\n", macro,
                            ag_dtype_name (dtype), i, ag_source_type (dtype), i);
  g_string_append (writer->text, "        }\n");
}

/* AG_NAME (rows): two vectors at a time, so that their sums do not wait for each
 * other, and those of a block after the other, so that sums stay in registers. */
static void
write_rows (Writer *writer,
            const AgStage *stage,
            const AgCpuFactor *factors,
            AgDType dtype,
            guint n_sums)
{
  GString *text = writer->text;
  const char *type = ag_source_type (dtype), *name = ag_dtype_name (dtype);
  guint sum = 0;

  g_string_append_printf (text,
                          "AG_INLINE void\n"
                          "AG_NAME (rows) (const ag_slot *slots, ag_index at, ag_index n_rows, "
                          "%s (*lanes)[AG_CPU_LANES (%s)], int is_first)\n{\n",
                          type, type);
  ag_source_declare (writer, stage);
  declare_vectors (writer, stage, factors, dtype);
  g_string_append_printf (text,
                          "  for (int k = 0; k < AG_CPU_LANES (%s); k += 2 * AG_WIDTH (%s))\n"
                          "    {\n",
                          type, type);
  for (guint i = 0; i < n_sums; i++)
    g_string_append_printf (text, "      ag_%s_vector t%u[2] = { 0 };\n", name, i);
  g_string_append_printf (text,
                          "      for (ag_index row = 0; row < n_rows; row++)\n"
                          "        AG_UNROLL\n"
                          "        for (int h = 0; h < 2; h++)\n"
                          "        {\n"
                          "          const ag_index i = at + row * AG_CPU_LANES (%s) + k "
                          "+ h * AG_WIDTH (%s);\n",
                          type, type);
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      if (!stage->instructions[i].contracts)
        write_vector_instruction (writer, stage, factors, i);
      if (stage->instructions[i].sums)
        write_vector_sum (writer, stage, i, sum++);
    }
  g_string_append (text, "        }\n      if (is_first)\n");
  write_to_lanes (writer, dtype, "AG_STORE", n_sums);
  g_string_append (text, "      else\n");
  write_to_lanes (writer, dtype, "AG_ADD", n_sums);
  g_string_append (text, "    }\n}\n\n");
}

/* AG_NAME (rest): what does not fill a row. Vectors while there are enough elements, then
 * numbers. It forms all products, and takes from what is summed up the factors that are brought
 * into the sums. */
static void
write_rest (Writer *writer,
            const AgStage *stage,
            const AgCpuFactor *factors,
            AgDType dtype)
{
  GString *text = writer->text;
  const char *type = ag_source_type (dtype), *name = ag_dtype_name (dtype);
  g_autofree AgCpuFactor *no_factors = g_new0 (AgCpuFactor, stage->n_instructions);
  guint sum = 0;

  g_string_append_printf (text,
                          "AG_INLINE void\n"
                          "AG_NAME (rest) (const ag_slot *slots, ag_index at, ag_index end, "
                          "%s (*tails)[AG_CPU_LANES (%s)])\n{\n"
                          "  const ag_index begin = at;\n",
                          type, type);
  ag_source_declare (writer, stage);
  declare_vectors (writer, stage, no_factors, dtype);
  g_string_append_printf (text,
                          "  for (; at + AG_WIDTH (%s) <= end; at += AG_WIDTH (%s))\n"
                          "        {\n          const ag_index i = at;\n",
                          type, type);
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      write_vector_instruction (writer, stage, no_factors, i);
      if (!stage->instructions[i].sums)
        continue;
      g_string_append_printf (text, "          AG_STORE (%s, tails[%u] + (i - begin), v%d", name, sum++,
                              i);
      append_power (writer, dtype, -factors[i].exponent);
      g_string_append (text, ");\n");
    }
  g_string_append (text, "        }\n");

  sum = 0;
  g_string_append (text, "  for (; at < end; at++)\n"
                         "        {\n          const ag_index i = at;\n");
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      ag_source_write_instruction (writer, i, &stage->instructions[i]);
      if (!stage->instructions[i].sums)
        continue;
      g_string_append_printf (text, "          tails[%u][i - begin] = v%d", sum++, i);
      append_power (writer, dtype, -factors[i].exponent);
      g_string_append (text, ";\n");
    }
  g_string_append (text, "        }\n  (void) begin;\n}\n\n");
}

/* AG_NAME (power): the factor that AG_NAME (rows) leaves out of a sum. AG_NAME (is_sure): whether
 * the bits of the sums are sure to be right without it: all of them are of a size that says so,
 * or, where one is 0, say, all that were added to one of the lanes. */
static void
write_factors (Writer *writer,
               const AgStage *stage,
               const AgCpuFactor *factors,
               AgDType dtype)
{
  const char *type = ag_source_type (dtype), *name = ag_dtype_name (dtype);
  g_autoptr (GString) powers = g_string_new (NULL);
  g_autoptr (GString) totals = g_string_new ("1");
  g_autoptr (GString) lanes = g_string_new ("1");
  gboolean any = FALSE;
  guint sum = 0;

  for (gint at = 0; at < stage->n_instructions; at++)
    {
      if (!stage->instructions[at].sums)
        continue;
      g_string_append_printf (powers, "%s0x1p%d", sum > 0 ? ", " : "", factors[at].exponent);
      if (factors[at].exponent != 0)
        {
          any = TRUE;
          g_string_append_printf (totals, " & AG_IS_SURE (%s, totals[%u])", name, sum);
          g_string_append_printf (lanes, " & AG_IS_SURE (%s, lanes[%u][l])", name, sum);
        }
      sum++;
    }
  g_string_append (writer->text, "AG_INLINE double\nAG_NAME (power) (int sum)\n{\n");
  if (any)
    g_string_append_printf (writer->text,
                            "  static const double powers[] = { %s };\n  return powers[sum];\n}\n\n",
                            powers->str);
  else
    g_string_append (writer->text, "  return 1;\n}\n\n");
  g_string_append_printf (writer->text,
                          "AG_INLINE int\n"
                          "AG_NAME (is_sure) (const double *totals, %s (*lanes)[AG_CPU_LANES (%s)])\n{\n",
                          type, type);
  if (any)
    g_string_append_printf (writer->text,
                            "  int is_sure = 0;\n  if (AG_LIKELY (%s))\n    return 1;\n"
                            "  for (int l = 0; l < AG_CPU_LANES (%s); l++)\n"
                            "    is_sure |= %s;\n  return is_sure;\n}\n\n",
                            totals->str, type, lanes->str);
  else
    g_string_append (writer->text, "  return 1;\n}\n\n");
}

/* A loop over one element. A sum begins with 0, which makes +0 of −0. */
static void
write_single (Writer *writer,
              const AgStage *stage)
{
  GString *text = writer->text;
  guint sum = 0;

  g_string_append (text, "AG_SINGLE_LOOP\n{\n");
  ag_source_declare (writer, stage);
  g_string_append (text, "          const ag_index i = 0;\n");
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      ag_source_write_instruction (writer, i, &stage->instructions[i]);
      if (stage->instructions[i].sums)
        g_string_append_printf (text, "          totals[%u] = 0 + v%d;\n", sum++, i);
    }
  g_string_append (text, "          (void) i;\n  return 1;\n}\n");
}

/* Vectors of one loop are all of one type. */
static gboolean
has_one_type (const AgStage *stage)
{
  const AgDType dtype = stage->instructions[0].dtype;

  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (instruction->dtype != dtype)
        return FALSE;
      for (guint k = 0; k < instruction->n_operands; k++)
        if (instruction->operands[k].kind != AG_OPERAND_VALUE
            && instruction->operands[k].dtype != dtype)
          return FALSE;
    }
  return dtype != AG_DTYPE_INT64;
}

/**
 * ag_cpu_source_new:
 * @plan: a plan
 * @stage: a loop of it
 *
 * Writes a loop as plain C. Its function computes what the kernels of
 * cpu-kernels.c do, to the bit.
 *
 * Returns: (transfer full) (nullable): the source; %NULL of a loop over elements
 *   of several types, which is left to the kernels
 */
AgCpuSource *
ag_cpu_source_new (const AgPlan *plan,
                   const AgStage *stage)
{
  const gboolean is_single = stage->n_elements == 1;
  const AgDType dtype = stage->instructions[0].dtype;
  AgCpuSource *source;
  Writer writer;
  guint n_sums = 0;

  if (!is_single && !has_one_type (stage))
    return NULL;
  for (gint i = 0; i < stage->n_instructions; i++)
    n_sums += stage->instructions[i].sums ? 1 : 0;

  ag_source_writer_init (&writer, plan);
  writer.slots = g_new (gint, plan->n_buffers);
  memset (writer.slots, 0xff, sizeof (gint) * (gsize) plan->n_buffers);
  ag_source_write_ops (&writer, stage);
  if (is_single)
    {
      write_single (&writer, stage);
    }
  else
    {
      g_autofree AgCpuFactor *factors = ag_cpu_factors_new (plan, stage);

      write_vector_ops (&writer, stage);
      write_gathers (&writer, stage, dtype);
      write_rows (&writer, stage, factors, dtype, n_sums);
      write_rest (&writer, stage, factors, dtype);
      write_factors (&writer, stage, factors, dtype);
      g_string_append_printf (writer.text, "AG_VECTOR_LOOP (%s, %s, %u)\n", ag_source_type (dtype),
                              dtype == AG_DTYPE_FLOAT32 ? "f32" : "f64", n_sums);
    }

  source = g_new0 (AgCpuSource, 1);
  source->text = g_string_free (writer.text, FALSE);
  source->n_slots = writer.n_slots;
  source->buffers = g_new (gint, MAX (1, writer.n_slots));
  for (gint i = 0; i < plan->n_buffers; i++)
    if (writer.slots[i] >= 0)
      source->buffers[writer.slots[i]] = i;
  ag_source_writer_clear (&writer);
  return source;
}

/**
 * ag_cpu_source_free:
 * @source: (transfer full): a source
 */
void
ag_cpu_source_free (AgCpuSource *source)
{
  g_free (source->text);
  g_free (source->buffers);
  g_free (source);
}
