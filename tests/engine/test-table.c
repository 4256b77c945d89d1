/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table.h"

#include "base/error.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <malloc.h>
#include <math.h>
#include <string.h>

static AgTable *
read_bytes (gconstpointer text,
            gsize length,
            const AgTableWish *wish,
            GError **error)
{
  static const AgTableWish nothing;
  g_autoptr (GBytes) bytes = g_bytes_new (text, length);
  g_autoptr (AgByteSource) source = ag_byte_source_from_bytes (bytes);

  return ag_table_read ("points.csv", source, wish != NULL ? wish : &nothing, NULL, error);
}

static AgTable *
read_text (const char *text)
{
  g_autoptr (GError) error = NULL;
  AgTable *table = read_bytes (text, strlen (text), NULL, &error);

  g_assert_no_error (error);
  return table;
}

static void
assert_points (const AgTable *table,
               gint64 n,
               const double *points)
{
  g_assert_cmpint (table->n_points, ==, n);
  for (gint64 i = 0; i < n; i++)
    {
      g_assert_cmpfloat (table->x[i], ==, points[2 * i]);
      g_assert_cmpfloat (table->y[i], ==, points[2 * i + 1]);
    }
}

/* The line of each point is the one where an editor shows its row to begin: the header, comments,
 * empty lines, rows that are left out and ends of lines within quotes count. */
static void
test_lines (void)
{
  static const struct
  {
    const char *text;
    gint64 lines[4];
  } cases[] = {
    { "1,2\n3,4\n5,6\n", { 1, 2, 3, 0 } },
    { "# of Monday\nt,y,note\n1,2,a\n\n3,4,\"two\nlines\"\n# ten\nx,7,c\n5,6,d\n", { 3, 5, 9, 0 } },
    { "t,\"y\nin m\"\r\n1,2\r\n3,4\r\n", { 3, 4, 0, 0 } },
    { "\n\n1;2\n\n\n3;4\n5;6\n7;8", { 3, 6, 7, 8 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AgTable) table = read_text (cases[i].text);

      for (gint64 point = 0; point < 4; point++)
        g_assert_cmpint (ag_table_lines_nth (table->lines, point), ==, cases[i].lines[point]);
      g_assert_cmpint (ag_table_lines_nth (table->lines, -1), ==, 0);
    }
}

/* Lines that jump too often are not noted any more, rather than taking all memory. */
static void
test_many_jumps (void)
{
  AgTableLines *lines = ag_table_lines_new ();
  const gint64 n_noted = 1 << 20;

  for (gint64 i = 0; i < n_noted + 10; i++)
    ag_table_lines_add (lines, 3 * i + 1);
  ag_table_lines_add (lines, 3 * (n_noted + 9) + 2);
  g_assert_cmpint (ag_table_lines_nth (lines, n_noted - 1), ==, 3 * (n_noted - 1) + 1);
  for (gint64 i = n_noted; i < n_noted + 11; i++)
    g_assert_cmpint (ag_table_lines_nth (lines, i), ==, 0);
  ag_table_lines_free (lines);
}

/* One table, however it is written. */
static void
test_forms (void)
{
  static const double points[] = { 1.5, -2, 0.25, 3e2, 1.5, 4 };
  static const struct
  {
    const char *text;
    AgDelimiter delimiter;
    AgDecimal decimal;
    gboolean has_header;
  } cases[] = {
    { "t,y\n1.5,-2\n0.25,3e2\n1.5,4\n", AG_DELIMITER_COMMA, AG_DECIMAL_POINT, TRUE },
    { "1.5,-2\n0.25,3e2\n1.5,4", AG_DELIMITER_COMMA, AG_DECIMAL_POINT, FALSE },
    { "t;y\r\n1,5;-2\r\n0,25;3e2\r\n1,5;4\r\n", AG_DELIMITER_SEMICOLON, AG_DECIMAL_COMMA, TRUE },
    { "t;y\n1.5;-2\n0.25;3e2\n1.5;4\n", AG_DELIMITER_SEMICOLON, AG_DECIMAL_POINT, TRUE },
    { "t\ty\n1.5\t-2\n0.25\t3e2\n1.5\t4\n", AG_DELIMITER_TAB, AG_DECIMAL_POINT, TRUE },
    { "t\ty\n1,5\t-2\n0,25\t3e2\n1,5\t4\n", AG_DELIMITER_TAB, AG_DECIMAL_COMMA, TRUE },
    { "  1.5   -2\n 0.25 \t 3.0D+02\n1.5 4  \n", AG_DELIMITER_SPACE, AG_DECIMAL_POINT, FALSE },
    { "1,5 -2\n0,25 300\n1,5 4\n", AG_DELIMITER_SPACE, AG_DECIMAL_COMMA, FALSE },
    { "\xef\xbb\xbft,y\n1.5,-2\n0.25,3e2\n1.5,4\n", AG_DELIMITER_COMMA, AG_DECIMAL_POINT, TRUE },
    { "# made by hand\n\n\"t\",\"y\"\n\"1.5\",\"-2\"\n# one more\n0.25,3e2\n\n1.5,4\n",
      AG_DELIMITER_COMMA, AG_DECIMAL_POINT, TRUE },
    { "t,y\r1.5,-2\r0.25,3e2\r1.5,4\r", AG_DELIMITER_COMMA, AG_DECIMAL_POINT, TRUE },
    { "t , y \n 1.5 , -2 \n 0.25 , 3e2 \n 1.5 , 4 \n", AG_DELIMITER_COMMA, AG_DECIMAL_POINT, TRUE },
    { "t,y\n1.5,−2\n0.25,3e2\n1.5,4,\n", AG_DELIMITER_COMMA, AG_DECIMAL_POINT, TRUE },
    { "t y\n1 1.5 -2\n2 0.25 300\n3 1.5 4\n", AG_DELIMITER_SPACE, AG_DECIMAL_POINT, TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      /* In the last one R wrote the rows' names, without a name above them. */
      const gboolean has_row_names = i + 1 == G_N_ELEMENTS (cases);
      const AgTableWish wish = {
        AG_DELIMITER_AUTO,
        AG_DECIMAL_AUTO,
        has_row_names ? "t" : NULL,
        has_row_names ? "y" : NULL,
      };
      g_autoptr (GError) error = NULL;
      g_autoptr (AgTable) table = NULL;

      g_test_message ("%s", cases[i].text);
      table = read_bytes (cases[i].text, strlen (cases[i].text), &wish, &error);
      g_assert_no_error (error);
      g_assert_cmpint (table->format.delimiter, ==, cases[i].delimiter);
      g_assert_cmpint (table->format.decimal, ==, cases[i].decimal);
      g_assert_cmpint (table->format.has_header, ==, cases[i].has_header);
      g_assert_cmpint (table->n_left_out, ==, 0);
      assert_points (table, 3, points);
      if (cases[i].has_header)
        {
          g_assert_cmpstr (table->names[table->x_column], ==, "t");
          g_assert_cmpstr (table->names[table->y_column], ==, "y");
        }
    }
}

static void
assert_fault (const AgTable *table,
              guint i,
              gint64 line,
              const char *reason)
{
  const AgTableFault *fault = &g_array_index (table->faults, AgTableFault, i);

  g_assert_cmpuint (i, <, table->faults->len);
  g_assert_cmpint (fault->line, ==, line);
  g_assert_cmpstr (fault->reason, ==, reason);
}

/* Each row that has no point is named, by the line that an editor shows. */
static void
test_faults (void)
{
  static const double points[] = { 1, 2, 7, 8, 9, 10 };
  g_autoptr (AgTable) table = read_text ("x,y\n"
                                         "1,2\n"
                                         "3,NA\n"
                                         "# no row\n"
                                         "3,\n"
                                         "\n"
                                         "four,5\n"
                                         "5\n"
                                         "6,7,8\n"
                                         "1e999,7\n"
                                         "7,8\n"
                                         "\"a\nb\",8\n"
                                         "9,10\n"
                                         "9,\"10\n");

  assert_points (table, 3, points);
  g_assert_cmpint (table->n_left_out, ==, 8);
  assert_fault (table, 0, 3, "“y” has no value");
  assert_fault (table, 1, 5, "“y” has no value");
  assert_fault (table, 2, 7, "“x” is “four”, which is no number");
  assert_fault (table, 3, 8, "it has 1 cells instead of 2");
  assert_fault (table, 4, 9, "it has 3 cells instead of 2");
  assert_fault (table, 5, 10, "“x” is “1e999”, which is too large");
  assert_fault (table, 6, 12, "“x” is “a b”, which is no number");
  assert_fault (table, 7, 15, "“y” is “\"10”, which is no number");
}

/* All are counted, the first are kept. */
static void
test_many_faults (void)
{
  g_autoptr (GString) text = g_string_new ("1,2\n2,3\n");
  g_autoptr (AgTable) table = NULL;

  for (gint i = 0; i < 1000; i++)
    g_string_append (text, "1,no\n1,2\n");
  table = read_text (text->str);
  g_assert_cmpint (table->n_points, ==, 1002);
  g_assert_cmpint (table->n_left_out, ==, 1000);
  g_assert_cmpuint (table->faults->len, ==, AG_TABLE_MAX_FAULTS);
  assert_fault (table, AG_TABLE_MAX_FAULTS - 1, 3 + 2 * (AG_TABLE_MAX_FAULTS - 1),
                "“column 2” is “no”, which is no number");
}

static void
test_columns (void)
{
  static const char text[] = "date,t,mass,2\nMon,0,5,1\nTue,1,6,2\n";
  static const struct
  {
    const char *x;
    const char *y;
    guint x_column;
    guint y_column;
  } cases[] = {
    { NULL, NULL, 1, 2 },
    { "", "", 1, 2 },
    { "t", "2", 1, 3 },
    { "mass", NULL, 2, 1 },
    { NULL, "t", 2, 1 },
    { "3", "4", 2, 3 },
    { "mass", "mass", 2, 2 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const AgTableWish wish = { .x = cases[i].x, .y = cases[i].y };
      g_autoptr (GError) error = NULL;
      g_autoptr (AgTable) table = read_bytes (text, strlen (text), &wish, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (table->x_column, ==, cases[i].x_column);
      g_assert_cmpuint (table->y_column, ==, cases[i].y_column);
      g_assert_cmpint (table->n_points, ==, 2);
      if (cases[i].x_column == cases[i].y_column)
        g_assert_cmpfloat (table->x[1], ==, table->y[1]);
    }
}

static void
assert_error (gconstpointer text,
              gsize length,
              const AgTableWish *wish,
              const char *sentence)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (read_bytes (text, length, wish, &error));
  g_assert_nonnull (error);
  g_assert_cmpstr (error->message, ==, sentence);
}

/* What is no table is told in a sentence that says what to do. */
static void
test_errors (void)
{
  const AgTableWish wrong_column = { .x = "tme" }, two_commas = { AG_DELIMITER_COMMA,
                                                                  AG_DECIMAL_COMMA, NULL, NULL };
  const AgTableWish text_column = { .x = "a", .y = "time" };

#define ASSERT_ERROR(text, wish, sentence) \
  assert_error (text, sizeof text - 1, wish, sentence)
  ASSERT_ERROR ("", NULL, "“points.csv” has no table: it is empty. Choose a file with rows of numbers.");
  ASSERT_ERROR ("\xff\xfe\x31\0", NULL,
                "“points.csv” has no table: its text is in UTF-16. Save it as CSV in UTF-8.");
  ASSERT_ERROR ("PK\3\4....", NULL,
                "“points.csv” has no table: it is a spreadsheet or an archive. Save the table as CSV.");
  ASSERT_ERROR ("1,2\n\0\1", NULL, "“points.csv” has no table: it is no text. Choose a CSV file.");
  ASSERT_ERROR ("# nothing\n\n", NULL,
                "“points.csv” has no table: no rows of cells were found in it. Choose a CSV file.");
  ASSERT_ERROR ("Dear reader,\nthis is no table\n", NULL,
                "“points.csv” has no two columns of numbers. Choose a file that has, or say what "
                "separates its cells and what its decimal sign is.");
  ASSERT_ERROR ("x\n1\n2\n", NULL,
                "“points.csv” has no two columns of numbers. Choose a file that has, or say what "
                "separates its cells and what its decimal sign is.");
  ASSERT_ERROR ("x,y\n1,2\n", NULL,
                "“points.csv” has fewer than two rows of numbers. Choose a file that has more.");
  ASSERT_ERROR ("a,time\nb,1\nc,2\n", &text_column,
                "“points.csv” has fewer than two rows with numbers in “a” and “time”: in line 2 “a” "
                "is “b”, which is no number. Choose other columns, or say what separates the cells "
                "and what the decimal sign is.");
  ASSERT_ERROR ("time,y\n1,2\n2,3\n", &wrong_column,
                "“points.csv” has no column “tme”. Did you mean “time”? Give the number of a column, "
                "or one of these names: time, y.");
  ASSERT_ERROR ("1,2\n2,3\n", &two_commas,
                "A comma cannot be both between the cells and in the numbers of “points.csv”. Choose "
                "another delimiter or decimal sign.");
#undef ASSERT_ERROR
}

/* More than is in memory at a time, with cells of every length across its parts. */
static void
test_long (void)
{
  g_autoptr (GString) text = g_string_new ("n,text,y\n");
  g_autoptr (AgTable) table = NULL;
  gint64 n = 0;

  while (text->len < 3000000)
    {
      g_string_append_printf (text, "%" G_GINT64_FORMAT ",\"", n);
      for (gint64 i = 0; i < n * 7919 % 1511; i++)
        g_string_append (text, i % 101 == 100 ? "\n" : "\"\"");
      g_string_append_printf (text, "\",%" G_GINT64_FORMAT ".5\r\n", -n);
      n++;
    }
  table = read_text (text->str);
  g_assert_cmpint (table->n_left_out, ==, 0);
  g_assert_cmpint (table->n_points, ==, n);
  for (gint64 i = 0; i < n; i++)
    {
      g_assert_cmpfloat (table->x[i], ==, (double) i);
      g_assert_cmpfloat (table->y[i], ==, i == 0 ? 0.5 : (double) -i - 0.5);
    }
}

/* A quote that is not closed costs its own row and no other. */
static void
test_open_quote (void)
{
  g_autoptr (GString) text = g_string_new ("1,\"2\n");
  g_autoptr (AgTable) table = NULL;

  for (gint i = 0; i < 300000; i++)
    g_string_append (text, "3,4\n");
  table = read_text (text->str);
  g_assert_cmpint (table->n_points, ==, 300000);
  g_assert_cmpint (table->n_left_out, ==, 1);
}

/* What happens to be in memory behind a table is not part of it: here that is ends of lines, which
 * malloc() fills its memory with, but for the bits that M_PERTURB inverts. */
static void
test_behind_mark (void)
{
  g_autoptr (AgTable) table = NULL;

  mallopt (M_PERTURB, '\n' ^ 0xff);
  table = read_text ("\xef\xbb\xbf"
                     "1,2\r3,4\r");
  mallopt (M_PERTURB, 0);
  assert_points (table, 2, (const double[]){ 1, 2, 3, 4 });
}

static void
test_endless_line (void)
{
  g_autofree char *text = g_strnfill (2000000, '1');

  assert_error (text, strlen (text), NULL,
                "“points.csv” has no table: a line of it is far too long. Choose a CSV file.");
}

static void
test_look (void)
{
  static const AgTableWish wish;
  g_autoptr (GBytes) bytes = g_bytes_new_static ("a;b\n\"x \"\"y\"\"\";2,5\n", 18);
  g_autoptr (AgByteSource) source = ag_byte_source_from_bytes (bytes);
  g_autoptr (AgTable) table = ag_table_look ("points.csv", source, &wish, NULL);
  char **cells;

  g_assert_cmpuint (table->format.n_columns, ==, 2);
  g_assert_true (!table->has_numbers[0] && table->has_numbers[1]);
  g_assert_cmpuint (table->first_rows->len, ==, 1);
  cells = g_ptr_array_index (table->first_rows, 0);
  g_assert_cmpstr (cells[1], ==, "2,5");
  g_assert_cmpuint (table->y_column, ==, G_MAXUINT);
}

static char *
write_packed (const char *text,
              gsize n_lost)
{
  g_autoptr (GConverter) packer
    = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 6));
  char *path = g_build_filename (g_get_tmp_dir (), "converge-table-XXXXXX", NULL);
  g_autofree char *packed = g_malloc (strlen (text) + 1000);
  gsize n_read, n_written;
  const int fd = g_mkstemp (path);

  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (g_converter_convert (packer, text, strlen (text), packed, strlen (text) + 1000,
                                        G_CONVERTER_INPUT_AT_END, &n_read, &n_written, NULL),
                   ==, G_CONVERTER_FINISHED);
  g_assert_true (g_file_set_contents (path, packed, (gssize) (n_written - n_lost), NULL));
  g_close (fd, NULL);
  return path;
}

static void
test_packed (void)
{
  static const AgTableWish wish;
  g_autoptr (GString) text = g_string_new ("x y\n");

  for (gint i = 0; i < 300000; i++)
    g_string_append_printf (text, "%d %d.25\n", i, 7 * i);
  for (gsize n_lost = 0; n_lost <= 20; n_lost += 20)
    {
      g_autofree char *path = write_packed (text->str, n_lost);
      g_autoptr (GError) error = NULL;
      g_autoptr (AgByteSource) source = ag_byte_source_open (path, &error);
      g_autoptr (AgTable) table = NULL;

      g_assert_no_error (error);
      table = ag_table_read ("packed", source, &wish, NULL, &error);
      if (n_lost > 0)
        {
          g_assert_error (error, AG_ERROR, AG_ERROR_FILE);
        }
      else
        {
          g_assert_cmpint (table->n_points, ==, 300000);
          g_assert_cmpfloat (table->y[299999], ==, 7 * 299999 + 0.25);
        }
      g_unlink (path);
    }
}

static void
test_no_file (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (ag_byte_source_open ("/nowhere/at/all.csv", &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_FILE);
  g_clear_error (&error);
  g_assert_null (ag_byte_source_open (g_get_tmp_dir (), &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_FILE);
}

static void
test_cancelled (void)
{
  static const AgTableWish wish;
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (AgByteSource) source = NULL;
  g_autoptr (GError) error = NULL;
  AgWork work = { 0 };

  for (gint i = 0; i < 300000; i++)
    g_string_append (text, "1,2\n");
  bytes = g_bytes_new (text->str, text->len);
  source = ag_byte_source_from_bytes (bytes);
  ag_work_set_cancelled (&work, TRUE);
  g_assert_null (ag_table_read ("points.csv", source, &wish, &work, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_CANCELLED);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/table/forms", test_forms);
  g_test_add_func ("/table/lines", test_lines);
  g_test_add_func ("/table/many-jumps", test_many_jumps);
  g_test_add_func ("/table/faults", test_faults);
  g_test_add_func ("/table/many-faults", test_many_faults);
  g_test_add_func ("/table/columns", test_columns);
  g_test_add_func ("/table/errors", test_errors);
  g_test_add_func ("/table/long", test_long);
  g_test_add_func ("/table/open-quote", test_open_quote);
  g_test_add_func ("/table/behind-mark", test_behind_mark);
  g_test_add_func ("/table/endless-line", test_endless_line);
  g_test_add_func ("/table/look", test_look);
  g_test_add_func ("/table/packed", test_packed);
  g_test_add_func ("/table/no-file", test_no_file);
  g_test_add_func ("/table/cancelled", test_cancelled);
  return g_test_run ();
}
