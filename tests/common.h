/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <string.h>

/* Tests of the engine and of the window share these functions. */

/* Whether a limit on addresses can be set: sanitizers take terabytes of them, and do not work
 * under one. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CAN_LIMIT 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CAN_LIMIT 0
#endif
#endif

#ifndef CAN_LIMIT
#define CAN_LIMIT 1
#endif

/* Returns: (transfer full): the lines of a file that ends with a line's end */
static inline char **
common_read_lines (const char *path)
{
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_suffix (text, "\n"));
  text[strlen (text) - 1] = '\0';
  return g_strsplit (text, "\n", -1);
}

/* Removes a file, or a folder with all that is in it. A link is removed, not what it leads to. */
static inline void
common_remove (const char *path)
{
  g_autoptr (GDir) dir = NULL;
  const char *name;

  if (!g_file_test (path, G_FILE_TEST_IS_SYMLINK))
    dir = g_dir_open (path, 0, NULL);
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      common_remove (inner);
    }
  g_remove (path);
}

/* Runs tests in a locale that writes numbers with a comma, or skips where there is none. */
static inline void
common_test_with_comma (void (*test) (void),
                        void (*other) (void))
{
  static const char *const locales[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE.utf8", "da_DK.UTF-8" };
  const char *found = NULL;

  for (guint i = 0; found == NULL && i < G_N_ELEMENTS (locales); i++)
    found = setlocale (LC_ALL, locales[i]);
  if (found == NULL)
    {
      g_test_skip ("there is no locale with a decimal comma here");
      return;
    }
  test ();
  other ();
  setlocale (LC_ALL, "C");
}
