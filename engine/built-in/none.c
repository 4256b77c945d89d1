/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-kernels.h"

/* The tables of built-in loops, for the tool that finds out what is to be in
 * them. */
const AgCpuBuiltIn ag_cpu_built_in_baseline[] = { { NULL, NULL } };
const AgCpuBuiltIn ag_cpu_built_in_avx2[] = { { NULL, NULL } };
const AgCpuBuiltIn ag_cpu_built_in_avx512[] = { { NULL, NULL } };
