/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-compile.h"

#include "cuda-prelude.h"

#include <nvrtc.h>
#include <string.h>

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
 * @architecture: what for, "sm_90"
 * @binary: (out): the compiled code
 *
 * Compiles by NVRTC, which needs no GPU. Products and sums are not contracted,
 * so that results are the CPU's up to the order of sums.
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
  const char *options[] = { target, "--fmad=false", "--std=c++14" };
  char *problem = NULL;
  nvrtcProgram program;
  nvrtcResult result;
  size_t size = 0;

  result = nvrtcCreateProgram (&program, text, "plan.cu", 1, headers, names);
  if (result != NVRTC_SUCCESS)
    return g_strdup_printf ("NVRTC cannot be used: %s.", nvrtcGetErrorString (result));
  result = nvrtcCompileProgram (program, G_N_ELEMENTS (options), options);
  if (result == NVRTC_SUCCESS)
    result = nvrtcGetCUBINSize (program, &size);
  if (result == NVRTC_SUCCESS && size > 0)
    {
      char *code = g_malloc (size);

      nvrtcGetCUBIN (program, code);
      *binary = g_bytes_new_take (code, size);
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

static char *
find_cached (const char *text,
             const char *architecture)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *name = NULL;
  int major = 0, minor = 0;

  nvrtcVersion (&major, &minor);
  g_checksum_update (checksum, (const guchar *) text, -1);
  g_checksum_update (checksum, (const guchar *) cuda_prelude, -1);
  name = g_strdup_printf ("%s-%d.%d-%s.cubin", architecture, major, minor,
                          g_checksum_get_string (checksum));
  return g_build_filename (g_get_user_cache_dir (), "converge", "cuda", name, NULL);
}

/**
 * cuda_compile_cached:
 * @text: the text of an #AgGpuSource
 * @architecture: what for
 * @binary: (out): the compiled code
 *
 * Does what cuda_compile() does, once for each text, architecture and version
 * of NVRTC: the code is kept under $XDG_CACHE_HOME/converge/cuda.
 *
 * Returns: (transfer full) (nullable): why that failed
 */
char *
cuda_compile_cached (const char *text,
                     const char *architecture,
                     GBytes **binary)
{
  g_autofree char *path = find_cached (text, architecture);
  g_autofree char *folder = g_path_get_dirname (path);
  char *code, *problem;
  gsize size;

  if (g_file_get_contents (path, &code, &size, NULL))
    {
      *binary = g_bytes_new_take (code, size);
      return NULL;
    }
  problem = cuda_compile (text, architecture, binary);
  /* Written to another name and renamed; without a cache it works too. */
  if (problem == NULL && g_mkdir_with_parents (folder, 0700) == 0)
    g_file_set_contents_full (path, g_bytes_get_data (*binary, NULL),
                              (gssize) g_bytes_get_size (*binary), G_FILE_SET_CONTENTS_CONSISTENT,
                              0600, NULL);
  return problem;
}
