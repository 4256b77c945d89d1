/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../common.h"
#include "device/device.h"
#include "fixture.h"
#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"
#include "plan/op.h"

#include <glib/gstdio.h>
#include <string.h>

/* All loop engines give the same bits. */

#define MAX_RUNS 100000
#define DEADLINE_US (180 * G_USEC_PER_SEC)

/* Sums of what is computed of products with powers of two, which compiled code need not form:
 * each operation that such a product can be an operand of, values that are kept too, and ones so
 * small that the product has more bits than its factor. */
#define N_FACTOR_RESULTS 9

static guint
record_factors (AgTensor **x,
                AgTensor **results)
{
  const AgDType dtype = ag_tensor_dtype (x[0]);
  const double small = dtype == AG_DTYPE_FLOAT32 ? 1e-44 : 1e-322;
  AgTensor *value = ag_mul (x[0], x[1]);
  AgTensor *twice = ag_mul (ag_constant (2), value);
  AgTensor *quarter = ag_mul (ag_sub (x[1], x[2]), ag_constant (0.25));
  AgTensor *tiny = ag_mul (ag_mul (ag_constant (small), x[0]), x[1]);
  AgTensor *scalar = ag_scalar (3.5);
  guint n = 0;

  results[n++] = ag_sum (twice);
  results[n++] = ag_sum (ag_mul (twice, x[2]));
  results[n++] = ag_sum (ag_mul (twice, quarter));
  results[n++] = ag_sum (ag_neg (ag_add (twice, ag_mul (ag_constant (2), x[2]))));
  results[n++] = ag_sum (ag_square (ag_mul (twice, scalar)));
  results[n++] = ag_sum (ag_addcmul (quarter, quarter, scalar));
  results[n++] = ag_sum (ag_abs (ag_mul (ag_constant (4), value)));
  results[n++] = ag_mul (ag_constant (8), value);
  results[n++] = ag_sum (ag_mul (ag_mul (ag_constant (2), tiny), x[2]));
  for (guint i = 0; i < n; i++)
    ag_tensor_ref (results[i]);
  return n;
}

/* Every operation of the table as a value and as a sum; of one size, whose loop is
 * another then, also elements that do not lie one behind the other. */
static guint
record (AgTensor **x,
        gint64 n,
        AgTensor **results)
{
  guint n_results = 0;

  for (AgOp op = AG_OP_identity + 1; op < AG_N_OPS; op++)
    {
      results[n_results++] = ag_tensor_ref (ag_op_record (op, x));
      results[n_results++] = ag_tensor_ref (ag_sum (ag_op_record (op, x)));
    }
  if (n == 1000)
    {
      AgTensor *turned = ag_transpose (ag_reshape (x[0], AG_SHAPE (2, n / 2)), 0, 1);
      AgTensor *straight = ag_reshape (x[1], AG_SHAPE (n / 2, 2));

      results[n_results++] = ag_tensor_ref (ag_sub (turned, straight));
      results[n_results++] = ag_tensor_ref (ag_sum (ag_mul (turned, straight)));
    }
  return n_results + record_factors (x, results + n_results);
}

/* Returns the values of all of them, one after the other, when that engine has
 * computed them; %NULL if it never does. */
static GArray *
compute (AgLoopEngine engine,
         AgDType dtype,
         gint64 n)
{
  const gint64 end = g_get_monotonic_time () + DEADLINE_US;
  g_autoptr (GError) error = NULL;
  g_autoptr (AgDevice) device = NULL;
  GArray *values = g_array_new (FALSE, FALSE, sizeof (double));
  AgTensor *x[AG_OP_MAX_OPERANDS], *results[2 * AG_N_OPS + 2 + N_FACTOR_RESULTS];
  gboolean is_reached = FALSE;
  guint n_results = 0;
  AgGraph *graph;

  ag_loop_engine_set_only (engine);
  device = ag_device_open ("cpu", 2, &error);
  g_assert_no_error (error);
  graph = ag_graph_new (device);
  ag_graph_enter (graph);
  for (guint i = 0; i < AG_OP_MAX_OPERANDS; i++)
    {
      x[i] = ag_tensor_ref (ag_linspace (dtype, -2.5 + 0.75 * i, 3.25 - 1.5 * i, n));
      g_assert_true (ag_graph_end_step (graph, &error));
    }
  for (guint run = 0; run < MAX_RUNS && !is_reached && g_get_monotonic_time () < end; run++)
    {
      for (guint i = 0; i < n_results; i++)
        ag_tensor_unref (results[i]);
      n_results = record (x, n, results);
      g_assert_true (ag_graph_end_step (graph, &error));
      g_assert_no_error (error);
      is_reached = ag_device_loop_engine (device) == engine;
      /* By now it is being compiled. */
      if (run > 300)
        g_usleep (5000);
    }
  for (guint i = 0; i < n_results; i++)
    {
      g_autofree double *elements = g_new (double, ag_tensor_n_elements (results[i]));

      g_assert_true (ag_tensor_read (results[i], AG_DTYPE_FLOAT64, elements, &error));
      g_array_append_vals (values, elements, (guint) ag_tensor_n_elements (results[i]));
      ag_tensor_unref (results[i]);
    }
  for (guint i = 0; i < AG_OP_MAX_OPERANDS; i++)
    ag_tensor_unref (x[i]);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_loop_engine_set_only (AG_LOOP_ENGINE_NONE);
  if (!is_reached)
    g_clear_pointer (&values, g_array_unref);
  return values;
}

static void
use_cache (const char *folder)
{
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
}

static gboolean
skip_without_compiler (void)
{
  g_autofree char *cc = g_find_program_in_path ("cc");

  if (cc == NULL)
    g_test_skip ("there is no C compiler");
  return cc == NULL;
}

/* Around the ends of vectors, rows, blocks, groups and parts, on two threads. */
static void
test_same_bits (void)
{
  static const gint64 sizes[] = { 1, 7, 16, 100, 512, 1000, 8193, 70000 };

  if (skip_without_compiler ())
    return;
  for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
      {
        g_autoptr (GArray) expected = compute (AG_LOOP_ENGINE_INTERPRETER, dtype, sizes[i]);
        g_autoptr (GArray) values = compute (AG_LOOP_ENGINE_COMPILED, dtype, sizes[i]);

        g_assert_nonnull (expected);
        g_assert_nonnull (values);
        g_assert_cmpmem (values->data, values->len * sizeof (double), expected->data,
                         expected->len * sizeof (double));
      }
}

static guint
count_files (const char *folder,
             const char *suffix)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n = 0;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    n += g_str_has_suffix (name, suffix) ? 1 : 0;
  return n;
}

/* Compiled code is kept in a folder of the user's own, and nothing else is left there. */
static void
test_cache (void)
{
  g_autofree char *cache = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *loops = g_build_filename (cache, "converge", "loops", NULL);
  GStatBuf status;

  if (skip_without_compiler ())
    return;
  g_setenv ("TEST_CACHE", cache, TRUE);
  g_test_trap_subprocess ("/loop-engine/cache/subprocess/compiled", 0, 0);
  g_test_trap_assert_passed ();
  g_assert_cmpuint (count_files (loops, ".so"), ==, 1);
  g_assert_cmpuint (count_files (loops, ".c"), ==, 0);
  g_assert_cmpint (g_stat (loops, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0700);

  /* Again, without a compiler to be had but what is there. */
  g_test_trap_subprocess ("/loop-engine/cache/subprocess/compiled", 0, 0);
  g_test_trap_assert_passed ();
  g_assert_cmpuint (count_files (loops, ".so"), ==, 1);

  /* Others could have put something there. */
  g_assert_cmpint (g_chmod (loops, 0777), ==, 0);
  g_test_trap_subprocess ("/loop-engine/cache/subprocess/compiled", 0, 0);
  g_test_trap_assert_passed ();
  g_assert_cmpuint (count_files (loops, ".so"), ==, 1);
  g_unsetenv ("TEST_CACHE");
  common_remove (cache);
}

/* Returns the path of the only file in a folder. */
static char *
find_file (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name = dir != NULL ? g_dir_read_name (dir) : NULL;

  g_assert_nonnull (name);
  return g_build_filename (folder, name, NULL);
}

/* A kept file that was cut short, or has zeros where it was not written, does no harm and is made
 * again. */
static void
test_damaged (void)
{
  static const gsize lengths[] = { 0, 63, 4096, 8193, 12288 };
  g_autofree char *cache = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *loops = g_build_filename (cache, "converge", "loops", NULL);
  g_autofree char *path = NULL;
  g_autofree char *content = NULL;
  g_autofree char *damaged = NULL;
  gsize n_bytes;

  if (skip_without_compiler ())
    return;
  g_setenv ("TEST_CACHE", cache, TRUE);
  g_test_trap_subprocess ("/loop-engine/cache/subprocess/compiled", 0, 0);
  g_test_trap_assert_passed ();
  path = find_file (loops);
  g_assert_true (g_file_get_contents (path, &content, &n_bytes, NULL));
  damaged = g_malloc0 (n_bytes);
  for (guint i = 0; i < 2 * G_N_ELEMENTS (lengths); i++)
    {
      const gsize length = lengths[i / 2];
      g_autofree char *repaired = NULL;
      gsize n_repaired;

      g_assert_cmpuint (length, <, n_bytes);
      memset (damaged, 0, n_bytes);
      memcpy (damaged, content, length);
      g_assert_true (g_file_set_contents_full (path, damaged,
                                               (gssize) (i % 2 == 0 ? length : n_bytes),
                                               G_FILE_SET_CONTENTS_CONSISTENT, 0700, NULL));
      g_test_trap_subprocess ("/loop-engine/cache/subprocess/compiled", 0, 0);
      g_test_trap_assert_passed ();
      g_assert_true (g_file_get_contents (path, &repaired, &n_repaired, NULL));
      g_assert_cmpmem (repaired, n_repaired, content, n_bytes);
    }
  g_unsetenv ("TEST_CACHE");
  common_remove (cache);
}

static void
test_compiled (void)
{
  g_autoptr (GArray) values = NULL;

  use_cache (g_getenv ("TEST_CACHE"));
  values = compute (AG_LOOP_ENGINE_COMPILED, AG_DTYPE_FLOAT64, 1);
  g_assert_nonnull (values);
}

/* Without a compiler, and with one that fails: the interpreter goes on. */
static void
test_no_compiler (void)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *cc = g_build_filename (folder, "cc", NULL);

  g_setenv ("TEST_CACHE", folder, TRUE);
  g_test_trap_subprocess ("/loop-engine/no-compiler/subprocess/interpreted", 0, 0);
  g_test_trap_assert_passed ();
  g_assert_true (g_file_set_contents_full (cc, "#!/bin/sh\nexit 1\n", -1,
                                           G_FILE_SET_CONTENTS_NONE, 0755, NULL));
  g_test_trap_subprocess ("/loop-engine/no-compiler/subprocess/interpreted", 0, 0);
  g_test_trap_assert_passed ();
  g_unsetenv ("TEST_CACHE");
  common_remove (folder);
}

static void
test_interpreted (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgDevice) device = NULL;
  AgTensor *x, *y;
  AgGraph *graph;

  use_cache (g_getenv ("TEST_CACHE"));
  g_setenv ("PATH", g_getenv ("TEST_CACHE"), TRUE);
  device = ag_device_open ("cpu", 1, &error);
  graph = ag_graph_new (device);
  ag_graph_enter (graph);
  x = ag_tensor_ref (ag_linspace (AG_DTYPE_FLOAT64, 0, 1, 100));
  for (guint i = 0; i < 2000; i++)
    {
      y = ag_tensor_ref (ag_cos (ag_sigmoid (x)));
      g_assert_true (ag_graph_end_step (graph, &error));
      g_assert_cmpint (ag_device_loop_engine (device), ==, AG_LOOP_ENGINE_INTERPRETER);
      ag_tensor_unref (y);
      if (i % 100 == 0)
        g_usleep (1000);
    }
  ag_tensor_unref (x);
  ag_graph_leave (graph);
  ag_graph_free (graph);
}

static void
test_list (void)
{
  g_autoptr (GPtrArray) engines = ag_loop_engine_list ();

  g_assert_cmpuint (engines->len, ==, 3);
  for (guint i = 0; i < engines->len; i++)
    {
      const AgLoopEngineInfo *info = g_ptr_array_index (engines, i);

      g_assert_cmpint (info->available, ==, info->reason == NULL);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loop-engine/list", test_list);
  g_test_add_func ("/loop-engine/same-bits", test_same_bits);
  g_test_add_func ("/loop-engine/cache", test_cache);
  g_test_add_func ("/loop-engine/damaged", test_damaged);
  g_test_add_func ("/loop-engine/cache/subprocess/compiled", test_compiled);
  g_test_add_func ("/loop-engine/no-compiler", test_no_compiler);
  g_test_add_func ("/loop-engine/no-compiler/subprocess/interpreted", test_interpreted);
  return g_test_run ();
}
