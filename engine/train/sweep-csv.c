/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-csv.h"

#include "base/number.h"
#include "train/sweep-private.h"

static void
write_loss (FILE *stream,
            AgDType dtype,
            double loss)
{
  g_autofree char *text = ag_number_to_csv (dtype, loss);

  fprintf (stream, ",%s", text);
}

/* Where the curves differ in their seeds, a row says which one it is of. */
static gboolean
has_seeds (const AgSweep *sweep)
{
  for (guint i = 1; i < sweep->n_specs; i++)
    if (sweep->specs[i].seed != sweep->specs[0].seed)
      return TRUE;
  return FALSE;
}

static void
write_header (FILE *stream,
              const AgSweep *sweep)
{
  fputs ("optimizer", stream);
  if (has_seeds (sweep))
    fputs (",seed", stream);
  for (guint i = 0; i < sweep->n_axes; i++)
    fprintf (stream, ",%s", sweep->axes[i]->id);
  fputs (",loss,final_loss,steps_to_1_percent,state\n", stream);
}

static void
write_run (FILE *stream,
           AgSweep *sweep,
           guint run,
           const AgSweepResult *result)
{
  const AgRunSpec *spec = ag_sweep_run_spec (sweep, run);

  fputs (spec->optimizer->id, stream);
  if (has_seeds (sweep))
    fprintf (stream, ",%" G_GUINT64_FORMAT, spec->seed);
  for (guint i = 0; i < sweep->n_axes; i++)
    {
      g_autofree char *value = ag_sweep_format_value (sweep, run, i);

      fprintf (stream, ",%s", value);
    }
  write_loss (stream, spec->dtype, result->loss);
  write_loss (stream, spec->dtype, result->final_loss);
  if (result->steps_to_1_percent >= 0)
    fprintf (stream, ",%" G_GINT64_FORMAT, result->steps_to_1_percent);
  else
    fputc (',', stream);
  fprintf (stream, ",%s\n", result->state == AG_TRAINER_DIVERGED ? "diverged" : "done");
}

/**
 * ag_csv_print_sweep:
 * @stream: where to
 * @sweep: a sweep
 *
 * Writes a row for each run that is made: `optimizer`, where the curves have several
 * `seed`, the settings under their own names, `loss` (the last of the run's loss.csv),
 * `final_loss` (after the last update), `steps_to_1_percent` (empty where that was never
 * reached or is not known) and `state`, “done” or “diverged”.
 */
void
ag_csv_print_sweep (FILE *stream,
                    AgSweep *sweep)
{
  write_header (stream, sweep);
  for (guint run = 0; run < sweep->n_runs; run++)
    {
      AgSweepResult result;

      if (ag_sweep_read (sweep, run, &result))
        write_run (stream, sweep, run, &result);
    }
}

/**
 * ag_csv_write_sweep:
 * @transaction: what the file is part of
 * @path: path of the file
 * @sweep: a sweep
 * @error: return location for a #GError
 *
 * Writes the file of which ag_csv_print_sweep() tells.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_csv_write_sweep (AgTransaction *transaction,
                    const char *path,
                    AgSweep *sweep,
                    GError **error)
{
  FILE *stream = ag_transaction_open (transaction, path, error);

  if (stream == NULL)
    return FALSE;
  ag_csv_print_sweep (stream, sweep);
  return TRUE;
}
