/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-blas.h"

#include "base/error.h"
#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>

/* OpenBLAS starts a thread for each core while it is loaded, and each takes the
 * addresses of a large buffer; one that gets none tries for ever, and where no
 * thread can be had the process ends. So it is loaded only when there is something
 * to multiply, and given no more threads than there is room for. */

#define LIBRARY "libopenblas.so.0"

/* Each thread of OpenBLAS takes a buffer of 128 MiB, its stack and its heap. */
#define THREAD_BYTES (G_GUINT64_CONSTANT (200) << 20)

typedef struct
{
  AgCpuBlas blas;
  __typeof__ (&openblas_set_num_threads) set_num_threads;
} Library;

static gboolean
open_library (Library *library)
{
  const struct
  {
    const char *name;
    gpointer *function;
  } symbols[] = {
    { "cblas_sgemm", (gpointer *) &library->blas.sgemm },
    { "cblas_dgemm", (gpointer *) &library->blas.dgemm },
    { "cblas_sgemv", (gpointer *) &library->blas.sgemv },
    { "cblas_dgemv", (gpointer *) &library->blas.dgemv },
    { "openblas_set_num_threads", (gpointer *) &library->set_num_threads },
  };
  GModule *module = g_module_open (LIBRARY, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (module == NULL)
    return FALSE;
  g_module_make_resident (module);
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (!g_module_symbol (module, symbols[i].name, symbols[i].function))
      return FALSE;
  return TRUE;
}

/**
 * ag_cpu_blas_load:
 * @n_threads: how many threads products may use
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Loads OpenBLAS, the first time it is asked for.
 *
 * Returns: (transfer none) (nullable): its functions
 */
const AgCpuBlas *
ag_cpu_blas_load (guint n_threads,
                  GError **error)
{
  static GMutex mutex;
  static Library library;
  static gboolean is_loaded;
  const guint64 room = ag_memory_addresses () / THREAD_BYTES;
  const AgCpuBlas *blas = NULL;

  g_mutex_lock (&mutex);
  if (room == 0)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
                   _ ("There is not enough memory to multiply matrices. Raise the limit on it, or "
                      "end other programs."));
    }
  else if (!is_loaded && !open_library (&library))
    {
      g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
                   _ ("OpenBLAS cannot be loaded: %s. Install it to multiply matrices."),
                   g_module_error ());
    }
  else
    {
      is_loaded = TRUE;
      library.set_num_threads ((int) MIN ((guint64) n_threads, room));
      blas = &library.blas;
    }
  g_mutex_unlock (&mutex);
  return blas;
}
