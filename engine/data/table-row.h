/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/table-format.h"

G_BEGIN_DECLS

/**
 * AgTableColumns:
 * @format: how the table is written
 * @names: the names of all its columns
 * @x: number of the column with x, from 0
 * @y: number of the column with y
 *
 * The columns that are read of a table.
 */
typedef struct
{
  const AgTableFormat *format;
  char *const *names;
  guint x;
  guint y;
} AgTableColumns;

/**
 * AgTableRow:
 * @n_cells: how many cells it has, without empty ones at its end
 * @x: its x, finite if @reason is %NULL
 * @y: its y
 * @n_lines: how many lines it takes
 * @reason: (nullable) (transfer full): what is wrong with it, as a clause
 *
 * A row of a table: a point, or the reason why it is none.
 */
typedef struct
{
  guint n_cells;
  double x;
  double y;
  gint64 n_lines;
  char *reason;
} AgTableRow;

AgTableRow ag_table_row_take (const AgTableColumns *columns,
                              const char **at,
                              const char *end);

G_END_DECLS
