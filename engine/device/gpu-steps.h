/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device.h"
#include "device/gpu-mirror.h"
#include "device/gpu-source.h"

G_BEGIN_DECLS

/* A picture of the small values is taken at least once in so many steps, so that half of the
 * losses that may wait are always to be read without waiting for the others. */
#define AG_GPU_STEPS_TO_A_PICTURE (AG_DEVICE_MAX_AHEAD / 2)

typedef struct _AgGpuSteps AgGpuSteps;
typedef struct _AgGpuSmallPlan AgGpuSmallPlan;

void ag_gpu_fill_slots (AgGpuMirror *mirror,
                        const AgPlan *plan,
                        void *const *buffers,
                        AgGpuSlot *slots);

AgGpuSteps *ag_gpu_steps_new (const AgGpuBackend *backend,
                              AgGpu *gpu,
                              AgGpuMirror *mirror);
void ag_gpu_steps_free (AgGpuSteps *steps);
char *ag_gpu_steps_add (AgGpuSteps *steps,
                        const AgPlan *plan,
                        AgGpuSource *source,
                        AgGpuSmallPlan **result);
void ag_gpu_steps_remove (AgGpuSteps *steps,
                          AgGpuSmallPlan *small);
char *ag_gpu_steps_enqueue (AgGpuSteps *steps,
                            AgGpuSmallPlan *small,
                            void *const *buffers);
char *ag_gpu_steps_launch (AgGpuSteps *steps);
char *ag_gpu_steps_take_picture (AgGpuSteps *steps);

G_END_DECLS
