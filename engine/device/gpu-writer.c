/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu-writer.h"

/**
 * ag_gpu_writer_append_size:
 * @writer: a writer
 * @size: a number that may depend on the number of points
 *
 * Appends what stands for the number: a large one is an argument.
 */
void
ag_gpu_writer_append_size (AgGpuWriter *writer,
                           gint64 size)
{
  guint at = 0;

  if (size <= AG_GPU_MAX_TINY)
    {
      g_string_append_printf (writer->base.text, "%" G_GINT64_FORMAT, size);
      return;
    }
  while (at < writer->sizes->len && g_array_index (writer->sizes, gint64, at) != size)
    at++;
  if (at == writer->sizes->len)
    g_array_append_val (writer->sizes, size);
  g_string_append_printf (writer->base.text, "AG_SIZE (%u)", at);
}

/**
 * ag_gpu_writer_begin_body:
 * @writer: a writer
 * @number: number of the stage
 *
 * Begins the function body_<number>.
 */
void
ag_gpu_writer_begin_body (AgGpuWriter *writer,
                          gint number)
{
  g_string_append_printf (writer->base.text,
                          "AG_INLINE void\nbody_%d (const ag_slot *slots, const ag_index *sizes, "
                          "double *totals, ag_index first,\n        ag_index stride)\n{\n",
                          number);
}
