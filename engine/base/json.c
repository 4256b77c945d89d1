/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/json.h"

#include "base/number.h"

#include <math.h>

/* See: RFC 8259, The JavaScript Object Notation (JSON) Data Interchange Format */

/**
 * ag_json_object:
 * @stream: where to write
 * @indent: how far the line is indented that it begins on
 *
 * Begins an object.
 *
 * Returns: the object, to be ended with ag_json_end()
 */
AgJson
ag_json_object (FILE *stream,
                gint indent)
{
  fputc ('{', stream);
  return (AgJson){ stream, indent, '}', "" };
}

/**
 * ag_json_array:
 * @stream: where to write
 * @indent: how far the line is indented that it begins on
 *
 * Begins an array.
 *
 * Returns: the array, to be ended with ag_json_end()
 */
AgJson
ag_json_array (FILE *stream,
               gint indent)
{
  fputc ('[', stream);
  return (AgJson){ stream, indent, ']', "" };
}

/**
 * ag_json_end:
 * @json: an object or an array
 *
 * Ends it.
 */
void
ag_json_end (AgJson *json)
{
  if (json->separator[0] != '\0')
    fprintf (json->stream, "\n%*s", json->indent, "");
  fputc (json->end, json->stream);
}

/**
 * ag_json_next:
 * @json: an array
 *
 * Begins the line of its next element, which the caller writes.
 */
void
ag_json_next (AgJson *json)
{
  fprintf (json->stream, "%s\n%*s", json->separator, json->indent + 2, "");
  json->separator = ",";
}

/**
 * ag_json_name:
 * @json: an object
 * @name: the name of its next member
 *
 * Writes the name of a member, whose value the caller writes.
 */
void
ag_json_name (AgJson *json,
              const char *name)
{
  ag_json_next (json);
  ag_json_write_text (json->stream, name);
  fputs (": ", json->stream);
}

/**
 * ag_json_add_text:
 * @json: an object
 * @name: the name of a member
 * @text: its value, UTF-8
 */
void
ag_json_add_text (AgJson *json,
                  const char *name,
                  const char *text)
{
  ag_json_name (json, name);
  ag_json_write_text (json->stream, text);
}

/**
 * ag_json_add_whole:
 * @json: an object
 * @name: the name of a member
 * @value: its value
 */
void
ag_json_add_whole (AgJson *json,
                   const char *name,
                   gint64 value)
{
  ag_json_name (json, name);
  fprintf (json->stream, "%" G_GINT64_FORMAT, value);
}

/**
 * ag_json_add_number:
 * @json: an object
 * @name: the name of a member
 * @value: its value
 */
void
ag_json_add_number (AgJson *json,
                    const char *name,
                    double value)
{
  ag_json_name (json, name);
  ag_json_write_number (json->stream, value);
}

/**
 * ag_json_add_flag:
 * @json: an object
 * @name: the name of a member
 * @value: its value
 */
void
ag_json_add_flag (AgJson *json,
                  const char *name,
                  gboolean value)
{
  ag_json_name (json, name);
  fputs (value ? "true" : "false", json->stream);
}

/**
 * ag_json_write_text:
 * @stream: where to write
 * @text: UTF-8
 *
 * Writes a string.
 */
void
ag_json_write_text (FILE *stream,
                    const char *text)
{
  fputc ('"', stream);
  for (const char *c = text; *c != '\0'; c++)
    if (*c == '\n')
      fputs ("\\n", stream);
    else if ((guchar) *c < 0x20)
      fprintf (stream, "\\u%04x", (guint) *c);
    else
      fprintf (stream, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
  fputc ('"', stream);
}

/**
 * ag_json_write_number:
 * @stream: where to write
 * @value: a number; JSON knows neither NaN nor infinity, which become null
 *
 * Writes a number so that it is read as the same again.
 */
void
ag_json_write_number (FILE *stream,
                      double value)
{
  g_autofree char *text = isfinite (value) ? ag_number_to_string (value) : NULL;

  fputs (text != NULL ? text : "null", stream);
}
