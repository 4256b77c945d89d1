/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/csv.h"

#include "base/number.h"

#include <math.h>

#define ENTRIES_AT_ONCE 4096

static void
write_number (FILE *stream,
              AgDType dtype,
              double value)
{
  g_autofree char *text = ag_number_to_csv (dtype, value);

  fputs (text, stream);
}

/* An unknown number is an empty cell. */
static void
write_cell (FILE *stream,
            AgDType dtype,
            double value)
{
  fputc (',', stream);
  if (!isnan (value))
    write_number (stream, dtype, value);
}

/* When steps were taken, as an #AgClock says it. */
typedef struct
{
  guint n;
  double steps[AG_CLOCK_MAX_MARKS];
  double microseconds[AG_CLOCK_MAX_MARKS];
} Times;

static void
write_entry (FILE *stream,
             AgDType dtype,
             const AgHistoryEntry *entry,
             const Times *times,
             gboolean is_thinned)
{
  const gint64 step = entry->step + entry->stride - 1;

  fprintf (stream, "%" G_GINT64_FORMAT ",", step);
  write_number (stream, dtype, entry->loss);
  if (times != NULL)
    write_cell (stream, AG_DTYPE_FLOAT32,
                ag_clock_interpolate (times->n, times->steps, times->microseconds, (double) step));
  if (is_thinned)
    {
      fputc (',', stream);
      write_number (stream, dtype, entry->minimum);
      fputc (',', stream);
      write_number (stream, dtype, entry->maximum);
      fprintf (stream, ",%" G_GINT64_FORMAT, entry->stride);
    }
  fputc ('\n', stream);
}

/**
 * ag_csv_write_losses:
 * @transaction: what the file is part of
 * @path: path of the file
 * @history: the losses of a run
 * @dtype: the type they were computed in
 * @clock: (nullable): when its steps were taken, if that is to be written
 * @every: writes the losses of steps @every − 1, 2 @every − 1, …, counted from
 *   0, as the tutorial prints them; 1 for all of them
 * @error: return location for a #GError
 *
 * Writes the columns `step,loss`, a loss being that before the step's update, and with @clock
 * `microseconds`: how long the steps before had taken, empty where that is not known.
 * Of a run so long that its history was thinned, each row is of the last of
 * `stride` steps, and the columns `loss_min,loss_max,stride` say what was left
 * out. What @history gets meanwhile is not written.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_csv_write_losses (AgTransaction *transaction,
                     const char *path,
                     const AgHistory *history,
                     AgDType dtype,
                     const AgClock *clock,
                     gint64 every,
                     GError **error)
{
  Times times = { 0 };
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, ENTRIES_AT_ONCE);
  const gint64 n_steps = ag_history_n_steps (history);
  const gboolean is_thinned = ag_history_stride (history) > 1;
  gint64 next = 0;
  FILE *stream;

  g_return_val_if_fail (every > 0, FALSE);
  stream = ag_transaction_open (transaction, path, error);
  if (stream == NULL)
    return FALSE;

  fprintf (stream, "step,loss%s%s\n", clock != NULL ? ",microseconds" : "",
           is_thinned ? ",loss_min,loss_max,stride" : "");
  if (clock != NULL)
    times.n = ag_clock_read (clock, times.steps, times.microseconds);
  while (next < n_steps)
    {
      gsize n = ag_history_read (history, 0, next, n_steps - 1, ENTRIES_AT_ONCE, entries);

      for (gsize i = 0; i < n; i++)
        {
          const AgHistoryEntry *entry = &entries[i];

          if ((entry->step + entry->stride) / every > entry->step / every)
            write_entry (stream, dtype, entry, clock != NULL ? &times : NULL, is_thinned);
        }
      if (n == 0)
        break;
      next = entries[n - 1].step + entries[n - 1].stride;
    }
  return TRUE;
}

/**
 * ag_csv_write_coefficients:
 * @transaction: what the file is part of
 * @path: path of the file
 * @spec: the run
 * @snapshot: its state
 * @initial: (nullable): the coefficients it began with
 * @optimum: (nullable): where it converges to
 * @error: return location for a #GError
 *
 * Writes the columns `name,value,gradient,initial,optimum`; what is not known
 * is left empty.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_csv_write_coefficients (AgTransaction *transaction,
                           const char *path,
                           const AgRunSpec *spec,
                           const AgSnapshot *snapshot,
                           const double *initial,
                           const AgOptimum *optimum,
                           GError **error)
{
  FILE *stream = ag_transaction_open (transaction, path, error);

  if (stream == NULL)
    return FALSE;
  fputs ("name,value,gradient,initial,optimum\n", stream);
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    {
      fputs (spec->program->model->parameters[i], stream);
      write_cell (stream, spec->dtype, snapshot->coefficients[i]);
      write_cell (stream, spec->dtype, snapshot->gradients[i]);
      write_cell (stream, spec->dtype, initial != NULL ? initial[i] : NAN);
      write_cell (stream, AG_DTYPE_FLOAT64, optimum != NULL ? optimum->coefficients[i] : NAN);
      fputc ('\n', stream);
    }
  return TRUE;
}

static void
write_parameters (FILE *stream,
                  const AgRunSpec *spec,
                  gint64 step,
                  const double *values)
{
  fprintf (stream, "%" G_GINT64_FORMAT, step);
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    {
      fputc (',', stream);
      write_number (stream, spec->dtype, values[i]);
    }
  fputc ('\n', stream);
}

/**
 * ag_csv_write_parameters:
 * @transaction: what the file is part of
 * @path: path of the file
 * @spec: the run
 * @trace: its coefficients
 * @snapshot: its state
 * @error: return location for a #GError
 *
 * Writes the column `step` and one for each parameter, by its name: the values
 * after so many steps, those that the loss of the step of this number is of. The
 * rows are the evenly spaced steps that @trace has kept, and at last the state of
 * @snapshot, unless the run diverged: the finite values that it then goes back to
 * are of an earlier step.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_csv_write_parameters (AgTransaction *transaction,
                         const char *path,
                         const AgRunSpec *spec,
                         const AgTrace *trace,
                         const AgSnapshot *snapshot,
                         GError **error)
{
  g_autofree double *steps = g_new (double, AG_TRACE_MAX_POINTS);
  g_autofree double *first = g_new (double, AG_TRACE_MAX_POINTS);
  const gsize n = ag_trace_read (trace, 0, steps, first);
  g_autofree double *values = g_new (double, spec->program->model->n_parameters);
  FILE *stream = ag_transaction_open (transaction, path, error);

  if (stream == NULL)
    return FALSE;
  fputs ("step", stream);
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    fprintf (stream, ",%s", spec->program->model->parameters[i]);
  fputc ('\n', stream);

  for (gsize i = 0; i < n && steps[i] < (double) snapshot->step; i++)
    {
      ag_trace_at (trace, (gint64) steps[i], values);
      write_parameters (stream, spec, (gint64) steps[i], values);
    }
  if (snapshot->state != AG_TRAINER_DIVERGED)
    write_parameters (stream, spec, snapshot->step, snapshot->coefficients);
  return TRUE;
}
