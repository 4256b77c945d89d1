/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "log.h"

#include "base/number.h"
#include "console.h"

/* A pipe takes up to this many bytes at once. */
#define CHUNK 65536

struct _ConvergeLog
{
  AgHistory *history;
  gint64 every;
  gint64 next;
  int fd;
  GString *pending;
};

/**
 * converge_log_new:
 * @history: the losses
 * @every: a line is printed for step @every − 1, 2 @every − 1, …
 * @fd: where to
 *
 * Returns: (transfer full): the log
 */
ConvergeLog *
converge_log_new (AgHistory *history,
                  gint64 every,
                  int fd)
{
  ConvergeLog *log = g_new0 (ConvergeLog, 1);

  log->history = ag_history_ref (history);
  log->every = every;
  log->next = every - 1;
  log->fd = fd;
  log->pending = g_string_sized_new (CHUNK + 128);
  return log;
}

/**
 * converge_log_free:
 * @log: (transfer full): a log
 *
 * Frees the log.
 */
void
converge_log_free (ConvergeLog *log)
{
  ag_history_unref (log->history);
  g_string_free (log->pending, TRUE);
  g_free (log);
}

/**
 * converge_log_collect:
 * @log: a log
 * @is_final: whether the history gets no more losses
 *
 * Collects lines that are due and not yet written, up to a certain number of
 * them. Once the history is thinned a line has the last step whose loss is
 * known, of those that were put together with the one that is due.
 *
 * Returns: whether there is something to write
 */
gboolean
converge_log_collect (ConvergeLog *log,
                      gboolean is_final)
{
  const gint64 n_steps = ag_history_n_steps (log->history);

  while (log->next < n_steps && log->pending->len < CHUNK)
    {
      g_autofree char *number = NULL;
      AgHistoryEntry entry;

      if (ag_history_read (log->history, 0, log->next, log->next, 1, &entry) == 0)
        break;
      if (entry.stride < ag_history_stride (log->history) && !is_final)
        break;
      const gint64 step = entry.step + entry.stride - 1;
      number = ag_number_to_string (entry.loss);
      g_string_append_printf (log->pending, "%" G_GINT64_FORMAT " %s\n", step, number);
      log->next = ((step + 1) / log->every + 1) * log->every - 1;
    }
  return log->pending->len > 0;
}

/**
 * converge_log_add:
 * @log: a log
 * @line: a line without its end
 *
 * Adds a line after those collected.
 */
void
converge_log_add (ConvergeLog *log,
                  const char *line)
{
  g_string_append_printf (log->pending, "%s\n", line);
}

/**
 * converge_log_write:
 * @log: a log
 *
 * Writes what was collected, or a part of it if a signal comes in between.
 *
 * Returns: %FALSE, with `errno` set, if it cannot be written
 */
gboolean
converge_log_write (ConvergeLog *log)
{
  gsize written;
  const gboolean success = converge_write (log->fd, log->pending->str, log->pending->len, &written);

  g_string_erase (log->pending, 0, (gssize) written);
  return success;
}
