/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table-format.h"

#include "data/cell-number.h"

#include <string.h>

/* A table, sign by sign. Its text ends with the sign that ends a row, so that whoever goes
 * on to the end of a cell stops there at last. */

/* No cell in quotes is longer, so that a quote that is never closed costs no more than its
 * own row. */
#define MAX_QUOTED 65536

/* Texts longer than this are cut where they are shown. */
#define MAX_SHOWN 60

static gboolean
is_blank (const AgTableFormat *format,
          char sign)
{
  return sign == ' ' || (sign == '\t' && format->delimiter != AG_DELIMITER_TAB)
         || (sign == '\r' && format->newline != '\r');
}

/**
 * ag_table_skip_blanks:
 * @format: how the table is written
 * @at: a place in its text
 * @end: where the text ends
 *
 * Returns: the first place from @at on that is no blank
 */
const char *
ag_table_skip_blanks (const AgTableFormat *format,
                      const char *at,
                      const char *end)
{
  while (at < end && is_blank (format, *at))
    at++;
  return at;
}

/* The cell whose quote is at @open, without it; FALSE if the quote is not closed, or closed
 * in the middle of the cell. */
static gboolean
take_quoted (const AgTableFormat *format,
             const char *open,
             const char *end,
             AgCell *cell,
             const char **after)
{
  const char *limit = MIN (end, open + MAX_QUOTED);
  const char *c = open + 1;
  guint n_newlines = 0;

  for (; c < limit && (*c != '"' || (c + 1 < limit && c[1] == '"')); c++)
    {
      n_newlines += *c == format->newline;
      if (*c == '"')
        c++;
    }
  if (c >= limit)
    return FALSE;
  *cell = (AgCell){ open + 1, c, TRUE, n_newlines };
  *after = c + 1;
  if (format->delimiter != AG_DELIMITER_SPACE)
    *after = ag_table_skip_blanks (format, *after, end);
  return *after == end || format->ends[(guchar) * *after] || **after == '\r';
}

/**
 * ag_table_take_cell:
 * @format: how the table is written
 * @at: (inout): where the cell begins; then where it ends, before what separates it
 * @end: where the text ends
 *
 * Returns: the next cell
 */
AgCell
ag_table_take_cell (const AgTableFormat *format,
                    const char **at,
                    const char *end)
{
  const char *c = ag_table_skip_blanks (format, *at, end);
  AgCell cell;

  if (c < end && *c == '"' && take_quoted (format, c, end, &cell, at))
    return cell;
  cell = (AgCell){ c, c, FALSE, 0 };
  while (c < end && !format->ends[(guchar) *c])
    c++;
  *at = c;
  while (c > cell.begin && is_blank (format, c[-1]))
    c--;
  cell.end = c;
  return cell;
}

/**
 * ag_table_take_delimiter:
 * @format: how the table is written
 * @at: (inout): where a cell ended; then where the next one begins, or the next row
 * @end: where the text ends
 *
 * Returns: whether there is another cell in the row
 */
gboolean
ag_table_take_delimiter (const AgTableFormat *format,
                         const char **at,
                         const char *end)
{
  const char *c = ag_table_skip_blanks (format, *at, end);

  *at = c;
  if (c == end)
    return FALSE;
  if (*c != format->newline)
    {
      *at = format->delimiter == AG_DELIMITER_SPACE ? c : c + 1;
      return TRUE;
    }
  *at = c + 1;
  return FALSE;
}

/**
 * ag_table_is_row:
 * @format: how the table is written
 * @at: (inout): where a line begins; then where its first cell begins, or the next line
 * @end: where the text ends
 *
 * Returns: whether the line is a row: neither empty nor a comment
 */
gboolean
ag_table_is_row (const AgTableFormat *format,
                 const char **at,
                 const char *end)
{
  const char *c = ag_table_skip_blanks (format, *at, end);
  const char *newline;

  if (c < end && *c != format->newline && *c != '#')
    {
      /* Blanks at the beginning of a line separate nothing. */
      *at = format->delimiter == AG_DELIMITER_SPACE ? c : *at;
      return TRUE;
    }
  newline = c < end ? memchr (c, format->newline, (gsize) (end - c)) : NULL;
  *at = newline != NULL ? newline + 1 : end;
  return FALSE;
}

/**
 * ag_cell_is_missing:
 * @cell: a cell
 *
 * Returns: whether it says that there is no value: by nothing, or by one of the words
 *   that spreadsheets, R and pandas write then
 */
gboolean
ag_cell_is_missing (const AgCell *cell)
{
  static const char *const words[] = { "NA", "N/A", "#N/A", "nan", "null", "none", "-", "?", "." };
  const gsize length = (gsize) (cell->end - cell->begin);

  if (length == 0)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (strlen (words[i]) == length && g_ascii_strncasecmp (words[i], cell->begin, length) == 0)
      return TRUE;
  return FALSE;
}

/**
 * ag_cell_read:
 * @cell: a cell
 * @decimal: the decimal sign
 * @value: (out): its number, infinite if that is too large
 *
 * Returns: whether all of it is a number
 */
gboolean
ag_cell_read (const AgCell *cell,
              AgDecimal decimal,
              double *value)
{
  const char sign = decimal == AG_DECIMAL_COMMA ? ',' : '.';
  const char *begin = cell->begin;
  const gboolean has_minus = cell->end - begin > 3 && memcmp (begin, "−", 3) == 0
                             && g_ascii_isdigit (begin[3]);

  /* A minus as it is printed. */
  if (has_minus)
    begin += 3;
  if (begin == cell->end || ag_cell_number (begin, cell->end, sign, value) != cell->end)
    return FALSE;
  if (has_minus)
    *value = -*value;
  return TRUE;
}

/**
 * ag_cell_to_string:
 * @cell: a cell
 *
 * Returns: (transfer full): its text, valid UTF-8 in one line, cut if it is long
 */
char *
ag_cell_to_string (const AgCell *cell)
{
  const gsize length = (gsize) (cell->end - cell->begin);
  g_autofree char *text = g_utf8_make_valid (cell->begin, (gssize) MIN (length, 4 * MAX_SHOWN));
  GString *string = g_string_new (NULL);
  glong n = 0;

  for (const char *c = text; *c != '\0' && n < MAX_SHOWN; c = g_utf8_next_char (c), n++)
    {
      const gunichar sign = g_utf8_get_char (c);

      if (cell->is_quoted && sign == '"' && c[1] == '"')
        c++;
      g_string_append_unichar (string, g_unichar_iscntrl (sign) ? ' ' : sign);
    }
  if (n == MAX_SHOWN)
    g_string_append (string, "…");
  return g_string_free (string, FALSE);
}
