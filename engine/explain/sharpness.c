/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/sharpness.h"

#include "explain/eigen.h"
#include "explain/formula.h"

#include <math.h>
#include <string.h>

/**
 * Felt:
 * @landscape: the loss
 * @at: where
 * @decay: what a weight decay that is part of the slope adds to each curvature
 * @shrinks: (array): for each coefficient, one over the root of what its rate is divided by
 * @shrunk: (array): room for a vector
 *
 * The curvature as an optimizer's steps feel it: √P⁻¹ H √P⁻¹.
 */
typedef struct
{
  AgLandscape *landscape;
  const AgMoment *at;
  double decay;
  double *shrinks;
  double *shrunk;
} Felt;

static gboolean
multiply (gpointer user_data,
          const double *vector,
          double *product,
          GError **error)
{
  Felt *felt = user_data;
  const guint n = ag_landscape_n (felt->landscape);

  for (guint i = 0; i < n; i++)
    felt->shrunk[i] = felt->shrinks[i] * vector[i];
  if (!ag_landscape_product (felt->landscape, felt->at->coefficients, felt->at->structure,
                             felt->shrunk, product, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    product[i] = felt->shrinks[i] * (product[i] + felt->decay * felt->shrunk[i]);
  return TRUE;
}

/* Returns what the optimizer divides the learning rate of a coefficient by; 0 if it does not divide
 * it. */
static double
find_divisor (const AgRunSpec *spec,
              const AgMoment *before,
              const AgMoment *after,
              guint parameter)
{
  g_autoptr (GArray) lines = ag_formula_new (spec, before, after, parameter);
  double divisor = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      const AgFormulaLine *line = &g_array_index (lines, AgFormulaLine, i);

      if (strcmp (line->symbol, "root") == 0)
        divisor = line->value;
    }
  return divisor;
}

/* Up to which curvature, times the rate, an optimizer is stable: 2 without momentum, more with
 * one; a mean of gradients is a momentum that is damped.
 * See: Polyak 1964; Goh 2017; Cohen et al., "Adaptive Gradient Methods at the Edge of
 * Stability", 2022, <https://arxiv.org/abs/2207.14484> */
static double
find_limit (const AgRunSpec *spec)
{
  const double mean = ag_run_spec_option (spec, "beta1");
  const double momentum = ag_run_spec_option (spec, "momentum");

  if (mean > 0)
    return 2 * (1 + mean) / (1 - mean);
  if (ag_run_spec_option (spec, "nesterov") != 0)
    return 2 * (1 + momentum) / (1 + 2 * momentum);
  return 2 * (1 + momentum)
         / (1 - (momentum != 0 ? ag_run_spec_option (spec, "dampening") : 0));
}

/**
 * ag_sharpness_find:
 * @spec: a run
 * @landscape: its landscape
 * @before: its moment before a step
 * @after: the moment after it, where the curvature is looked for
 * @sharpness: (out): what was found
 * @error: return location for a #GError
 *
 * Finds out how near a run is to the edge of stability. It takes some products of the loss's
 * second derivatives and a vector instead of all of them.
 *
 * Returns: whether all went well
 */
gboolean
ag_sharpness_find (const AgRunSpec *spec,
                   AgLandscape *landscape,
                   const AgMoment *before,
                   const AgMoment *after,
                   AgSharpness *sharpness,
                   GError **error)
{
  const guint n = ag_landscape_n (landscape);
  const gboolean is_sgd = strcmp (spec->optimizer->id, "sgd") == 0;
  g_autofree double *shrinks = g_new (double, n);
  g_autofree double *shrunk = g_new (double, n);
  Felt felt = { landscape, after, is_sgd ? ag_run_spec_option (spec, "weight-decay") : 0, shrinks,
                shrunk };
  gboolean is_known = TRUE;

  for (guint i = 0; i < n; i++)
    {
      const double divisor = is_sgd ? 1 : find_divisor (spec, before, after, i);

      is_known = is_known && divisor > 0;
      shrinks[i] = 1 / sqrt (divisor);
    }
  for (guint i = 0; !is_known && i < n; i++)
    shrinks[i] = 1;
  sharpness->limit = is_known ? find_limit (spec) / after->lr : NAN;
  return ag_eigen_greatest (n, multiply, &felt, &sharpness->value, error);
}
