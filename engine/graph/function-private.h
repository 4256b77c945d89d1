/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/function.h"
#include "graph/graph-private.h"

G_BEGIN_DECLS

/**
 * AgFunctionContext:
 * @next: (nullable): the next one in the list that it is in, of the step's or of those to use
 *   again
 * @function: the custom Function that was applied
 * @n_inputs: number of @inputs
 * @inputs: what it was applied to
 * @n_saved: number of @saved
 * @saved: what forward keeps for backward
 * @forward: the places of the records that forward made, from the first up to one past the last
 * @backward: those that backward made; none before that was asked
 *
 * The tensors that a custom Function keeps from forward to backward, which are the step's.
 */
struct _AgFunctionContext
{
  AgFunctionContext *next;
  const AgFunction *function;
  guint n_inputs;
  AgTensor *inputs[AG_FUNCTION_MAX_INPUTS];
  guint n_saved;
  AgTensor *saved[AG_FUNCTION_MAX_INPUTS];
  gint forward[2];
  gint backward[2];
};

AgFunctionContext *ag_function_context_new (AgGraph *graph);

G_END_DECLS
