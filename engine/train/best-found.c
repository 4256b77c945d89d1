/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/best-found.h"

#include "base/random.h"
#include "train/uncertainty.h"

#include <math.h>
#include <string.h>

/* Where many starts are tried, no more points are looked at, and fewer where a look at them
 * takes longer than some nanoseconds, by ag_least_squares_cost(). */
#define MOST_SEARCHED 2048
#define LEAST_SEARCHED 128
#define TIME_TO_LOOK 5e5

/* How long trying starts, descending from the best of them, and descending with all points may
 * take, in nanoseconds by ag_least_squares_cost(). As that is no measurement, what is found is
 * the same on every machine. */
#define TIME_TO_TRY 1e8
#define TIME_TO_DESCEND 3e8
#define TIME_TO_FINISH 3e8

#define LEAST_TRIED 8
#define MOST_TRIED 256
#define MOST_DESCENTS 10
#define LEAST_ITERATIONS 3
#define MOST_ITERATIONS 400
#define MOST_ITERATIONS_TO_FINISH 2000

/* When this many descents have ended at the same place, no more are made. */
#define N_TO_AGREE 3
#define AGREEMENT 1e-9

/* Shares of the target's spread. */
#define FIRST_DELTA 0.1
#define LAST_DELTA 1e-8
#define DELTA_RATIO 0.1

/**
 * Candidate:
 * @sum: the sum there
 * @coefficients: a start
 *
 * Where to descend from.
 */
typedef struct
{
  double sum;
  double *coefficients;
} Candidate;

/**
 * Search:
 * @problem: what is solved, with some of the points
 * @spec: what is fitted
 * @data: to what
 * @size: bytes of a set of coefficients
 * @near: coefficients to begin with
 * @generator: what draws others
 * @candidates: (element-type Candidate): the most promising first
 *
 * A search for the place to begin with.
 */
typedef struct
{
  AgLeastSquares *problem;
  const AgRunSpec *spec;
  const AgData *data;
  gsize size;
  const double *near;
  AgGenerator *generator;
  GArray *candidates;
} Search;

static void
candidate_clear (gpointer data)
{
  g_free (((Candidate *) data)->coefficients);
}

static gint
compare_candidates (gconstpointer a,
                    gconstpointer b)
{
  const double sum_a = ((const Candidate *) a)->sum, sum_b = ((const Candidate *) b)->sum;

  return (sum_a > sum_b) - (sum_a < sum_b);
}

/* A number between 10^−@decades and 10^@decades, of either sign. */
static double
draw_magnitude (AgGenerator *generator,
                double decades)
{
  const double power = (2 * ag_generator_uniform (generator) - 1) * decades;

  return pow (10, power) * (ag_generator_uniform (generator) < 0.7 ? 1 : -1);
}

/* Nobody has said what a parameter may be. Most are like what was given, are a place among the
 * data, or count how often or how fast something happens along them. */
static double
draw (const Search *search,
      guint parameter)
{
  const double first = ag_data_x_minimum (search->data);
  const double length = ag_data_x_maximum (search->data) - first;
  const double near = search->near[parameter];

  switch ((guint) (4 * ag_generator_uniform (search->generator)))
    {
    case 0:
      return draw_magnitude (search->generator, 1) * (near != 0 ? near : 1);
    case 1:
      return first + length * ag_generator_uniform (search->generator);
    case 2:
      return draw_magnitude (search->generator, 1.5) / (length > 0 ? length / 6 : 1);
    default:
      return draw_magnitude (search->generator, 1);
    }
}

static void
try_candidate (Search *search,
               double *coefficients)
{
  Candidate candidate = { .coefficients = coefficients };

  if (ag_least_squares_settle (search->problem, coefficients))
    {
      candidate.sum = ag_least_squares_sum (search->problem);
      g_array_append_val (search->candidates, candidate);
    }
  else
    {
      g_free (coefficients);
    }
}

static void
try_candidates (Search *search,
                AgWork *work)
{
  const double cost = 2 * ag_least_squares_cost (search->problem);
  const guint n = (guint) CLAMP (TIME_TO_TRY / cost, LEAST_TRIED, MOST_TRIED);

  for (guint i = 0; i < n && !ag_work_is_cancelled (work); i++)
    {
      double *coefficients = g_memdup2 (search->near, search->size);

      for (guint k = 0; k < search->spec->program->model->n_parameters; k++)
        if (ag_least_squares_is_searched (search->problem, k))
          coefficients[k] = draw (search, k);
      try_candidate (search, coefficients);
    }
  g_array_sort (search->candidates, compare_candidates);
}

/* Goes on from where it got to. Returns whether that is finite. */
static gboolean
descend (AgBestFound *found,
         AgLeastSquares *problem,
         double time,
         guint most_iterations)
{
  const double cost = 2 * ag_least_squares_cost (problem);
  const guint n = (guint) CLAMP (time / cost, LEAST_ITERATIONS, most_iterations);
  guint n_iterations = 0;
  const gboolean is_done = ag_least_squares_descend (problem, found->coefficients, n,
                                                     &n_iterations);

  found->sum = ag_least_squares_sum (problem);
  found->n_iterations += n_iterations;
  return is_done;
}

/* Descends from a start; if that leads lower, it is the best found so far. Of several that are
 * as good, which may differ by the order of like terms, the first is kept. Returns whether it
 * leads to one as good. */
static gboolean
descend_from (AgBestFound *found,
              const Search *search,
              const double *start)
{
  g_autofree double *coefficients = g_memdup2 (start, search->size);
  AgBestFound other = { .coefficients = coefficients };
  gboolean is_same;

  found->n_starts++;
  for (guint i = 0; i < search->spec->program->model->n_parameters; i++)
    if (ag_run_spec_is_held (search->spec, i))
      coefficients[i] = search->near[i];
  if (!descend (&other, search->problem, TIME_TO_DESCEND / MOST_DESCENTS, MOST_ITERATIONS))
    return FALSE;
  is_same = fabs (other.sum - found->sum)
            <= AGREEMENT * other.sum + ag_least_squares_rounding (search->problem);
  if (other.sum < found->sum && !is_same)
    {
      memcpy (found->coefficients, other.coefficients, search->size);
      found->sum = other.sum;
      found->n_iterations = other.n_iterations;
    }
  return is_same;
}

static void
search_starts (AgBestFound *found,
               Search *search,
               guint n_starts,
               const double *const *starts,
               AgWork *work)
{
  guint n_same = 0;

  for (guint i = 0; i < n_starts; i++)
    n_same += descend_from (found, search, starts[i]);
  try_candidates (search, work);
  for (guint i = 0; i < MIN (search->candidates->len, MOST_DESCENTS); i++)
    {
      const double before = found->sum;
      const Candidate *candidate = &g_array_index (search->candidates, Candidate, i);
      gboolean is_same;

      if (n_same + 1 >= N_TO_AGREE || ag_work_is_cancelled (work))
        return;
      is_same = descend_from (found, search, candidate->coefficients);
      if (is_same)
        n_same++;
      else if (found->sum < before)
        n_same = 0;
    }
}

static void
search (AgBestFound *found,
        AgLeastSquares *problem,
        const AgRunSpec *spec,
        const AgData *data,
        guint n_starts,
        const double *const *starts,
        AgWork *work)
{
  const gsize size = sizeof (double) * spec->program->model->n_parameters;
  g_autofree double *near = g_memdup2 (found->coefficients, size);
  g_autoptr (AgGenerator) generator = ag_generator_new (AG_GENERATOR_TORCH, 0);
  g_autoptr (GArray) candidates = g_array_new (FALSE, FALSE, sizeof (Candidate));
  Search search = {
    .problem = problem,
    .spec = spec,
    .data = data,
    .size = size,
    .near = near,
    .generator = generator,
    .candidates = candidates,
  };

  g_array_set_clear_func (candidates, candidate_clear);
  search_starts (found, &search, n_starts, starts, work);
}

/* The search looks at no more points than this, so that each look is short. */
static gint64
n_to_search (const AgLeastSquares *problem,
             const AgData *data)
{
  const double n_all = (double) ag_data_n_representatives (data);
  const double cost = ag_least_squares_cost (problem) / n_all;

  return (gint64) CLAMP (TIME_TO_LOOK / cost, LEAST_SEARCHED, MOST_SEARCHED);
}

/* How far from its mean the target is: absolute values are approached by Huber's loss with deltas
 * that are less and less of this. */
static double
find_spread (const AgData *data)
{
  const double spread
    = sqrt (ag_uncertainty_sum_around_mean (data) / (double) ag_data_n_points (data));

  return spread > 0 && isfinite (spread) ? spread : 1;
}

static gboolean *
find_held (const AgRunSpec *spec)
{
  const guint n = spec->program->model->n_parameters;
  gboolean *is_held = g_new (gboolean, n);

  for (guint i = 0; i < n; i++)
    is_held[i] = ag_run_spec_is_held (spec, i);
  return is_held;
}

static AgLeastSquares *
make_problem (const AgRunSpec *spec,
              const AgData *data,
              gint64 most_points,
              const double *near,
              AgWork *work)
{
  g_autofree gboolean *is_held = find_held (spec);
  AgLeastSquares *problem = ag_least_squares_new (spec->program->model, is_held, data,
                                                  most_points, work, NULL);

  if (problem == NULL)
    return NULL;
  if (spec->loss->kind == AG_LOSS_MSE)
    ag_least_squares_find_linear (problem, near);
  else
    ag_least_squares_set_delta (problem, spec->loss->kind == AG_LOSS_HUBER
                                           ? spec->delta
                                           : FIRST_DELTA * find_spread (data));
  return problem;
}

/* Huber's loss with ever smaller deltas, each from where the one before ended, and in the end the
 * absolute values themselves. */
static gboolean
approach_absolute (AgBestFound *found,
                   double spread)
{
  for (double delta = FIRST_DELTA; delta > LAST_DELTA / 2; delta *= DELTA_RATIO)
    {
      ag_least_squares_set_delta (found->problem, delta * spread);
      if (!descend (found, found->problem, TIME_TO_FINISH, MOST_ITERATIONS_TO_FINISH))
        return FALSE;
    }
  ag_least_squares_set_delta (found->problem, 0);
  return TRUE;
}

/* With all points, from where it got to with some of them. */
static gboolean
finish (AgBestFound *found,
        const AgRunSpec *spec,
        const AgData *data)
{
  const gboolean is_finite
    = spec->loss->kind == AG_LOSS_L1
        ? approach_absolute (found, find_spread (data))
        : descend (found, found->problem, TIME_TO_FINISH, MOST_ITERATIONS_TO_FINISH);

  if (!is_finite)
    return FALSE;
  found->is_exact = ag_least_squares_is_all_linear (found->problem);
  found->triangle = ag_least_squares_linearize (found->problem, found->coefficients);
  if (spec->loss->kind == AG_LOSS_L1)
    found->sum = ag_least_squares_sum (found->problem);
  return found->triangle != NULL;
}

/* Begins with the coefficients of the first start; where there is none, with 0. */
static void
begin (AgBestFound *found,
       const AgRunSpec *spec,
       const double *start)
{
  const guint n = spec->program->model->n_parameters;

  *found = (AgBestFound){ .sum = INFINITY };
  found->coefficients = g_new0 (double, n);
  found->free = g_new (guint, n);
  for (guint i = 0; i < n; i++)
    {
      if (!ag_run_spec_is_held (spec, i))
        found->free[found->n_free++] = i;
      if (start != NULL)
        found->coefficients[i] = start[i];
    }
}

/**
 * ag_best_found_init:
 * @found: (out caller-allocates): the best fit; to be cleared in any case
 * @spec: what is fitted
 * @data: to what
 * @n_starts: number of @starts
 * @starts: (array length=n_starts): coefficients to begin with; those that are held are as in the
 *   first
 * @work: (nullable): what cancels it
 *
 * Looks for the least sum of squares, or of another loss. Of a model that is linear in its
 * parameters that of squares is solved for. Otherwise it descends from the starts that are given
 * and from the most promising of many that are drawn, until several led to the same place; with
 * no more than some thousand points as long as it looks for the place, and from there with all
 * of them.
 *
 * Returns: whether one was found
 */
gboolean
ag_best_found_init (AgBestFound *found,
                    const AgRunSpec *spec,
                    const AgData *data,
                    guint n_starts,
                    const double *const *starts,
                    AgWork *work)
{
  g_autoptr (AgLeastSquares) thinned = NULL;

  begin (found, spec, n_starts > 0 ? starts[0] : NULL);
  found->problem = make_problem (spec, data, G_MAXINT64, found->coefficients, work);
  if (found->problem == NULL)
    return FALSE;
  if (ag_least_squares_is_all_linear (found->problem))
    return finish (found, spec, data);
  thinned = make_problem (spec, data, n_to_search (found->problem, data), found->coefficients,
                          work);
  if (thinned == NULL)
    return FALSE;
  search (found, thinned, spec, data, n_starts, starts, work);
  return isfinite (found->sum) && finish (found, spec, data);
}

/**
 * ag_best_found_clear:
 * @found: the best fit
 */
void
ag_best_found_clear (AgBestFound *found)
{
  g_clear_pointer (&found->problem, ag_least_squares_free);
  g_clear_pointer (&found->coefficients, g_free);
  g_clear_pointer (&found->free, g_free);
}
