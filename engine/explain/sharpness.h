/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/landscape.h"
#include "train/moment.h"

G_BEGIN_DECLS

/**
 * AgSharpness:
 * @value: the greatest curvature of the loss as the optimizer's steps feel it: where it
 *   divides the rate of each coefficient, that of P^−½ H P^−½, P being the divisors; of other
 *   optimizers the greatest eigenvalue of H, the loss's second derivatives. NaN where the loss
 *   is not finite
 * @limit: up to which value the steps are stable: 2 / η with a plain learning rate η. NaN
 *   where that is not known
 *
 * How curved the loss is, and how curved it may be.
 */
typedef struct
{
  double value;
  double limit;
} AgSharpness;

gboolean ag_sharpness_find (const AgRunSpec *spec,
                            AgLandscape *landscape,
                            const AgMoment *before,
                            const AgMoment *after,
                            AgSharpness *sharpness,
                            GError **error);

G_END_DECLS
