/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * AgJson:
 * @stream: where it is written
 * @indent: how far the line that it ends on is indented
 * @end: the bracket that ends it
 * @separator: what comes before the next member
 *
 * An object or an array that is being written as JSON, each member on a line of its own.
 */
typedef struct
{
  FILE *stream;
  gint indent;
  char end;
  const char *separator;
} AgJson;

AgJson ag_json_object (FILE *stream,
                       gint indent);
AgJson ag_json_array (FILE *stream,
                      gint indent);
void ag_json_end (AgJson *json);

void ag_json_next (AgJson *json);
void ag_json_name (AgJson *json,
                   const char *name);
void ag_json_add_text (AgJson *json,
                       const char *name,
                       const char *text);
void ag_json_add_whole (AgJson *json,
                        const char *name,
                        gint64 value);
void ag_json_add_number (AgJson *json,
                         const char *name,
                         double value);
void ag_json_add_flag (AgJson *json,
                       const char *name,
                       gboolean value);

void ag_json_write_text (FILE *stream,
                         const char *text);
void ag_json_write_number (FILE *stream,
                           double value);

G_END_DECLS
