/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-kernels.h"

#include <string.h>

#if defined(__x86_64__) && defined(AG_CPU_MULTIVERSION)
/* The environment variable CONVERGE_ISA allows no better instruction set, for
 * tests and measurements. */
static gboolean
is_allowed (const char *isa)
{
  static const char *const order[] = { "baseline", "avx2", "avx512", NULL };
  const char *limit = g_getenv ("CONVERGE_ISA");

  for (guint i = 0; limit != NULL && order[i] != NULL; i++)
    {
      if (strcmp (order[i], isa) == 0)
        return TRUE;
      if (strcmp (order[i], limit) == 0)
        return FALSE;
    }
  return TRUE;
}
#endif

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
  if (is_allowed ("avx512") && __builtin_cpu_supports ("avx512f")
      && __builtin_cpu_supports ("avx512dq")
      && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl"))
    {
      name = "AVX-512";
      kernels = &ag_cpu_kernels_avx512;
    }
  else if (is_allowed ("avx2") && __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"))
    {
      name = "AVX2";
      kernels = &ag_cpu_kernels_avx2;
    }
#endif

  if (isa != NULL)
    *isa = name;
  return kernels;
}
