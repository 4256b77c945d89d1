/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"
#include "plan/op.h"

G_BEGIN_DECLS

/* Operations record a node and return at once; the value is computed when it
 * is asked for or when the step ends. A result belongs to the step that records
 * it (see ag_graph_end_step()), so expressions nest without leaks; what shall
 * outlive the step is kept with ag_tensor_ref(). An operation on shapes or
 * dtypes that do not go together records the error, which comes out as the
 * #GError of the next evaluation. */

/* The elementwise operations: ag_add (a, b), ag_sin (a), … Operands broadcast
 * as in NumPy; see ops.def for what each computes and its derivative. */
#define AG_UNARY(name, formula, da) AgTensor *ag_##name (AgTensor *a);
#define AG_BINARY(name, formula, da, db) \
  AgTensor *ag_##name (AgTensor *a, AgTensor *b);
#define AG_TERNARY(name, formula, da, db, dc) \
  AgTensor *ag_##name (AgTensor *a, AgTensor *b, AgTensor *c);
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

AgTensor *ag_op_record (AgOp op,
                        AgTensor *const *operands);

AgTensor *ag_scalar (double value);
AgTensor *ag_scalar_at (const double *value);
AgTensor *ag_constant (double value);
AgTensor *ag_full_like (AgTensor *tensor,
                        double value);

AgTensor *ag_pow_scalar (AgTensor *a,
                         double exponent);
AgTensor *ag_cast (AgTensor *a,
                   AgDType dtype);

AgTensor *ag_sum (AgTensor *a);
AgTensor *ag_mean (AgTensor *a);
AgTensor *ag_sum_dims (AgTensor *a,
                       guint n_dims,
                       const gint *dims,
                       gboolean keep_dims);
AgTensor *ag_matmul (AgTensor *a,
                     AgTensor *b);

AgTensor *ag_reshape (AgTensor *a,
                      const AgLayout *shape);
AgTensor *ag_unsqueeze (AgTensor *a,
                        gint dim);
AgTensor *ag_flatten (AgTensor *a,
                      gint first_dim,
                      gint last_dim);
AgTensor *ag_transpose (AgTensor *a,
                        gint dim0,
                        gint dim1);
AgTensor *ag_expand (AgTensor *a,
                     const AgLayout *shape);
AgTensor *ag_detach (AgTensor *a);

void ag_assign (AgTensor *tensor,
                AgTensor *value);

G_END_DECLS
