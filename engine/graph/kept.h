/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/storage.h"
#include "graph/graph.h"
#include "graph/tensor.h"
#include "plan/plan.h"

G_BEGIN_DECLS

/**
 * AgKept:
 *
 * What of a recording depends on nothing but data, such as x² and x³ of a
 * polynomial, and is computed once rather than in each step.
 */
typedef struct _AgKept AgKept;

AgKept *ag_kept_new (AgGraph *graph,
                     AgRecord *records,
                     GError **error);
void ag_kept_free (AgKept *kept);
gboolean ag_kept_update (AgKept *kept,
                         AgTensor *const *tensors,
                         GError **error);
AgStorage *ag_kept_value (const AgKept *kept,
                          gint record);

G_END_DECLS
