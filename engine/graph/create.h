/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

/* Tensors made from nothing. Like the result of an operation, each belongs to
 * the step it is made in (see ag_graph_end_step()); ag_tensor_ref() keeps it. */

AgTensor *ag_zeros (AgDType dtype,
                    const AgLayout *shape);
AgTensor *ag_ones (AgDType dtype,
                   const AgLayout *shape);
AgTensor *ag_full (AgDType dtype,
                   const AgLayout *shape,
                   double value);
AgTensor *ag_zeros_like (AgTensor *tensor);
AgTensor *ag_linspace (AgDType dtype,
                       double start,
                       double end,
                       gint64 n_points);
AgTensor *ag_from_data (AgDType dtype,
                        const AgLayout *shape,
                        const void *elements);
AgTensor *ag_rand (AgDType dtype,
                   const AgLayout *shape,
                   AgGenerator *generator);
AgTensor *ag_uniform (AgDType dtype,
                      const AgLayout *shape,
                      double low,
                      double high,
                      AgGenerator *generator);
AgTensor *ag_randn (AgDType dtype,
                    const AgLayout *shape,
                    AgGenerator *generator);

G_END_DECLS
