/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/storage.h"
#include "graph/graph.h"
#include "graph/tensor.h"
#include "plan/plan.h"

G_BEGIN_DECLS

/**
 * AgPrecomputed:
 *
 * The part of a recording that depends on nothing but data, such as sin(x), and is computed once
 * rather than in each step.
 */
typedef struct _AgPrecomputed AgPrecomputed;

gboolean ag_precomputed_find (gint n_records,
                              AgRecord *records,
                              gboolean *is_precomputed);
void ag_precomputed_become_inputs (gint n_records,
                                   AgRecord *records,
                                   const gboolean *is_precomputed);
AgPrecomputed *ag_precomputed_new (AgGraph *graph,
                                   AgRecord *records,
                                   GError **error);
void ag_precomputed_free (AgPrecomputed *precomputed);
gboolean ag_precomputed_update (AgPrecomputed *precomputed,
                                AgTensor *const *tensors,
                                GError **error);
AgStorage *ag_precomputed_value (const AgPrecomputed *precomputed,
                                 gint record);

G_END_DECLS
