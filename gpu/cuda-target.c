/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-target.h"

#include <nvrtc.h>

/**
 * cuda_target_choose:
 * @capability: a GPU's compute capability, 90 for 9.0
 * @known: (array length=n_known): those that NVRTC compiles for
 * @n_known: how many
 *
 * Chooses what to compile for: code for the GPU itself ("sm_90") or for an older one of the same
 * generation, which it runs too; else, for a GPU that NVRTC does not know yet, code that the
 * driver makes the GPU's own of ("compute_120").
 *
 * See: <https://docs.nvidia.com/cuda/cuda-compiler-driver-nvcc/#gpu-feature-list>
 *
 * Returns: (transfer full) (nullable): that; %NULL if the GPU is older than all of them
 */
char *
cuda_target_choose (int capability,
                    const int *known,
                    guint n_known)
{
  int best = 0;

  for (guint i = 0; i < n_known; i++)
    if (known[i] <= capability && known[i] > best)
      best = known[i];
  if (best == 0)
    return NULL;
  return g_strdup_printf (best / 10 == capability / 10 ? "sm_%d" : "compute_%d", best);
}

/**
 * cuda_target_find:
 * @major: a GPU's compute capability, the 9 of 9.0
 * @minor: the 0 of it
 * @target: (out): what to compile for, see cuda_target_choose()
 *
 * Returns: (transfer full) (nullable): why its code cannot be compiled, in words that go into a
 *   sentence
 */
char *
cuda_target_find (int major,
                  int minor,
                  char **target)
{
  g_autofree int *known = NULL;
  int n_known = 0;

  if (nvrtcGetNumSupportedArchs (&n_known) != NVRTC_SUCCESS || n_known <= 0)
    return g_strdup ("NVRTC does not say what it compiles for");
  known = g_new0 (int, n_known);
  if (nvrtcGetSupportedArchs (known) != NVRTC_SUCCESS)
    return g_strdup ("NVRTC does not say what it compiles for");
  *target = cuda_target_choose (10 * major + minor, known, (guint) n_known);
  if (*target != NULL)
    return NULL;
  return g_strdup_printf ("the GPU has compute capability %d.%d, and this version of CUDA compiles "
                          "for %d.%d and later",
                          major, minor, known[0] / 10, known[0] % 10);
}
