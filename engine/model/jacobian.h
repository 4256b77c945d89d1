/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/model.h"

G_BEGIN_DECLS

/* Points are looked at so many at a time. */
#define AG_JACOBIAN_POINTS 512

typedef struct _AgJacobian AgJacobian;

AgJacobian *ag_jacobian_new (const AgModelClass *klass,
                             GError **error);
void ag_jacobian_free (AgJacobian *jacobian);
double ag_jacobian_cost (const AgJacobian *jacobian);
void ag_jacobian_move_to (AgJacobian *jacobian,
                          const double *coefficients);
gboolean ag_jacobian_evaluate (AgJacobian *jacobian,
                               guint structure,
                               gsize n,
                               const double *x,
                               double *y,
                               double *columns,
                               gsize stride,
                               GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgJacobian, ag_jacobian_free)

G_END_DECLS
