/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device.h"
#include "device/gpu-backend.h"

G_BEGIN_DECLS

AgDevice *ag_gpu_device_new (const AgGpuBackend *backend,
                             const char *title,
                             GError **error);

const AgGpuBackend *ag_gpu_module_load (const char **reason);
const char *ag_gpu_module_probe (const char **title);
gboolean ag_gpu_module_is_probed (void);

G_END_DECLS
