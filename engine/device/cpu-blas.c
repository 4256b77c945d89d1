/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-blas.h"

#include "base/error.h"
#include "base/memory.h"

#include <glib/gi18n-lib.h>
#include <gmodule.h>
#include <pthread.h>

/* While OpenBLAS is loaded it takes the addresses of a large buffer, and tries for ever
 * where it gets none. So it is loaded only when there is something to multiply. It is
 * given a single thread: how many it has is one number for all devices of the process,
 * and the bits of its results depend on it. What is large is cut into parts by
 * ag_cpu_product_run(). */

#define LIBRARY "libopenblas.so.0"

/* The addresses that must be free before OpenBLAS is loaded: its buffer takes 128 MiB of them. */
#define LEAST_BYTES (G_GUINT64_CONSTANT (200) << 20)

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
    gboolean is_optional;
  } symbols[] = {
    { "cblas_sgemm", (gpointer *) &library->blas.sgemm },
    { "cblas_dgemm", (gpointer *) &library->blas.dgemm },
    { "cblas_sgemv", (gpointer *) &library->blas.sgemv },
    { "cblas_dgemv", (gpointer *) &library->blas.dgemv },
    { "openblas_set_num_threads", (gpointer *) &library->set_num_threads },
    { "dgeqrf_", (gpointer *) &library->blas.dgeqrf, TRUE },
    { "dgelsd_", (gpointer *) &library->blas.dgelsd, TRUE },
  };
  GModule *module = g_module_open (LIBRARY, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (module == NULL)
    return FALSE;
  g_module_make_resident (module);
  for (guint i = 0; i < G_N_ELEMENTS (symbols); i++)
    if (!g_module_symbol (module, symbols[i].name, symbols[i].function)
        && !symbols[i].is_optional)
      return FALSE;
  return TRUE;
}

/**
 * ag_cpu_blas_load:
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Loads OpenBLAS, the first time it is asked for.
 *
 * Returns: (transfer none) (nullable): its functions
 */
const AgCpuBlas *
ag_cpu_blas_load (GError **error)
{
  /* A mutex of POSIX, since ThreadSanitizer does not see GLib's. */
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  static Library library;
  static gboolean is_loaded;
  const AgCpuBlas *blas = NULL;

  pthread_mutex_lock (&mutex);
  if (ag_memory_addresses () < LEAST_BYTES)
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
      library.set_num_threads (1);
      blas = &library.blas;
    }
  pthread_mutex_unlock (&mutex);
  return blas;
}
