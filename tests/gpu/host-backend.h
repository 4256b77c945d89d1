/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/gpu-backend.h"

G_BEGIN_DECLS

/* The module has these functions for tests besides its backend; they are looked up by name. */
#define HOST_GPU_COLLECT_SYMBOL "host_gpu_collect"

#define HOST_GPU_MOST_BEHIND_SYMBOL "host_gpu_most_behind_us"
#define HOST_GPU_N_LAUNCHES_SYMBOL "host_gpu_n_launches"

typedef void (*HostGpuCollect) (GHashTable *texts);
typedef gint64 (*HostGpuMostBehind) (void);
typedef guint (*HostGpuNLaunches) (void);

void host_gpu_collect (GHashTable *texts);
gint64 host_gpu_most_behind_us (void);
guint host_gpu_n_launches (void);

G_END_DECLS
