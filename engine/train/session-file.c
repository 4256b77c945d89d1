/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/session-file.h"

#include "base/json.h"
#include "train/changes-file.h"
#include "train/run-file.h"

#include <math.h>

/* Runs in one file, as JSON: see docs/session-file.md. */

#define ENTRIES_AT_ONCE 4096

/* Enough digits for each number to be read as what it was. */
static void
write_number (FILE *stream,
              AgDType dtype,
              double value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (isfinite (value))
    fputs (g_ascii_formatd (text, sizeof text, dtype == AG_DTYPE_FLOAT32 ? "%.9g" : "%.17g", value),
           stream);
  else
    fputs (isnan (value) ? "null" : value > 0 ? "\"inf\""
                                              : "\"-inf\"",
           stream);
}

static void
add_numbers (AgJson *object,
             const char *name,
             AgDType dtype,
             gsize n,
             const double *values)
{
  ag_json_name (object, name);
  fputc ('[', object->stream);
  for (gsize i = 0; i < n; i++)
    {
      fputs (i > 0 ? ", " : "", object->stream);
      write_number (object->stream, dtype, values[i]);
    }
  fputc (']', object->stream);
}

/* A loss a step; where the history is thinned, the last of so many, with the least and the
 * greatest. */
static void
add_losses (AgJson *object,
            const AgSessionRun *run,
            const char *name,
            gsize offset)
{
  g_autofree AgHistoryEntry *entries = g_new (AgHistoryEntry, ENTRIES_AT_ONCE);
  const AgDType dtype = run->spec->dtype;
  gint64 next = 0;

  ag_json_name (object, name);
  fputc ('[', object->stream);
  while (next < run->snapshot->step)
    {
      const gsize n = ag_history_read (run->history, 0, next, run->snapshot->step - 1,
                                       ENTRIES_AT_ONCE, entries);

      for (gsize i = 0; i < n; i++)
        {
          fputs (next == 0 && i == 0 ? "" : ", ", object->stream);
          write_number (object->stream, dtype, G_STRUCT_MEMBER (double, &entries[i], offset));
        }
      if (n == 0)
        break;
      next = entries[n - 1].step + entries[n - 1].stride;
    }
  fputc (']', object->stream);
}

static void
add_trace (AgJson *object,
           const AgSessionRun *run)
{
  const AgModelClass *model = run->spec->program->model;
  g_autofree double *steps = g_new (double, AG_TRACE_MAX_POINTS);
  g_autofree double *values = g_new (double, AG_TRACE_MAX_POINTS);
  AgJson trace;

  ag_json_name (object, "trace");
  trace = ag_json_object (object->stream, object->indent + 2);
  for (guint i = 0; i < model->n_parameters; i++)
    {
      gsize n = ag_trace_read (run->trace, i, steps, values);

      /* Steps after the snapshot are not in this file. */
      while (n > 0 && steps[n - 1] > (double) run->snapshot->step)
        n--;
      if (i == 0)
        add_numbers (&trace, "step", AG_DTYPE_FLOAT64, n, steps);
      add_numbers (&trace, model->parameters[i], run->spec->dtype, n, values);
    }
  ag_json_end (&trace);
}

/* That of a run of which nobody knows when its steps were taken has no marks. */
static void
add_clock (AgJson *object,
           const AgSessionRun *run)
{
  double steps[AG_CLOCK_MAX_MARKS], microseconds[AG_CLOCK_MAX_MARKS];
  guint n = ag_clock_read (run->clock, steps, microseconds);
  AgJson clock;

  while (n > 0 && steps[n - 1] > (double) run->snapshot->step)
    n--;
  if (n == 0)
    return;
  ag_json_name (object, "clock");
  clock = ag_json_object (object->stream, object->indent + 2);
  add_numbers (&clock, "step", AG_DTYPE_FLOAT64, n, steps);
  add_numbers (&clock, "microseconds", AG_DTYPE_FLOAT64, n, microseconds);
  ag_json_end (&clock);
}

static void
write_run (FILE *stream,
           gint indent,
           const AgSessionRun *run)
{
  const AgSnapshot *snapshot = run->snapshot;
  const AgDType dtype = run->spec->dtype;
  AgJson object = ag_json_object (stream, indent);

  ag_json_add_text (&object, "name", run->name);
  ag_json_add_whole (&object, "color", run->color);
  ag_json_add_flag (&object, "shown", run->is_shown);
  ag_json_add_flag (&object, "pinned", run->is_pinned);
  ag_run_file_add_settings (&object, run->spec);
  ag_changes_file_add (&object, run->spec, run->rates);
  ag_json_add_text (&object, "state", ag_run_file_state_name (snapshot->state));
  ag_json_add_whole (&object, "steps_taken", snapshot->step);
  ag_json_add_whole (&object, "diverged_step", snapshot->diverged_step);
  add_numbers (&object, "loss", AG_DTYPE_FLOAT64, 1, &snapshot->loss);
  add_numbers (&object, "final_loss", AG_DTYPE_FLOAT64, 1, &snapshot->final_loss);
  add_numbers (&object, "seconds", AG_DTYPE_FLOAT64, 1, &snapshot->elapsed);
  add_numbers (&object, "steps_per_second", AG_DTYPE_FLOAT64, 1, &snapshot->steps_per_second);
  add_numbers (&object, "initial", dtype, snapshot->n_coefficients, run->initial);
  add_numbers (&object, "coefficients", dtype, snapshot->n_coefficients, snapshot->coefficients);
  add_numbers (&object, "gradients", dtype, snapshot->n_coefficients, snapshot->gradients);
  ag_json_add_whole (&object, "stride", ag_history_stride (run->history));
  add_losses (&object, run, "losses", G_STRUCT_OFFSET (AgHistoryEntry, loss));
  if (ag_history_stride (run->history) > 1)
    {
      add_losses (&object, run, "least_losses", G_STRUCT_OFFSET (AgHistoryEntry, minimum));
      add_losses (&object, run, "greatest_losses", G_STRUCT_OFFSET (AgHistoryEntry, maximum));
    }
  add_trace (&object, run);
  add_clock (&object, run);
  ag_json_end (&object);
}

/**
 * ag_session_file_write:
 * @transaction: what the file is part of
 * @path: path of the file
 * @n_runs: number of @runs
 * @runs: (array length=n_runs): the runs
 * @error: return location for a #GError
 *
 * Writes runs with all that can be seen of them, to be read by ag_session_file_read(): every
 * number with as many digits as it takes to have the same bits then.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_session_file_write (AgTransaction *transaction,
                       const char *path,
                       guint n_runs,
                       const AgSessionRun *runs,
                       GError **error)
{
  FILE *stream = ag_transaction_open (transaction, path, error);
  AgJson object;

  if (stream == NULL)
    return FALSE;
  object = ag_json_object (stream, 0);
  ag_json_add_text (&object, "converge", AG_VERSION);
  ag_json_add_whole (&object, "format", 2);
  ag_json_name (&object, "runs");
  fputc ('[', stream);
  for (guint i = 0; i < n_runs; i++)
    {
      fputs (i > 0 ? ", " : "", stream);
      write_run (stream, 2, &runs[i]);
    }
  fputc (']', stream);
  ag_json_end (&object);
  fputc ('\n', stream);
  return TRUE;
}
