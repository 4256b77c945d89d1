/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/twin.h"

#include "explain/formula.h"

#include <math.h>
#include <string.h>

/**
 * AgTwin:
 * @spec: the run as the other program would make it
 * @landscape: the other program's loss and gradients
 */
struct _AgTwin
{
  AgRunSpec spec;
  AgLandscape *landscape;
};

static AgRunSpec
make_spec (const AgRunSpec *spec,
           const AgProgramClass *program)
{
  AgRunSpec other = *spec;

  other.program = program;
  return other;
}

/**
 * ag_twin_is_possible:
 * @spec: a run
 * @program: a program
 *
 * Returns: whether the program's parameters are those of the run, and it can have the run's loss
 */
gboolean
ag_twin_is_possible (const AgRunSpec *spec,
                     const AgProgramClass *program)
{
  const AgModelClass *a = spec->program->model, *b = program->model;
  const AgRunSpec other = make_spec (spec, program);

  /* Gradients that were derived by hand are those of one loss. */
  if (a->n_parameters != b->n_parameters || (program->by_hand != NULL && spec->loss != program->loss))
    return FALSE;
  for (guint i = 0; i < a->n_parameters; i++)
    if (strcmp (a->parameters[i], b->parameters[i]) != 0)
      return FALSE;
  return ag_run_spec_check (&other, NULL);
}

/**
 * ag_twin_new:
 * @spec: a run
 * @program: a program for which ag_twin_is_possible()
 * @data: the run's points
 * @work: (nullable): what cancels this
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the run's twin, or %NULL with @error set
 */
AgTwin *
ag_twin_new (const AgRunSpec *spec,
             const AgProgramClass *program,
             AgData *data,
             AgWork *work,
             GError **error)
{
  const AgRunSpec other = make_spec (spec, program);
  AgLandscape *landscape = ag_landscape_new (&other, data, work, error);
  AgTwin *twin;

  if (landscape == NULL)
    return NULL;
  twin = g_new (AgTwin, 1);
  *twin = (AgTwin){ other, landscape };
  return twin;
}

/**
 * ag_twin_free:
 * @twin: (transfer full): a twin
 */
void
ag_twin_free (AgTwin *twin)
{
  ag_landscape_free (twin->landscape);
  g_free (twin);
}

/**
 * ag_twin_spec:
 * @twin: a twin
 *
 * Returns: (transfer none): the run as the other program would make it
 */
const AgRunSpec *
ag_twin_spec (const AgTwin *twin)
{
  return &twin->spec;
}

/* Computes a parameter and its states after an update by the optimizer. */
static void
update (const AgTwin *twin,
        const AgMoment *before,
        const AgMoment *after,
        guint parameter,
        double *coefficients,
        double *states)
{
  g_autoptr (GArray) lines = ag_formula_new (&twin->spec, before, after, parameter);

  for (guint i = 0; i < lines->len; i++)
    {
      const AgFormulaLine *line = &g_array_index (lines, AgFormulaLine, i);

      if (strcmp (line->symbol, "p") == 0)
        coefficients[parameter] = line->value;
      for (guint k = 0; k < after->n_states; k++)
        if (strcmp (line->symbol, after->optimizer->states[k]) == 0)
          states[k * after->n_parameters + parameter] = line->value;
    }
}

/* Takes one step from @before on. The optimizer's state after it is read from @after. */
static AgMoment *
take_step (AgTwin *twin,
           const AgMoment *before,
           const AgMoment *after,
           double *loss,
           GError **error)
{
  const guint n = after->n_parameters;
  g_autofree double *gradients = g_new0 (double, n);
  g_autofree double *coefficients = g_memdup2 (before->coefficients, sizeof (double) * n);
  g_autofree double *states = g_memdup2 (after->states, sizeof (double) * n * after->n_states);
  g_autoptr (AgMoment) with_gradients = NULL;

  if (!ag_landscape_at (twin->landscape, before->coefficients, after->structure, loss, gradients, error))
    return NULL;
  with_gradients = ag_moment_new_like (after, twin->spec.program, *loss, before->coefficients,
                                       gradients, after->states);
  for (guint i = 0; i < n; i++)
    update (twin, before, with_gradients, i, coefficients, states);
  return ag_moment_new_like (after, twin->spec.program, *loss, coefficients, gradients, states);
}

/**
 * ag_twin_step:
 * @twin: the twin of a run
 * @moments: the run's moments
 * @step: one of its steps, counted from 1
 * @work: (nullable): what cancels this
 * @error: return location for a #GError
 *
 * Takes the step as the twin would, from the coefficients and states that the run had then, in
 * double precision.
 *
 * Returns: (transfer full) (nullable): an account of it without ledger and directions, or %NULL
 *   with @error set
 */
AgAccount *
ag_twin_step (AgTwin *twin,
              AgMoments *moments,
              gint64 step,
              AgWork *work,
              GError **error)
{
  g_autoptr (AgMoment) before = ag_moments_at (moments, MAX (step - 1, 0), work, error);
  g_autoptr (AgMoment) after = before != NULL ? ag_moments_at (moments, step, work, error) : NULL;
  AgMoment *taken;
  AgAccount *account;
  double loss;

  if (after == NULL)
    return NULL;
  ag_landscape_set_work (twin->landscape, work);
  taken = take_step (twin, before, after, &loss, error);
  ag_landscape_set_work (twin->landscape, NULL);
  if (taken == NULL)
    return NULL;
  account = g_new0 (AgAccount, 1);
  account->before = ag_moment_new_like (before, twin->spec.program, before->loss,
                                        before->coefficients, before->gradients, before->states);
  account->after = taken;
  account->loss = loss;
  account->final_loss = account->promised = account->taken_back = account->beyond = account->edge
    = NAN;
  return account;
}
