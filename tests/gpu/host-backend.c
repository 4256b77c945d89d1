/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "host-backend.h"

#include "device/code-cache.h"
#include "host-prelude-text.h"

#include <dlfcn.h>
#include <glib/gstdio.h>
#include <gmodule.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* A module that stands in for a GPU in the tests: the source that a GPU would
 * run is compiled by the host's C++ compiler, with threads as loops. It does
 * nothing before it must, as a GPU that is behind. */

typedef void (*Kernel) (const void *arguments, unsigned n_blocks, unsigned n_threads);

/* A launch, or a copy where there is no kernel; on a slow GPU it ends at a time. */
typedef struct
{
  Kernel kernel;
  guint n_blocks;
  guint n_threads;
  char arguments[4096];
  void *target;
  const void *source;
  gsize n_bytes;
  gint64 ends_us;
} Task;

/**
 * AgGpu:
 * @n_allocations_left: tests make it fail after so many, if not negative
 * @n_launches_left: the same
 * @step_us: tests make a step take so long
 * @busy_until_us: when the last launch ends then
 * @tasks: (element-type Task): what was asked for and is not done
 * @marks: how many of them are before each mark
 */
struct _AgGpu
{
  char *folder;
  gint64 n_allocations_left;
  gint64 n_launches_left;
  gint64 step_us;
  gint64 busy_until_us;
  GQueue tasks;
  guint marks[AG_GPU_N_MARKS];
};

struct _AgGpuProgram
{
  void *library;
};

/* The longest time that any GPU had still to work when it was given more. */
static _Atomic gint64 most_behind_us;

/* How many launches any GPU was given. */
static _Atomic guint n_launches;

/* By their text, for a test opens the device often. They stay until its end. */
static GHashTable *compiled;

/* Where texts are only collected, this is where. */
static GHashTable *collected;

static char *
host_probe (char **title)
{
  const char *path = g_getenv ("HOST_GPU_PROBE_WAITS_FOR");

  while (path != NULL && !g_file_test (path, G_FILE_TEST_EXISTS))
    g_usleep (1000);
  if (g_getenv ("HOST_GPU_ABSENT") != NULL)
    return g_strdup (g_getenv ("HOST_GPU_ABSENT"));
  *title = g_strdup ("loops that stand in for a GPU");
  return NULL;
}

static gint64
read_limit (const char *variable)
{
  const char *text = g_getenv (variable);

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : -1;
}

static char *
host_open (AgGpu **gpu)
{
  if (read_limit ("HOST_GPU_OPENS") == 0)
    return g_strdup ("The GPU is taken by another program. Use the device “cpu”.");
  *gpu = g_new0 (AgGpu, 1);
  (*gpu)->n_allocations_left = read_limit ("HOST_GPU_ALLOCATIONS");
  (*gpu)->n_launches_left = read_limit ("HOST_GPU_LAUNCHES");
  (*gpu)->step_us = MAX (0, read_limit ("HOST_GPU_STEP_US"));
  (*gpu)->folder = g_dir_make_tmp ("converge-gpu-XXXXXX", NULL);
  return NULL;
}

static void
work (AgGpu *gpu,
      guint n_tasks)
{
  for (guint i = 0; i < n_tasks; i++)
    {
      Task *task = g_queue_pop_head (&gpu->tasks);
      const gint64 left_us = task->ends_us > 0 ? task->ends_us - g_get_monotonic_time () : 0;

      if (left_us > 0)
        g_usleep ((gulong) left_us);
      if (task->kernel != NULL)
        task->kernel (task->arguments, task->n_blocks, task->n_threads);
      else
        memcpy (task->target, task->source, task->n_bytes);
      g_free (task);
    }
  for (guint i = 0; i < AG_GPU_N_MARKS; i++)
    gpu->marks[i] -= MIN (n_tasks, gpu->marks[i]);
}

static void
work_off (AgGpu *gpu)
{
  work (gpu, gpu->tasks.length);
}

static void
host_close (AgGpu *gpu)
{
  work_off (gpu);
  g_rmdir (gpu->folder);
  g_free (gpu->folder);
  g_free (gpu);
}

static gboolean
fails_now (gint64 *n_left)
{
  return *n_left >= 0 && (*n_left)-- == 0;
}

static char *
host_alloc (AgGpu *gpu,
            gsize n_bytes,
            void **data)
{
  if (fails_now (&gpu->n_allocations_left))
    return g_strdup ("There is not enough memory on the GPU.");
  *data = g_try_malloc0 (n_bytes);
  return *data != NULL ? NULL : g_strdup ("There is not enough memory on the GPU.");
}

static void
host_free (AgGpu *gpu,
           void *data)
{
  work_off (gpu);
  g_free (data);
}

/* As much as a test says, and else little for a GPU. */
static char *
host_find_memory (AgGpu *gpu,
                  guint64 *n_bytes)
{
  const gint64 limit = read_limit ("HOST_GPU_MEMORY");

  *n_bytes = limit >= 0 ? (guint64) limit : 1 << 30;
  return NULL;
}

static char *
host_copy (AgGpu *gpu,
           void *target,
           const void *source,
           gsize n_bytes)
{
  work_off (gpu);
  memcpy (target, source, n_bytes);
  return NULL;
}

static char *
host_begin_copy (AgGpu *gpu,
                 void *target,
                 const void *source,
                 gsize n_bytes)
{
  Task *task = g_new0 (Task, 1);

  task->target = target;
  task->source = source;
  task->n_bytes = n_bytes;
  g_queue_push_tail (&gpu->tasks, task);
  return NULL;
}

static char *
host_mark (AgGpu *gpu,
           guint which)
{
  gpu->marks[which] = gpu->tasks.length;
  return NULL;
}

static char *
host_wait (AgGpu *gpu,
           guint which)
{
  work (gpu, gpu->marks[which]);
  return NULL;
}

/* Few, so that loops of a test's size take more than one pass. */
static char *
host_max_blocks (AgGpu *gpu,
                 AgGpuProgram *program,
                 const char *kernel,
                 guint n_threads,
                 guint *n_blocks)
{
  *n_blocks = 3;
  return NULL;
}

/* The texts call functions of the C library, which is in this process already. */
static const char *const host_arguments[]
  = { "-std=c++14", "-w", "-ffp-contract=off", "-fPIC", "-shared", "-nostdlib" };

/* Returns how well to compile. Most of the texts run for a moment only, so that it is to be quick;
 * tests whose runs are long say otherwise. */
static const char *
find_optimization (void)
{
  const char *option = g_getenv ("HOST_GPU_OPTIMIZATION");

  return option != NULL ? option : "-Og";
}

/* Returns the name of the code in the cache: a digest of all that it depends on, the prelude
 * being part of the text. Another version of the compiler is told by its file. */
static char *
find_key (const char *text)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  GStatBuf status = { 0 };

  g_stat (HOST_CXX, &status);
  g_checksum_update (checksum, (const guchar *) HOST_CXX, sizeof HOST_CXX);
  g_checksum_update (checksum, (const guchar *) &status.st_size, sizeof status.st_size);
  g_checksum_update (checksum, (const guchar *) &status.st_mtime, sizeof status.st_mtime);
  for (guint i = 0; i < G_N_ELEMENTS (host_arguments); i++)
    g_checksum_update (checksum, (const guchar *) host_arguments[i],
                       (gssize) strlen (host_arguments[i]) + 1);
  g_checksum_update (checksum, (const guchar *) find_optimization (),
                     (gssize) strlen (find_optimization ()) + 1);
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text));
  return g_strconcat (g_checksum_get_string (checksum), ".so", NULL);
}

/* Returns whether the compiler took the text; if not, what it says is in @output. */
static gboolean
run_compiler (const char *text,
              const char *library,
              char **output)
{
  g_autofree char *source = g_strconcat (library, ".cc", NULL);
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  int status = 1;

  g_ptr_array_add (command, (gpointer) HOST_CXX);
  for (guint i = 0; i < G_N_ELEMENTS (host_arguments); i++)
    g_ptr_array_add (command, (gpointer) host_arguments[i]);
  g_ptr_array_add (command, (gpointer) find_optimization ());
  g_ptr_array_add (command, source);
  g_ptr_array_add (command, (gpointer) "-o");
  g_ptr_array_add (command, (gpointer) library);
  g_ptr_array_add (command, NULL);
  g_file_set_contents (source, text, -1, NULL);
  if (!g_spawn_sync (NULL, (char **) command->pdata, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL,
                     output, &status, NULL))
    status = 1;
  g_unlink (source);
  return status == 0;
}

static void
keep (AgCodeCache *cache,
      const char *key,
      const char *library)
{
  g_autoptr (AgWorkFolder) work = ag_code_cache_begin (cache, key);
  g_autoptr (GBytes) code = NULL;
  char *content;
  gsize n_bytes;

  if (work == NULL || !g_file_get_contents (library, &content, &n_bytes, NULL))
    return;
  code = g_bytes_new_take (content, n_bytes);
  ag_code_cache_put (cache, key, code, work);
}

/* Makes the library that a text is compiled to. It is kept for other tests and the next time:
 * what is tested is the text and what it does, and the same text is the same code. */
static gboolean
make_library (const char *text,
              const char *library,
              char **output)
{
  g_autoptr (AgCodeCache) cache = ag_code_cache_open ("host-gpu");
  g_autofree char *key = find_key (text);
  g_autoptr (GBytes) kept = cache != NULL ? ag_code_cache_get (cache, key) : NULL;

  if (kept != NULL)
    return g_file_set_contents (library, g_bytes_get_data (kept, NULL),
                                (gssize) g_bytes_get_size (kept), NULL);
  if (!run_compiler (text, library, output))
    return FALSE;
  if (cache != NULL)
    keep (cache, key, library);
  return TRUE;
}

static char *
compile (AgGpu *gpu,
         const char *text,
         void **compiled_library)
{
  /* The dynamic linker takes a file for one that it has if the names are the same, and that
   * of a folder may come again: GLib draws it from a million, by the time. So no number does. */
  static guint n_compiled;
  g_autofree char *name = g_strdup_printf ("%u.so", n_compiled++);
  g_autofree char *library = g_build_filename (gpu->folder, name, NULL);
  g_autofree char *output = NULL;
  GString *whole = g_string_new (text);

  g_string_replace (whole, "#include \"prelude\"", host_prelude, 1);
  if (make_library (whole->str, library, &output))
    *compiled_library = dlopen (library, RTLD_NOW | RTLD_LOCAL);
  g_string_free (whole, TRUE);
  g_unlink (library);
  return *compiled_library != NULL
           ? NULL
           : g_strdup_printf ("The host's compiler does not take this: %s\n%s", output, text);
}

/* Returns: (transfer full) (nullable): what is wrong with the text */
static char *
find_library (AgGpu *gpu,
              const char *text,
              void **library)
{
  char *problem;

  if (collected != NULL)
    {
      g_hash_table_add (collected, g_strdup (text));
      return NULL;
    }
  if (compiled == NULL)
    compiled = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  *library = g_hash_table_lookup (compiled, text);
  if (*library != NULL)
    return NULL;
  problem = compile (gpu, text, library);
  if (problem == NULL)
    g_hash_table_insert (compiled, g_strdup (text), *library);
  return problem;
}

static char *
host_compile (AgGpu *gpu,
              const char *text,
              AgGpuProgram **program)
{
  /* A run and who looks its moments up have a device each, on threads of their own. */
  static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  void *library = NULL;
  char *problem;

  pthread_mutex_lock (&mutex);
  problem = find_library (gpu, text, &library);
  pthread_mutex_unlock (&mutex);
  if (problem != NULL)
    return problem;
  *program = g_new0 (AgGpuProgram, 1);
  (*program)->library = library;
  return NULL;
}

static void
host_release (AgGpu *gpu,
              AgGpuProgram *program)
{
  work_off (gpu);
  g_free (program);
}

/* A stand-in that takes a time for a step makes so many runs at once. */
#define BLOCKS_AT_ONCE 100

/* Returns for how many steps a launch takes time: what has a kernel called steps, or runs, has many
 * of them in a launch, anything else one for each launch that is no end of another. */
static gint64
count_steps (const char *kernel,
             guint n_blocks,
             const void *arguments)
{
  const AgGpuSlot *slots = arguments;

  if (strcmp (kernel, "steps") == 0)
    return slots[1].i;
  if (strcmp (kernel, "runs") == 0)
    return slots[6].i * ((n_blocks + BLOCKS_AT_ONCE - 1) / BLOCKS_AT_ONCE);
  return g_str_has_prefix (kernel, "stage_") ? 1 : 0;
}

/* When a launch ends, on a GPU that takes as long for a step as a test says. */
static gint64
find_end (AgGpu *gpu,
          const char *kernel,
          guint n_blocks,
          const void *arguments)
{
  const gint64 now_us = g_get_monotonic_time ();
  const gint64 n_steps = count_steps (kernel, n_blocks, arguments);

  if (gpu->step_us == 0)
    return 0;
  gpu->busy_until_us = MAX (gpu->busy_until_us, now_us) + n_steps * gpu->step_us;
  if (gpu->busy_until_us - now_us > atomic_load (&most_behind_us))
    atomic_store (&most_behind_us, gpu->busy_until_us - now_us);
  return gpu->busy_until_us;
}

static char *
host_launch (AgGpu *gpu,
             AgGpuProgram *program,
             const char *kernel,
             guint n_blocks,
             guint n_threads,
             const void *arguments,
             gsize n_bytes)
{
  Task *task;
  Kernel function;

  if (fails_now (&gpu->n_launches_left))
    return g_strdup ("The GPU failed: it was lost. Use the device “cpu”.");
  atomic_fetch_add (&n_launches, 1);
  if (collected != NULL)
    return NULL;
  *(void **) (&function) = dlsym (program->library, kernel);
  if (function == NULL || n_bytes > sizeof task->arguments)
    return g_strdup_printf ("The kernel “%s” cannot be launched.", kernel);
  task = g_new0 (Task, 1);
  task->kernel = function;
  task->n_blocks = n_blocks;
  task->n_threads = n_threads;
  task->ends_us = find_end (gpu, kernel, n_blocks, arguments);
  memcpy (task->arguments, arguments, n_bytes);
  g_queue_push_tail (&gpu->tasks, task);
  return NULL;
}

static char *
host_multiply (AgGpu *gpu,
               gboolean is_double,
               gint64 n_rows,
               gint64 n_terms,
               gint64 n_columns,
               const AgGpuMatrix *a,
               const AgGpuMatrix *b,
               void *c)
{
  work_off (gpu);
  for (gint64 row = 0; row < n_rows; row++)
    for (gint64 column = 0; column < n_columns; column++)
      {
        double total = 0;

        for (gint64 k = 0; k < n_terms; k++)
          {
            gint64 at_a = row * a->row_stride + k * a->column_stride;
            gint64 at_b = k * b->row_stride + column * b->column_stride;

            total += is_double ? ((const double *) a->data)[at_a] * ((const double *) b->data)[at_b]
                               : (double) ((const float *) a->data)[at_a]
                                   * ((const float *) b->data)[at_b];
          }
        if (is_double)
          ((double *) c)[row * n_columns + column] = total;
        else
          ((float *) c)[row * n_columns + column] = (float) total;
      }
  return NULL;
}

/**
 * host_gpu_collect:
 * @texts: (element-type utf8): a set of texts
 *
 * From now on every text that is to be compiled is added to @texts and nothing
 * else is done with it: it is not compiled, and launches do nothing.
 */
G_MODULE_EXPORT void
host_gpu_collect (GHashTable *texts)
{
  collected = g_hash_table_ref (texts);
}

/**
 * host_gpu_most_behind_us:
 *
 * Returns: the longest time that a GPU, which takes as long for a step as the variable
 *   HOST_GPU_STEP_US says, had still to work after it was given more; and begins anew
 */
G_MODULE_EXPORT gint64
host_gpu_most_behind_us (void)
{
  return atomic_exchange (&most_behind_us, 0);
}

/**
 * host_gpu_n_launches:
 *
 * Returns: how many launches there were; and begins anew
 */
G_MODULE_EXPORT guint
host_gpu_n_launches (void)
{
  return atomic_exchange (&n_launches, 0);
}

G_MODULE_EXPORT const AgGpuBackend *ag_gpu_backend (void);

const AgGpuBackend *
ag_gpu_backend (void)
{
  static const AgGpuBackend backend = {
    .version = AG_GPU_BACKEND_VERSION,
    .id = "cuda",
    .probe = host_probe,
    .open = host_open,
    .close = host_close,
    .alloc = host_alloc,
    .free = host_free,
    .find_memory = host_find_memory,
    .alloc_host = host_alloc,
    .free_host = host_free,
    .copy_in = host_copy,
    .copy_out = host_copy,
    .begin_copy_in = host_begin_copy,
    .begin_copy_out = host_begin_copy,
    .mark = host_mark,
    .wait = host_wait,
    .max_blocks = host_max_blocks,
    .compile = host_compile,
    .release = host_release,
    .launch = host_launch,
    .multiply = host_multiply,
  };

  return &backend;
}
