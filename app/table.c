/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "table.h"

#include <string.h>

#define MARGIN 2
#define GAP 2
/* Text is not wrapped into less than so many characters. */
#define LEAST_WRAPPED 24

struct _ConvergeTable
{
  guint n_columns;
  GPtrArray *cells;
};

/**
 * converge_table_new:
 * @n_columns: number of columns
 *
 * Returns: (transfer full): a table without rows
 */
ConvergeTable *
converge_table_new (guint n_columns)
{
  ConvergeTable *table = g_new (ConvergeTable, 1);

  table->n_columns = n_columns;
  table->cells = g_ptr_array_new_with_free_func (g_free);
  return table;
}

/**
 * converge_table_free:
 * @table: (transfer full): a table
 *
 * Frees the table.
 */
void
converge_table_free (ConvergeTable *table)
{
  g_ptr_array_unref (table->cells);
  g_free (table);
}

/**
 * converge_table_add:
 * @table: a table
 * @...: (transfer none): a string for each column, and %NULL
 *
 * Adds a row.
 */
void
converge_table_add (ConvergeTable *table,
                    ...)
{
  va_list args;

  va_start (args, table);
  for (const char *cell; (cell = va_arg (args, const char *)) != NULL;)
    g_ptr_array_add (table->cells, g_strdup (cell));
  va_end (args);
  g_return_if_fail (table->cells->len % table->n_columns == 0);
}

static const char *
cell_at (const ConvergeTable *table,
         guint row,
         guint column)
{
  return g_ptr_array_index (table->cells, row * table->n_columns + column);
}

static guint
column_width (const ConvergeTable *table,
              guint column)
{
  glong width = 0;

  for (guint row = 0; row < table->cells->len / table->n_columns; row++)
    width = MAX (width, g_utf8_strlen (cell_at (table, row, column), -1));
  return (guint) width;
}

static void
append_blanks (GString *string,
               guint n)
{
  g_string_append_printf (string, "%*s", (int) n, "");
}

/**
 * converge_wrap:
 * @string: what to append to
 * @text: words
 * @indent: blanks before all lines but the first
 * @width: characters on a line; 0 for all on one
 *
 * Appends words, the first line beginning at @indent, and ends the line.
 */
void
converge_wrap (GString *string,
               const char *text,
               guint indent,
               guint width)
{
  const gboolean wraps = width >= indent + LEAST_WRAPPED;
  guint column = indent;

  while (*text != '\0')
    {
      const gsize length = strcspn (text, " ");
      const guint word = (guint) g_utf8_strlen (text, (gssize) length);

      if (column > indent && wraps && column + 1 + word > width)
        {
          g_string_append_c (string, '\n');
          append_blanks (string, indent);
          column = indent;
        }
      if (column > indent)
        {
          g_string_append_c (string, ' ');
          column++;
        }
      g_string_append_len (string, text, (gssize) length);
      column += word;
      text += length;
      text += strspn (text, " ");
    }
  g_string_append_c (string, '\n');
}

/**
 * converge_table_append_to:
 * @table: a table
 * @string: what to append to
 * @width: characters on a line, to which the last column is wrapped; 0 for
 *   rows as long as they are
 *
 * Writes the table.
 */
void
converge_table_append_to (const ConvergeTable *table,
                          GString *string,
                          guint width)
{
  g_autofree guint *widths = g_new (guint, table->n_columns);
  const guint last = table->n_columns - 1;

  for (guint column = 0; column < last; column++)
    widths[column] = column_width (table, column);
  for (guint row = 0; row < table->cells->len / table->n_columns; row++)
    {
      guint indent = MARGIN;

      append_blanks (string, MARGIN);
      for (guint column = 0; column < last; column++)
        {
          const char *cell = cell_at (table, row, column);

          g_string_append (string, cell);
          append_blanks (string, widths[column] + GAP - (guint) g_utf8_strlen (cell, -1));
          indent += widths[column] + GAP;
        }
      converge_wrap (string, cell_at (table, row, last), indent, width);
    }
}
