/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "collect.h"
#include "cuda-compile.h"

#include <glib/gstdio.h>
#include <string.h>

/* Reads the machine code that the compiler makes of the kernels, which needs no GPU: barriers,
 * loads and spills that would make them slow. */

#define ARCHITECTURE "sm_90"

/* A step of a program with one loop over the points and one of the optimizer has a barrier in
 * the sums, one behind them and one behind the optimizer. Before the first step there is one. */
#define MAX_BARRIERS 4

/* The most instructions for an element in a loop over the points. The arithmetic of autograd's
 * takes 21 of them. */
#define MAX_INSTRUCTIONS 28
#define PACK 4

/* What reads and writes a value that had no register, or with an address of any memory. */
#define MEMORY "\\b(STL|LDL|LD\\.E|ST\\.E|LD|ST)\\b"

/**
 * Kernel:
 * @name: its name
 * @code: (element-type utf8): its instructions and labels, in order
 */
typedef struct
{
  char *name;
  GPtrArray *code;
} Kernel;

static void
free_kernel (gpointer data)
{
  Kernel *kernel = data;

  g_free (kernel->name);
  g_ptr_array_unref (kernel->code);
  g_free (kernel);
}

/* Returns: (transfer full): the instruction or the label in a line, %NULL if there is none */
static char *
read_code (const char *line)
{
  const char *end = strstr (line, "*/");
  g_autofree char *text = NULL;

  if (g_str_has_prefix (line, ".L_"))
    return g_strdup (line);
  if (end == NULL || strchr (end, ';') == NULL)
    return NULL;
  text = g_strndup (end + 2, (gsize) (strchr (end, ';') - end - 2));
  return g_strdup (g_strstrip (text));
}

/* Returns: (transfer full) (element-type Kernel): the kernels of a text */
static GPtrArray *
disassemble (const char *text)
{
  GPtrArray *kernels = g_ptr_array_new_with_free_func (free_kernel);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) binary = NULL;
  g_autofree char *output = NULL, *path = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean is_kept = TRUE;
  g_autofree char *problem = cuda_compile_cached (text, ARCHITECTURE, &is_kept, &binary);
  const char *command[] = { g_getenv ("NVDISASM"), "-c", NULL, NULL };
  const int fd = g_file_open_tmp ("converge-XXXXXX", &path, NULL);
  Kernel *kernel = NULL;
  int status;

  g_assert_cmpstr (problem, ==, NULL);
  g_close (fd, NULL);
  g_file_set_contents (path, g_bytes_get_data (binary, NULL), (gssize) g_bytes_get_size (binary),
                       &error);
  g_assert_no_error (error);
  command[2] = path;
  g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, NULL,
                &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  g_unlink (path);

  lines = g_strsplit (output, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      char *code = read_code (lines[i]);

      if (g_str_has_prefix (lines[i], ".text."))
        {
          kernel = g_new0 (Kernel, 1);
          kernel->name = g_strndup (lines[i] + strlen (".text."),
                                    strcspn (lines[i] + strlen (".text."), ":"));
          kernel->code = g_ptr_array_new_with_free_func (g_free);
          g_ptr_array_add (kernels, kernel);
        }
      if (code != NULL && kernel != NULL)
        g_ptr_array_add (kernel->code, code);
      else
        g_free (code);
    }
  g_assert_cmpuint (kernels->len, >, 0);
  return kernels;
}

static const Kernel *
find_kernel (GPtrArray *kernels,
             const char *name)
{
  for (guint i = 0; i < kernels->len; i++)
    if (strcmp (((const Kernel *) g_ptr_array_index (kernels, i))->name, name) == 0)
      return g_ptr_array_index (kernels, i);
  g_error ("There is no kernel “%s”.", name);
}

static guint
count (const Kernel *kernel,
       const char *pattern,
       guint from,
       guint to)
{
  guint n = 0;

  for (guint i = from; i < to; i++)
    if (g_regex_match_simple (pattern, g_ptr_array_index (kernel->code, i), 0, 0))
      n++;
  return n;
}

static guint
count_all (const Kernel *kernel,
           const char *pattern)
{
  return count (kernel, pattern, 0, kernel->code->len);
}

/* Finds the shortest loop that has a load of 16 bytes in it. */
static void
find_loop (const Kernel *kernel,
           guint *from,
           guint *to)
{
  *from = 0;
  *to = G_MAXUINT;
  for (guint i = 0; i < kernel->code->len; i++)
    {
      g_autofree char *label = g_strdup (g_ptr_array_index (kernel->code, i));

      if (!g_str_has_prefix (label, ".L_"))
        continue;
      label[strcspn (label, ":")] = '\0';
      for (guint k = i + 1; k < kernel->code->len; k++)
        {
          const char *code = g_ptr_array_index (kernel->code, k);
          const char *target = strstr (code, "BRA ") != NULL ? strstr (code, label) : NULL;

          if (target != NULL && target[strlen (label)] == ')' && k - i < *to - *from
              && count (kernel, "LDG\\S*\\.128", i, k) > 0)
            {
              *from = i + 1;
              *to = k;
            }
        }
    }
  g_assert_cmpuint (*to, !=, G_MAXUINT);
}

/* Returns: (transfer none): the text of a run's steps among those that it makes, or that runs at
 * once make */
static const char *
make_text (const char *program,
           const char *optimizer,
           AgDType dtype,
           gint64 points,
           void (*collect) (const AgRunSpec *))
{
  GHashTableIter iter;
  gpointer text;
  const char *found = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizer));
  spec.dtype = dtype;
  spec.points = points;
  spec.steps = 30;
  g_hash_table_remove_all (collect_texts ());
  collect (&spec);
  /* Others prepare data or evaluate the loss. */
  g_hash_table_iter_init (&iter, collect_texts ());
  while (g_hash_table_iter_next (&iter, &text, NULL))
    if ((collect == collect_sweep) == (strstr (text, "AG_RUNS") != NULL)
        && (found == NULL || strlen (text) > strlen (found)))
      found = text;
  return found;
}

static void
test_barriers (void)
{
  g_autoptr (GPtrArray) kernels
    = disassemble (make_text ("autograd", "sgd", AG_DTYPE_FLOAT32, 2000, collect_run));
  const Kernel *steps = find_kernel (kernels, "steps");
  const guint n_barriers = count_all (steps, "BAR\\.SYNC");

  g_test_message ("%u barriers, %u instructions", n_barriers, steps->code->len);
  g_assert_cmpuint (n_barriers, >, 0);
  g_assert_cmpuint (n_barriers, <=, MAX_BARRIERS);
}

static void
test_loads (gconstpointer data)
{
  const char *program = data;
  g_autoptr (GPtrArray) kernels
    = disassemble (make_text (program, "sgd", AG_DTYPE_FLOAT32, 20000, collect_run));
  const Kernel *stage = find_kernel (kernels, "stage_0");
  guint from, to, n_code;

  /* x and y. */
  g_assert_cmpuint (count_all (stage, "LDG\\S*\\.128"), >=, 2);
  find_loop (stage, &from, &to);
  n_code = to - from;
  g_test_message ("%g instructions an element", (double) n_code / PACK);
  g_assert_cmpuint (n_code, <=, PACK * MAX_INSTRUCTIONS);
  /* float32 is computed in float32. */
  g_assert_cmpuint (count (stage, "\\b(DADD|DMUL|DFMA|DSETP|F2F)", from, to), ==, 0);
  g_assert_cmpuint (count (stage, "\\bFMUL", from, to), >, 0);
}

/* No value has to wait in memory, and no address is of any memory, which takes longer. */
static void
test_spills (gconstpointer data)
{
  static const char *const optimizers[] = { "sgd", "adam" };
  const char *program = data;

  for (guint i = 0; i < G_N_ELEMENTS (optimizers); i++)
    for (gint64 points = 2000; points <= 20000; points *= 10)
      {
        const AgDType dtype = i == 0 ? AG_DTYPE_FLOAT32 : AG_DTYPE_FLOAT64;
        g_autoptr (GPtrArray) kernels
          = disassemble (make_text (program, optimizers[i], dtype, points, collect_run));

        for (guint k = 0; k < kernels->len; k++)
          {
            const Kernel *kernel = g_ptr_array_index (kernels, k);

            if (count_all (kernel, MEMORY) == 0)
              continue;
            g_test_message ("%s, %s, %" G_GINT64_FORMAT " points: %s", program, optimizers[i],
                            points, kernel->name);
            g_test_fail ();
          }
      }
}

/* A run that is made at once with others has no more barriers in a step than one alone, all its
 * values are in registers, and float32 is computed in float32. */
static void
test_runs (gconstpointer data)
{
  static const char *const optimizers[] = { "sgd", "adam" };
  const char *program = data;

  for (guint i = 0; i < G_N_ELEMENTS (optimizers); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        g_autoptr (GPtrArray) alone
          = disassemble (make_text (program, optimizers[i], dtype, 2000, collect_run));
        g_autoptr (GPtrArray) at_once
          = disassemble (make_text (program, optimizers[i], dtype, 2000, collect_sweep));
        const Kernel *runs = find_kernel (at_once, "runs"), *steps = find_kernel (alone, "steps");
        const guint n_barriers = count_all (runs, "BAR\\.SYNC");

        g_test_message ("%s, %s: %u barriers, %u instructions", optimizers[i], ag_dtype_name (dtype),
                        n_barriers, runs->code->len);
        /* Before the first step there is one more. */
        g_assert_cmpuint (n_barriers, >, 0);
        g_assert_cmpuint (n_barriers, <=, count_all (steps, "BAR\\.SYNC") + 1);
        g_assert_cmpuint (count_all (runs, MEMORY), ==, 0);
        if (dtype == AG_DTYPE_FLOAT32)
          g_assert_cmpuint (count_all (runs, "\\b(DMUL|DFMA)\\b"), ==,
                            count_all (steps, "\\b(DMUL|DFMA)\\b"));
      }
}

int
main (int argc,
      char **argv)
{
  static const char *const programs[] = { "autograd", "legendre", "nn", "dynamic", "mlp" };
  static const char *const cubics[] = { "autograd", "module" };
  static const char *const at_once[] = { "autograd", "legendre", "nn" };

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("NVDISASM") == NULL)
    {
      g_print ("1..0 # SKIP nvdisasm, which comes with CUDA, is not here; NVDISASM can name it\n");
      return 0;
    }
  collect_begin ();
  g_test_add_func ("/sass/barriers", test_barriers);
  for (guint i = 0; i < G_N_ELEMENTS (cubics); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sass/loads/%s", cubics[i]);

      g_test_add_data_func (path, cubics[i], test_loads);
    }
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sass/spills/%s", programs[i]);

      g_test_add_data_func (path, programs[i], test_spills);
    }
  for (guint i = 0; i < G_N_ELEMENTS (at_once); i++)
    {
      g_autofree char *path = g_strdup_printf ("/sass/runs/%s", at_once[i]);

      g_test_add_data_func (path, at_once[i], test_runs);
    }
  return g_test_run ();
}
