/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table-format.h"

#include <string.h>

/* Finds out how a table is written by reading its beginning in every way there is: the one
 * that finds most numbers in rows of one length is taken. */

/* The format is found out from this many rows. */
#define MAX_ROWS 100

/* More columns than these have no place of their own in the count of lengths. */
#define MAX_COUNTED 1024

/**
 * Finding:
 * @n_rows: rows that were looked at
 * @n_columns: how many cells most of them have
 * @n_with_columns: how many rows have so many
 * @n_numbers: cells with a number
 * @n_texts: cells with something else
 *
 * The outcome of reading a table's beginning in one of the ways that it may be written.
 */
typedef struct
{
  guint n_rows;
  guint n_columns;
  guint n_with_columns;
  gint n_numbers;
  gint n_texts;
} Finding;

static void
set_signs (AgTableFormat *format,
           AgDelimiter delimiter,
           AgDecimal decimal)
{
  format->delimiter = delimiter;
  format->decimal = decimal;
  memset (format->ends, 0, sizeof format->ends);
  format->ends[(guchar) format->newline] = TRUE;
  switch (delimiter)
    {
    case AG_DELIMITER_SEMICOLON:
      format->ends[';'] = TRUE;
      break;
    case AG_DELIMITER_TAB:
      format->ends['\t'] = TRUE;
      break;
    case AG_DELIMITER_SPACE:
      format->ends[' '] = format->ends['\t'] = TRUE;
      break;
    case AG_DELIMITER_COMMA:
    case AG_DELIMITER_AUTO:
    default:
      format->ends[','] = TRUE;
      break;
    }
}

static guint
count_row (const AgTableFormat *format,
           const char **at,
           const char *end,
           Finding *finding)
{
  guint n_cells = 0;

  do
    {
      const AgCell cell = ag_table_take_cell (format, at, end);
      double value;

      n_cells++;
      if (ag_cell_read (&cell, format->decimal, &value))
        finding->n_numbers++;
      else if (!ag_cell_is_missing (&cell))
        finding->n_texts++;
    }
  while (ag_table_take_delimiter (format, at, end));
  return n_cells;
}

static Finding
try_format (const AgTableFormat *format,
            const char *begin,
            const char *end)
{
  guint n_rows_of[MAX_COUNTED] = { 0 };
  Finding finding = { 0 };

  for (const char *at = begin; at < end && finding.n_rows < MAX_ROWS;)
    if (ag_table_is_row (format, &at, end))
      {
        const guint n_cells = count_row (format, &at, end, &finding);

        n_rows_of[MIN (n_cells, MAX_COUNTED - 1)]++;
        finding.n_rows++;
      }
  for (guint i = 0; i < MAX_COUNTED; i++)
    if (n_rows_of[i] > finding.n_with_columns)
      {
        finding.n_columns = i;
        finding.n_with_columns = n_rows_of[i];
      }
  return finding;
}

/* A row of another length speaks as much against a way to read as a cell of text; of two
 * that are as good the one with columns is meant. */
static gint
rate (const Finding *finding)
{
  return 2
           * (finding->n_numbers - finding->n_texts
              - (gint) (finding->n_rows - finding->n_with_columns))
         + (finding->n_columns > 1 ? 1 : 0);
}

static void
find_signs (AgTableFormat *format,
            AgDelimiter wanted_delimiter,
            AgDecimal wanted_decimal,
            const char *begin,
            const char *end)
{
  AgDelimiter best_delimiter
    = wanted_delimiter != AG_DELIMITER_AUTO ? wanted_delimiter : AG_DELIMITER_COMMA;
  AgDecimal best_decimal = wanted_decimal != AG_DECIMAL_AUTO ? wanted_decimal : AG_DECIMAL_POINT;
  gint most = G_MININT;

  for (AgDelimiter delimiter = AG_DELIMITER_COMMA; delimiter <= AG_DELIMITER_SPACE; delimiter++)
    for (AgDecimal decimal = AG_DECIMAL_POINT; decimal <= AG_DECIMAL_COMMA; decimal++)
      {
        Finding finding;

        if ((wanted_delimiter != AG_DELIMITER_AUTO && wanted_delimiter != delimiter)
            || (wanted_decimal != AG_DECIMAL_AUTO && wanted_decimal != decimal)
            || (delimiter == AG_DELIMITER_COMMA && decimal == AG_DECIMAL_COMMA
                && wanted_decimal != decimal))
          continue;
        set_signs (format, delimiter, decimal);
        finding = try_format (format, begin, end);
        if (rate (&finding) <= most)
          continue;
        most = rate (&finding);
        best_delimiter = delimiter;
        best_decimal = decimal;
      }
  set_signs (format, best_delimiter, best_decimal);
}

/* The first row is a header if it has fewer numbers than texts, and one of these above a
 * number, or else no number at all. A number that is mistyped in the first row does not
 * make a header of it. */
static gboolean
find_header (const AgTableFormat *format,
             const char *begin,
             const char *end)
{
  g_autoptr (GArray) is_text = g_array_new (FALSE, TRUE, sizeof (gboolean));
  guint n_rows = 0, n_numbers = 0, n_texts = 0;
  gboolean is_above_number = FALSE;

  for (const char *at = begin; at < end && n_rows < 2;)
    {
      guint i = 0;

      if (!ag_table_is_row (format, &at, end))
        continue;
      do
        {
          const AgCell cell = ag_table_take_cell (format, &at, end);
          double value;
          const gboolean is_number = ag_cell_read (&cell, format->decimal, &value);
          const gboolean is_other = !is_number && !ag_cell_is_missing (&cell);

          if (n_rows > 0)
            {
              is_above_number |= is_number && i < is_text->len && g_array_index (is_text, gboolean, i);
            }
          else
            {
              g_array_append_val (is_text, is_other);
              n_numbers += is_number;
              n_texts += is_other;
            }
          i++;
        }
      while (ag_table_take_delimiter (format, &at, end));
      n_rows++;
    }
  return n_texts > 0 && (n_numbers == 0 || (n_texts > n_numbers && is_above_number));
}

/**
 * ag_table_format_find:
 * @format: (out caller-allocates): how the table is written
 * @delimiter: what is between its cells, if that is known
 * @decimal: its decimal sign, if that is known
 * @begin: the table's beginning, without a mark of its encoding
 * @end: where that ends: behind the end of a row
 *
 * Finds out what is not known.
 */
void
ag_table_format_find (AgTableFormat *format,
                      AgDelimiter delimiter,
                      AgDecimal decimal,
                      const char *begin,
                      const char *end)
{
  Finding finding;

  *format = (AgTableFormat){ .newline = '\n' };
  if (memchr (begin, '\n', (gsize) (end - begin)) == NULL
      && memchr (begin, '\r', (gsize) (end - begin)) != NULL)
    format->newline = '\r';
  find_signs (format, delimiter, decimal, begin, end);
  format->has_header = find_header (format, begin, end);
  finding = try_format (format, begin, end);
  format->n_columns = finding.n_columns;
}
