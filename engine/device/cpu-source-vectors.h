/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/cpu-factors.h"
#include "device/source-writer.h"

G_BEGIN_DECLS

/**
 * AgCpuVectors:
 * @writer: what writes
 * @stage: a loop
 * @dtype: type of its elements
 * @n_sums: how many sums it has
 * @factors: what is left out of its instructions
 * @no_factors: nothing left out
 * @is_batch: whether the lanes of a vector are an element in as many runs, rather than as many
 *   elements
 *
 * A loop that is written as one over vectors.
 */
typedef struct
{
  AgSourceWriter writer;
  const AgStage *stage;
  AgDType dtype;
  guint n_sums;
  AgCpuFactor *factors;
  AgCpuFactor *no_factors;
  gboolean is_batch;
} AgCpuVectors;

gboolean ag_cpu_vectors_init (AgCpuVectors *vectors,
                              const AgPlan *plan,
                              const AgStage *stage,
                              gboolean is_batch);
void ag_cpu_vectors_clear (AgCpuVectors *vectors);
void ag_cpu_vectors_write_ops (AgCpuVectors *vectors);
void ag_cpu_vectors_write_gathers (AgCpuVectors *vectors);
void ag_cpu_vectors_declare (AgCpuVectors *vectors,
                             const AgCpuFactor *factors);
void ag_cpu_vectors_append_power (AgCpuVectors *vectors,
                                  gint exponent);
void ag_cpu_vectors_write_row (AgCpuVectors *vectors);
void ag_cpu_vectors_write_rows (AgCpuVectors *vectors);
void ag_cpu_vectors_write_rest (AgCpuVectors *vectors);
gboolean ag_cpu_vectors_have_factors (const AgCpuVectors *vectors);
void ag_cpu_vectors_write_power (AgCpuVectors *vectors);
void ag_cpu_vectors_append_sure (AgCpuVectors *vectors,
                                 const char *name,
                                 const char *index);

G_END_DECLS
