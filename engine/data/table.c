/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table.h"

#include "base/error.h"
#include "base/memory.h"
#include "base/suggest.h"
#include "data/table-reader.h"
#include "data/table-row.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define NO_COLUMN G_MAXUINT

/* Room for so many points is there from the beginning. */
#define FIRST_ROOM 4096

/* A quoted cell may go on in what was not read yet: so much must be there behind a row
 * that has one. */
#define MAX_ROW 131072

/* A table with more columns is another kind of file. */
#define MAX_COLUMNS 100000

/**
 * Reading:
 * @table: what comes out
 * @reader: what it is read from
 * @line: number of the next line, from 1
 * @room: how many points fit into @table
 */
typedef struct
{
  AgTable *table;
  AgTableReader reader;
  gint64 line;
  gsize room;
} Reading;

static void
fault_clear (gpointer fault)
{
  g_free (((AgTableFault *) fault)->reason);
}

static AgTable *
table_new (void)
{
  AgTable *table = g_new0 (AgTable, 1);

  table->first_rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  table->faults = g_array_new (FALSE, FALSE, sizeof (AgTableFault));
  g_array_set_clear_func (table->faults, fault_clear);
  table->lines = ag_table_lines_new ();
  table->x_column = table->y_column = NO_COLUMN;
  return table;
}

/**
 * ag_table_free:
 * @table: (transfer full): a table
 */
void
ag_table_free (AgTable *table)
{
  g_strfreev (table->names);
  g_free (table->has_numbers);
  g_ptr_array_unref (table->first_rows);
  g_array_unref (table->faults);
  g_free (table->x);
  g_free (table->y);
  ag_table_lines_free (table->lines);
  g_free (table);
}

static char **
take_strings (const AgTableFormat *format,
              const char **at,
              const char *end)
{
  GPtrArray *cells = g_ptr_array_new ();

  do
    {
      const AgCell cell = ag_table_take_cell (format, at, end);

      if (cells->len < format->n_columns)
        g_ptr_array_add (cells, ag_cell_to_string (&cell));
    }
  while (ag_table_take_delimiter (format, at, end));
  g_ptr_array_add (cells, NULL);
  return (char **) g_ptr_array_free (cells, FALSE);
}

/* R writes no name above the names of rows. */
static void
set_names (AgTable *table,
           char **header)
{
  const guint n = table->format.n_columns, n_names = header != NULL ? g_strv_length (header) : 0;
  const guint n_unnamed = header != NULL && n_names + 1 == n ? 1 : 0;

  table->names = g_new0 (char *, n + 1);
  for (guint i = 0; i < n; i++)
    {
      const gboolean is_named = i >= n_unnamed && i - n_unnamed < n_names
                                && *header[i - n_unnamed] != '\0';

      table->names[i] = is_named ? g_strdup (header[i - n_unnamed])
                                 : g_strdup_printf (_ ("column %u"), i + 1);
    }
}

static void
count_numbers (AgTable *table,
               char **cells,
               gint *balances)
{
  for (guint i = 0; i < table->format.n_columns && cells[i] != NULL; i++)
    {
      const AgCell cell = { cells[i], cells[i] + strlen (cells[i]), FALSE, 0 };
      double value;

      if (ag_cell_read (&cell, table->format.decimal, &value))
        balances[i]++;
      else if (!ag_cell_is_missing (&cell))
        balances[i]--;
    }
}

/* Names, first rows, and which columns have numbers. */
static void
look_at_first_rows (Reading *reading,
                    const char *begin)
{
  AgTable *table = reading->table;
  const char *end = reading->reader.limit;
  g_autofree gint *balances = g_new0 (gint, table->format.n_columns + 1);
  gboolean is_header = table->format.has_header;

  for (const char *at = begin; at < end && table->first_rows->len < AG_TABLE_MAX_FIRST_ROWS;)
    {
      g_auto (GStrv) cells = NULL;

      if (!ag_table_is_row (&table->format, &at, end))
        continue;
      cells = take_strings (&table->format, &at, end);
      if (is_header)
        {
          set_names (table, cells);
          is_header = FALSE;
          continue;
        }
      count_numbers (table, cells, balances);
      g_ptr_array_add (table->first_rows, g_steal_pointer (&cells));
    }
  if (table->names == NULL)
    set_names (table, NULL);
  table->has_numbers = g_new0 (gboolean, table->format.n_columns + 1);
  for (guint i = 0; i < table->format.n_columns; i++)
    table->has_numbers[i] = balances[i] > 0;
}

static gboolean
refuse_column (const AgTable *table,
               const char *name,
               const char *column,
               GError **error)
{
  const char *meant = ag_suggest (column, (const char *const *) table->names);
  g_autofree char *list = g_strjoinv (", ", table->names);
  g_autofree char *question
    = meant != NULL ? g_strdup_printf (_ (" Did you mean “%s”?"), meant) : g_strdup ("");

  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” has no column “%s”.%s Give the number of a column, or one of these names: "
                  "%s."),
               name, column, question, list);
  return FALSE;
}

/* A name comes before a number, since a column may be called “2”. */
static gboolean
find_column (const AgTable *table,
             const char *name,
             const char *wanted,
             guint *column,
             GError **error)
{
  guint64 number;

  for (guint i = 0; table->names[i] != NULL; i++)
    if (strcmp (table->names[i], wanted) == 0)
      {
        *column = i;
        return TRUE;
      }
  if (!g_ascii_string_to_unsigned (wanted, 10, 1, table->format.n_columns, &number, NULL))
    return refuse_column (table, name, wanted, error);
  *column = (guint) number - 1;
  return TRUE;
}

static guint
first_with_numbers (const AgTable *table,
                    guint other)
{
  for (guint i = 0; i < table->format.n_columns; i++)
    if (table->has_numbers[i] && i != other)
      return i;
  return NO_COLUMN;
}

static gboolean
find_columns (AgTable *table,
              const char *name,
              const AgTableWish *wish,
              GError **error)
{
  const gboolean has_x = wish->x != NULL && *wish->x != '\0';
  const gboolean has_y = wish->y != NULL && *wish->y != '\0';

  if ((has_x && !find_column (table, name, wish->x, &table->x_column, error))
      || (has_y && !find_column (table, name, wish->y, &table->y_column, error)))
    return FALSE;
  if (!has_x)
    table->x_column = first_with_numbers (table, table->y_column);
  if (!has_y)
    table->y_column = first_with_numbers (table, table->x_column);
  if (table->x_column != NO_COLUMN && table->y_column != NO_COLUMN)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_FILE,
               _ ("“%s” has no two columns of numbers. Choose a file that has, or say what "
                  "separates its cells and what its decimal sign is."),
               name);
  return FALSE;
}

/* Takes the format and the names, and leaves the reader at the first row of data. */
static gboolean
begin (Reading *reading,
       const AgTableWish *wish,
       GError **error)
{
  AgTableReader *reader = &reading->reader;
  AgTable *table = reading->table;

  if (wish->delimiter == AG_DELIMITER_COMMA && wish->decimal == AG_DECIMAL_COMMA)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("A comma cannot be both between the cells and in the numbers of “%s”. Choose "
                      "another delimiter or decimal sign."),
                   reader->name);
      return FALSE;
    }
  ag_table_format_find (&table->format, wish->delimiter, wish->decimal, reader->at, reader->limit);
  if (table->format.n_columns == 0 || table->format.n_columns > MAX_COLUMNS)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_FILE,
                   _ ("“%s” has no table: no rows of cells were found in it. Choose a CSV file."),
                   reader->name);
      return FALSE;
    }
  look_at_first_rows (reading, reader->at);
  return TRUE;
}

static gboolean
grow (Reading *reading,
      GError **error)
{
  AgTable *table = reading->table;
  const gsize room = MAX (FIRST_ROOM, 2 * reading->room), n_more = room - reading->room;
  /* Addresses are given for more memory than there is, and who uses it then is ended. */
  const gboolean is_there = 2 * n_more * sizeof (double) <= ag_memory_available ("/");
  double *x = is_there ? g_try_realloc_n (table->x, room, sizeof (double)) : NULL;
  double *y = NULL;

  if (x != NULL)
    {
      table->x = x;
      y = g_try_realloc_n (table->y, room, sizeof (double));
    }
  if (y == NULL)
    {
      ag_memory_set_error (error, 2 * room * sizeof (double));
      return FALSE;
    }
  table->y = y;
  reading->room = room;
  return TRUE;
}

static void
leave_out (Reading *reading,
           gint64 line,
           char *reason)
{
  AgTable *table = reading->table;
  const AgTableFault fault = { line, reason };

  table->n_left_out++;
  if (table->faults->len < AG_TABLE_MAX_FAULTS)
    g_array_append_val (table->faults, fault);
  else
    g_free (reason);
}

static gboolean
add_row (Reading *reading,
         const AgTableRow *row,
         GError **error)
{
  AgTable *table = reading->table;

  if (row->reason != NULL)
    {
      leave_out (reading, reading->line, row->reason);
      return TRUE;
    }
  if ((gsize) table->n_points == reading->room && !grow (reading, error))
    return FALSE;
  table->x[table->n_points] = row->x;
  table->y[table->n_points] = row->y;
  table->n_points++;
  ag_table_lines_add (table->lines, reading->line);
  return TRUE;
}

/* All rows that are there as a whole. */
static gboolean
take_part (Reading *reading,
           gboolean *is_header,
           GError **error)
{
  AgTableReader *reader = &reading->reader;
  const AgTable *table = reading->table;
  const AgTableColumns columns
    = { &table->format, table->names, table->x_column, table->y_column };
  const char *at = reader->at, *end = reader->limit;
  const char *last = reader->is_over ? end : MAX (reader->at, end - MAX_ROW);

  /* Unless this is the last part of the file, its end is kept back, because the cell there may go
   * on in the next part. */
  while (at < end && (at < last || at == reader->at))
    {
      AgTableRow row;

      if (!ag_table_is_row (&table->format, &at, end))
        {
          reading->line++;
          continue;
        }
      row = ag_table_row_take (&columns, &at, end);
      if (*is_header)
        g_free (row.reason);
      else if (!add_row (reading, &row, error))
        return FALSE;
      *is_header = FALSE;
      reading->line += row.n_lines;
    }
  reader->at = at;
  return TRUE;
}

static gboolean
take_rows (Reading *reading,
           AgWork *work,
           GError **error)
{
  gboolean is_header = reading->table->format.has_header;

  ag_work_expect (work, 1000);
  for (;;)
    {
      if (!take_part (reading, &is_header, error))
        return FALSE;
      if (reading->reader.is_over)
        return TRUE;
      if (ag_work_is_cancelled (work))
        {
          g_set_error_literal (error, AG_ERROR, AG_ERROR_CANCELLED, "Reading was ended.");
          return FALSE;
        }
      if (work != NULL)
        atomic_store (&work->n_done, (gint64) (1000 * ag_byte_source_share (reading->reader.source)));
      if (!ag_table_reader_fill (&reading->reader, error))
        return FALSE;
    }
}

static gboolean
check_points (const AgTable *table,
              const char *name,
              GError **error)
{
  const AgTableFault *first;

  if (table->n_points >= 2)
    return TRUE;
  if (table->n_left_out == 0)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_FILE,
                   _ ("“%s” has fewer than two rows of numbers. Choose a file that has more."), name);
      return FALSE;
    }
  first = &g_array_index (table->faults, AgTableFault, 0);
  g_set_error (error, AG_ERROR, AG_ERROR_FILE,
               _ ("“%s” has fewer than two rows with numbers in “%s” and “%s”: in line %lld %s. "
                  "Choose other columns, or say what separates the cells and what the decimal sign "
                  "is."),
               name, table->names[table->x_column], table->names[table->y_column],
               (long long) first->line, first->reason);
  return FALSE;
}

static gboolean
read_table (Reading *reading,
            const char *name,
            AgByteSource *source,
            const AgTableWish *wish,
            AgWork *work,
            GError **error)
{
  return ag_table_reader_init (&reading->reader, name, source, error)
         && begin (reading, wish, error) && find_columns (reading->table, name, wish, error)
         && take_rows (reading, work, error) && check_points (reading->table, name, error);
}

static gboolean
look (Reading *reading,
      const char *name,
      AgByteSource *source,
      const AgTableWish *wish,
      GError **error)
{
  if (!ag_table_reader_init (&reading->reader, name, source, error)
      || !begin (reading, wish, error))
    return FALSE;
  find_columns (reading->table, name, wish, NULL);
  return TRUE;
}

static AgTable *
end (Reading *reading,
     gboolean is_read)
{
  ag_table_reader_clear (&reading->reader);
  if (!is_read)
    g_clear_pointer (&reading->table, ag_table_free);
  return reading->table;
}

/**
 * ag_table_read:
 * @name: what sentences call the table
 * @source: its text, at the beginning
 * @wish: which columns, and how it is written as far as that is known
 * @work: (nullable): where the reading is counted, and can be cancelled
 * @error: return location for an %AG_ERROR_FILE, an %AG_ERROR_ARGUMENT if a column is not
 *   there, or %AG_ERROR_CANCELLED
 *
 * Reads two columns of a table of numbers. Empty lines and those that begin with "#" are
 * no rows. A row without two finite numbers is left out, and so is one with more cells
 * than the others, whose numbers would be in the wrong columns.
 *
 * Returns: (transfer full) (nullable): the table with at least two points, or %NULL with
 *   a sentence in @error
 */
AgTable *
ag_table_read (const char *name,
               AgByteSource *source,
               const AgTableWish *wish,
               AgWork *work,
               GError **error)
{
  Reading reading = { .table = table_new (), .line = 1 };
  const gboolean is_read = read_table (&reading, name, source, wish, work, error);

  return end (&reading, is_read);
}

/**
 * ag_table_look:
 * @name: what sentences call the table
 * @source: its text, at the beginning
 * @wish: which columns, and how it is written as far as that is known
 * @error: return location for an %AG_ERROR_FILE
 *
 * Reads only the beginning of a table: how it is written, its columns and its first rows,
 * without points. Columns that are not there are %G_MAXUINT.
 *
 * Returns: (transfer full) (nullable): the table, or %NULL with a sentence in @error
 */
AgTable *
ag_table_look (const char *name,
               AgByteSource *source,
               const AgTableWish *wish,
               GError **error)
{
  Reading reading = { .table = table_new (), .line = 1 };
  const gboolean is_read = look (&reading, name, source, wish, error);

  return end (&reading, is_read);
}
