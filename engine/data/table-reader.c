/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "data/table-reader.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Far more than a line, and little enough for the second-level cache. */
#define CAPACITY (512 * 1024)

static gboolean
refuse (const char *name,
        const char *why,
        GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_FILE, _ ("“%s” has no table: %s"), name, why);
  return FALSE;
}

/* Whether it is text, as far as its beginning tells. */
static gboolean
check_beginning (const AgTableReader *reader,
                 GError **error)
{
  const char *buffer = reader->buffer;

  if (reader->n_filled == 0)
    return refuse (reader->name, _ ("it is empty. Choose a file with rows of numbers."), error);
  if (reader->n_filled >= 2
      && (memcmp (buffer, "\xff\xfe", 2) == 0 || memcmp (buffer, "\xfe\xff", 2) == 0))
    return refuse (reader->name, _ ("its text is in UTF-16. Save it as CSV in UTF-8."), error);
  if (reader->n_filled >= 4 && memcmp (buffer, "PK\3\4", 4) == 0)
    return refuse (reader->name, _ ("it is a spreadsheet or an archive. Save the table as CSV."),
                   error);
  if (memchr (buffer, '\0', reader->n_filled) != NULL)
    return refuse (reader->name, _ ("it is no text. Choose a CSV file."), error);
  return TRUE;
}

/* Reads on behind what is left, so that what is there ends with the end of a line. */
static gboolean
read_on (AgTableReader *reader,
         GError **error)
{
  const gsize room = reader->capacity - 1 - reader->n_filled;
  gsize n;

  if (!ag_byte_source_read (reader->source, reader->buffer + reader->n_filled, room, &n, error))
    return FALSE;
  reader->n_filled += n;
  reader->is_over = n < room;
  reader->at = reader->buffer;
  return TRUE;
}

static gboolean
find_limit (AgTableReader *reader,
            GError **error)
{
  const char *last;

  if (reader->is_over && reader->n_filled > 0
      && reader->buffer[reader->n_filled - 1] != reader->newline)
    reader->buffer[reader->n_filled++] = reader->newline;
  last = memrchr (reader->at, reader->newline, (gsize) (reader->buffer + reader->n_filled - reader->at));
  if (last == NULL && !reader->is_over)
    return refuse (reader->name, _ ("a line of it is far too long. Choose a CSV file."), error);
  reader->limit = last != NULL ? last + 1 : reader->at;
  return TRUE;
}

/**
 * ag_table_reader_init:
 * @reader: (out caller-allocates): what reads the table
 * @name: what the table is called, which must outlive @reader
 * @source: where it comes from, too
 * @error: return location for an %AG_ERROR_FILE
 *
 * Reads the beginning of a table, and finds out whether it may be one.
 *
 * Returns: whether it may; @reader is to be cleared in any case
 */
gboolean
ag_table_reader_init (AgTableReader *reader,
                      const char *name,
                      AgByteSource *source,
                      GError **error)
{
  gsize n_left;

  *reader = (AgTableReader){
    .name = name,
    .source = source,
    .buffer = g_malloc (CAPACITY),
    .capacity = CAPACITY,
    .newline = '\n',
  };
  if (!read_on (reader, error) || !check_beginning (reader, error))
    return FALSE;
  /* A mark of the encoding. */
  if (reader->n_filled >= 3 && memcmp (reader->buffer, "\xef\xbb\xbf", 3) == 0)
    reader->at += 3;
  n_left = (gsize) (reader->buffer + reader->n_filled - reader->at);
  if (memchr (reader->at, '\n', n_left) == NULL && memchr (reader->at, '\r', n_left) != NULL)
    reader->newline = '\r';
  return find_limit (reader, error);
}

/**
 * ag_table_reader_fill:
 * @reader: what reads a table, which is not over
 * @error: return location for an %AG_ERROR_FILE
 *
 * Lets go of what is before @reader's place and reads on.
 *
 * Returns: whether that went well
 */
gboolean
ag_table_reader_fill (AgTableReader *reader,
                      GError **error)
{
  const gsize n_left = (gsize) (reader->buffer + reader->n_filled - reader->at);

  memmove (reader->buffer, reader->at, n_left);
  reader->n_filled = n_left;
  return read_on (reader, error) && find_limit (reader, error);
}

/**
 * ag_table_reader_clear:
 * @reader: what read a table
 */
void
ag_table_reader_clear (AgTableReader *reader)
{
  g_clear_pointer (&reader->buffer, g_free);
}
