/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/gpu-writer.h"

G_BEGIN_DECLS

/**
 * AgGpuSource:
 * @text: the source; what it leaves open is defined by a prelude, see
 *   gpu-source.c
 * @n_plans: how many plans it is of
 * @n_slots: number of the plan's buffers, each of which has a slot; of several plans
 *   the greatest
 * @n_sizes: number of @sizes
 * @sizes: numbers that kernels get as arguments
 * @n_stages: number of @stages
 * @stages: the plan's stages; of several plans the last one's
 * @is_small: whether one block runs all of it, by a kernel called steps that takes many
 *   steps; else each stage has kernels of its own
 *
 * Plans as source text.
 */
typedef struct
{
  char *text;
  guint n_plans;
  gint n_slots;
  guint n_sizes;
  gint64 *sizes;
  gint n_stages;
  AgGpuSourceStage *stages;
  gboolean is_small;
} AgGpuSource;

AgGpuSource *ag_gpu_source_new (const AgPlan *const *plans,
                                guint n_plans);
AgGpuSource *ag_gpu_source_new_for_runs (const AgPlan *plan);
void ag_gpu_source_free (AgGpuSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGpuSource, ag_gpu_source_free)

G_END_DECLS
