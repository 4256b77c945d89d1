/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/gpu-writer.h"

G_BEGIN_DECLS

void ag_gpu_source_write_loop (AgGpuWriter *writer,
                               gint number,
                               const AgStage *stage,
                               AgGpuSourceStage *info);

G_END_DECLS
