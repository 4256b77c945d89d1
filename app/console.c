/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "console.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/**
 * converge_console_open:
 *
 * Makes it safe to write to the standard streams: closed ones lead nowhere,
 * rather than into the next file that is opened, and a reader that goes away
 * is an error, not a signal.
 */
void
converge_console_open (void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl (fd, F_GETFD) < 0 && errno == EBADF && open ("/dev/null", O_RDWR) != fd)
      return;
  signal (SIGPIPE, SIG_IGN);
}

/* A terminal obeys control characters instead of showing them, and others change the
 * order of the text around them: neither may reach it from a name. */
static gboolean
is_visible (gunichar character)
{
  switch (g_unichar_type (character))
    {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
      return FALSE;
    default:
      return TRUE;
    }
}

static void
append_escaped (GString *escaped,
                gunichar character)
{
  static const char controls[] = "\a\b\t\n\v\f\r";
  static const char letters[] = "abtnvfr";
  const char *control = character < 0x80 ? strchr (controls, (int) character) : NULL;

  if (control != NULL && *control != '\0')
    g_string_append_printf (escaped, "\\%c", letters[control - controls]);
  else if (character < 0x80)
    g_string_append_printf (escaped, "\\x%02x", character);
  else
    g_string_append_printf (escaped, character < 0x10000 ? "\\u%04x" : "\\U%08x", character);
}

/**
 * converge_escape:
 * @text: a text with words of the user in it
 *
 * Returns: (transfer full): the text in valid UTF-8 and without anything that
 *   cannot be seen, which is written as in a shell's $'…': “\n”, “\x1b”, “\u202e”
 */
char *
converge_escape (const char *text)
{
  GString *escaped = g_string_new (NULL);

  while (*text != '\0')
    {
      const gunichar character = g_utf8_get_char_validated (text, -1);

      if (character >= (gunichar) -2)
        {
          g_string_append_printf (escaped, "\\x%02x", (guchar) *text++);
          continue;
        }
      if (is_visible (character))
        g_string_append_unichar (escaped, character);
      else
        append_escaped (escaped, character);
      text = g_utf8_next_char (text);
    }
  return g_string_free (escaped, FALSE);
}

/**
 * converge_say:
 * @format: a sentence, as for printf()
 * @...: its arguments
 *
 * Says something to the user, on a line of its own on stderr: see
 * converge_escape().
 */
void
converge_say (const char *format,
              ...)
{
  g_autofree char *raw = NULL;
  g_autofree char *sentence = NULL;
  va_list args;

  va_start (args, format);
  raw = g_strdup_vprintf (format, args);
  va_end (args);
  sentence = converge_escape (raw);
  fprintf (stderr, "converge: %s%s\n", sentence,
           g_str_has_suffix (sentence, ".") || g_str_has_suffix (sentence, "?") ? "" : ".");
}

/**
 * converge_complain:
 * @error: an error
 *
 * Says on stderr what went wrong.
 */
void
converge_complain (const GError *error)
{
  converge_say ("%s", error->message);
}

static guint
count_columns (const char *text,
               gsize length)
{
  guint n = 0;

  for (const char *c = text; c < text + length; c = g_utf8_next_char (c))
    n += g_unichar_iszerowidth (g_utf8_get_char (c)) ? 0 : (g_unichar_iswide (g_utf8_get_char (c)) ? 2 : 1);
  return n;
}

/**
 * converge_mark:
 * @text: a line that was typed
 * @begin: where what is wrong begins, in bytes
 * @end: where it ends
 *
 * Shows on stderr a line with what is wrong marked below it, if nothing in it must be
 * escaped and it fits on a line of a terminal.
 */
void
converge_mark (const char *text,
               gsize begin,
               gsize end)
{
  const guint indent = 2;
  const guint columns = converge_columns (STDERR_FILENO, G_MAXUINT);
  g_autofree char *escaped = converge_escape (text);
  g_autofree char *mark = NULL;

  if (strcmp (escaped, text) != 0 || indent + count_columns (text, strlen (text)) >= columns)
    return;
  mark = g_strnfill (MAX (count_columns (text + begin, end - begin), 1), '^');
  fprintf (stderr, "%*s%s\n%*s%s\n", (int) indent, "", text,
           (int) (indent + count_columns (text, begin)), "", mark);
}

/**
 * converge_write:
 * @fd: where to
 * @text: what
 * @length: its length in bytes
 * @written: (out): how much of it was written
 *
 * Writes until all is written or a signal comes in between, which the caller
 * may want to know at once: a pipe whose reader sleeps can block for hours.
 *
 * Returns: %FALSE, with `errno` set, if the rest cannot be written
 */
gboolean
converge_write (int fd,
                const char *text,
                gsize length,
                gsize *written)
{
  *written = 0;
  while (*written < length)
    {
      const gssize n = write (fd, text + *written, length - *written);

      if (n >= 0)
        {
          *written += (gsize) n;
        }
      else if (errno == EAGAIN)
        {
          struct pollfd wait = { .fd = fd, .events = POLLOUT };
          poll (&wait, 1, 100);
          return TRUE;
        }
      else
        {
          return errno == EINTR;
        }
    }
  return TRUE;
}

/**
 * converge_output_failed:
 * @code: the `errno` of a failed write to stdout
 *
 * Says that stdout cannot be written, unless its reader has seen enough, as
 * `head` does.
 *
 * Returns: the exit status
 */
int
converge_output_failed (int code)
{
  if (code == EPIPE)
    return CONVERGE_EXIT_SIGNAL + SIGPIPE;
  converge_say ("The standard output could not be written: %s", g_strerror (code));
  return CONVERGE_EXIT_FAILED;
}

/**
 * converge_print:
 * @text: what
 *
 * Prints a text to stdout.
 *
 * Returns: the exit status
 */
int
converge_print (const char *text)
{
  gsize rest = strlen (text), written = 0;

  for (; rest > 0; text += written, rest -= written)
    if (!converge_write (STDOUT_FILENO, text, rest, &written))
      return converge_output_failed (errno);
  return CONVERGE_EXIT_DONE;
}

/**
 * converge_print_written:
 * @write: writes a text into a stream
 * @data: given to @write
 *
 * Prints to stdout what is written.
 *
 * Returns: the exit status
 */
int
converge_print_written (void (*write) (gconstpointer data,
                                       FILE *stream),
                        gconstpointer data)
{
  char *text = NULL;
  size_t length = 0;
  FILE *stream = open_memstream (&text, &length);
  int status;

  if (stream == NULL)
    return converge_output_failed (errno);
  write (data, stream);
  fclose (stream);
  status = converge_print (text);
  free (text);
  return status;
}

/**
 * converge_is_terminal:
 * @fd: where something is written to
 *
 * Returns: whether a line there can be drawn again
 */
gboolean
converge_is_terminal (int fd)
{
  return isatty (fd) && g_strcmp0 (g_getenv ("TERM"), "dumb") != 0;
}

/**
 * converge_columns:
 * @fd: stdout or stderr
 * @otherwise: what to return if it is no terminal
 *
 * Returns: how many characters fit on a line of it
 */
guint
converge_columns (int fd,
                  guint otherwise)
{
  struct winsize size;

  if (!isatty (fd))
    return otherwise;
  if (ioctl (fd, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return 80;
  return size.ws_col;
}
