/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device-private.h"
#include "graph/graph.h"
#include "graph/tensor-private.h"
#include "plan/op.h"
#include "plan/plan.h"

G_BEGIN_DECLS

typedef struct _AgCachedPlan AgCachedPlan;
typedef struct _AgPrecomputed AgPrecomputed;

#define AG_PLAN_BUCKETS 256
#define AG_RECENT_PLANS 4

/**
 * AgCachedPlan:
 * @n_records: number of @records
 * @records: the structure it is the plan of
 * @executable: the plan as the device runs it
 * @precomputed: (nullable): what it takes as input but is recorded as an operation
 * @bound: where each buffer is
 * @n_inputs: number of @inputs
 * @inputs: which buffers are inputs
 * @n_numbers: number of @number_buffers
 * @number_buffers: which buffers are numbers
 * @numbers: the values of those
 * @temporaries: storage of temporary buffers, %NULL for the others
 *
 * A plan made ready for the device, with the memory it needs in each step.
 */
struct _AgCachedPlan
{
  AgCachedPlan *next;
  guint hash;
  gint n_records;
  AgRecord *records;
  AgPlan *plan;
  AgExecutable *executable;
  AgPrecomputed *precomputed;
  void **bound;
  gint n_inputs;
  gint *inputs;
  gint n_numbers;
  gint *number_buffers;
  guint64 *numbers;
  AgStorage **temporaries;
};

/**
 * AgGraph:
 * @device: where values are computed
 * @pytorch: whose numbers they are
 * @rounding: how often its loops round
 * @outer: (nullable): the graph entered before
 * @step: serial number of the step being recorded
 * @no_grad: depth of no_grad scopes
 * @error: (nullable): the first error of this step
 * @n_records: number of nodes recorded in this step
 * @n_expected: number of nodes of the step before, as long as this one records the
 *   same; those from @n_records on are still to come
 * @capacity: room in @records and @tensors
 * @records: the structure of the step, as plans are looked up by
 * @tensors: the tensor of each record
 * @held: whether anybody but the step held it when values were last computed
 * @free_tensors: tensors to use again
 * @slabs: where tensors' memory comes from
 * @n_tensors: tensors alive, all told
 * @is_closed: whether only surviving tensors keep the graph
 * @assigned: tensors with a pending value
 * @functions: contexts of the custom Functions applied in this step
 * @free_functions: contexts to use again
 * @planned: (nullable): the plan of the step before, as long as this one
 *   records the same
 * @recent: the plans used last, the newest first
 * @plans: all plans, by hash of their structure
 * @n_plans: how many there are
 * @grads: room for the gradients of the records while differentiating
 * @n_grads: how many fit in there
 *
 * A recording and all that one thread needs for it.
 */
struct _AgGraph
{
  AgDevice *device;
  AgPyTorch pytorch;
  AgRounding rounding;
  AgGraph *outer;
  guint64 step;
  gint no_grad;
  GError *error;

  gint n_records;
  gint n_expected;
  gint capacity;
  AgRecord *records;
  AgTensor **tensors;
  guint8 *held;

  AgTensor *free_tensors;
  GPtrArray *slabs;
  gint64 n_tensors;
  gboolean is_closed;

  GPtrArray *assigned;
  AgFunctionContext *functions;
  AgFunctionContext *free_functions;

  AgCachedPlan *planned;
  AgCachedPlan *recent[AG_RECENT_PLANS];
  AgCachedPlan *plans[AG_PLAN_BUCKETS];
  gint64 n_plans;
  AgTensor **grads;
  gint n_grads;
};

/* The graph that this thread records into. It is a variable, not a function, because every
 * operation reads it. */
extern _Thread_local AgGraph *ag_graph_entered;

AgTensor *ag_graph_new_tensor (AgGraph *graph,
                               AgDType dtype,
                               const AgLayout *layout);
AgTensor *ag_graph_record_again (AgGraph *graph);
AgTensor *ag_graph_place (AgGraph *graph,
                          AgOp op,
                          AgDType dtype,
                          const AgLayout *layout,
                          guint n_operands,
                          const gint32 *operands,
                          gint64 attribute);
AgTensor *ag_graph_record (AgGraph *graph,
                           AgOp op,
                           AgDType dtype,
                           const AgLayout *layout,
                           guint n_operands,
                           AgTensor *const *operands,
                           gint64 attribute);
AgTensor *ag_graph_record_view (AgTensor *a,
                                const AgLayout *layout,
                                AgViewKind view,
                                gint64 exchanged_dims);
gint ag_graph_index_of (AgGraph *graph,
                        AgTensor *tensor);
AgTensor *ag_graph_fail (AgGraph *graph,
                         AgError code,
                         const char *format,
                         ...) G_GNUC_PRINTF (3, 4);
void ag_graph_expect_no_more (AgGraph *graph);
void ag_graph_free_memory (AgGraph *graph);

gboolean ag_graph_mark_wanted (AgGraph *graph,
                               AgTensor *wanted,
                               gboolean *is_same);
gboolean ag_graph_evaluate (AgGraph *graph,
                            AgTensor *wanted,
                            GError **error);
void ag_graph_clear_plans (AgGraph *graph);
gboolean ag_cached_plan_bind (AgCachedPlan *cached,
                              AgTensor *const *tensors,
                              GError **error);
gboolean ag_graph_make_room (AgGraph *graph,
                             GError **error);
void ag_graph_drop_room (AgGraph *graph);
void ag_graph_finish_step (AgGraph *graph,
                           gboolean success);

AgTensor *ag_sum_to_layout (AgTensor *tensor,
                            const AgLayout *shape);

guint ag_function_differentiate (AgFunctionContext *context,
                                 AgTensor *grad_output,
                                 AgTensor ***inputs,
                                 AgTensor **grads);
void ag_function_end_step (AgGraph *graph);
void ag_function_clear (AgGraph *graph);

G_END_DECLS
