/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/json-read.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A reader of JSON with what the files of Converge need and no more. It must survive any file. */

#define MAX_DEPTH 32

/* Reads so many bytes, or those that there are. */
static char *
read_text (int fd,
           gsize n_bytes,
           int *code)
{
  g_autofree char *text = g_try_malloc (n_bytes + 1);
  gsize n_read = 0;

  if (text == NULL)
    {
      *code = ENOMEM;
      return NULL;
    }
  while (n_read < n_bytes)
    {
      const gssize n = read (fd, text + n_read, n_bytes - n_read);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        {
          *code = errno;
          return NULL;
        }
      if (n == 0)
        break;
      n_read += (gsize) n;
    }
  text[n_read] = '\0';
  return g_steal_pointer (&text);
}

/**
 * ag_json_read_file:
 * @path: path of a file
 * @most: how many bytes it may have
 * @code: (out): why it is not read: an errno, or 0 if it is no file, or has more bytes
 *
 * Reads a file, or refuses at once what is none, as a pipe, which may never end. Files of the
 * kernel, which have no size, are empty.
 *
 * Returns: (transfer full) (nullable): its text
 */
char *
ag_json_read_file (const char *path,
                   guint64 most,
                   int *code)
{
  /* Else the opening of a pipe would wait for somebody to write into it. */
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  struct stat info;
  char *text = NULL;

  *code = 0;
  if (fd < 0)
    {
      *code = errno;
      return NULL;
    }
  if (fstat (fd, &info) == 0 && S_ISREG (info.st_mode) && (guint64) info.st_size <= most)
    text = read_text (fd, (gsize) info.st_size, code);
  close (fd);
  return text;
}

static void
skip_blanks (const char **c)
{
  *c += strspn (*c, " \t\r\n");
}

/* Whether the next sign is that one, which then is behind. */
/**
 * ag_json_take:
 * @c: (inout): a place in a text
 * @sign: a sign
 *
 * Returns: whether that is the next sign, blanks left out; then @c is behind it
 */
gboolean
ag_json_take (const char **c,
              char sign)
{
  skip_blanks (c);
  if (**c != sign)
    return FALSE;
  (*c)++;
  return TRUE;
}

static gboolean
take_escaped (const char **c,
              GString *text)
{
  static const char signs[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
  const char *sign = **c != '\0' ? strchr (signs, **c) : NULL;
  gunichar code = 0;

  if (sign != NULL)
    {
      g_string_append_c (text, meant[sign - signs]);
      (*c)++;
      return TRUE;
    }
  if (**c != 'u')
    return FALSE;
  for (guint i = 1; i <= 4; i++)
    {
      if (!g_ascii_isxdigit ((*c)[i]))
        return FALSE;
      code = 16 * code + (gunichar) g_ascii_xdigit_value ((*c)[i]);
    }
  *c += 5;
  if (code == 0 || !g_unichar_validate (code))
    return FALSE;
  g_string_append_unichar (text, code);
  return TRUE;
}

/**
 * ag_json_take_string:
 * @c: (inout): a place in a text
 *
 * Returns: (transfer full) (nullable): the string that is there, without its quotes
 */
char *
ag_json_take_string (const char **c)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!ag_json_take (c, '"'))
    return NULL;
  while (**c != '"')
    {
      if (**c == '\0')
        return NULL;
      if (**c != '\\')
        {
          g_string_append_c (text, *(*c)++);
          continue;
        }
      (*c)++;
      if (!take_escaped (c, text))
        return NULL;
    }
  (*c)++;
  return g_strdup (text->str);
}

/**
 * ag_json_take_scalar:
 * @c: (inout): a place in a text
 *
 * Returns: (transfer full) (nullable): the string, number or word that is there, as text
 */
char *
ag_json_take_scalar (const char **c)
{
  gsize length;
  char *text;

  skip_blanks (c);
  if (**c == '"')
    return ag_json_take_string (c);
  length = strspn (*c, "0123456789+-.eEabcdefghijklmnopqrstuvwxyz");
  text = length > 0 ? g_strndup (*c, length) : NULL;
  *c += length;
  return text;
}

/**
 * ag_json_take_members:
 * @c: (inout): a place in a text, behind the sign that opens an object or a list
 * @end: the sign that closes it
 * @depth: in how many others it is
 * @take_member: takes a member of it
 * @user_data: for @take_member
 *
 * Returns: whether all of it was understood
 */
gboolean
ag_json_take_members (const char **c,
                      char end,
                      guint depth,
                      AgJsonTakeMember take_member,
                      gpointer user_data)
{
  if (depth > MAX_DEPTH)
    return FALSE;
  if (ag_json_take (c, end))
    return TRUE;
  do
    {
      g_autofree char *name = end == '}' ? ag_json_take_string (c) : g_strdup ("");

      if (name == NULL || (end == '}' && !ag_json_take (c, ':'))
          || !take_member (c, name, depth + 1, user_data))
        return FALSE;
    }
  while (ag_json_take (c, ','));
  return ag_json_take (c, end);
}

static gboolean
pass_member (const char **c,
             const char *name,
             guint depth,
             gpointer user_data)
{
  return ag_json_take_value (c, depth);
}

/**
 * ag_json_take_value:
 * @c: (inout): a place in a text
 * @depth: in how many objects and lists it is
 *
 * Passes over any value.
 *
 * Returns: whether there is one
 */
gboolean
ag_json_take_value (const char **c,
                    guint depth)
{
  g_autofree char *scalar = NULL;

  if (ag_json_take (c, '{'))
    return ag_json_take_members (c, '}', depth, pass_member, NULL);
  if (ag_json_take (c, '['))
    return ag_json_take_members (c, ']', depth, pass_member, NULL);
  scalar = ag_json_take_scalar (c);
  return scalar != NULL;
}

/**
 * ag_json_take_number:
 * @c: (inout): a place in a text
 * @value: (out): the number; NaN of null, and what "nan", "inf" and "-inf" say
 *
 * Returns: whether there is a number
 */
gboolean
ag_json_take_number (const char **c,
                     double *value)
{
  g_autofree char *word = NULL;
  char *end;

  skip_blanks (c);
  if (**c == '-' || g_ascii_isdigit (**c))
    {
      *value = g_ascii_strtod (*c, &end);
      *c = end;
      return TRUE;
    }
  word = ag_json_take_scalar (c);
  if (word == NULL)
    return FALSE;
  *value = strcmp (word, "inf") == 0 ? INFINITY : strcmp (word, "-inf") == 0 ? -INFINITY
                                                                             : NAN;
  return !isnan (*value) || strcmp (word, "null") == 0 || strcmp (word, "nan") == 0;
}

/**
 * ag_json_take_numbers:
 * @c: (inout): a place in a text
 * @numbers: (element-type double): where they are appended
 *
 * Returns: whether there is a list of numbers
 */
gboolean
ag_json_take_numbers (const char **c,
                      GArray *numbers)
{
  if (!ag_json_take (c, '['))
    return FALSE;
  if (ag_json_take (c, ']'))
    return TRUE;
  do
    {
      double value;

      if (!ag_json_take_number (c, &value))
        return FALSE;
      g_array_append_val (numbers, value);
    }
  while (ag_json_take (c, ','));
  return ag_json_take (c, ']');
}
