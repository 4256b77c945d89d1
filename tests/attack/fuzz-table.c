/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/cell-number.h"
#include "data/table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A file with any content is either refused with a sentence, or is a table of finite points whose
 * rows are all accounted for. The first byte of the input says how it is read. */

int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t size);

static void
check_table (const AgTable *table)
{
  if (table->n_points < 2 || table->x_column >= table->format.n_columns
      || table->y_column >= table->format.n_columns
      || g_strv_length (table->names) != table->format.n_columns
      || table->faults->len != MIN (table->n_left_out, AG_TABLE_MAX_FAULTS))
    abort ();
  for (gint64 i = 0; i < table->n_points; i++)
    if (!isfinite (table->x[i]) || !isfinite (table->y[i]))
      abort ();
  for (guint i = 0; i < table->faults->len; i++)
    {
      const AgTableFault *fault = &g_array_index (table->faults, AgTableFault, i);

      if (fault->line < 1 || !g_utf8_validate (fault->reason, -1, NULL)
          || (i > 0 && fault->line <= fault[-1].line))
        abort ();
    }
}

static void
read_table (GBytes *bytes,
            const AgTableWish *wish)
{
  g_autoptr (AgByteSource) source = ag_byte_source_from_bytes (bytes);
  g_autoptr (AgByteSource) again = ag_byte_source_from_bytes (bytes);
  g_autoptr (GError) error = NULL;
  g_autoptr (AgTable) table = ag_table_read ("table", source, wish, NULL, &error);
  g_autoptr (AgTable) look = ag_table_look ("table", again, wish, NULL);

  if ((table == NULL) != (error != NULL) || (table != NULL && look == NULL))
    abort ();
  if (error != NULL && (*error->message == '\0' || !g_utf8_validate (error->message, -1, NULL)))
    abort ();
  if (table != NULL)
    check_table (table);
}

/* The fast ways to a number and the slow one lead to the same. */
static void
check_number (const char *text,
              gsize length)
{
  g_autofree char *copy = g_strndup (text, length);
  double value;
  const char *end = ag_cell_number (text, text + length, '.', &value);

  if (end == NULL)
    return;
  copy[end - text] = '\0';
  g_strdelimit (copy, "dD", 'e');
  if (value != g_ascii_strtod (copy, NULL))
    abort ();
}

int
LLVMFuzzerTestOneInput (const uint8_t *data,
                        size_t size)
{
  const guint how = size > 0 ? data[0] : 0;
  AgTableWish wish = { how & 7, how >> 3 & 3, NULL, NULL, FALSE };
  g_autoptr (GBytes) bytes = NULL;

  if (size == 0)
    return 0;
  if (wish.delimiter > AG_DELIMITER_SPACE)
    wish.delimiter = AG_DELIMITER_AUTO;
  if (wish.decimal > AG_DECIMAL_COMMA)
    wish.decimal = AG_DECIMAL_AUTO;
  if ((how & 0x20) != 0)
    wish.x = "1";
  if ((how & 0x40) != 0)
    wish.y = "y";
  bytes = g_bytes_new (data + 1, size - 1);
  read_table (bytes, &wish);
  check_number ((const char *) data + 1, size - 1);
  return 0;
}
