/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/optimum.h"

#include "model/formula-model.h"
#include "train/best-found.h"
#include "train/initial.h"
#include "train/uncertainty.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Coefficients, their errors, and two matrices. */
static gsize
count_numbers (guint n)
{
  return (gsize) n * (2 * n + 2);
}

static AgOptimum *
optimum_new (guint n)
{
  AgOptimum *optimum = g_malloc0 (sizeof *optimum + sizeof (double) * count_numbers (n));

  ag_ref_count_init (&optimum->ref_count);
  optimum->n_coefficients = n;
  optimum->standard_errors = optimum->coefficients + n;
  optimum->covariance = optimum->standard_errors + n;
  optimum->factor = optimum->covariance + (gsize) n * n;
  optimum->least_curvature = optimum->greatest_curvature = optimum->condition = NAN;
  return optimum;
}

/* The Hessian of a sum of squares of what is linear is twice the normal equations' matrix, whose
 * eigenvalues are the squares of the triangle's singular values. Of what is not linear that is the
 * Hessian but for a part that vanishes with the residuals, so that it tells how the problem is
 * conditioned, but bounds no rate. */
static void
set_curvature (AgOptimum *optimum,
               const AgBestFound *found)
{
  const guint n = found->n_free;
  g_autofree double *values = g_new (double, n);

  if (n == 0 || !ag_triangle_singular_values (found->triangle, values))
    return;
  optimum->condition = pow (values[0] / values[n - 1], 2);
  if (!found->is_exact)
    return;
  optimum->greatest_curvature = 2 * values[0] * values[0];
  optimum->least_curvature = 2 * values[n - 1] * values[n - 1];
}

/* A loss that is the mean of the squares is flatter by the number of points. */
static void
scale (AgOptimum *optimum,
       double factor)
{
  optimum->loss *= factor;
  optimum->least_curvature *= factor;
  optimum->greatest_curvature *= factor;
}

/* Moves what is known of the free coefficients to their places among all of them. One that is held
 * is certain. */
static void
spread (AgOptimum *optimum,
        const AgBestFound *found,
        const double *factor,
        const double *errors)
{
  for (guint i = 0; i < found->n_free; i++)
    {
      const guint row = found->free[i];

      optimum->standard_errors[row] = errors[i];
      memcpy (optimum->factor + (gsize) row * optimum->n_coefficients, factor + i * found->n_free,
              sizeof (double) * found->n_free);
    }
}

static void
multiply (AgOptimum *optimum)
{
  const guint n = optimum->n_coefficients;

  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < n; j++)
      for (guint k = 0; k < n; k++)
        optimum->covariance[i * n + j] += optimum->factor[i * n + k] * optimum->factor[j * n + k];
}

static void
estimate (AgOptimum *optimum,
          const AgRunSpec *spec,
          const AgData *data,
          const AgBestFound *found)
{
  const gboolean is_squares = spec->loss->kind == AG_LOSS_MSE;
  const double n_spare = (double) ag_data_n_points (data) - found->n_free;
  const double around_mean = ag_least_squares_sum_around_mean (found->problem);
  const double variance = is_squares && n_spare > 0 ? found->sum / n_spare : NAN;
  g_autofree double *factor = g_new (double, found->n_free * found->n_free);
  g_autofree double *errors = g_new (double, found->n_free);

  optimum->r_squared = is_squares && around_mean > 0 ? 1 - found->sum / around_mean : NAN;
  optimum->residual_deviation = sqrt (variance);
  ag_uncertainty_of_solution (found->triangle, found->n_free, variance, factor, errors);
  spread (optimum, found, factor, errors);
  multiply (optimum);
}

static void
describe (AgOptimum *optimum,
          const AgRunSpec *spec,
          const AgData *data,
          const AgBestFound *found)
{
  memcpy (optimum->coefficients, found->coefficients,
          sizeof (double) * optimum->n_coefficients);
  optimum->is_exact = found->is_exact;
  optimum->loss = found->sum;
  /* A model that changes from step to step has no single Hessian. */
  if (spec->loss->kind == AG_LOSS_MSE && spec->program->model->n_structures <= 1)
    set_curvature (optimum, found);
  estimate (optimum, spec, data, found);
  /* The optimum of Huber's loss and of absolute values was computed as twice the sum. */
  if (spec->loss->kind != AG_LOSS_MSE)
    optimum->loss /= 2;
  if (spec->loss->is_mean)
    scale (optimum, 1 / (double) ag_data_n_points (data));
}

/**
 * ag_run_spec_has_exact_optimum:
 * @spec: a specification
 *
 * Returns: whether where its runs converge to is known without searching: those of a model that
 *   is linear in its coefficients, by least squares
 */
gboolean
ag_run_spec_has_exact_optimum (const AgRunSpec *spec)
{
  return spec->program->model->is_linear && spec->loss->kind == AG_LOSS_MSE;
}

/**
 * ag_optimum_new:
 * @spec: what is fitted: its model, loss, and which coefficients are held
 * @data: to what
 * @n_starts: number of @starts, at least 1 if coefficients are held
 * @starts: (array length=n_starts): coefficients to begin with where the model is not linear in
 *   them, beside others that are drawn: those that a run begins with, say; those that are held
 *   are as in the first
 * @work: (nullable): what cancels it
 *
 * Solves the problem that a run descends to, in double precision. By least squares, if the model
 * is linear in its coefficients, that is exact, and looks at each of the data's representatives
 * once or twice; else it is the best that was found in a second or so. Both may take longer
 * than a frame. What is found depends on nothing but the arguments.
 *
 * Returns: (transfer full) (nullable): the optimum, %NULL if none was found, there is no
 *   memory for it, or it was cancelled
 */
AgOptimum *
ag_optimum_new (const AgRunSpec *spec,
                const AgData *data,
                guint n_starts,
                const double *const *starts,
                AgWork *work)
{
  AgOptimum *optimum = NULL;
  AgBestFound found;

  g_return_val_if_fail (spec != NULL && data != NULL, NULL);

  if (ag_best_found_init (&found, spec, data, n_starts, starts, work))
    {
      optimum = optimum_new (spec->program->model->n_parameters);
      describe (optimum, spec, data, &found);
    }
  ag_best_found_clear (&found);
  return optimum;
}

/**
 * ag_optimum_copy:
 * @optimum: an optimum
 *
 * Returns: (transfer full): another one with the same numbers, which nobody else holds
 */
AgOptimum *
ag_optimum_copy (const AgOptimum *optimum)
{
  const guint n = optimum->n_coefficients;
  AgOptimum *copy = optimum_new (n);

  copy->is_exact = optimum->is_exact;
  copy->loss = optimum->loss;
  copy->least_curvature = optimum->least_curvature;
  copy->greatest_curvature = optimum->greatest_curvature;
  copy->condition = optimum->condition;
  copy->r_squared = optimum->r_squared;
  copy->residual_deviation = optimum->residual_deviation;
  memcpy (copy->coefficients, optimum->coefficients,
          sizeof (double) * count_numbers (n));
  return copy;
}

/**
 * ag_optimum_ref:
 * @optimum: an optimum
 *
 * Returns: (transfer full): @optimum, held once more
 */
AgOptimum *
ag_optimum_ref (AgOptimum *optimum)
{
  g_return_val_if_fail (optimum != NULL, NULL);

  ag_ref_count_inc (&optimum->ref_count);
  return optimum;
}

/**
 * ag_optimum_unref:
 * @optimum: (transfer full): an optimum
 */
void
ag_optimum_unref (AgOptimum *optimum)
{
  g_return_if_fail (optimum != NULL);

  if (ag_ref_count_dec (&optimum->ref_count))
    g_free (optimum);
}

/**
 * ag_run_spec_optimum:
 * @spec: a specification
 * @work: (nullable): what cancels it
 *
 * Does what ag_optimum_new() does, for the data and the start of a specification. The calling
 * thread must be in no graph.
 *
 * Returns: (transfer full) (nullable): where a run of it converges to, if that is known
 */
AgOptimum *
ag_run_spec_optimum (const AgRunSpec *spec,
                     AgWork *work)
{
  g_autofree double *initial = g_new (double, spec->program->model->n_parameters);
  const double *const starts[] = { initial };
  g_autoptr (AgData) data = ag_run_spec_data (spec, NULL);

  if (data == NULL || !ag_run_spec_initial (spec, initial, NULL))
    return NULL;
  return ag_optimum_new (spec, data, G_N_ELEMENTS (starts), starts, work);
}

/**
 * ag_run_spec_stable_rate:
 * @spec: a specification
 * @optimum: (nullable): where a run of it converges to, if that is known
 * @lr: (out): the rate at which it just does not converge
 *
 * Finds the bound of stable learning rates, which is known where the model is
 * linear and the optimizer is gradient descent: 2 (1 + μ) / λ with momentum μ,
 * and 2 (1 + μ) / ((1 + 2 μ) λ) with Nesterov's, λ being the greatest curvature
 * of the loss and of the weight decay.
 *
 * See: Polyak, "Some methods of speeding up the convergence of iteration
 * methods", 1964; Goh, "Why Momentum Really Works", 2017,
 * <https://distill.pub/2017/momentum>
 *
 * Returns: whether the bound is known
 */
gboolean
ag_run_spec_stable_rate (const AgRunSpec *spec,
                         const AgOptimum *optimum,
                         double *lr)
{
  double momentum = ag_run_spec_option (spec, "momentum");
  double curvature;

  if (optimum == NULL || isnan (optimum->greatest_curvature) || strcmp (spec->optimizer->id, "sgd") != 0
      || ag_run_spec_option (spec, "dampening") != 0)
    return FALSE;
  curvature = optimum->greatest_curvature + ag_run_spec_option (spec, "weight-decay");
  *lr = 2 * (1 + momentum) / curvature;
  if (ag_run_spec_option (spec, "nesterov") != 0)
    *lr /= 1 + 2 * momentum;
  return TRUE;
}

/**
 * ag_run_spec_explain_start:
 * @spec: the run that diverged
 * @snapshot: its last snapshot
 *
 * Finds out whether the loss was not finite from the start, before any update was
 * made, which no other learning rate would help against. What part of a formula is to blame
 * is for ag_run_spec_explain_failure() to say.
 *
 * Returns: (transfer full) (nullable): a sentence that says so and what to do,
 *   %NULL if an update was to blame
 */
char *
ag_run_spec_explain_start (const AgRunSpec *spec,
                           const AgSnapshot *snapshot)
{
  if (snapshot->diverged_step != 0 || isfinite (snapshot->loss))
    return NULL;
  if (ag_formula_model_text (spec->program->model) != NULL)
    return g_strdup (_ ("The loss was not finite before the first update."));
  return g_strdup_printf (spec->dtype == AG_DTYPE_FLOAT32
                            ? _ ("The loss was not finite before the first update: the initial "
                                 "values, x or the target are too large for %s. Choose smaller "
                                 "ones, or float64.")
                            : _ ("The loss was not finite before the first update: the initial "
                                 "values, x or the target are too large for %s. Choose smaller "
                                 "ones."),
                          ag_dtype_name (spec->dtype));
}
