/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/byte-source.h"
#include "data/table-format.h"
#include "data/table-lines.h"
#include "device/work.h"

G_BEGIN_DECLS

/* At most this many rows that were left out are kept, with the reasons, and this many of the first
 * rows, with their cells. */
#define AG_TABLE_MAX_FAULTS 24
#define AG_TABLE_MAX_FIRST_ROWS 8

/**
 * AgTableFault:
 * @line: number of the row's line in the file, from 1
 * @reason: why it was left out, as a clause
 *
 * A row that has no point.
 */
typedef struct
{
  gint64 line;
  char *reason;
} AgTableFault;

/**
 * AgTableWish:
 * @delimiter: what is between two cells
 * @decimal: the decimal sign
 * @x: name or number of the column of x; empty for the first with numbers
 * @y: name or number of the column of y; empty for the next with numbers
 * @is_standardized: whether the points are wanted with mean 0 and deviation 1, which is
 *   for those who read the whole table
 *
 * The columns that are wanted of a table, and how it is written as far as that is known.
 */
typedef struct
{
  AgDelimiter delimiter;
  AgDecimal decimal;
  const char *x;
  const char *y;
  gboolean is_standardized;
} AgTableWish;

/**
 * AgTable:
 * @format: how it is written
 * @names: (array zero-terminated=1): the columns' names, as many as it has columns
 * @has_numbers: (array): for each column whether it has numbers, as far as the first
 *   rows tell
 * @first_rows: (element-type GStrv): the cells of the first rows
 * @x_column: which column has x
 * @y_column: which column has y
 * @n_points: how many rows have a point
 * @n_left_out: how many rows were left out
 * @faults: (element-type AgTableFault): the first of those
 * @x: each point's x, in the order of the rows
 * @y: each point's y
 * @lines: the line that each point is in
 *
 * Two columns of a table, and what became of its rows.
 */
typedef struct
{
  AgTableFormat format;
  char **names;
  gboolean *has_numbers;
  GPtrArray *first_rows;
  guint x_column;
  guint y_column;
  gint64 n_points;
  gint64 n_left_out;
  GArray *faults;
  double *x;
  double *y;
  AgTableLines *lines;
} AgTable;

AgTable *ag_table_read (const char *name,
                        AgByteSource *source,
                        const AgTableWish *wish,
                        AgWork *work,
                        GError **error);
AgTable *ag_table_look (const char *name,
                        AgByteSource *source,
                        const AgTableWish *wish,
                        GError **error);
void ag_table_free (AgTable *table);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTable, ag_table_free)

G_END_DECLS
