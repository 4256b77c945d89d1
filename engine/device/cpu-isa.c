/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-kernels.h"

/**
 * ag_cpu_kernels:
 * @isa: (out) (optional): what they are compiled for, for people to read
 *
 * Returns: (transfer none): the kernels for the best instruction set that this
 *   processor has
 */
const AgCpuKernels *
ag_cpu_kernels (const char **isa)
{
  const char *name = "baseline";
  const AgCpuKernels *kernels = &ag_cpu_kernels_baseline;

#if defined(__x86_64__) && defined(AG_CPU_MULTIVERSION)
  __builtin_cpu_init ();
  if (__builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl"))
    {
      name = "AVX-512";
      kernels = &ag_cpu_kernels_avx512;
    }
  else if (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    {
      name = "AVX2";
      kernels = &ag_cpu_kernels_avx2;
    }
#endif

  if (isa != NULL)
    *isa = name;
  return kernels;
}
