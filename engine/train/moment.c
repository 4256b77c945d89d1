/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/moment.h"

#include <string.h>

static AgMoment *
make_room (guint n_parameters,
           guint n_states)
{
  const gsize n_values = (gsize) n_parameters * (2 + n_states);
  const gsize n_counts = (gsize) n_parameters * (1 + AG_OPTIMIZER_MAX_NUMBERS);
  AgMoment *moment = g_malloc0 (sizeof (AgMoment) + sizeof (double) * (n_values + n_counts));
  double *own = (double *) (moment + 1);

  ag_ref_count_init (&moment->ref_count);
  moment->n_parameters = n_parameters;
  moment->n_states = n_states;
  moment->coefficients = own;
  moment->gradients = own + n_parameters;
  moment->states = own + 2 * n_parameters;
  moment->n_updates = own + n_values;
  moment->schedule = own + n_values + n_parameters;
  return moment;
}

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
  AgMoment *moment = make_room (n_parameters, checkpoint->n_states);
  double *counts = (double *) moment->n_updates;

  memcpy ((double *) moment->coefficients, numbers + AG_CHECKPOINT_COEFFICIENTS,
          sizeof (double) * n_parameters * (2 + checkpoint->n_states));
  moment->step = (gint64) numbers[AG_CHECKPOINT_STEP];
  moment->is_live = is_live;
  moment->loss = numbers[AG_CHECKPOINT_LOSS];
  moment->lr = lr;
  moment->program = spec->program;
  moment->optimizer = spec->optimizer;
  ag_checkpoint_read_counts (checkpoint, spec->program, numbers, &moment->structure, counts,
                             counts + n_parameters);
  return moment;
}

/**
 * ag_moment_new_like:
 * @moment: a moment
 * @program: a program whose parameters are as many
 * @loss: a loss
 * @coefficients: (array): a value for each parameter
 * @gradients: (array): a gradient for each
 * @states: (array): the optimizer's states, as #AgMoment has them
 *
 * Returns: (transfer full): a moment of another run, which has these numbers and has taken as many
 *   steps with the same optimizer
 */
AgMoment *
ag_moment_new_like (const AgMoment *moment,
                    const AgProgramClass *program,
                    double loss,
                    const double *coefficients,
                    const double *gradients,
                    const double *states)
{
  const guint n = moment->n_parameters;
  AgMoment *other = make_room (n, moment->n_states);

  other->step = moment->step;
  other->is_live = moment->is_live;
  other->loss = loss;
  other->lr = moment->lr;
  other->program = program;
  other->optimizer = moment->optimizer;
  other->structure = moment->structure;
  memcpy ((double *) other->coefficients, coefficients, sizeof (double) * n);
  memcpy ((double *) other->gradients, gradients, sizeof (double) * n);
  memcpy ((double *) other->states, states, sizeof (double) * n * moment->n_states);
  memcpy ((double *) other->n_updates, moment->n_updates,
          sizeof (double) * n * (1 + AG_OPTIMIZER_MAX_NUMBERS));
  return other;
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
