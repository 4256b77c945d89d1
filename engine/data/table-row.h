/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/table.h"

G_BEGIN_DECLS

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

AgTableRow ag_table_row_take (const AgTable *table,
                              const char **at,
                              const char *end);

G_END_DECLS
