/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table-text.h"

#include <glib/gi18n-lib.h>

/* A table in words. */

/**
 * ag_table_describe:
 * @table: a table whose rows were read
 *
 * Returns: (transfer full): what it has: "300 points, y over t"
 */
char *
ag_table_describe (const AgTable *table)
{
  return g_strdup_printf (_ ("%lld points, %s over %s"), (long long) table->n_points,
                          table->names[table->y_column], table->names[table->x_column]);
}

/**
 * ag_table_describe_format:
 * @table: a table
 *
 * Returns: (transfer full): how it is written: "commas between the cells, decimal points"
 */
char *
ag_table_describe_format (const AgTable *table)
{
  static const char *const delimiters[] = {
    [AG_DELIMITER_COMMA] = N_ ("commas between the cells"),
    [AG_DELIMITER_SEMICOLON] = N_ ("semicolons between the cells"),
    [AG_DELIMITER_TAB] = N_ ("tabs between the cells"),
    [AG_DELIMITER_SPACE] = N_ ("blanks between the cells"),
  };

  return g_strdup_printf ("%s, %s", _ (delimiters[table->format.delimiter]),
                          table->format.decimal == AG_DECIMAL_COMMA ? _ ("decimal commas")
                                                                    : _ ("decimal points"));
}

/**
 * ag_table_describe_left_out:
 * @table: a table whose rows were read
 *
 * Returns: (transfer full) (nullable): how many rows were left out: "3 of 200 rows are left
 *   out"; %NULL if none
 */
char *
ag_table_describe_left_out (const AgTable *table)
{
  if (table->n_left_out == 0)
    return NULL;
  return g_strdup_printf (_ ("%lld of %lld rows are left out"), (long long) table->n_left_out,
                          (long long) (table->n_points + table->n_left_out));
}

/**
 * ag_table_list_faults:
 * @table: a table whose rows were read
 * @most: how many lines it has at most
 *
 * Returns: (transfer full): which rows were left out and why, a line each, and how many
 *   more there are
 */
char *
ag_table_list_faults (const AgTable *table,
                      guint most)
{
  GString *text = g_string_new (NULL);
  const gint64 n_all = table->n_left_out;
  guint n = (guint) MIN (table->faults->len, most);

  /* One line is for how many more there are. */
  if (n < n_all && n == most)
    n--;
  for (guint i = 0; i < n; i++)
    {
      const AgTableFault *fault = &g_array_index (table->faults, AgTableFault, i);

      g_string_append_printf (text, _ ("Line %lld: %s"), (long long) fault->line, fault->reason);
      g_string_append (text, i + 1 < n || n < n_all ? "\n" : "");
    }
  if (n < n_all)
    g_string_append_printf (text, _ ("and %lld more"), (long long) (n_all - n));
  return g_string_free (text, FALSE);
}
