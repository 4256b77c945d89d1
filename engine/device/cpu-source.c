/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-source.h"

#include "device/cpu-source-vectors.h"

/* AG_NAME (rest): what does not fill a row. Vectors while there are enough elements, then
 * numbers. */
static void
write_rest (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  const AgStage *stage = vectors->stage;
  const char *type = ag_source_type (vectors->dtype);
  guint sum = 0;

  g_string_append_printf (text,
                          "AG_INLINE void\n"
                          "AG_NAME (rest) (const ag_slot *slots, ag_index at, ag_index end, "
                          "%s (*tails)[AG_CPU_LANES (%s)])\n{\n"
                          "  const ag_index begin = at;\n",
                          type, type);
  ag_cpu_vectors_declare (vectors, vectors->no_factors);
  g_string_append_printf (text,
                          "  for (; at + AG_WIDTH (%s) <= end; at += AG_WIDTH (%s))\n"
                          "        {\n          const ag_index i = at;\n",
                          type, type);
  ag_cpu_vectors_write_rest (vectors);
  g_string_append (text, "        }\n"
                         "  for (; at < end; at++)\n"
                         "        {\n          const ag_index i = at;\n");
  for (gint i = 0; i < stage->n_instructions; i++)
    {
      ag_source_write_instruction (&vectors->writer, i, &stage->instructions[i]);
      if (!stage->instructions[i].sums)
        continue;
      g_string_append_printf (text, "          tails[%u][i - begin] = v%d", sum++, i);
      ag_cpu_vectors_append_power (vectors, -vectors->factors[i].exponent);
      g_string_append (text, ";\n");
    }
  g_string_append (text, "        }\n  (void) begin;\n}\n\n");
}

/* AG_NAME (is_sure): whether the bits of the sums are sure to be right without the factors that are
 * left out: all of them are of a size that says so, or, where one is 0, say, all that were added to
 * one of the lanes. */
static void
write_sure (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  const char *type = ag_source_type (vectors->dtype);

  g_string_append_printf (text,
                          "AG_INLINE int\n"
                          "AG_NAME (is_sure) (const double *totals, %s (*lanes)[AG_CPU_LANES (%s)])\n{\n",
                          type, type);
  if (!ag_cpu_vectors_have_factors (vectors))
    {
      g_string_append (text, "  return 1;\n}\n\n");
      return;
    }
  g_string_append (text, "  int is_sure = 0;\n  if (AG_LIKELY (1");
  ag_cpu_vectors_append_sure (vectors, "totals", "");
  g_string_append_printf (text,
                          "))\n    return 1;\n"
                          "  for (int l = 0; l < AG_CPU_LANES (%s); l++)\n"
                          "    is_sure |= 1",
                          type);
  ag_cpu_vectors_append_sure (vectors, "lanes", "[l]");
  g_string_append (text, ";\n  return is_sure;\n}\n\n");
}

/* A loop over one element. A sum begins with 0, which makes +0 of −0. */
static void
write_single (AgSourceWriter *writer,
              const AgStage *stage)
{
  GString *text = writer->text;
  guint sum = 0;

  ag_source_write_ops (writer, stage);
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

/**
 * ag_cpu_source_from_writer:
 * @writer: what has written a loop; its text is taken
 *
 * Returns: (transfer full): the source
 */
AgCpuSource *
ag_cpu_source_from_writer (AgSourceWriter *writer)
{
  AgCpuSource *source = g_new0 (AgCpuSource, 1);

  source->text = g_string_free (writer->text, FALSE);
  source->n_slots = writer->n_slots;
  source->buffers = g_new (gint, MAX (1, writer->n_slots));
  for (gint i = 0; i < writer->plan->n_buffers; i++)
    if (writer->slots[i] >= 0)
      source->buffers[writer->slots[i]] = i;
  return source;
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
  AgCpuSource *source;
  AgCpuVectors vectors;

  if (stage->n_elements == 1)
    {
      AgSourceWriter writer;

      ag_source_writer_init (&writer, plan);
      ag_source_writer_number_slots (&writer);
      write_single (&writer, stage);
      source = ag_cpu_source_from_writer (&writer);
      ag_source_writer_clear (&writer);
      return source;
    }
  if (!ag_cpu_vectors_init (&vectors, plan, stage, FALSE))
    return NULL;
  ag_cpu_vectors_write_ops (&vectors);
  ag_cpu_vectors_write_gathers (&vectors);
  ag_cpu_vectors_write_rows (&vectors);
  write_rest (&vectors);
  ag_cpu_vectors_write_power (&vectors);
  write_sure (&vectors);
  g_string_append_printf (vectors.writer.text, "AG_VECTOR_LOOP (%s, %s, %u)\n",
                          ag_source_type (vectors.dtype),
                          vectors.dtype == AG_DTYPE_FLOAT32 ? "f32" : "f64", vectors.n_sums);
  source = ag_cpu_source_from_writer (&vectors.writer);
  ag_cpu_vectors_clear (&vectors);
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
