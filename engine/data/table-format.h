/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgDelimiter:
 * @AG_DELIMITER_AUTO: the one that makes the most of the table
 * @AG_DELIMITER_COMMA: ","
 * @AG_DELIMITER_SEMICOLON: ";"
 * @AG_DELIMITER_TAB: a tab
 * @AG_DELIMITER_SPACE: any number of blanks and tabs
 *
 * The sign between two cells of a table.
 */
typedef enum
{
  AG_DELIMITER_AUTO,
  AG_DELIMITER_COMMA,
  AG_DELIMITER_SEMICOLON,
  AG_DELIMITER_TAB,
  AG_DELIMITER_SPACE,
} AgDelimiter;

/**
 * AgDecimal:
 * @AG_DECIMAL_AUTO: the one that makes the most of the table
 * @AG_DECIMAL_POINT: "."
 * @AG_DECIMAL_COMMA: ","
 *
 * The decimal sign of a table's numbers.
 */
typedef enum
{
  AG_DECIMAL_AUTO,
  AG_DECIMAL_POINT,
  AG_DECIMAL_COMMA,
} AgDecimal;

/**
 * AgTableFormat:
 * @delimiter: what is between two cells
 * @decimal: the decimal sign of its numbers
 * @has_header: whether the first row has the columns' names
 * @n_columns: how many columns there are
 * @newline: the sign that ends a row
 * @ends: for each sign whether a cell ends before it
 *
 * How a table is written.
 */
typedef struct
{
  AgDelimiter delimiter;
  AgDecimal decimal;
  gboolean has_header;
  guint n_columns;
  char newline;
  gboolean ends[256];
} AgTableFormat;

/**
 * AgCell:
 * @begin: its first sign, without blanks and quotes around it
 * @end: where it ends
 * @is_quoted: whether it was in quotes; a quote inside is then there twice
 * @n_newlines: how many ends of lines are in it
 *
 * A cell, which stays where the table was read to.
 */
typedef struct
{
  const char *begin;
  const char *end;
  gboolean is_quoted;
  guint n_newlines;
} AgCell;

void ag_table_format_find (AgTableFormat *format,
                           AgDelimiter delimiter,
                           AgDecimal decimal,
                           const char *begin,
                           const char *end);

AgCell ag_table_take_cell (const AgTableFormat *format,
                           const char **at,
                           const char *end);
gboolean ag_table_take_delimiter (const AgTableFormat *format,
                                  const char **at,
                                  const char *end);
gboolean ag_table_is_row (const AgTableFormat *format,
                          const char **at,
                          const char *end);
const char *ag_table_skip_blanks (const AgTableFormat *format,
                                  const char *at,
                                  const char *end);
gboolean ag_cell_is_missing (const AgCell *cell);
gboolean ag_cell_read (const AgCell *cell,
                       AgDecimal decimal,
                       double *value);
char *ag_cell_to_string (const AgCell *cell);

G_END_DECLS
