/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include "console.h"

#include <math.h>
#include <string.h>

#define REDRAW_US 100000
#define LEAST_BAR 8
#define GREATEST_BAR 40
#define ERASE_LINE "\r\033[K"

struct _ConvergeProgress
{
  AgRunSpec spec;
  int fd;
  gboolean has_blocks;
  gboolean is_drawn;
  gint64 drawn_us;
};

/**
 * converge_progress_new:
 * @spec: the run
 * @fd: a terminal
 *
 * Returns: (transfer full): its progress
 */
ConvergeProgress *
converge_progress_new (const AgRunSpec *spec,
                       int fd)
{
  ConvergeProgress *progress = g_new0 (ConvergeProgress, 1);

  progress->spec = *spec;
  progress->fd = fd;
  progress->has_blocks = g_get_charset (NULL);
  return progress;
}

/**
 * converge_progress_free:
 * @progress: (transfer full): a progress
 *
 * Erases the line and frees the progress.
 */
void
converge_progress_free (ConvergeProgress *progress)
{
  converge_progress_erase (progress);
  g_free (progress);
}

static char *
format_number (const char *format,
               double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (text, sizeof text, format, value));
}

static char *
format_speed (double steps_per_second)
{
  static const char *const prefixes[] = { "", " k", " M", " G" };
  g_autofree char *number = NULL;
  guint power = 0;

  for (; steps_per_second >= 9999.5 && power + 1 < G_N_ELEMENTS (prefixes); power++)
    steps_per_second /= 1000;
  number = format_number (steps_per_second < 10 ? "%.2f" : "%.0f", steps_per_second);
  return g_strdup_printf ("%s%s steps/s", number, prefixes[power]);
}

static char *
format_time_left (gint64 n_steps,
                  double steps_per_second)
{
  const double seconds = ceil ((double) n_steps / steps_per_second);

  if (!(seconds < 1e9))
    return g_strdup ("-:-- left");
  const gint64 whole = (gint64) seconds;
  const int hours = (int) (whole / 3600), minutes = (int) (whole / 60 % 60);
  if (hours >= 48)
    return g_strdup_printf ("%d days left", hours / 24);
  if (hours > 0)
    return g_strdup_printf ("%d:%02d:%02d left", hours, minutes, (int) (whole % 60));
  return g_strdup_printf ("%d:%02d left", minutes, (int) (whole % 60));
}

/* Blocks have eighths, for a bar that moves smoothly. */
static void
append_bar (GString *line,
            double fraction,
            guint width,
            gboolean has_blocks)
{
  static const char *const eighths[] = { " ", "▏", "▎", "▍", "▌", "▋", "▊", "▉" };
  const guint n_eighths = (guint) (fraction * 8 * width);

  g_string_append (line, has_blocks ? "▕" : "[");
  for (guint i = 0; i < width; i++)
    if (i < n_eighths / 8)
      g_string_append (line, has_blocks ? "█" : "#");
    else if (i == n_eighths / 8 && has_blocks)
      g_string_append (line, eighths[n_eighths % 8]);
    else
      g_string_append_c (line, ' ');
  g_string_append (line, has_blocks ? "▏" : "]");
}

/* A bar, if there is room for it, and the text. */
static void
append_bar_and_text (GString *line,
                     const char *text,
                     double fraction,
                     guint columns,
                     gboolean has_blocks)
{
  const guint used = (guint) g_utf8_strlen (text, -1);

  if (used + LEAST_BAR + 4 <= columns)
    {
      append_bar (line, fraction, MIN (columns - used - 4, GREATEST_BAR), has_blocks);
      g_string_append (line, "  ");
    }
  else if (used > columns)
    {
      return;
    }
  g_string_append (line, text);
}

/* Fields that change their length would shake the line: they are as wide as
 * they can become. What finds no room is left out, the last first, then the
 * bar takes what is left. */
static char *
format_line (const AgRunSpec *spec,
             const AgSnapshot *snapshot,
             guint columns,
             gboolean has_blocks)
{
  const double fraction = (double) snapshot->step / (double) spec->steps;
  g_autofree char *total = g_strdup_printf ("%" G_GINT64_FORMAT, spec->steps);
  g_autofree char *loss = format_number ("%.4g", snapshot->loss);
  g_autofree char *speed = format_speed (snapshot->steps_per_second);
  g_autofree char *time_left = format_time_left (spec->steps - snapshot->step,
                                                 snapshot->steps_per_second);
  g_autofree char *step_field = g_strdup_printf ("step %*" G_GINT64_FORMAT " / %s",
                                                 (int) strlen (total), snapshot->step, total);
  g_autofree char *loss_field = g_strdup_printf ("loss %-9s", loss);
  g_autofree char *speed_field = g_strdup_printf ("%14s", speed);
  const char *fields[] = { step_field, loss_field, speed_field, time_left };
  GString *line = g_string_new (NULL);
  GString *text = g_string_new (NULL);
  guint used = 0;

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const guint width = (guint) g_utf8_strlen (fields[i], -1) + (i > 0 ? 2 : 0);

      if (used + width > columns)
        break;
      g_string_append_printf (text, "%s%s", i > 0 ? "  " : "", fields[i]);
      used += width;
    }
  append_bar_and_text (line, text->str, fraction, columns, has_blocks);
  g_string_free (text, TRUE);
  return g_string_free (line, FALSE);
}

static void
put (const ConvergeProgress *progress,
     const char *text)
{
  gsize written;

  converge_write (progress->fd, text, strlen (text), &written);
}

/* A terminal may begin a new line when the last column is filled. */
static guint
count_columns (const ConvergeProgress *progress)
{
  return MAX (converge_columns (progress->fd, 80), 2) - 1;
}

static gboolean
is_due (const ConvergeProgress *progress)
{
  return !progress->is_drawn || g_get_monotonic_time () - progress->drawn_us >= REDRAW_US;
}

static void
draw_line (ConvergeProgress *progress,
           const char *line)
{
  g_autofree char *output = g_strconcat ("\r", line, "\033[K", NULL);

  put (progress, output);
  progress->is_drawn = TRUE;
  progress->drawn_us = g_get_monotonic_time ();
}

/**
 * converge_progress_draw:
 * @progress: a progress
 * @snapshot: how far the run is
 *
 * Draws the line, if it is erased or that was not done just before.
 */
void
converge_progress_draw (ConvergeProgress *progress,
                        const AgSnapshot *snapshot)
{
  g_autofree char *line = NULL;

  if (!is_due (progress))
    return;
  line = format_line (&progress->spec, snapshot, count_columns (progress), progress->has_blocks);
  draw_line (progress, line);
}

/**
 * converge_progress_draw_share:
 * @progress: a progress
 * @text: how far that is, in words
 * @share: how much of the work is done, from 0 to 1
 *
 * Draws a line with a text of the caller's, under the same conditions.
 */
void
converge_progress_draw_share (ConvergeProgress *progress,
                              const char *text,
                              double share)
{
  GString *line;

  if (!is_due (progress))
    return;
  line = g_string_new (NULL);
  append_bar_and_text (line, text, share, count_columns (progress), progress->has_blocks);
  draw_line (progress, line->str);
  g_string_free (line, TRUE);
}

/**
 * converge_progress_draw_preparation:
 * @progress: a progress
 * @share: how much of the run's data is prepared, from 0 to 1
 *
 * Draws the line as it is before the run's first step, under the same conditions.
 */
void
converge_progress_draw_preparation (ConvergeProgress *progress,
                                    double share)
{
  g_autofree char *text = g_strdup_printf ("preparing data %3.0f %%", floor (100 * share));

  converge_progress_draw_share (progress, text, share);
}

/**
 * converge_progress_erase:
 * @progress: a progress
 *
 * Erases the line, so that something else can be written there.
 */
void
converge_progress_erase (ConvergeProgress *progress)
{
  if (progress->is_drawn)
    put (progress, ERASE_LINE);
  progress->is_drawn = FALSE;
}
