/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-compile.h"

#include "cuda-prelude-text.h"
#include "device/code-cache.h"
#include "device/gpu-backend.h"

#include <nvrtc.h>
#include <string.h>

/* Products and sums are not contracted, so that results are the CPU's up to the
 * order of sums. */
static const char *const common_options[] = {
  "--fmad=false",
  "--std=c++14",
  "--device-as-default-execution-space",
  "--define-macro=AG_STAGE_THREADS=" G_STRINGIFY (AG_GPU_STAGE_THREADS),
  "--define-macro=AG_STEPS_THREADS=" G_STRINGIFY (AG_GPU_STEPS_THREADS),
};

static char *
get_log (nvrtcProgram program)
{
  size_t size = 0;
  char *log;

  nvrtcGetProgramLogSize (program, &size);
  log = g_malloc0 (size + 1);
  nvrtcGetProgramLog (program, log);
  return log;
}

/**
 * cuda_compile:
 * @text: the text of an #AgGpuSource
 * @architecture: what for, "sm_90", or "compute_90" for what the driver compiles further
 * @binary: (out): the compiled code
 *
 * Compiles by NVRTC, which needs no GPU. May be called by several threads at the
 * same time.
 *
 * See: <https://docs.nvidia.com/cuda/nvrtc/>
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_compile (const char *text,
              const char *architecture,
              GBytes **binary)
{
  const char *headers[] = { cuda_prelude };
  const char *names[] = { "prelude" };
  g_autofree char *target = g_strconcat ("--gpu-architecture=", architecture, NULL);
  const char *options[G_N_ELEMENTS (common_options) + 1] = { target };
  g_autofree char *code = NULL;
  /* NVRTC makes the text of a program for a virtual architecture, and that text ends with a
   * zero. */
  const gboolean is_ptx = g_str_has_prefix (architecture, "compute_");
  char *problem = NULL;
  nvrtcProgram program;
  nvrtcResult result;
  size_t size = 0;

  for (guint i = 0; i < G_N_ELEMENTS (common_options); i++)
    options[i + 1] = common_options[i];
  result = nvrtcCreateProgram (&program, text, "plan.cu", 1, headers, names);
  if (result != NVRTC_SUCCESS)
    return g_strdup_printf ("NVRTC cannot be used: %s.", nvrtcGetErrorString (result));
  result = nvrtcCompileProgram (program, G_N_ELEMENTS (options), options);
  if (result == NVRTC_SUCCESS)
    result = is_ptx ? nvrtcGetPTXSize (program, &size) : nvrtcGetCUBINSize (program, &size);
  code = g_malloc0 (MAX (1, size));
  if (result == NVRTC_SUCCESS)
    result = is_ptx ? nvrtcGetPTX (program, code) : nvrtcGetCUBIN (program, code);
  if (result == NVRTC_SUCCESS)
    {
      *binary = g_bytes_new_take (g_steal_pointer (&code), size);
    }
  else
    {
      g_autofree char *log = get_log (program);

      problem = g_strdup_printf ("The GPU's code could not be compiled for %s: %s. %s",
                                 architecture, nvrtcGetErrorString (result), log);
    }
  nvrtcDestroyProgram (&program);
  return problem;
}

/**
 * cuda_compile_key:
 * @text: the text of an #AgGpuSource
 * @architecture: what for
 *
 * Returns: (transfer full): a name for the code that cuda_compile() makes, which
 *   changes with everything that the code depends on
 */
char *
cuda_compile_key (const char *text,
                  const char *architecture)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  int major = 0, minor = 0;

  nvrtcVersion (&major, &minor);
  /* The terminating zeros are hashed too, so that two texts cannot be taken for one split
   * elsewhere. */
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
  g_checksum_update (checksum, (const guchar *) cuda_prelude, sizeof cuda_prelude);
  for (guint i = 0; i < G_N_ELEMENTS (common_options); i++)
    g_checksum_update (checksum, (const guchar *) common_options[i],
                       (gssize) strlen (common_options[i]) + 1);
  return g_strdup_printf ("%s-%d.%d-%s", architecture, major, minor,
                          g_checksum_get_string (checksum));
}

/**
 * cuda_compile_cached:
 * @text: the text of an #AgGpuSource
 * @architecture: what for
 * @is_kept: (inout): whether code that is kept will do; and whether it was
 * @binary: (out): the compiled code
 *
 * Does what cuda_compile() does, once for each text, architecture and version
 * of NVRTC: the code is kept under $XDG_CACHE_HOME/converge/cuda, see
 * ag_code_cache_open().
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_compile_cached (const char *text,
                     const char *architecture,
                     gboolean *is_kept,
                     GBytes **binary)
{
  g_autoptr (AgCodeCache) cache = ag_code_cache_open ("cuda");
  g_autofree char *key = cuda_compile_key (text, architecture);
  g_autoptr (AgWorkFolder) work = NULL;
  char *problem;

  /* Code in the cache that is of no use is removed at once. It would stay if nothing could be put
   * in its place, for instance while another process makes the same code. */
  if (!*is_kept && cache != NULL)
    ag_code_cache_remove (cache, key);
  *binary = *is_kept && cache != NULL ? ag_code_cache_get (cache, key) : NULL;
  *is_kept = *binary != NULL;
  if (*is_kept)
    return NULL;
  problem = cuda_compile (text, architecture, binary);
  if (problem == NULL && cache != NULL)
    work = ag_code_cache_begin (cache, key);
  if (work != NULL)
    ag_code_cache_put (cache, key, *binary, work);
  return problem;
}
