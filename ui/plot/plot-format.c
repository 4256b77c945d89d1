/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-format.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

static const char *const endings[] = {
  [CONVERGE_PLOT_FORMAT_PNG] = ".png",
  [CONVERGE_PLOT_FORMAT_SVG] = ".svg",
  [CONVERGE_PLOT_FORMAT_PDF] = ".pdf",
};

/* Returns the number of formats if it is none of them. */
static guint
find_ending (const char *path)
{
  const char *dot = strrchr (path, '.');
  guint i = 0;

  while (i < G_N_ELEMENTS (endings)
         && (dot == NULL || g_ascii_strcasecmp (dot, endings[i]) != 0))
    i++;
  return i;
}

/* ".png, .svg or .pdf" */
static char *
list_endings (void)
{
  const guint last = G_N_ELEMENTS (endings) - 1;
  GString *list = g_string_new (endings[0]);

  for (guint i = 1; i < last; i++)
    g_string_append_printf (list, ", %s", endings[i]);
  /* Translators: the last of several endings of files: ".png, .svg or .pdf". */
  g_string_append_printf (list, _ (" or %s"), endings[last]);
  return g_string_free (list, FALSE);
}

/**
 * converge_plot_format_find:
 * @path: path of a picture
 * @format: (out) (optional): what kind of picture its name says that it is
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether its name ends as that of a picture that can be made, in
 *   capitals or not
 */
gboolean
converge_plot_format_find (const char *path,
                           ConvergePlotFormat *format,
                           GError **error)
{
  const guint found = find_ending (path);
  g_autofree char *list = NULL;

  if (found < G_N_ELEMENTS (endings))
    {
      if (format != NULL)
        *format = (ConvergePlotFormat) found;
      return TRUE;
    }
  list = list_endings ();
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” does not say what kind of picture it is to be. Let its name end in %s."),
               path, list);
  return FALSE;
}

/**
 * converge_plot_format_check_table:
 * @path: path of a CSV file to be written
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Returns: whether its name does not end as that of a picture
 */
gboolean
converge_plot_format_check_table (const char *path,
                                  GError **error)
{
  const guint found = find_ending (path);

  if (found == G_N_ELEMENTS (endings))
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” has the name of a picture, and a table is to be written. Let its name end "
                  "in .csv, not in %s."),
               path, endings[found]);
  return FALSE;
}
