/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/cpu-kernels.h"
#include "device/cpu-source.h"
#include "device/device-private.h"
#include "device/loop-engine.h"

G_BEGIN_DECLS

/* A tile of every live value fits in the first-level cache. The size is the
 * same on every machine, since sums depend on where tiles end. */
#define AG_CPU_TILE_BYTES 4096

typedef struct _AgCpuLoop AgCpuLoop;
typedef struct _AgCpuTiles AgCpuTiles;
typedef struct _AgCpuCompiled AgCpuCompiled;
typedef struct _AgCpuBatch AgCpuBatch;
typedef struct _AgCpuBatchCall AgCpuBatchCall;
typedef struct _AgCpuProduct AgCpuProduct;
typedef struct _AgCpuDimsSum AgCpuDimsSum;
typedef struct _AgCpuThreads AgCpuThreads;

/**
 * AgCpuTask:
 * @data: what the task works on
 * @part: which part of it, counted from 0
 * @thread: which thread runs it, for memory of its own
 */
typedef void (*AgCpuTask) (gpointer data,
                           guint part,
                           guint thread);

AgCpuThreads *ag_cpu_threads_new (guint n_threads);
void ag_cpu_threads_free (AgCpuThreads *threads);
guint ag_cpu_threads_count (const AgCpuThreads *threads);
void ag_cpu_threads_run (AgCpuThreads *threads,
                         AgCpuTask task,
                         gpointer data,
                         guint n_parts);

AgCpuTiles *ag_cpu_tiles_new (const AgStage *stage,
                              const AgCpuKernels *kernels,
                              gint size,
                              guint n_threads);
void ag_cpu_tiles_free (AgCpuTiles *tiles);
void ag_cpu_tiles_run (AgCpuTiles *tiles,
                       void *const *buffers,
                       guint thread,
                       gint64 start,
                       gint64 end,
                       AgCpuSums *sums);

AgCpuCompiled *ag_cpu_compiled_new (AgCpuSource *source,
                                    const AgCpuKernels *kernels);
void ag_cpu_compiled_free (AgCpuCompiled *compiled);
gint ag_cpu_compiled_n_slots (const AgCpuCompiled *compiled);
AgLoopEngine ag_cpu_compiled_loop_engine (const AgCpuCompiled *compiled);
AgCpuFunction ag_cpu_compiled_bind (AgCpuCompiled *compiled,
                                    void *const *buffers,
                                    void **slots);
AgCpuFunction ag_cpu_compiled_bind_now (AgCpuCompiled *compiled,
                                        void *const *buffers,
                                        void **slots);

/**
 * AgCpuCall:
 * @loop: a loop that is one part
 * @function: the code of it
 * @buffers: where the plan's buffers are
 * @slots: where those are that the code takes
 * @n_elements: how many elements it goes over
 * @n_totals: number of @totals
 * @totals: what it sums up
 * @targets: where each of those goes
 * @dtypes: and as what
 *
 * A loop with its buffers, to be run with nothing else to do.
 */
typedef struct
{
  AgCpuLoop *loop;
  AgCpuFunction function;
  void **buffers;
  void **slots;
  gint64 n_elements;
  guint n_totals;
  double *totals;
  void **targets;
  AgDType *dtypes;
} AgCpuCall;

void ag_cpu_call_init (AgCpuCall *call,
                       AgCpuLoop *loop);
gboolean ag_cpu_call_bind (AgCpuCall *call,
                           void *const *buffers);
void ag_cpu_call_interpret (const AgCpuCall *call);
void ag_cpu_call_clear (AgCpuCall *call);

static inline void
ag_cpu_call_run (const AgCpuCall *call)
{
  if (G_UNLIKELY (!call->function (call->slots, 0, call->n_elements, call->totals)))
    ag_cpu_call_interpret (call);
  for (guint t = 0; t < call->n_totals; t++)
    if (call->dtypes[t] == AG_DTYPE_FLOAT32)
      *(float *) call->targets[t] = (float) call->totals[t];
    else
      *(double *) call->targets[t] = call->totals[t];
}

AgCpuLoop *ag_cpu_loop_new (const AgPlan *plan,
                            const AgStage *stage,
                            const AgCpuKernels *kernels,
                            AgCpuThreads *threads);
void ag_cpu_loop_free (AgCpuLoop *loop);
AgLoopEngine ag_cpu_loop_engine (const AgCpuLoop *loop);
void ag_cpu_loop_run (AgCpuLoop *loop,
                      void *const *buffers,
                      AgCpuThreads *threads,
                      AgWork *work);

void ag_cpu_loop_interpret (AgCpuLoop *loop,
                            void *const *buffers);

AgCpuBatch *ag_cpu_batch_new (const AgPlan *plan,
                              AgCpuLoop *const *loops,
                              const AgCpuKernels *kernels);
void ag_cpu_batch_free (AgCpuBatch *batch);
AgCpuBatchCall *ag_cpu_batch_call_new (const AgCpuBatch *batch);
void ag_cpu_batch_call_free (AgCpuBatchCall *call);
gboolean ag_cpu_batch_call_bind (AgCpuBatchCall *call,
                                 void *const *buffers);
void ag_cpu_batch_call_run (const AgCpuBatchCall *call);

AgCpuProduct *ag_cpu_product_new (const AgInstruction *instruction,
                                  const AgCpuKernels *kernels,
                                  GError **error);
void ag_cpu_product_free (AgCpuProduct *product);
void ag_cpu_product_run (AgCpuProduct *product,
                         void *const *buffers,
                         AgCpuThreads *threads);

void ag_cpu_thin_rows (const AgCpuKernels *kernels,
                       AgDType dtype,
                       gint n_columns,
                       gint64 n_rows,
                       const void *matrix,
                       const void *vector,
                       gint vector_stride,
                       void *result);
void ag_cpu_thin_columns (const AgCpuKernels *kernels,
                          AgDType dtype,
                          gint n_columns,
                          gint64 n_rows,
                          const void *matrix,
                          const void *vector,
                          void *result);

AgCpuDimsSum *ag_cpu_dims_sum_new (const AgInstruction *instruction,
                                   gint64 n_results,
                                   GError **error);
void ag_cpu_dims_sum_free (AgCpuDimsSum *sum);
void ag_cpu_dims_sum_run (AgCpuDimsSum *sum,
                          void *const *buffers);

void ag_cpu_gather (AgDType dtype,
                    const AgLayout *layout,
                    gint64 start,
                    gint n,
                    const void *source,
                    void *target);

G_END_DECLS
