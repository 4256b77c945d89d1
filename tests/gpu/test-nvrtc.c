/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect.h"
#include "cuda-compile.h"
#include "source-cases.h"

#include <glib/gstdio.h>
#include <nvrtc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* All source that test-source.c runs on the host is compiled for GPUs by NVRTC,
 * which needs none: every day for the oldest that it knows, and with
 * NVRTC_ARCHITECTURES=all for the first of each generation. */

/**
 * Known:
 * @path: a file in the build folder
 * @keys: (element-type utf8): its lines: a key (cuda_compile_key()) for each text
 *   that did compile
 *
 * Texts that compiled once need not be compiled again. A failure is never kept, and a line that
 * was damaged is no text's key.
 */
typedef struct
{
  char *path;
  GHashTable *keys;
} Known;

typedef struct
{
  const char *text;
  const char *architecture;
  char *problem;
} Job;

static void
known_init (Known *known,
            const char *path)
{
  g_autofree char *content = NULL;

  known->path = g_strdup (path);
  known->keys = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  if (g_file_get_contents (path, &content, NULL, NULL))
    {
      g_auto (GStrv) lines = g_strsplit (content, "\n", -1);

      for (gsize i = 0; lines[i] != NULL; i++)
        g_hash_table_add (known->keys, g_strdup (lines[i]));
    }
}

static void
known_save (const Known *known)
{
  g_autofree gpointer *keys = g_hash_table_get_keys_as_array (known->keys, NULL);
  g_autofree char *content = g_strjoinv ("\n", (char **) keys);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (known->path, content, -1, &error);
  g_assert_no_error (error);
}

static void
known_clear (Known *known)
{
  g_free (known->path);
  g_hash_table_unref (known->keys);
}

/* Jobs for some threads, each of which takes the next. Plain threads are what ThreadSanitizer
 * sees, unlike those of GLib. */
typedef struct
{
  Job *jobs;
  guint n_jobs;
  atomic_uint next;
} Queue;

static void *
work (void *data)
{
  Queue *queue = data;
  guint i;

  while ((i = atomic_fetch_add (&queue->next, 1)) < queue->n_jobs)
    {
      Job *job = &queue->jobs[i];
      g_autoptr (GBytes) binary = NULL;

      job->problem = cuda_compile (job->text, job->architecture, &binary);
    }
  return NULL;
}

static void
do_all (Job *jobs,
        guint n_jobs)
{
  Queue queue = { .jobs = jobs, .n_jobs = n_jobs };
  const guint n_threads = g_get_num_processors ();
  g_autofree pthread_t *threads = g_new (pthread_t, n_threads);

  for (guint i = 0; i < n_threads; i++)
    g_assert_cmpint (pthread_create (&threads[i], NULL, work, &queue), ==, 0);
  for (guint i = 0; i < n_threads; i++)
    pthread_join (threads[i], NULL);
}

/* Compiles those of the texts of which it is not known that they compile. Returns
 * how many these were; @n_failed is how many of them did not compile. */
static guint
compile (GHashTable *texts,
         const char *architecture,
         Known *known,
         guint *n_failed)
{
  g_autofree Job *jobs = g_new0 (Job, g_hash_table_size (texts));
  GHashTableIter iter;
  gpointer text;
  guint n_jobs = 0;

  g_hash_table_iter_init (&iter, texts);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    {
      g_autofree char *key = cuda_compile_key (text, architecture);

      if (g_hash_table_contains (known->keys, key))
        continue;
      jobs[n_jobs++] = (Job){ .text = text, .architecture = architecture };
    }
  do_all (jobs, n_jobs);

  *n_failed = 0;
  for (guint i = 0; i < n_jobs; i++)
    {
      if (jobs[i].problem == NULL)
        {
          g_hash_table_add (known->keys, cuda_compile_key (jobs[i].text, architecture));
          continue;
        }
      ++*n_failed;
      g_test_message ("%s\n%s", jobs[i].problem, jobs[i].text);
      g_free (jobs[i].problem);
    }
  known_save (known);
  return n_jobs;
}

static void
collect_expression (const SourceExpression *expression)
{
  double values[SOURCE_MAX_RESULTS];

  source_evaluate ("cuda", expression, values);
}

/* Runs that are made at once, with numbers that differ from step to step and without. */
static void
collect_sweeps (const AgProgramClass *program)
{
  static const char *const optimizers[] = { "sgd", "adam" };

  for (guint i = 0; i < G_N_ELEMENTS (optimizers); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, program);
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizers[i]));
        spec.dtype = dtype;
        spec.steps = 10;
        collect_sweep (&spec);
      }
}

/* Everything that test-source.c runs, by a GPU that only notes what it is given to
 * compile. */
static GHashTable *
collect (void)
{
  AgRunSpec spec;

  collect_begin ();
  source_foreach_op (collect_expression);
  source_foreach_stage (collect_expression);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      source_foreach_run (ag_program_class_nth (i), collect_run);
      collect_sweeps (ag_program_class_nth (i));
    }
  source_init_divergence (&spec);
  collect_run (&spec);
  source_init_failure (&spec);
  collect_run (&spec);
  return collect_texts ();
}

static void
test_architecture (gconstpointer data)
{
  static GHashTable *texts;
  const char *architecture = data;
  g_autofree char *name = g_strdup_printf ("nvrtc-%s.txt", architecture);
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, name, NULL);
  guint n_compiled, n_failed;
  Known known;

  if (texts == NULL)
    texts = collect ();
  known_init (&known, path);
  n_compiled = compile (texts, architecture, &known, &n_failed);
  known_clear (&known);
  g_test_message ("%u texts, of which %u were compiled now", g_hash_table_size (texts), n_compiled);
  /* Each of the eight programs has its own. */
  g_assert_cmpuint (g_hash_table_size (texts), >, ag_program_n_classes ());
  if (n_failed > 0)
    g_test_fail_printf ("%u of them did not compile for %s", n_failed, architecture);
}

/* As a process of its own would do it: one of the texts is wrong. */
static void
check_compiles (const char *path,
                GHashTable *texts,
                const char *architecture,
                guint n_compiled)
{
  guint n_failed;
  Known known;

  known_init (&known, path);
  g_assert_cmpuint (compile (texts, architecture, &known, &n_failed), ==, n_compiled);
  g_assert_cmpuint (n_failed, ==, 1);
  known_clear (&known);
}

/* What fails, fails again; another text is compiled, and so is one whose line in
 * the file is damaged. */
static void
test_known (gconstpointer data)
{
  const char *architecture = data;
  g_autoptr (GHashTable) texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "known.txt", NULL);
  g_autofree char *content = NULL;
  gsize length;

  g_hash_table_add (texts, g_strdup ("extern \"C\" __global__ void right () {}\n"));
  g_hash_table_add (texts, g_strdup ("extern \"C\" __global__ void wrong () { return 1; }\n"));
  check_compiles (path, texts, architecture, 2);
  check_compiles (path, texts, architecture, 1);
  check_compiles (path, texts, architecture, 1);

  g_hash_table_add (texts, g_strdup ("extern \"C\" __global__ void right () { }\n"));
  check_compiles (path, texts, architecture, 2);
  check_compiles (path, texts, architecture, 1);

  /* The end of one line was lost. */
  g_assert_true (g_file_get_contents (path, &content, &length, NULL));
  g_assert_true (g_file_set_contents (path, content, (gssize) length - 1, NULL));
  check_compiles (path, texts, architecture, 2);
  g_unlink (path);
  g_rmdir (folder);
}

static void
test_key (gconstpointer data)
{
  const char *architecture = data;
  g_autofree char *key = cuda_compile_key ("a text", architecture);
  g_autofree char *again = cuda_compile_key ("a text", architecture);
  g_autofree char *other_text = cuda_compile_key ("a text ", architecture);
  g_autofree char *other_architecture = cuda_compile_key ("a text", "sm_00");

  g_assert_cmpstr (key, ==, again);
  g_assert_cmpstr (key, !=, other_text);
  g_assert_cmpstr (key, !=, other_architecture);
}

int
main (int argc,
      char **argv)
{
  const gboolean is_all = g_strcmp0 (g_getenv ("NVRTC_ARCHITECTURES"), "all") == 0;
  g_autofree int *numbers = NULL;
  g_autoptr (GPtrArray) architectures = g_ptr_array_new_with_free_func (g_free);
  int n = 0;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (nvrtcGetNumSupportedArchs (&n), ==, NVRTC_SUCCESS);
  g_assert_cmpint (n, >, 0);
  numbers = g_new0 (int, n);
  g_assert_cmpint (nvrtcGetSupportedArchs (numbers), ==, NVRTC_SUCCESS);
  for (int i = 0; i < n; i++)
    if (i == 0 || (is_all && numbers[i] / 10 != numbers[i - 1] / 10))
      g_ptr_array_add (architectures, g_strdup_printf ("sm_%d", numbers[i]));

  g_test_add_data_func ("/nvrtc/key", architectures->pdata[0], test_key);
  g_test_add_data_func ("/nvrtc/known", architectures->pdata[0], test_known);
  for (guint i = 0; i < architectures->len; i++)
    {
      const char *architecture = g_ptr_array_index (architectures, i);
      g_autofree char *path = g_strconcat ("/nvrtc/", architecture, NULL);

      g_test_add_data_func (path, architecture, test_architecture);
    }
  return g_test_run ();
}
