/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cuda-compile.h"

#include "device/code-cache.h"

#include <glib/gstdio.h>
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
