/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-source-vectors.h"

#include "device/device-private.h"

#include <string.h>

/* Writes the body of a loop with vectors. Each formula becomes a function of them; in the loop
 * w<instruction>_<operand> is a scalar in all lanes of a vector, or the scalars of a batch's runs,
 * and e<instruction>_<operand> are elements that are needed more than once, named for where they
 * are needed first. i is the number of the element, or of the first one in a vector, and r the
 * number of the run, or of the first one in a vector. */

typedef AgSourceWriter Writer;

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
 * ag_cpu_vectors_init:
 * @vectors: (out caller-allocates): a loop
 * @plan: a plan
 * @stage: the loop of it
 * @is_batch: whether the lanes of a vector are to be runs
 *
 * Returns: whether it can be written as one over vectors; there is nothing to be cleared if not
 */
gboolean
ag_cpu_vectors_init (AgCpuVectors *vectors,
                     const AgPlan *plan,
                     const AgStage *stage,
                     gboolean is_batch)
{
  if (!has_one_type (stage))
    return FALSE;
  *vectors = (AgCpuVectors){ .stage = stage,
                             .dtype = stage->instructions[0].dtype,
                             .factors = ag_cpu_factors_new (plan, stage),
                             .no_factors = g_new0 (AgCpuFactor, stage->n_instructions),
                             .is_batch = is_batch };
  for (gint i = 0; i < stage->n_instructions; i++)
    vectors->n_sums += stage->instructions[i].sums ? 1 : 0;
  ag_source_writer_init (&vectors->writer, plan);
  ag_source_writer_number_slots (&vectors->writer);
  return TRUE;
}

/**
 * ag_cpu_vectors_clear:
 * @vectors: a loop; its text stays
 */
void
ag_cpu_vectors_clear (AgCpuVectors *vectors)
{
  g_free (vectors->factors);
  g_free (vectors->no_factors);
  ag_source_writer_clear (&vectors->writer);
}

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

/**
 * ag_cpu_vectors_write_ops:
 * @vectors: a loop
 *
 * Writes the formulas that the loop needs, as functions of numbers and of vectors.
 */
void
ag_cpu_vectors_write_ops (AgCpuVectors *vectors)
{
  const AgStage *stage = vectors->stage;
  g_autofree gboolean *is_written = g_new0 (gboolean, AG_N_OPS);

  ag_source_write_ops (&vectors->writer, stage);
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];

      if (ag_source_is_copy (instruction->op) || is_written[instruction->op])
        continue;
      is_written[instruction->op] = TRUE;
      write_vector_op (&vectors->writer, ag_op_info (instruction->op), instruction->dtype);
    }
  for (gint i = 0; i < stage->n_instructions; i++)
    if (stage->instructions[i].contracts && !is_written[AG_OP_addcmul])
      {
        is_written[AG_OP_addcmul] = TRUE;
        write_vector_op (&vectors->writer, ag_op_info (AG_OP_addcmul),
                         stage->instructions[i].dtype);
      }
}

/**
 * ag_cpu_vectors_write_gathers:
 * @vectors: a loop whose vectors are elements
 *
 * Writes functions that bring elements together that do not lie one behind the other.
 */
void
ag_cpu_vectors_write_gathers (AgCpuVectors *vectors)
{
  Writer *writer = &vectors->writer;
  const AgStage *stage = vectors->stage;
  const char *type = ag_source_type (vectors->dtype), *name = ag_dtype_name (vectors->dtype);

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

/**
 * ag_cpu_vectors_append_power:
 * @vectors: a loop
 * @exponent: an exponent
 *
 * Appends a product with that power of two.
 */
void
ag_cpu_vectors_append_power (AgCpuVectors *vectors,
                             gint exponent)
{
  if (exponent != 0)
    g_string_append_printf (vectors->writer.text, " * (%s) 0x1p%d", ag_source_type (vectors->dtype),
                            exponent);
}

static void
declare_vector (AgCpuVectors *vectors,
                const AgCpuFactor *factors,
                gint at,
                guint k)
{
  const AgOperand *operand = &vectors->stage->instructions[at].operands[k];
  GString *text = vectors->writer.text;
  const char *name = ag_dtype_name (operand->dtype);

  g_string_append_printf (text, "  const ag_%s_vector w%d_%u = ", name, at, k);
  if (vectors->is_batch)
    g_string_append_printf (text,
                            "AG_LOAD (%s, (const %s *) AG_POINTER (%d) + %" G_GINT64_FORMAT
                            " * AG_RUNS + r)",
                            name, ag_source_type (operand->dtype),
                            ag_source_slot (&vectors->writer, operand->index), operand->offset);
  else
    g_string_append_printf (text, "AG_SPLAT (%s, c%d_%u", name, at, k);
  ag_cpu_vectors_append_power (vectors, factors[at].scalars[k]);
  g_string_append (text, vectors->is_batch ? ";\n" : ");\n");
}

/**
 * ag_cpu_vectors_declare:
 * @vectors: a loop
 * @factors: what is to be left out
 *
 * Declares the loop's buffers and scalars.
 */
void
ag_cpu_vectors_declare (AgCpuVectors *vectors,
                        const AgCpuFactor *factors)
{
  const AgStage *stage = vectors->stage;

  if (vectors->is_batch)
    ag_source_declare_buffers (&vectors->writer, stage);
  else
    ag_source_declare (&vectors->writer, stage);
  for (gint at = 0; at < stage->n_instructions; at++)
    for (guint k = 0; k < stage->instructions[at].n_operands; k++)
      if (stage->instructions[at].operands[k].kind == AG_OPERAND_SCALAR && !factors[at].is_left_out)
        declare_vector (vectors, factors, at, k);
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

/* Appends the element that an operand is, of the run at hand or of all. */
static void
append_of_runs (AgCpuVectors *vectors,
                const AgOperand *operand)
{
  Writer *writer = &vectors->writer;
  const gboolean is_own = writer->plan->buffers[operand->index].n_elements <= AG_DEVICE_MAX_OWN;

  g_string_append_printf (writer->text, is_own ? "AG_LOAD (%s, b%d + (" : "AG_SPLAT (%s, b%d[",
                          ag_dtype_name (operand->dtype), ag_source_slot (writer, operand->index));
  if (operand->kind == AG_OPERAND_CONTIGUOUS)
    g_string_append_printf (writer->text, "%" G_GINT64_FORMAT " + i", operand->offset);
  else
    ag_source_append_index (writer, operand->layout);
  g_string_append (writer->text, is_own ? ") * AG_RUNS + r)" : "])");
}

static void
append_load (AgCpuVectors *vectors,
             const AgOperand *operand,
             gint at,
             guint k)
{
  Writer *writer = &vectors->writer;

  if (vectors->is_batch)
    append_of_runs (vectors, operand);
  else if (operand->kind == AG_OPERAND_CONTIGUOUS)
    g_string_append_printf (writer->text, "AG_LOAD (%s, b%d + %" G_GINT64_FORMAT " + i)",
                            ag_dtype_name (operand->dtype),
                            ag_source_slot (writer, operand->index), operand->offset);
  else
    g_string_append_printf (writer->text, "AG_NAME (gather_%d_%u) (b%d, i)", at, k,
                            ag_source_slot (writer, operand->index));
}

/* Loads what an instruction is the first to need, and not the only one. */
static void
load_elements (AgCpuVectors *vectors,
               gint at)
{
  const AgInstruction *instruction = &vectors->stage->instructions[at];
  GString *text = vectors->writer.text;

  for (guint k = 0; k < instruction->n_operands; k++)
    {
      const AgOperand *operand = &instruction->operands[k];
      gint first_at = -1;
      guint first_k = 0;

      if (find_uses (vectors->stage, operand, &first_at, &first_k) < 2 || first_at != at
          || first_k != k)
        continue;
      g_string_append_printf (text, "          ag_%s_vector e%d_%u = ",
                              ag_dtype_name (operand->dtype), at, k);
      append_load (vectors, operand, at, k);
      g_string_append_printf (text, ";\n          AG_KEEP (e%d_%u);\n", at, k);
    }
}

static void
append_vector (AgCpuVectors *vectors,
               gint at,
               guint k)
{
  const AgOperand *operand = &vectors->stage->instructions[at].operands[k];
  GString *text = vectors->writer.text;
  gint first_at = at;
  guint first_k = k;

  if (operand->kind == AG_OPERAND_VALUE)
    g_string_append_printf (text, "v%d", operand->index);
  else if (operand->kind == AG_OPERAND_SCALAR)
    g_string_append_printf (text, "w%d_%u", at, k);
  else if (find_uses (vectors->stage, operand, &first_at, &first_k) > 1)
    g_string_append_printf (text, "e%d_%u", first_at, first_k);
  else
    append_load (vectors, operand, at, k);
}

static void
store (AgCpuVectors *vectors,
       gint at)
{
  const AgInstruction *instruction = &vectors->stage->instructions[at];

  if (instruction->sums || instruction->buffer < 0)
    return;
  g_string_append_printf (vectors->writer.text,
                          vectors->is_batch ? "          AG_STORE (%s, b%d + i * AG_RUNS + r, v%d);\n"
                                            : "          AG_STORE (%s, b%d + i, v%d);\n",
                          ag_dtype_name (instruction->dtype),
                          ag_source_slot (&vectors->writer, instruction->buffer), at);
}

static void
write_instruction (AgCpuVectors *vectors,
                   const AgCpuFactor *factors,
                   gint at)
{
  const AgInstruction *instruction = &vectors->stage->instructions[at];
  GString *text = vectors->writer.text;
  const char *name = ag_dtype_name (instruction->dtype);

  load_elements (vectors, at);
  g_string_append_printf (text, "          const ag_%s_vector v%d = ", name, at);
  if (factors[at].is_left_out)
    {
      append_vector (vectors, at, ag_cpu_factors_operand (instruction));
      g_string_append (text, ";\n");
      if (!vectors->is_batch)
        g_string_append_printf (text, "          (void) c%d_%u;\n", at,
                                1 - ag_cpu_factors_operand (instruction));
      return;
    }
  if (!ag_source_is_copy (instruction->op))
    g_string_append_printf (text, "AG_NAME (vector_%s_%s) ", ag_op_info (instruction->op)->name,
                            name);
  g_string_append (text, "(");
  for (guint k = 0; k < instruction->n_operands; k++)
    {
      g_string_append (text, k > 0 ? ", " : "");
      append_vector (vectors, at, k);
    }
  g_string_append (text, ");\n");
  store (vectors, at);
}

/* Adds what an instruction sums up to its total. */
static void
write_sum (AgCpuVectors *vectors,
           gint at,
           guint total)
{
  const AgInstruction *instruction = &vectors->stage->instructions[at];
  GString *text = vectors->writer.text;

  if (!instruction->contracts)
    {
      g_string_append_printf (text, "          t%u[h] += v%d;\n", total, at);
      return;
    }
  load_elements (vectors, at);
  g_string_append_printf (text, "          t%u[h] = AG_NAME (vector_addcmul_%s) (t%u[h], ", total,
                          ag_dtype_name (instruction->dtype), total);
  append_vector (vectors, at, 0);
  g_string_append (text, ", ");
  append_vector (vectors, at, 1);
  g_string_append (text, ");\n");
}

/**
 * ag_cpu_vectors_write_row:
 * @vectors: a loop
 *
 * Writes what is computed of a vector of elements that fill a row, or of one of those, with t<sum>[h]
 * to sum up in.
 */
void
ag_cpu_vectors_write_row (AgCpuVectors *vectors)
{
  guint sum = 0;

  for (gint i = 0; i < vectors->stage->n_instructions; i++)
    {
      if (!vectors->stage->instructions[i].contracts)
        write_instruction (vectors, vectors->factors, i);
      if (vectors->stage->instructions[i].sums)
        write_sum (vectors, i, sum++);
    }
}

/**
 * ag_cpu_vectors_write_rest:
 * @vectors: a loop
 *
 * Writes what is computed of a vector of elements that do not fill a row. All products are formed,
 * and the factors that are brought into the sums are taken from what is summed up.
 */
void
ag_cpu_vectors_write_rest (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  guint sum = 0;

  for (gint i = 0; i < vectors->stage->n_instructions; i++)
    {
      write_instruction (vectors, vectors->no_factors, i);
      if (!vectors->stage->instructions[i].sums)
        continue;
      g_string_append_printf (text, "          AG_STORE (%s, tails[%u] + (i - begin), v%d",
                              ag_dtype_name (vectors->dtype), sum++, i);
      ag_cpu_vectors_append_power (vectors, -vectors->factors[i].exponent);
      g_string_append (text, ");\n");
    }
}

/**
 * ag_cpu_vectors_have_factors:
 * @vectors: a loop
 *
 * Returns: whether a factor is left out of any of its sums
 */
gboolean
ag_cpu_vectors_have_factors (const AgCpuVectors *vectors)
{
  for (gint at = 0; at < vectors->stage->n_instructions; at++)
    if (vectors->stage->instructions[at].sums && vectors->factors[at].exponent != 0)
      return TRUE;
  return FALSE;
}

/**
 * ag_cpu_vectors_write_power:
 * @vectors: a loop
 *
 * Writes AG_NAME (power): the factor that AG_NAME (rows) leaves out of a sum.
 */
void
ag_cpu_vectors_write_power (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  guint sum = 0;

  g_string_append (text, "AG_INLINE double\nAG_NAME (power) (int sum)\n{\n");
  if (!ag_cpu_vectors_have_factors (vectors))
    {
      g_string_append (text, "  return 1;\n}\n\n");
      return;
    }
  g_string_append (text, "  static const double powers[] = { ");
  for (gint at = 0; at < vectors->stage->n_instructions; at++)
    if (vectors->stage->instructions[at].sums)
      g_string_append_printf (text, "%s0x1p%d", sum++ > 0 ? ", " : "",
                              vectors->factors[at].exponent);
  g_string_append (text, " };\n  return powers[sum];\n}\n\n");
}

/**
 * ag_cpu_vectors_append_sure:
 * @vectors: a loop
 * @name: an array that has a value for each sum
 * @index: what follows the number of the sum there
 *
 * Appends & and whether the values are of a size that says that the sums that a factor is left out
 * of have all of their bits.
 */
void
ag_cpu_vectors_append_sure (AgCpuVectors *vectors,
                            const char *name,
                            const char *index)
{
  guint sum = 0;

  for (gint at = 0; at < vectors->stage->n_instructions; at++)
    {
      if (!vectors->stage->instructions[at].sums)
        continue;
      if (vectors->factors[at].exponent != 0)
        g_string_append_printf (vectors->writer.text, " & %s (%s, %s[%u]%s)",
                                vectors->is_batch ? "AG_ARE_SURE" : "AG_IS_SURE",
                                ag_dtype_name (vectors->dtype), name, sum, index);
      sum++;
    }
}
