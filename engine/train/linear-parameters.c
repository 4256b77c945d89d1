/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/least-squares-private.h"

#include "base/random.h"

#include <math.h>
#include <string.h>

/* Points, and places, at which it is tried whether a parameter enters linearly. */
#define N_PROBED 16
#define N_PROBES 4

/**
 * Probe:
 * @problem: whose parameters
 * @x: some of its points
 * @is_in: (array): of each parameter, whether it is one of those that are changed
 * @generator: what they are changed by
 *
 * Finds out by trying whether parameters enter linearly: whether what a change of them changes
 * is the same whatever they are.
 */
typedef struct
{
  AgLeastSquares *problem;
  double x[N_PROBED];
  gboolean *is_in;
  AgGenerator *generator;
} Probe;

static double
draw_near (AgGenerator *generator,
           double value)
{
  const double step = ag_generator_uniform (generator) - 0.5;

  return value != 0 ? value * (1 + step) : step;
}

static gboolean
differentiate_at (const Probe *probe,
                  const double *coefficients,
                  guint structure,
                  double *columns)
{
  const AgLeastSquares *problem = probe->problem;
  double y[N_PROBED];
  double sum = 0;

  ag_jacobian_move_to (problem->jacobian, coefficients);
  if (!ag_jacobian_evaluate (problem->jacobian, structure, N_PROBED, probe->x, y, columns,
                             N_PROBED, NULL))
    return FALSE;
  for (gsize i = 0; i < problem->n_parameters * N_PROBED; i++)
    sum += 0 * columns[i];
  return sum == 0;
}

/* A parameter that this structure does not use may be linear all the same. */
static gboolean
are_same_columns (const Probe *probe,
                  const double *a,
                  const double *b,
                  gboolean *is_seen)
{
  for (guint k = 0; k < probe->problem->n_parameters; k++)
    {
      const gsize first = (gsize) k * N_PROBED;
      double greatest = 0, difference = 0;

      if (!probe->is_in[k])
        continue;
      for (gsize i = first; i < first + N_PROBED; i++)
        {
          greatest = fmax (greatest, fabs (a[i]));
          difference = fmax (difference, fabs (a[i] - b[i]));
        }
      is_seen[k] = is_seen[k] || greatest > 0;
      if (difference > AG_LEAST_SQUARES_ROUNDING * greatest)
        return FALSE;
    }
  return TRUE;
}

static gboolean
are_linear (const Probe *probe,
            const double *near)
{
  const guint n = probe->problem->n_parameters;
  g_autofree double *at = g_new (double, n);
  g_autofree double *columns = g_new (double, n *N_PROBED);
  g_autofree double *others = g_new (double, n *N_PROBED);
  g_autofree gboolean *is_seen = g_new0 (gboolean, n);

  for (guint t = 0; t < N_PROBES; t++)
    {
      const guint structure = t % ag_least_squares_n_structures (probe->problem);

      memcpy (at, near, sizeof (double) * n);
      for (guint i = 0; i < probe->problem->n; i++)
        {
          const guint k = probe->problem->free[i];

          at[k] = draw_near (probe->generator, near[k]);
        }
      if (!differentiate_at (probe, at, structure, columns))
        continue;
      for (guint k = 0; k < n; k++)
        if (probe->is_in[k])
          at[k] = draw_near (probe->generator, near[k]);
      if (!differentiate_at (probe, at, structure, others))
        continue;
      if (!are_same_columns (probe, columns, others, is_seen))
        return FALSE;
    }
  for (guint k = 0; k < n; k++)
    if (probe->is_in[k] && !is_seen[k])
      return FALSE;
  return TRUE;
}

static void
set_in (const Probe *probe,
        guint tensor,
        gboolean is_in)
{
  const AgModelTensor info = ag_model_class_tensor (probe->problem->klass, tensor);

  for (guint i = 0; i < info.n_elements; i++)
    probe->is_in[info.first + i] = is_in;
}

/* A tensor is held or free as a whole. */
static gboolean
is_free (const AgLeastSquares *problem,
         guint parameter)
{
  for (guint i = 0; i < problem->n; i++)
    if (problem->free[i] == parameter)
      return TRUE;
  return FALSE;
}

static void
put_in_order (AgLeastSquares *problem,
              const gboolean *is_linear)
{
  guint place = 0;

  for (gint wanted = TRUE; wanted >= FALSE; wanted--)
    {
      for (guint i = 0; i < problem->n; i++)
        if (is_linear[problem->free[i]] == wanted)
          problem->order[place++] = problem->free[i];
      if (wanted)
        problem->n_linear = place;
    }
}

/**
 * ag_least_squares_find_linear:
 * @problem: a problem
 * @near: coefficients that may be begun with
 *
 * Finds tensors of parameters that enter linearly, as long as the others stay, and solves for
 * them exactly from then on. They are found by trying; if it turns out later that one does not,
 * ag_least_squares_descend() goes on without.
 *
 * Returns: how many parameters do
 */
guint
ag_least_squares_find_linear (AgLeastSquares *problem,
                              const double *near)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 0);
  g_autofree gboolean *is_in = g_new0 (gboolean, problem->n_parameters);
  Probe probe = { .problem = problem, .is_in = is_in, .generator = generator };

  if (problem->is_linear || problem->has_delta)
    return problem->n_linear;
  for (guint i = 0; i < N_PROBED; i++)
    {
      const gint64 number = (gint64) ((i + 0.5) / N_PROBED * (double) problem->n_points);
      double y, weight;

      if (problem->x != NULL)
        probe.x[i] = problem->x[number];
      else
        ag_data_read_representatives (problem->data, number, 1, &probe.x[i], &y, &weight);
    }
  for (guint t = 0; t < ag_model_class_n_tensors (problem->klass); t++)
    {
      if (!is_free (problem, ag_model_class_tensor (problem->klass, t).first))
        continue;
      set_in (&probe, t, TRUE);
      if (!are_linear (&probe, near))
        set_in (&probe, t, FALSE);
    }
  put_in_order (problem, is_in);
  return problem->n_linear;
}

/**
 * ag_least_squares_is_all_linear:
 * @problem: a problem
 *
 * Returns: whether all free parameters are solved for exactly
 */
gboolean
ag_least_squares_is_all_linear (const AgLeastSquares *problem)
{
  return !problem->has_delta && problem->n_linear == problem->n;
}

/**
 * ag_least_squares_is_searched:
 * @problem: a problem
 * @parameter: a parameter
 *
 * Returns: whether it is neither held nor solved for exactly
 */
gboolean
ag_least_squares_is_searched (const AgLeastSquares *problem,
                              guint parameter)
{
  for (guint i = problem->n_linear; i < problem->n; i++)
    if (problem->order[i] == parameter)
      return TRUE;
  return FALSE;
}
