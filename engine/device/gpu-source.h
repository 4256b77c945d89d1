/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "plan/plan.h"

G_BEGIN_DECLS

/**
 * AgGpuSourceStage:
 * @n_elements: size of the index space that its loop goes over
 * @n_totals: number of sums that end it
 * @is_product: whether it is a matrix product with too much work for a loop of
 *   its own, to be left to BLAS; there is no source for it
 *
 * The part of the source that a stage of a plan has become.
 */
typedef struct
{
  gint64 n_elements;
  guint n_totals;
  gboolean is_product;
} AgGpuSourceStage;

/**
 * AgGpuSource:
 * @text: the source; what it leaves open is defined by a prelude, see
 *   source.c
 * @n_slots: number of the plan's buffers, each of which has a slot
 * @n_stages: number of @stages
 * @stages: the plan's stages
 * @has_steps: whether all of it can be run by one block
 *
 * A plan as source text.
 */
typedef struct
{
  char *text;
  gint n_slots;
  gint n_stages;
  AgGpuSourceStage *stages;
  gboolean has_steps;
} AgGpuSource;

AgGpuSource *ag_gpu_source_new (const AgPlan *plan);
void ag_gpu_source_free (AgGpuSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGpuSource, ag_gpu_source_free)

G_END_DECLS
