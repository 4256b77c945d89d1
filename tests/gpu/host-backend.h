/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/gpu-backend.h"

G_BEGIN_DECLS

/* The module has these functions for tests besides its backend; they are looked up by name. */
#define HOST_GPU_COLLECT_SYMBOL "host_gpu_collect"

typedef void (*HostGpuCollect) (GHashTable *texts);

void host_gpu_collect (GHashTable *texts);

G_END_DECLS
