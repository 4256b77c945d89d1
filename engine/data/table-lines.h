/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgTableLines:
 *
 * The lines of a file that the points of its table begin in.
 */
typedef struct _AgTableLines AgTableLines;

AgTableLines *ag_table_lines_new (void);
void ag_table_lines_free (AgTableLines *lines);
void ag_table_lines_add (AgTableLines *lines,
                         gint64 line);
gint64 ag_table_lines_nth (const AgTableLines *lines,
                           gint64 point);

G_END_DECLS
