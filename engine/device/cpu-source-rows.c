/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-source-vectors.h"

/* Adds to the lanes of sums, or stores there. @width is how many lanes of a sum a vector has. */
static void
write_to_lanes (AgCpuVectors *vectors,
                const char *macro,
                const char *width)
{
  GString *text = vectors->writer.text;

  g_string_append (text, "        AG_UNROLL\n"
                         "        for (int h = 0; h < 2; h++)\n"
                         "        {\n");
  for (guint i = 0; i < vectors->n_sums; i++)
    g_string_append_printf (text, "          %s (%s, lanes[%u] + k + h * %s, t%u[h]);\n", macro,
                            ag_dtype_name (vectors->dtype), i, width, i);
  g_string_append (text, "        }\n");
}

/* A vector of a batch has one lane of a sum, in as many runs as it has lanes itself. */
static void
begin_function (AgCpuVectors *vectors)
{
  const char *type = ag_source_type (vectors->dtype);
  g_autofree char *lane = vectors->is_batch
                            ? g_strdup_printf ("ag_%s_vector", ag_dtype_name (vectors->dtype))
                            : g_strdup (type);

  g_string_append_printf (vectors->writer.text,
                          "AG_INLINE void\n"
                          "AG_NAME (rows) (const ag_slot *slots, ag_index at, ag_index n_rows, "
                          "%s (*lanes)[AG_CPU_LANES (%s)], int is_first%s)\n{\n",
                          lane, type, vectors->is_batch ? ", int r" : "");
}

/**
 * ag_cpu_vectors_write_rows:
 * @vectors: a loop that has rows
 *
 * Writes the function AG_NAME (rows): two vectors at a time, so that their sums do not wait for each
 * other, and those of a block one after the other, so that sums stay in registers.
 */
void
ag_cpu_vectors_write_rows (AgCpuVectors *vectors)
{
  GString *text = vectors->writer.text;
  const char *type = ag_source_type (vectors->dtype), *name = ag_dtype_name (vectors->dtype);
  g_autofree char *width = vectors->is_batch ? g_strdup ("1")
                                             : g_strdup_printf ("AG_WIDTH (%s)", type);

  begin_function (vectors);
  ag_cpu_vectors_declare (vectors, vectors->factors);
  g_string_append_printf (text,
                          "  for (int k = 0; k < AG_CPU_LANES (%s); k += 2 * %s)\n"
                          "    {\n",
                          type, width);
  for (guint i = 0; i < vectors->n_sums; i++)
    g_string_append_printf (text, "      ag_%s_vector t%u[2] = { 0 };\n", name, i);
  g_string_append_printf (text,
                          "      for (ag_index row = 0; row < n_rows; row++)\n"
                          "        AG_UNROLL\n"
                          "        for (int h = 0; h < 2; h++)\n"
                          "        {\n"
                          "          const ag_index i = at + row * AG_CPU_LANES (%s) + k "
                          "+ h * %s;\n",
                          type, width);
  ag_cpu_vectors_write_row (vectors);
  g_string_append (text, "        }\n      if (is_first)\n");
  write_to_lanes (vectors, "AG_STORE", width);
  g_string_append (text, "      else\n");
  write_to_lanes (vectors, "AG_ADD", width);
  g_string_append (text, "    }\n}\n\n");
}
