/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/landscape.h"
#include "train/moments.h"

G_BEGIN_DECLS

/**
 * AgDirection:
 * @curvature: an eigenvalue λ of the loss's Hessian, and of the weight decay
 * @vector: its eigenvector, of length 1: how much of each coefficient the direction has
 * @distance: how far along it the coefficients are from where the slope along it ends
 * @excess: how much of the loss is due to that, ½ λ distance²
 * @factor: what the next step leaves of the distance: 1 − η λ with a plain learning rate η;
 *   with momentum what a step leaves in the long run, always above 0. NaN of an
 *   optimizer of another kind
 *
 * A direction in which the loss near the coefficients is a parabola of its own.
 */
typedef struct
{
  double curvature;
  const double *vector;
  double distance;
  double excess;
  double factor;
} AgDirection;

/**
 * AgAccount:
 * @before: the moment before the step
 * @earlier: (nullable): the moment before @before, where there is one
 * @after: the moment after it; before the first step, the same
 * @loss: the loss before the update
 * @final_loss: the loss after it, in the same structure
 * @promised: the change of the loss that the slope promises for the step, gᵀΔ
 * @taken_back: what the curvature takes back of it, ½ ΔᵀHΔ
 * @beyond: what else there was of the change: 0 but for rounding where the loss is quadratic
 * @is_quadratic: whether it is
 * @n: number of coefficients; 0 where there are no directions, since the loss is not finite
 * @directions: (array length=n): the directions, the least curvature first
 * @edge: the greatest curvature as the optimizer's next step feels it, over the greatest with
 *   which it is stable; above 1, distances grow. NaN where that is not known
 *
 * An account of one step of a run: what it did and what that means, in double precision.
 */
typedef struct
{
  AgMoment *before;
  AgMoment *earlier;
  AgMoment *after;
  double loss;
  double final_loss;
  double promised;
  double taken_back;
  double beyond;
  gboolean is_quadratic;
  guint n;
  AgDirection *directions;
  double edge;
  double *numbers;
} AgAccount;

AgAccount *ag_account_new (const AgRunSpec *spec,
                           AgMoments *moments,
                           AgLandscape *landscape,
                           gint64 step,
                           AgWork *work,
                           GError **error);
void ag_account_free (AgAccount *account);
double ag_direction_half_life (const AgDirection *direction,
                               double share);
gboolean ag_account_project (const AgAccount *account,
                             const AgRunSpec *spec,
                             gint64 n_steps,
                             double *coefficients);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgAccount, ag_account_free)

G_END_DECLS
