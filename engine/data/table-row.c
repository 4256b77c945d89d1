/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table-row.h"

#include "data/cell-number.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Returns: (transfer full): what is wrong with a cell that has no finite number */
static char *
explain_cell (const AgTableColumns *columns,
              guint column,
              const AgCell *cell)
{
  g_autofree char *text = ag_cell_to_string (cell);
  double value;

  if (ag_cell_is_missing (cell))
    return g_strdup_printf (_ ("“%s” has no value"), columns->names[column]);
  if (ag_cell_read (cell, columns->format->decimal, &value))
    return g_strdup_printf (_ ("“%s” is “%s”, which is too large"), columns->names[column], text);
  return g_strdup_printf (_ ("“%s” is “%s”, which is no number"), columns->names[column], text);
}

/* A cell with a number and nothing else, which almost all are, is read in one go. */
static gboolean
take_number (const AgTableFormat *format,
             const char **at,
             const char *end,
             double *value)
{
  const char sign = format->decimal == AG_DECIMAL_COMMA ? ',' : '.';
  const char *after
    = ag_cell_number (ag_table_skip_blanks (format, *at, end), end, sign, value);

  if (after == NULL || !isfinite (*value))
    return FALSE;
  if (!format->ends[(guchar) *after])
    after = ag_table_skip_blanks (format, after, end);
  if (after == end || !format->ends[(guchar) *after])
    return FALSE;
  *at = after;
  return TRUE;
}

static void
take_value (const AgTableColumns *columns,
            guint column,
            const char **at,
            const char *end,
            double *value,
            AgTableRow *row)
{
  AgCell cell;

  if (take_number (columns->format, at, end, value))
    {
      row->n_cells = column + 1;
      return;
    }
  cell = ag_table_take_cell (columns->format, at, end);
  row->n_lines += cell.n_newlines;
  if (cell.end > cell.begin)
    row->n_cells = column + 1;
  if ((!ag_cell_read (&cell, columns->format->decimal, value) || !isfinite (*value))
      && row->reason == NULL)
    row->reason = explain_cell (columns, column, &cell);
}

/* Decimal commas between commas make rows longer, and every number in them wrong. */
static void
check_length (const AgTableColumns *columns,
              AgTableRow *row)
{
  if (row->n_cells <= columns->format->n_columns)
    return;
  g_free (row->reason);
  row->reason = g_strdup_printf (_ ("it has %u cells instead of %u"), row->n_cells,
                                 columns->format->n_columns);
}

/**
 * ag_table_row_take:
 * @columns: the columns that are wanted
 * @at: (inout): where the row begins, and then what is behind it
 * @end: where the text ends
 *
 * Reads the x and y of one row.
 *
 * Returns: the row, with a reason that the caller frees if it has no point
 */
AgTableRow
ag_table_row_take (const AgTableColumns *columns,
                   const char **at,
                   const char *end)
{
  AgTableRow row = { .n_lines = 1 };
  guint column = 0;

  do
    {
      if (column == columns->x)
        {
          take_value (columns, column, at, end, &row.x, &row);
          if (column == columns->y)
            row.y = row.x;
        }
      else if (column == columns->y)
        {
          take_value (columns, column, at, end, &row.y, &row);
        }
      else
        {
          const AgCell cell = ag_table_take_cell (columns->format, at, end);

          row.n_lines += cell.n_newlines;
          if (cell.end > cell.begin)
            row.n_cells = column + 1;
        }
      column++;
    }
  while (ag_table_take_delimiter (columns->format, at, end));
  if (column <= MAX (columns->x, columns->y) && row.reason == NULL)
    row.reason = g_strdup_printf (_ ("it has %u cells instead of %u"), column,
                                  columns->format->n_columns);
  check_length (columns, &row);
  return row;
}
