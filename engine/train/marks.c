/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/marks.h"

#include <math.h>

/* The loss has risen where it is so many times the least so far. */
#define RISEN 1.1

/* It may rise again when it has fallen to such a part of what it rose from: a run that swings
 * would be nothing but marks. */
#define FALLEN 0.5

/* It is near the least there is below so many times that. */
#define NEAR 1.01

/* A run that swings rises again and again; so many times tell that. */
#define MOST_RISES 256

/* More lines than these are not told apart on a screen, and each second one is left out. */
#define MOST_LINES 64

/* Entries of the history that are read at a time: some tenths of a millisecond. */
#define EFFORT 2048

/**
 * Reader:
 * @step: the first step that was not read
 * @level: level of the history at which it goes on, if that can be
 *
 * Goes through a history from the first step on: with long strides where there is nothing to
 * be found, and step by step where there is.
 */
typedef struct
{
  gint64 step;
  guint level;
} Reader;

/**
 * AgMarks:
 * @history: the run's losses
 * @log_every: the log has a line each so many steps
 * @rises: the reader that looks for rises
 * @least: the least loss that it has seen
 * @risen_from: the least loss before the last rise; infinite if there was none
 * @is_armed: whether the loss has fallen far below that
 * @n_rises: how many it has found
 * @nears: the reader that looks for where the loss is near its least
 * @bound: what is near; NaN if that is not known
 * @is_near: whether it has found it
 * @n_rates: how many changes of the rate there were
 * @has_diverged: whether it is known where the run diverged
 * @marks: (element-type AgMark): what was found, by step
 */
struct _AgMarks
{
  AgHistory *history;
  gint64 log_every;
  Reader rises;
  double least;
  double risen_from;
  gboolean is_armed;
  guint n_rises;
  Reader nears;
  double bound;
  gboolean is_near;
  guint n_rates;
  gboolean has_diverged;
  GArray *marks;
};

/**
 * ag_marks_new:
 * @history: a run's losses; held
 * @log_every: the log has a line each so many steps
 *
 * Returns: (transfer full): the marks of the run, none of which was found so far
 */
AgMarks *
ag_marks_new (AgHistory *history,
              gint64 log_every)
{
  AgMarks *marks = g_new0 (AgMarks, 1);

  marks->history = ag_history_ref (history);
  marks->log_every = log_every;
  marks->least = marks->risen_from = INFINITY;
  marks->is_armed = TRUE;
  marks->bound = NAN;
  marks->marks = g_array_new (FALSE, FALSE, sizeof (AgMark));
  return marks;
}

/**
 * ag_marks_free:
 * @marks: (transfer full): the marks of a run
 */
void
ag_marks_free (AgMarks *marks)
{
  ag_history_unref (marks->history);
  g_array_unref (marks->marks);
  g_free (marks);
}

static void
add (AgMarks *marks,
     gint64 step,
     AgMarkKind kind)
{
  const AgMark mark = { step, kind };
  guint at = marks->marks->len;

  while (at > 0 && g_array_index (marks->marks, AgMark, at - 1).step > step)
    at--;
  g_array_insert_val (marks->marks, at, mark);
}

/* Whether nothing can be found in an entry: the order of its least and its greatest loss is not
 * known. */
static gboolean
has_no_rise (const AgMarks *marks,
             const AgHistoryEntry *entry)
{
  if (!marks->is_armed)
    return !(entry->minimum < FALLEN * marks->risen_from);
  return !(entry->maximum > RISEN * fmin (marks->least, entry->minimum));
}

static void
look_for_rise (AgMarks *marks,
               const AgHistoryEntry *entry)
{
  if (marks->is_armed && entry->maximum > RISEN * marks->least)
    {
      add (marks, entry->step, AG_MARK_RISE);
      marks->n_rises++;
      marks->risen_from = marks->least;
      marks->is_armed = FALSE;
    }
  marks->least = fmin (marks->least, entry->minimum);
  if (marks->least < FALLEN * marks->risen_from)
    marks->is_armed = TRUE;
}

static gboolean
has_no_near (const AgMarks *marks,
             const AgHistoryEntry *entry)
{
  return !(entry->minimum <= marks->bound);
}

static void
look_for_near (AgMarks *marks,
               const AgHistoryEntry *entry)
{
  if (has_no_near (marks, entry))
    return;
  add (marks, entry->step, AG_MARK_NEAR);
  marks->is_near = TRUE;
}

/* The greatest level whose entries have one that begins at the reader's step and is full. */
static guint
find_level (const Reader *reader,
            gint64 stride,
            gint64 n_steps)
{
  guint level = 0;

  while (level < reader->level && reader->step % (stride << (level + 1)) == 0
         && reader->step + (stride << (level + 1)) <= n_steps)
    level++;
  return level;
}

/* A part of a level in which nothing can be found is skipped; any other part is read at the level
 * below. */
static gboolean
go_on (AgMarks *marks,
       Reader *reader,
       gboolean (*has_nothing) (const AgMarks *marks,
                                const AgHistoryEntry *entry),
       void (*look) (AgMarks *marks,
                     const AgHistoryEntry *entry))
{
  const gint64 n_steps = ag_history_n_steps (marks->history);
  const gint64 stride = ag_history_stride (marks->history);
  const guint level = find_level (reader, stride, n_steps);
  AgHistoryEntry entry;

  if (n_steps - reader->step < stride
      || ag_history_read (marks->history, level, reader->step, reader->step, 1, &entry) == 0)
    return FALSE;
  if (level > 0 && !has_nothing (marks, &entry))
    {
      reader->level = level - 1;
      return TRUE;
    }
  look (marks, &entry);
  reader->step = entry.step + entry.stride;
  reader->level = level + 1;
  return TRUE;
}

static gboolean
look_for_rises (AgMarks *marks)
{
  for (guint i = 0; i < EFFORT; i++)
    if (marks->n_rises == MOST_RISES
        || !go_on (marks, &marks->rises, has_no_rise, look_for_rise))
      return TRUE;
  return FALSE;
}

static gboolean
look_for_nears (AgMarks *marks)
{
  for (guint i = 0; i < EFFORT; i++)
    if (marks->is_near || isnan (marks->bound)
        || !go_on (marks, &marks->nears, has_no_near, look_for_near))
      return TRUE;
  return FALSE;
}

/**
 * ag_marks_look:
 * @marks: the marks of a run
 * @rates: the changes of its rate
 * @least: the least loss there is; NaN where that is not known
 * @diverged_step: number of the step at which it diverged, counted from 0; −1
 *
 * Looks for marks among the steps that were taken since this was done last. It takes less than
 * a millisecond.
 *
 * Returns: whether there is nothing more to be looked at for now
 */
gboolean
ag_marks_look (AgMarks *marks,
               const AgRates *rates,
               double least,
               gint64 diverged_step)
{
  const gboolean has_rises = look_for_rises (marks);
  gboolean has_nears;

  if (isnan (marks->bound))
    marks->bound = NEAR * least;
  has_nears = look_for_nears (marks);
  for (; marks->n_rates < ag_rates_n (rates); marks->n_rates++)
    add (marks, ag_rates_nth (rates, marks->n_rates).step, AG_MARK_RATE);
  if (diverged_step >= 0 && !marks->has_diverged)
    {
      add (marks, diverged_step, AG_MARK_DIVERGED);
      marks->has_diverged = TRUE;
    }
  return has_rises && has_nears;
}

/**
 * ag_marks_n:
 * @marks: the marks of a run
 *
 * Returns: how many were found, the lines of the log aside
 */
guint
ag_marks_n (const AgMarks *marks)
{
  return marks->marks->len;
}

/**
 * ag_marks_nth:
 * @marks: the marks of a run
 * @index: which one, by step, the lines of the log aside
 *
 * Returns: a mark
 */
AgMark
ag_marks_nth (const AgMarks *marks,
              guint index)
{
  return g_array_index (marks->marks, AgMark, index);
}

/**
 * ag_marks_line_spacing:
 * @marks: the marks of a run
 *
 * Says how many steps lie between two lines of the log that count as marks: the first of them is
 * one before that. Of many lines each second, fourth … one counts.
 *
 * Returns: a number of steps
 */
gint64
ag_marks_line_spacing (const AgMarks *marks)
{
  gint64 spacing = marks->log_every;

  while (ag_history_n_steps (marks->history) / spacing > MOST_LINES)
    spacing *= 2;
  return spacing;
}

/* The line before or after a step. */
static gint64
find_line (const AgMarks *marks,
           gint64 step,
           gint direction)
{
  const gint64 spacing = ag_marks_line_spacing (marks);

  return direction > 0 ? ((step + 1) / spacing + 1) * spacing - 1
                       : step / spacing * spacing - 1;
}

/**
 * ag_marks_next:
 * @marks: the marks of a run
 * @step: how many steps were taken
 * @direction: 1 for the next one, −1 for the one before
 * @mark: (out): the mark
 *
 * Finds the mark that is nearest to a step, on one side of it.
 *
 * Returns: whether there is one
 */
gboolean
ag_marks_next (const AgMarks *marks,
               gint64 step,
               gint direction,
               AgMark *mark)
{
  const gint64 line = find_line (marks, step, direction);
  gboolean has_mark = line >= 0 && line < ag_history_n_steps (marks->history);

  *mark = (AgMark){ line, AG_MARK_LINE };
  for (guint i = 0; i < marks->marks->len; i++)
    {
      const AgMark other = ag_marks_nth (marks, i);

      if ((other.step - step) * direction <= 0
          || (has_mark && (mark->step - other.step) * direction < 0))
        continue;
      *mark = other;
      has_mark = TRUE;
    }
  return has_mark;
}
