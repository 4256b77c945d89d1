/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/cpu-kernels.h"

G_BEGIN_DECLS

typedef struct _AgCpuCode AgCpuCode;

const char *ag_cpu_compiler (void);
AgCpuCode *ag_cpu_compiler_request (const char *text,
                                    const char *arguments);
AgCpuFunction ag_cpu_code_function (const AgCpuCode *code);

G_END_DECLS
