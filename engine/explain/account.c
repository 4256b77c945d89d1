/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/account.h"

#include "base/error.h"
#include "base/number.h"
#include "explain/eigen.h"
#include "explain/sharpness.h"

#include <complex.h>
#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

static gboolean
is_sgd (const AgRunSpec *spec)
{
  return strcmp (spec->optimizer->id, "sgd") == 0;
}

/* Returns the factor by which a step of gradient descent shrinks a distance along a direction: the
 * greater root of z² − trace z + determinant, of the matrix that takes distance and momentum to the
 * next ones. See: Goh, "Why Momentum Really Works", 2017, <https://distill.pub/2017/momentum> */
static double
find_factor (const AgRunSpec *spec,
             double lr,
             double curvature)
{
  const double momentum = ag_run_spec_option (spec, "momentum");
  const double damped = 1 - (momentum != 0 ? ag_run_spec_option (spec, "dampening") : 0);
  const double plain = 1 - lr * curvature * damped;
  const gboolean is_nesterov = ag_run_spec_option (spec, "nesterov") != 0;
  const double trace = is_nesterov ? (1 + momentum) * plain : plain + momentum;
  const double determinant = is_nesterov ? momentum * plain : momentum;
  double complex root;

  if (!is_sgd (spec))
    return NAN;
  if (momentum == 0)
    return plain;
  root = csqrt (trace * trace / 4 - determinant);
  return fmax (cabs (trace / 2 + root), cabs (trace / 2 - root));
}

/* The gradient that the optimizer goes by has the weight decay's in it, if that is part of the
 * loss it sees. */
static void
find_directions (AgAccount *account,
                 const AgRunSpec *spec,
                 double *hessian,
                 double *vectors,
                 const double *gradient)
{
  const guint n = account->n;
  const double decay = is_sgd (spec) ? ag_run_spec_option (spec, "weight-decay") : 0;
  g_autofree double *values = g_new (double, n);
  g_autofree double *felt = g_new (double, n);

  for (guint i = 0; i < n; i++)
    felt[i] = gradient[i] + decay * account->after->coefficients[i];
  ag_eigen_symmetric (n, hessian, values, vectors);
  for (guint i = 0; i < n; i++)
    {
      AgDirection *direction = &account->directions[i];
      const double slope = ag_dot (n, vectors + i * n, felt);

      direction->curvature = values[i] + decay;
      direction->vector = vectors + i * n;
      direction->distance = direction->curvature != 0 ? slope / direction->curvature : 0;
      direction->excess = direction->distance * slope / 2;
      direction->factor = find_factor (spec, account->after->lr, direction->curvature);
    }
}

static gboolean
find_ledger (AgAccount *account,
             AgLandscape *landscape,
             double *gradient,
             GError **error)
{
  const guint n = account->n;
  const guint structure = account->after->structure;
  g_autofree double *change = g_new (double, n);

  for (guint i = 0; i < n; i++)
    change[i] = account->after->coefficients[i] - account->before->coefficients[i];
  if (!ag_landscape_at (landscape, account->before->coefficients, structure, &account->loss,
                        gradient, error))
    return FALSE;
  account->promised = ag_dot (n, gradient, change);
  if (!ag_landscape_product (landscape, account->before->coefficients, structure, change,
                             gradient, error))
    return FALSE;
  account->taken_back = ag_dot (n, gradient, change) / 2;
  if (!ag_landscape_at (landscape, account->after->coefficients, structure,
                        &account->final_loss, gradient, error))
    return FALSE;
  account->beyond = account->final_loss - account->loss - account->promised - account->taken_back;
  return TRUE;
}

/* With the gradient after the step. */
static gboolean
find_shape (AgAccount *account,
            AgLandscape *landscape,
            const AgRunSpec *spec,
            const double *gradient,
            GError **error)
{
  const guint n = account->n;
  g_autofree double *hessian = g_new (double, n *n);
  AgSharpness sharpness;

  if (!ag_landscape_hessian (landscape, account->after->coefficients, account->after->structure,
                             hessian, error))
    return FALSE;
  account->edge = NAN;
  /* Where the loss is not finite any more there are no directions. */
  if (!ag_numbers_are_finite (hessian, n * n) || !ag_numbers_are_finite (gradient, n))
    {
      account->n = 0;
      return TRUE;
    }
  if (!ag_sharpness_find (spec, landscape, account->before, account->after, &sharpness, error))
    return FALSE;
  account->edge = sharpness.value / sharpness.limit;
  find_directions (account, spec, hessian, account->numbers, gradient);
  return TRUE;
}

/**
 * ag_account_new:
 * @spec: a run
 * @moments: its moments
 * @landscape: its landscape, made on this thread
 * @step: which step, counted from 1; the run must have taken it. Of 0 there is what the run
 *   begins with, and no change
 * @work: (nullable): what cancels this, from another thread
 * @error: return location for a #GError
 *
 * Finds out what a step did. Its moments are looked up, and loss, slope and curvature before
 * and after it are computed anew.
 *
 * Returns: (transfer full) (nullable): the account, or %NULL with @error set
 */
AgAccount *
ag_account_new (const AgRunSpec *spec,
                AgMoments *moments,
                AgLandscape *landscape,
                gint64 step,
                AgWork *work,
                GError **error)
{
  const guint n = ag_landscape_n (landscape);
  g_autofree double *gradient = g_new (double, n);
  AgAccount *account = g_new0 (AgAccount, 1);

  account->n = n;
  account->is_quadratic = ag_landscape_is_quadratic (landscape);
  account->directions = g_new0 (AgDirection, n);
  account->numbers = g_new0 (double, n *n);
  account->before = ag_moments_at (moments, MAX (step - 1, 0), work, error);
  if (account->before != NULL && step >= 2)
    account->earlier = ag_moments_at (moments, step - 2, work, NULL);
  if (account->before != NULL)
    account->after = ag_moments_at (moments, step, work, error);
  if (account->after != NULL && find_ledger (account, landscape, gradient, error)
      && find_shape (account, landscape, spec, gradient, error))
    return account;
  ag_account_free (account);
  return NULL;
}

/**
 * ag_account_free:
 * @account: (transfer full): an account
 *
 * Frees it.
 */
void
ag_account_free (AgAccount *account)
{
  g_clear_pointer (&account->before, ag_moment_unref);
  g_clear_pointer (&account->earlier, ag_moment_unref);
  g_clear_pointer (&account->after, ag_moment_unref);
  g_free (account->directions);
  g_free (account->numbers);
  g_free (account);
}

/**
 * ag_direction_half_life:
 * @direction: a direction whose factor is known
 * @share: how much of the distance is to be left, below 1
 *
 * Returns: how many steps it takes until no more than @share is left of the distance along
 *   it; infinity if it does not shrink
 */
double
ag_direction_half_life (const AgDirection *direction,
                        double share)
{
  const double factor = fabs (direction->factor);

  if (!(factor < 1))
    return INFINITY;
  return factor == 0 ? 1 : log (share) / log (factor);
}

/* The steps of gradient descent along one direction. */
static double
descend (const AgRunSpec *spec,
         const AgDirection *direction,
         double lr,
         double buffer,
         gboolean is_first,
         gint64 n_steps)
{
  const double momentum = ag_run_spec_option (spec, "momentum");
  const double damped = 1 - ag_run_spec_option (spec, "dampening");
  const gboolean is_nesterov = ag_run_spec_option (spec, "nesterov") != 0;
  double distance = direction->distance;

  for (gint64 i = 0; i < n_steps; i++)
    {
      const double slope = direction->curvature * distance;

      buffer = is_first || momentum == 0 ? slope : momentum * buffer + damped * slope;
      is_first = FALSE;
      distance -= lr * (is_nesterov ? slope + momentum * buffer : buffer);
    }
  return distance;
}

/**
 * ag_account_project:
 * @account: the account of a step
 * @spec: its run
 * @n_steps: a number of steps
 * @coefficients: (out caller-allocates): room for the coefficients
 *
 * Finds where the run would be so many steps after the account's, if the learning rate stays
 * and the loss is a parabola along each direction, as it is where it is quadratic.
 *
 * Returns: whether that is known, which it is of gradient descent
 */
gboolean
ag_account_project (const AgAccount *account,
                    const AgRunSpec *spec,
                    gint64 n_steps,
                    double *coefficients)
{
  const guint n = account->n;
  const gboolean has_buffer = ag_run_spec_option (spec, "momentum") != 0;

  if (!is_sgd (spec) || n == 0)
    return FALSE;
  memcpy (coefficients, account->after->coefficients, sizeof (double) * n);
  for (guint i = 0; i < n; i++)
    {
      const AgDirection *direction = &account->directions[i];
      const double buffer = has_buffer ? ag_dot (n, direction->vector, account->after->states) : 0;
      const double left = descend (spec, direction, account->after->lr, buffer, FALSE, n_steps);

      for (guint j = 0; j < n; j++)
        coefficients[j] += direction->vector[j] * (left - direction->distance);
    }
  return TRUE;
}
