/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-compile.h"
#include "cuda-private.h"
#include "cuda-target.h"

#include "device/code-cache.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* NVRTC needs no GPU. */

#define ARCHITECTURE "sm_90"

static const char text[] = "extern \"C\" __global__ void f (float *x) { x[0] = 1.0f; }\n";

static char *folder;

/* Returns the path of the only file in the cache. */
static char *
find_file (void)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autofree char *name = NULL;

  g_assert_nonnull (dir);
  name = g_strdup (g_dir_read_name (dir));
  g_assert_nonnull (name);
  g_assert_null (g_dir_read_name (dir));
  return g_build_filename (folder, name, NULL);
}

static GBytes *
compile (gboolean may_be_kept,
         gboolean is_expected)
{
  gboolean is_kept = may_be_kept;
  GBytes *binary = NULL;
  g_autofree char *problem = cuda_compile_cached (text, ARCHITECTURE, &is_kept, &binary);

  g_assert_cmpstr (problem, ==, NULL);
  g_assert_nonnull (binary);
  g_assert_cmpint (is_kept, ==, is_expected);
  return binary;
}

/* Once for each text, unless it is asked for anew or the file is damaged. */
static void
test_cache (void)
{
  g_autoptr (GBytes) first = compile (TRUE, FALSE);
  g_autoptr (GBytes) kept = compile (TRUE, TRUE);
  g_autoptr (GBytes) anew = compile (FALSE, FALSE);
  g_autofree char *path = find_file ();
  static const off_t lengths[] = { 0, 10, 1000 };

  g_assert_true (g_bytes_equal (kept, first));
  g_assert_true (g_bytes_equal (anew, first));
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (GBytes) again = NULL;
      g_autoptr (GBytes) repaired = NULL;

      g_assert_cmpint (truncate (path, lengths[i]), ==, 0);
      again = compile (TRUE, FALSE);
      repaired = compile (TRUE, TRUE);
      g_assert_true (g_bytes_equal (again, first));
      g_assert_true (g_bytes_equal (repaired, first));
    }
}

/* What the driver refuses is gone even where it cannot be replaced, since another process makes
 * the same code. */
static void
test_refused (void)
{
  g_autoptr (AgCodeCache) cache = ag_code_cache_open ("cuda");
  g_autofree char *key = cuda_compile_key (text, ARCHITECTURE);
  AgWorkFolder *other = ag_code_cache_begin (cache, key);
  g_autoptr (GBytes) anew = NULL;
  g_autoptr (GBytes) again = NULL;

  g_assert_nonnull (other);
  anew = compile (FALSE, FALSE);
  g_assert_null (ag_code_cache_get (cache, key));
  ag_work_folder_remove (other);
  again = compile (TRUE, FALSE);
}

/* Each GPU gets code that was compiled for it. */
static void
test_target (void)
{
  static const int known[] = { 75, 80, 86, 87, 88, 89, 90, 100, 103, 110, 120, 121 };
  static const struct
  {
    int capability;
    const char *target;
  } cases[] = {
    { 61, NULL },
    { 70, NULL },
    { 75, "sm_75" },
    { 80, "sm_80" },
    { 84, "sm_80" },
    { 90, "sm_90" },
    { 101, "sm_100" },
    { 103, "sm_103" },
    { 122, "sm_121" },
    { 130, "compute_121" },
    { 200, "compute_121" },
  };
  g_autofree char *target = NULL, *reason = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *chosen = cuda_target_choose (cases[i].capability, known,
                                                    G_N_ELEMENTS (known));

      g_assert_cmpstr (chosen, ==, cases[i].target);
    }
  reason = cuda_target_find (3, 5, &target);
  g_assert_nonnull (strstr (reason, "3.5"));
  g_assert_null (target);
}

/* A newer GPU, whose code only its driver can make, gets text. */
static void
test_text (void)
{
  g_autoptr (GBytes) program = NULL;
  g_autofree char *problem = cuda_compile (text, "compute_90", &program);
  gsize n_bytes;
  const char *data;

  g_assert_cmpstr (problem, ==, NULL);
  data = g_bytes_get_data (program, &n_bytes);
  g_assert_cmpint (data[n_bytes - 1], ==, 0);
  g_assert_nonnull (strstr (data, ".target sm_90"));
  g_assert_nonnull (strstr (data, ".entry f("));
}

/* After what CUDA does not recover from, no more is promised than that a restart helps. */
static void
test_sentences (void)
{
  g_autofree char *lasting = cuda_describe (cudaErrorIllegalAddress);
  g_autofree char *by_driver = cuda_describe_driver (CUDA_SUCCESS);
  g_autofree char *other = cuda_describe (cudaErrorInvalidValue);
  g_autofree char *memory = cuda_describe (cudaErrorMemoryAllocation);

  g_assert_nonnull (strstr (lasting, "Restart Converge"));
  g_assert_nonnull (strstr (lasting, "device “cpu”"));
  g_assert_null (by_driver);
  g_assert_null (strstr (other, "Restart"));
  g_assert_nonnull (strstr (memory, "fewer points"));
  g_assert_null (cuda_describe (cudaSuccess));
}

int
main (int argc,
      char **argv)
{
  g_autofree char *cache_home = NULL;
  g_autofree char *above = NULL;
  int status;

  g_test_init (&argc, &argv, NULL);
  cache_home = g_dir_make_tmp ("converge-XXXXXX", NULL);
  above = g_build_filename (cache_home, "converge", NULL);
  folder = g_build_filename (above, "cuda", NULL);
  g_setenv ("XDG_CACHE_HOME", cache_home, TRUE);
  g_test_add_func ("/cuda/cache", test_cache);
  g_test_add_func ("/cuda/refused", test_refused);
  g_test_add_func ("/cuda/target", test_target);
  g_test_add_func ("/cuda/text", test_text);
  g_test_add_func ("/cuda/sentences", test_sentences);
  status = g_test_run ();
  if (status == 0)
    {
      g_autofree char *path = find_file ();

      g_unlink (path);
    }
  g_rmdir (folder);
  g_rmdir (above);
  g_rmdir (cache_home);
  g_free (folder);
  return status;
}
