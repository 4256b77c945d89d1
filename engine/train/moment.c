/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/moment.h"

#include <string.h>

/**
 * ag_moment_new:
 * @spec: what the run is
 * @step: how many steps were taken
 * @is_live: whether there are no more so far
 * @loss: loss of the last one
 * @lr: what it was taken with
 * @numbers: coefficients, gradients and states, one behind the other; copied
 *
 * Returns: (transfer full): a moment
 */
AgMoment *
ag_moment_new (const AgRunSpec *spec,
               gint64 step,
               gboolean is_live,
               double loss,
               double lr,
               const double *numbers)
{
  const guint n_parameters = spec->program->model->n_parameters;
  const guint n_states = spec->optimizer->n_states;
  const gsize n_bytes = sizeof (double) * n_parameters * (2 + n_states);
  AgMoment *moment = g_malloc (sizeof (AgMoment) + n_bytes);
  double *own = memcpy (moment + 1, numbers, n_bytes);

  g_atomic_ref_count_init (&moment->ref_count);
  moment->step = step;
  moment->is_live = is_live;
  moment->loss = loss;
  moment->lr = lr;
  moment->program = spec->program;
  moment->optimizer = spec->optimizer;
  moment->n_parameters = n_parameters;
  moment->n_states = n_states;
  moment->coefficients = own;
  moment->gradients = own + n_parameters;
  moment->states = own + 2 * n_parameters;
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
  g_atomic_ref_count_inc (&moment->ref_count);
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
  if (g_atomic_ref_count_dec (&moment->ref_count))
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
