/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/moment.h"

#include <string.h>

/**
 * ag_moment_new:
 * @spec: what the run is
 * @checkpoint: what a checkpoint of it is
 * @numbers: a checkpoint; copied
 * @is_live: whether there are no more steps so far
 * @lr: what the last step was taken with
 *
 * Returns: (transfer full): a moment
 */
AgMoment *
ag_moment_new (const AgRunSpec *spec,
               const AgCheckpoint *checkpoint,
               const double *numbers,
               gboolean is_live,
               double lr)
{
  const guint n_parameters = checkpoint->n_parameters;
  const gsize n_values = (gsize) n_parameters * (2 + checkpoint->n_states);
  const gsize n_counts = (gsize) n_parameters * (1 + AG_OPTIMIZER_MAX_NUMBERS);
  AgMoment *moment = g_malloc (sizeof (AgMoment) + sizeof (double) * (n_values + n_counts));
  double *own = (double *) (moment + 1);
  double *counts = own + n_values;

  memcpy (own, numbers + AG_CHECKPOINT_COEFFICIENTS, sizeof (double) * n_values);
  ag_ref_count_init (&moment->ref_count);
  moment->step = (gint64) numbers[AG_CHECKPOINT_STEP];
  moment->is_live = is_live;
  moment->loss = numbers[AG_CHECKPOINT_LOSS];
  moment->lr = lr;
  moment->program = spec->program;
  moment->optimizer = spec->optimizer;
  moment->n_parameters = n_parameters;
  moment->n_states = checkpoint->n_states;
  moment->coefficients = own;
  moment->gradients = own + n_parameters;
  moment->states = own + 2 * n_parameters;
  moment->n_updates = counts;
  moment->schedule = counts + n_parameters;
  ag_checkpoint_read_counts (checkpoint, spec->program, numbers, &moment->structure, counts,
                             counts + n_parameters);
  return moment;
}

/**
 * ag_moment_ref:
 * @moment: a moment
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @moment
 */
AgMoment *
ag_moment_ref (AgMoment *moment)
{
  ag_ref_count_inc (&moment->ref_count);
  return moment;
}

/**
 * ag_moment_unref:
 * @moment: (transfer full): a moment
 *
 * Drops a reference; the last one frees the moment.
 */
void
ag_moment_unref (AgMoment *moment)
{
  if (ag_ref_count_dec (&moment->ref_count))
    g_free (moment);
}

/**
 * ag_moment_state:
 * @moment: a moment
 * @parameter: number of one of the program's parameters
 * @state: number of one of the optimizer's states, as in #AgOptimizerClass
 *
 * Returns: what the optimizer kept of that parameter
 */
double
ag_moment_state (const AgMoment *moment,
                 guint parameter,
                 guint state)
{
  g_return_val_if_fail (parameter < moment->n_parameters && state < moment->n_states, 0);

  return moment->states[state * moment->n_parameters + parameter];
}
