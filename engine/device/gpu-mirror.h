/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/gpu-backend.h"

G_BEGIN_DECLS

/* Values of at most so many bytes are mirrored. */
#define AG_GPU_SMALL_BYTES 64

typedef struct _AgGpuMirror AgGpuMirror;

AgGpuMirror *ag_gpu_mirror_new (const AgGpuBackend *backend,
                                AgGpu *gpu);
void ag_gpu_mirror_free (AgGpuMirror *mirror);
char *ag_gpu_mirror_alloc (AgGpuMirror *mirror,
                           void **data);
void ag_gpu_mirror_touch (AgGpuMirror *mirror,
                          const void *data);
gboolean ag_gpu_mirror_has (AgGpuMirror *mirror,
                            const void *data);
gboolean ag_gpu_mirror_is_fresh (AgGpuMirror *mirror,
                                 const void *data);
guint ag_gpu_mirror_next (const AgGpuMirror *mirror);
char *ag_gpu_mirror_wait (AgGpuMirror *mirror,
                          guint which);
char *ag_gpu_mirror_update (AgGpuMirror *mirror);
char *ag_gpu_mirror_read (AgGpuMirror *mirror,
                          void *target,
                          const void *data,
                          gsize n_bytes);

G_END_DECLS
