/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"
#include "base/layout.h"

G_BEGIN_DECLS

typedef struct _AgTensor AgTensor;

/**
 * AG_SHAPE:
 * @...: the sizes, outermost dimension first; at least one
 *
 * The shape of those sizes, as the creation functions take it. The shape of a
 * scalar is ag_layout_scalar().
 */
#define AG_SHAPE(...)                                                      \
  ag_layout_contiguous ((gint) G_N_ELEMENTS (((gint64[]){ __VA_ARGS__ })), \
                        (gint64[]){ __VA_ARGS__ })

AgTensor *ag_tensor_ref (AgTensor *tensor);
void ag_tensor_unref (AgTensor *tensor);
void ag_tensor_clear (AgTensor **tensor);

AgDType ag_tensor_dtype (const AgTensor *tensor);
const AgLayout *ag_tensor_shape (const AgTensor *tensor);
gint ag_tensor_n_dims (const AgTensor *tensor);
gint64 ag_tensor_n_elements (const AgTensor *tensor);

gboolean ag_tensor_requires_grad (const AgTensor *tensor);
void ag_tensor_set_requires_grad (AgTensor *tensor,
                                  gboolean requires_grad);
void ag_tensor_set_data (AgTensor *tensor);
AgTensor *ag_tensor_grad (const AgTensor *tensor);
void ag_tensor_set_grad (AgTensor *tensor,
                         AgTensor *grad);

gboolean ag_tensor_item (AgTensor *tensor,
                         double *value,
                         GError **error);
gboolean ag_tensor_read (AgTensor *tensor,
                         AgDType dtype,
                         void *elements,
                         GError **error);
char *ag_tensor_to_string (AgTensor *tensor);

G_END_DECLS
