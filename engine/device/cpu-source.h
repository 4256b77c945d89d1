/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/source-writer.h"

G_BEGIN_DECLS

/* A batch's loops are over fewer elements than a group of a sum's blocks, of any type. */
#define AG_CPU_BATCH_ELEMENTS 4096

/**
 * AgCpuSource:
 * @text: the source, to follow cpu-prelude.h and a definition of AG_LOOP, the
 *   name of the function that it makes
 * @n_slots: number of @buffers
 * @buffers: which of the plan's buffers is in each of the function's slots
 *
 * A loop of a plan as plain C. The text depends on nothing but what the loop
 * computes: not on the rest of the plan, nor, but for whether that is one, on
 * the number of elements.
 */
typedef struct
{
  char *text;
  gint n_slots;
  gint *buffers;
} AgCpuSource;

AgCpuSource *ag_cpu_source_new (const AgPlan *plan,
                                const AgStage *stage);
AgCpuSource *ag_cpu_batch_source_new (const AgPlan *plan,
                                      const AgStage *stage);
gboolean ag_cpu_batch_suits (const AgPlan *plan);
AgCpuSource *ag_cpu_source_from_writer (AgSourceWriter *writer);
void ag_cpu_source_free (AgCpuSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgCpuSource, ag_cpu_source_free)

G_END_DECLS
