/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/fleet-layout.h"
#include "device/gpu-backend.h"
#include "plan/plan.h"

G_BEGIN_DECLS

typedef struct _AgGpuFleetCode AgGpuFleetCode;
typedef struct _AgGpuFleet AgGpuFleet;

guint ag_gpu_fleet_most (const AgFleetLayout *layout,
                         guint64 n_bytes_free);

char *ag_gpu_fleet_code_new (const AgGpuBackend *backend,
                             AgGpu *gpu,
                             const AgPlan *plan,
                             AgGpuFleetCode **result);
void ag_gpu_fleet_code_free (AgGpuFleetCode *code);

char *ag_gpu_fleet_new (const AgGpuFleetCode *code,
                        const AgFleetLayout *layout,
                        guint n_runs,
                        guint n_most,
                        AgGpuFleet **result);
void ag_gpu_fleet_free (AgGpuFleet *fleet);
char *ag_gpu_fleet_write (AgGpuFleet *fleet,
                          const void *kept,
                          const guint64 *numbers);
char *ag_gpu_fleet_run (AgGpuFleet *fleet,
                        const AgFleetTask *tasks,
                        guint n_most,
                        const guint64 *varying,
                        double *results);
char *ag_gpu_fleet_read (AgGpuFleet *fleet,
                         void *kept);

G_END_DECLS
