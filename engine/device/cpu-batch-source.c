/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-source.h"

#include "device/cpu-source-vectors.h"
#include "device/cpu-sums.h"
#include "device/device-private.h"

/* A loop of several runs at once. The lanes of its vectors are runs, not elements: so nothing is
 * ever added across lanes, and the last additions of a sum, which are one after the other, are
 * vectors like all others, as is what an optimizer does to a scalar. What the runs share (data,
 * and what depends on nothing else) is computed once for all of them. What each has for itself
 * lies side by side: element e of run r is at e × AG_RUNS + r. */

/* AG_NAME (rest): what does not fill a row. */
static void
write_rest (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;

  g_string_append_printf (text,
                          "AG_INLINE void\n"
                          "AG_NAME (rest) (const ag_slot *slots, ag_index at, ag_index end, "
                          "ag_%s_vector (*tails)[AG_CPU_LANES (%s)], int r)\n{\n"
                          "  const ag_index begin = at;\n",
                          ag_dtype_name (vectors->dtype), ag_source_type (vectors->dtype));
  ag_cpu_vectors_declare (vectors, vectors->no_factors);
  g_string_append (text, "  for (ag_index i = at; i < end; i++)\n"
                         "        {\n");
  ag_cpu_vectors_write_rest (vectors);
  g_string_append (text, "        }\n  (void) begin;\n}\n\n");
}

/* AG_NAME (end): what becomes of a sum, a vector of as many runs. */
static void
write_end (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  const char *type = ag_source_type (vectors->dtype), *name = ag_dtype_name (vectors->dtype);
  guint sum = 0;

  g_string_append_printf (text,
                          "AG_INLINE void\n"
                          "AG_NAME (end) (const ag_slot *slots, const ag_%s_vector *totals, int r)\n{\n",
                          name);
  for (gint at = 0; at < vectors->stage->n_instructions; at++)
    if (vectors->stage->instructions[at].sums)
      {
        const AgInstruction *instruction = &vectors->stage->instructions[at];

        g_string_append_printf (text,
                                "  AG_STORE (%s, (%s *) AG_POINTER (%d) + %" G_GINT64_FORMAT
                                " * AG_RUNS + r, totals[%u]);\n",
                                name, type, ag_source_slot (&vectors->writer, instruction->buffer),
                                instruction->offset, sum++);
      }
  g_string_append (text, "}\n\n");
}

/* AG_NAME (unsure): a bit for each run whose sums may not have all of their bits, since factors are
 * left out. */
static void
write_unsure (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  const char *type = ag_source_type (vectors->dtype), *name = ag_dtype_name (vectors->dtype);

  g_string_append_printf (text,
                          "AG_INLINE int\n"
                          "AG_NAME (unsure) (const ag_%s_vector *totals, "
                          "ag_%s_vector (*lanes)[AG_CPU_LANES (%s)])\n{\n",
                          name, name, type);
  if (!ag_cpu_vectors_have_factors (vectors))
    {
      g_string_append (text, "  return 0;\n}\n\n");
      return;
    }
  g_string_append_printf (text, "  ag_%s_mask sure = AG_ALL (%s)", name, name);
  ag_cpu_vectors_append_sure (vectors, "totals", "");
  g_string_append_printf (text,
                          ";\n  if (AG_LIKELY (!AG_BITS_MISSING (%s, sure)))\n    return 0;\n"
                          "  for (int l = 0; l < AG_CPU_LANES (%s); l++)\n"
                          "    sure |= AG_ALL (%s)",
                          name, type, name);
  ag_cpu_vectors_append_sure (vectors, "lanes", "[l]");
  g_string_append_printf (text, ";\n  return AG_BITS_MISSING (%s, sure);\n}\n\n", name);
}

/* Elements of several types are computed run by run, which compilers make vectors of. */
static void
append_of_run (gpointer user_data,
               gint at,
               guint k,
               const AgOperand *operand)
{
  AgSourceWriter *writer = user_data;

  if (operand->kind == AG_OPERAND_VALUE)
    {
      g_string_append_printf (writer->text, "v%d", operand->index);
      return;
    }
  g_string_append_printf (writer->text, "((const %s *) AG_POINTER (%d))[(",
                          ag_source_type (operand->dtype), ag_source_slot (writer, operand->index));
  if (operand->kind == AG_OPERAND_STRIDED)
    ag_source_append_index (writer, operand->layout);
  else
    g_string_append_printf (writer->text, "%" G_GINT64_FORMAT, operand->offset);
  g_string_append (writer->text, ") * AG_RUNS + r]");
}

static void
write_single (AgSourceWriter *writer,
              const AgStage *stage)
{
  GString *text = writer->text;

  ag_source_write_ops (writer, stage);
  g_string_append (text, "AG_SINGLE_LOOP\n{\n          const ag_index i = 0;\n"
                         "  AG_NO_ALIAS\n"
                         "  for (int r = 0; r < AG_RUNS; r++)\n        {\n");
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      const AgInstruction *instruction = &stage->instructions[i];
      const char *type = ag_source_type (instruction->dtype);

      ag_source_write_value (text, i, instruction, append_of_run, writer);
      if (instruction->buffer >= 0)
        g_string_append_printf (text,
                                "          ((%s *) AG_POINTER (%d))[%" G_GINT64_FORMAT
                                " * AG_RUNS + r] = %sv%d;\n",
                                type, ag_source_slot (writer, instruction->buffer),
                                instruction->sums ? instruction->offset : 0,
                                instruction->sums ? "0 + " : "", i);
    }
  g_string_append (text, "        }\n  (void) i;\n  return 0;\n}\n");
}

/**
 * ag_cpu_batch_source_new:
 * @plan: a plan
 * @stage: a loop of it
 *
 * Writes a loop of as many runs as plain C, with the bits that each has alone. What it is over is
 * what ag_cpu_source_new() says; buffers of at most %AG_DEVICE_MAX_OWN elements each run has for itself.
 *
 * Returns: (transfer full) (nullable): the source; %NULL of a loop that cannot be written so
 */
AgCpuSource *
ag_cpu_batch_source_new (const AgPlan *plan,
                         const AgStage *stage)
{
  const gboolean has_rows = stage->n_elements >= AG_CPU_SUM_LANES_BYTES / 8;
  AgCpuSource *source;
  AgCpuVectors vectors;

  if (!ag_cpu_vectors_init (&vectors, plan, stage, TRUE))
    {
      AgSourceWriter writer;

      if (stage->n_elements != 1)
        return NULL;
      ag_source_writer_init (&writer, plan);
      ag_source_writer_number_slots (&writer);
      write_single (&writer, stage);
      source = ag_cpu_source_from_writer (&writer);
      ag_source_writer_clear (&writer);
      return source;
    }
  ag_cpu_vectors_write_ops (&vectors);
  if (has_rows)
    ag_cpu_vectors_write_rows (&vectors);
  write_rest (&vectors);
  ag_cpu_vectors_write_power (&vectors);
  write_end (&vectors);
  write_unsure (&vectors);
  g_string_append_printf (vectors.writer.text, "%s (%s, %s, %u)\n",
                          has_rows ? "AG_BATCH_LOOP" : "AG_SHORT_BATCH_LOOP", ag_source_type (vectors.dtype), ag_dtype_name (vectors.dtype),
                          vectors.n_sums);
  source = ag_cpu_source_from_writer (&vectors.writer);
  ag_cpu_vectors_clear (&vectors);
  return source;
}

/**
 * ag_cpu_batch_suits:
 * @plan: a plan
 *
 * Returns: whether steps of several runs can be taken as a batch: all of them are loops over no
 *   more elements than a few blocks, and what they store is little
 */
gboolean
ag_cpu_batch_suits (const AgPlan *plan)
{
  for (gint i = 0; i < plan->n_buffers; i++)
    if (plan->buffers[i].kind != AG_BUFFER_INPUT && plan->buffers[i].n_elements > AG_DEVICE_MAX_OWN)
      return FALSE;
  for (gint i = 0; i < plan->n_stages; i++)
    if (plan->stages[i].kind != AG_STAGE_LOOP || plan->stages[i].n_elements >= AG_CPU_BATCH_ELEMENTS)
      return FALSE;
  return TRUE;
}
