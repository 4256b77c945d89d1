/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/graph-private.h"
#include "graph/tape.h"

G_BEGIN_DECLS

#define AG_TAPE_NO_OUTPUT -1

/* A small output rotates through so many storages that the tape owns, because the values of the
 * last two steps may still be read when the next step is computed. */
#define AG_TAPE_N_TURNS 4

/**
 * AgTapeDestination:
 * @output: number of the output; %AG_TAPE_NO_OUTPUT of a gradient that is not there
 * @tensor: what is assigned to, or whose gradient it is; held
 * @grad: (nullable): of a gradient, the tensor that is; held
 * @layout: how the value lies in the output
 */
typedef struct
{
  gint output;
  AgTensor *tensor;
  AgTensor *grad;
  const AgLayout *layout;
} AgTapeDestination;

/**
 * AgTapeOutput:
 * @buffer: number of the plan's buffer
 * @n_bytes: its size
 * @own: (nullable): what is used in turn
 */
typedef struct
{
  gint buffer;
  gsize n_bytes;
  AgStorage *own[AG_TAPE_N_TURNS];
} AgTapeOutput;

/**
 * AgTape:
 * @graph: where it was recorded
 * @cached: the plan, which lives as long as the graph
 * @tensors: of each record that the plan reads, its tensor; held
 * @n_outputs: number of @outputs
 * @outputs: what the plan computes
 * @values: its values while the tape is played
 * @turn: which of their own storages are used
 * @assigned: (element-type AgTapeDestination): what is assigned to
 * @grads: (element-type AgTapeDestination): the gradients
 * @result: the step's result
 */
struct _AgTape
{
  AgGraph *graph;
  AgCachedPlan *cached;
  gint n_records;
  AgTensor **tensors;
  gint n_outputs;
  AgTapeOutput *outputs;
  AgStorage **values;
  guint turn;
  GArray *assigned;
  GArray *grads;
  AgTapeDestination result;
  AgDType result_dtype;
};

void ag_tape_take_value (AgTensor *tensor,
                         AgStorage *value,
                         const AgLayout *layout);
void ag_tape_set_grads (AgTape *tape,
                        AgStorage *const *values);

G_END_DECLS
