/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/gpu.h"

#include "device/build-folder.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>
#include <pthread.h>
#include <stdatomic.h>

typedef struct
{
  const AgGpuBackend *backend;
  char *reason;
  char *title;
  char *probed;
} Loaded;

#define MODULE "libconverge-cuda.so"

static char *
find_module (void)
{
  const char *named = g_getenv ("CONVERGE_GPU_MODULE");

  return named != NULL ? g_strdup (named)
                       : ag_build_folder_find_part ("gpu", AG_GPU_MODULE_FOLDER, MODULE);
}

/* Where there is no driver this is said without loading the module, because CUDA's libraries take
 * half a second to load. */
static gboolean
has_driver (void)
{
  GModule *driver = g_module_open ("libcuda.so.1", G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (driver != NULL)
    g_module_close (driver);
  return driver != NULL;
}

static void
load (Loaded *loaded)
{
  g_autofree char *path = find_module ();
  AgGpuBackendGet get = NULL;
  GModule *module;

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      loaded->reason = g_strdup (_ ("built without CUDA"));
      return;
    }
  if (g_getenv ("CONVERGE_GPU_MODULE") == NULL && !has_driver ())
    {
      loaded->reason = g_strdup (_ ("no CUDA driver"));
      return;
    }
  /* The module stays loaded, because CUDA's libraries cannot be unloaded safely. */
  module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  if (module == NULL)
    loaded->reason = g_strdup_printf (_ ("CUDA's libraries cannot be loaded (%s)"),
                                      g_module_error ());
  else if (!g_module_symbol (module, AG_GPU_BACKEND_SYMBOL, (gpointer *) &get)
           || get ()->version != AG_GPU_BACKEND_VERSION)
    loaded->reason = g_strdup_printf (_ ("“%s” is of another version of Converge"), path);
  else
    loaded->backend = get ();
}

static Loaded the_module;
static atomic_bool is_probed;

static void
load_and_probe (void)
{
  load (&the_module);
  if (the_module.backend != NULL)
    the_module.probed = the_module.backend->probe (&the_module.title);
  if (the_module.title == NULL)
    the_module.title = g_strdup ("NVIDIA GPU");
  atomic_store (&is_probed, TRUE);
}

static const Loaded *
get_loaded (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once (&once, load_and_probe);
  return &the_module;
}

/**
 * ag_gpu_module_load:
 * @reason: (out): why there is none
 *
 * Loads the module that brings the GPU, the first time it is asked for:
 * libconverge-cuda.so, or what the variable CONVERGE_GPU_MODULE names.
 *
 * Returns: (transfer none) (nullable): its backend
 */
const AgGpuBackend *
ag_gpu_module_load (const char **reason)
{
  const Loaded *loaded = get_loaded ();

  *reason = loaded->reason;
  return loaded->backend;
}

/**
 * ag_gpu_module_is_probed:
 *
 * Returns: whether ag_gpu_module_probe() answers at once, since somebody has asked before
 */
gboolean
ag_gpu_module_is_probed (void)
{
  return atomic_load (&is_probed);
}

/**
 * ag_gpu_module_probe:
 * @title: (out): the GPU's name
 *
 * Returns: (transfer none) (nullable): why no GPU can be used, %NULL if one can
 */
const char *
ag_gpu_module_probe (const char **title)
{
  const Loaded *loaded = get_loaded ();

  *title = loaded->title;
  return loaded->reason != NULL ? loaded->reason : loaded->probed;
}
