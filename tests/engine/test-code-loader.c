/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../common.h"
#include "device/code-loader.h"
#include "fixture.h"

#include <dirent.h>
#include <string.h>

#define SYMBOL "answer"

typedef int (*Function) (void);

/* Returns a library whose function returns @number; %NULL without a compiler. */
static GBytes *
make_library (int number)
{
  g_autofree char *cc = g_find_program_in_path ("cc");
  g_autofree char *folder = g_dir_make_tmp ("converge-XXXXXX", NULL);
  g_autofree char *source = g_build_filename (folder, "source.c", NULL);
  g_autofree char *library = g_build_filename (folder, "library.so", NULL);
  g_autofree char *text = g_strdup_printf ("int " SYMBOL " (void) { return %d; }\n", number);
  const char *command[] = { cc, "-shared", "-fPIC", "-o", library, source, NULL };
  GBytes *result = NULL;
  char *content;
  gsize n_bytes;

  g_assert_true (g_file_set_contents (source, text, -1, NULL));
  if (cc != NULL
      && g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, NULL,
                       NULL)
      && g_file_get_contents (library, &content, &n_bytes, NULL))
    result = g_bytes_new_take (content, n_bytes);
  else
    g_test_skip ("there is no C compiler");
  common_remove (folder);
  return result;
}

static guint
count_open_files (void)
{
  DIR *dir = opendir ("/proc/self/fd");
  guint n = 0;

  while (readdir (dir) != NULL)
    n++;
  closedir (dir);
  return n;
}

/* Each gets its own, though the numbers of descriptors come again, and the same code
 * twice is the same. */
static void
test_several (void)
{
  Function functions[8];
  guint n_files = 0;

  for (int i = 0; i < (int) G_N_ELEMENTS (functions); i++)
    {
      g_autoptr (GBytes) library = make_library (i);

      if (library == NULL)
        return;
      functions[i] = (Function) ag_code_load (library, SYMBOL);
      g_assert_nonnull (functions[i]);
      if (i == 0)
        n_files = count_open_files ();
    }
  for (int i = 0; i < (int) G_N_ELEMENTS (functions); i++)
    g_assert_cmpint (functions[i](), ==, i);
  g_assert_cmpuint (count_open_files (), ==, n_files);
}

static void
test_no_symbol (void)
{
  g_autoptr (GBytes) library = make_library (1);

  if (library != NULL)
    g_assert_null (ag_code_load (library, "question"));
}

/* The dynamic linker itself would end the process with a bus error. */
static void
test_cut_short (void)
{
  g_autoptr (GBytes) library = make_library (1);

  for (gsize n = 0; library != NULL && n < g_bytes_get_size (library); n += n < 5000 ? 61 : 997)
    {
      g_autoptr (GBytes) part = g_bytes_new_from_bytes (library, 0, n);
      Function function = (Function) ag_code_load (part, SYMBOL);

      if (function != NULL)
        g_assert_cmpint (function (), ==, 1);
    }
}

static void
test_garbage (void)
{
  g_autoptr (GBytes) text = g_bytes_new_static ("\177ELF and nothing else", 21);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autofree guint8 *data = g_malloc0 (20000);

  g_assert_null (ag_code_load (text, SYMBOL));
  g_assert_null (ag_code_load (nothing, SYMBOL));
  for (guint8 fill = 0; fill < 255; fill += 15)
    {
      g_autoptr (GBytes) garbage = NULL;

      memset (data, fill, 20000);
      memcpy (data, "\177ELF", 4);
      garbage = g_bytes_new (data, 20000);
      g_assert_null (ag_code_load (garbage, SYMBOL));
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/code-loader/several", test_several);
  g_test_add_func ("/code-loader/no-symbol", test_no_symbol);
  g_test_add_func ("/code-loader/cut-short", test_cut_short);
  g_test_add_func ("/code-loader/garbage", test_garbage);
  return g_test_run ();
}
