/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/byte-source.h"
#include "data/table-format.h"

G_BEGIN_DECLS

/**
 * AgTableReader:
 * @name: what the table is called
 * @source: where it comes from
 * @buffer: a part of it
 * @capacity: how many bytes fit there
 * @n_filled: how many are there
 * @at: the place of the next row
 * @limit: behind the last row that is there as a whole
 * @newline: the sign that ends a row
 * @is_over: whether the table ends with what is there
 *
 * A table, a part at a time, each of whole lines.
 */
typedef struct
{
  const char *name;
  AgByteSource *source;
  char *buffer;
  gsize capacity;
  gsize n_filled;
  const char *at;
  const char *limit;
  char newline;
  gboolean is_over;
} AgTableReader;

gboolean ag_table_reader_init (AgTableReader *reader,
                               const char *name,
                               AgByteSource *source,
                               GError **error);
gboolean ag_table_reader_fill (AgTableReader *reader,
                               GError **error);
void ag_table_reader_clear (AgTableReader *reader);

G_END_DECLS
