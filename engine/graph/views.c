/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/graph-private.h"
#include "graph/ops.h"

#include <string.h>

/**
 * ag_graph_record_view:
 * @a: a tensor
 * @layout: the layout of the view, in terms of the memory of what @a views
 * @view: what the view does
 * @exchanged_dims: of a transposition, the two dimensions as #AgTensor has them
 *
 * Records the same elements in another layout. A view of a view is recorded
 * as a view of what that one views, so that no chain is followed later.
 *
 * Returns: (transfer none): the view
 */
AgTensor *
ag_graph_record_view (AgTensor *a,
                      const AgLayout *layout,
                      AgViewKind view,
                      gint64 exchanged_dims)
{
  AgGraph *graph = ag_graph_entered;
  AgTensor *base = a;
  AgTensor *tensor;
  gint32 places[AG_OP_MAX_OPERANDS] = { 0 };

  while (base->op == AG_OP_view && base->storage == NULL)
    base = base->operands[0];
  ag_graph_index_of (graph, a);
  places[0] = ag_graph_index_of (graph, base);

  /* The record has no attribute, because a plan depends on a view's layout alone. */
  tensor = ag_graph_place (graph, AG_OP_view, a->dtype, layout, 1, places, 0);
  tensor->operands[0] = a;
  tensor->view = (guint8) view;
  tensor->exchanged_dims = exchanged_dims;
  tensor->requires_grad = a->requires_grad && graph->no_grad == 0 && view != AG_VIEW_DETACH;
  return tensor;
}

static AgTensor *
fail_dim (const char *name,
          const AgTensor *a,
          gint dim)
{
  g_autofree char *shape = ag_layout_to_string (a->layout);

  return ag_graph_fail (ag_graph_entered, AG_ERROR_SHAPE,
                        "%s: shape %s has no place for dimension %d", name, shape, dim);
}

/**
 * ag_reshape:
 * @a: a tensor
 * @shape: a shape with as many elements
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.reshape.html>
 *
 * Returns: (transfer none): the elements of @a, in row-major order, in @shape
 */
AgTensor *
ag_reshape (AgTensor *a,
            const AgLayout *shape)
{
  a = ag_tensor_current_value (a);
  if (a->layout->shape == shape->shape)
    return a;
  if (a->layout->n_elements != shape->n_elements)
    {
      g_autofree char *have = ag_layout_to_string (a->layout);
      g_autofree char *want = ag_layout_to_string (shape);

      return ag_graph_fail (ag_graph_entered, AG_ERROR_SHAPE,
                            "reshape: %s has not as many elements as %s", have, want);
    }

  if (ag_tensor_is_number (a) || !ag_layout_is_contiguous (a->layout))
    a = ag_graph_record (ag_graph_entered, AG_OP_identity, a->dtype, a->layout->shape, 1, &a,
                         0);
  return ag_graph_record_view (a,
                               ag_layout_strided (shape->n_dims, shape->dims,
                                                  shape->shape->strides, a->layout->offset),
                               AG_VIEW_RESHAPE, 0);
}

/**
 * ag_unsqueeze:
 * @a: a tensor
 * @dim: where the new dimension goes; negative ones count from behind the last
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.unsqueeze.html>
 *
 * Returns: (transfer none): @a with a dimension of size 1 more
 */
AgTensor *
ag_unsqueeze (AgTensor *a,
              gint dim)
{
  gint64 dims[AG_MAX_DIMS];
  gint n_dims = a->layout->n_dims;
  gint place = dim < 0 ? dim + n_dims + 1 : dim;

  if (place < 0 || place > n_dims || n_dims == AG_MAX_DIMS)
    return fail_dim ("unsqueeze", a, dim);

  for (gint i = 0; i <= n_dims; i++)
    dims[i] = i == place ? 1 : a->layout->dims[i < place ? i : i - 1];
  return ag_reshape (a, ag_layout_contiguous (n_dims + 1, dims));
}

/**
 * ag_flatten:
 * @a: a tensor
 * @first_dim: first dimension to flatten
 * @last_dim: last one; negative ones count from the last
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.flatten.html>
 *
 * Returns: (transfer none): @a with those dimensions made one
 */
AgTensor *
ag_flatten (AgTensor *a,
            gint first_dim,
            gint last_dim)
{
  gint64 dims[AG_MAX_DIMS];
  gint n_dims = a->layout->n_dims;
  gint first = first_dim < 0 ? first_dim + n_dims : first_dim;
  gint last = last_dim < 0 ? last_dim + n_dims : last_dim;
  gint n = 0;

  if (n_dims == 0)
    return ag_reshape (a, AG_SHAPE (1));
  if (first < 0 || first >= n_dims)
    return fail_dim ("flatten", a, first_dim);
  if (last < first || last >= n_dims)
    return fail_dim ("flatten", a, last_dim);

  for (gint i = 0; i < n_dims; i++)
    {
      if (i > first && i <= last)
        dims[n - 1] *= a->layout->dims[i];
      else
        dims[n++] = a->layout->dims[i];
    }
  return ag_reshape (a, ag_layout_contiguous (n, dims));
}

/**
 * ag_transpose:
 * @a: a tensor
 * @dim0: a dimension; negative ones count from the last
 * @dim1: another
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.transpose.html>
 *
 * Returns: (transfer none): @a with the two dimensions exchanged
 */
AgTensor *
ag_transpose (AgTensor *a,
              gint dim0,
              gint dim1)
{
  gint n_dims = a->layout->n_dims;
  gint first = dim0 < 0 ? dim0 + n_dims : dim0;
  gint second = dim1 < 0 ? dim1 + n_dims : dim1;

  if (first < 0 || first >= n_dims)
    return fail_dim ("transpose", a, dim0);
  if (second < 0 || second >= n_dims)
    return fail_dim ("transpose", a, dim1);

  a = ag_tensor_current_value (a);
  return ag_graph_record_view (a, ag_layout_transpose (a->layout, first, second),
                               AG_VIEW_TRANSPOSE, first * AG_MAX_DIMS + second);
}

/**
 * ag_expand:
 * @a: a tensor
 * @shape: a shape it broadcasts to
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.Tensor.expand.html>
 *
 * Returns: (transfer none): @a, its elements repeated to fill @shape
 */
AgTensor *
ag_expand (AgTensor *a,
           const AgLayout *shape)
{
  const AgLayout *layout;

  a = ag_tensor_current_value (a);
  if (a->layout->shape == shape->shape)
    return a;
  layout = ag_layout_expand (a->layout, shape);
  if (layout == NULL)
    {
      g_autofree char *have = ag_layout_to_string (a->layout);
      g_autofree char *want = ag_layout_to_string (shape);

      return ag_graph_fail (ag_graph_entered, AG_ERROR_SHAPE,
                            "expand: shape %s cannot be stretched to %s", have, want);
    }
  if (ag_tensor_is_number (a))
    return ag_graph_record (ag_graph_entered, AG_OP_identity, a->dtype, shape->shape, 1, &a,
                            0);
  return ag_graph_record_view (a, layout, AG_VIEW_EXPAND, 0);
}

/**
 * ag_detach:
 * @a: a tensor
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.Tensor.detach.html>
 *
 * Returns: (transfer none): the value of @a, through which no gradient flows
 */
AgTensor *
ag_detach (AgTensor *a)
{
  a = ag_tensor_current_value (a);
  if (ag_tensor_is_number (a))
    return a;
  return ag_graph_record_view (a, a->layout, AG_VIEW_DETACH, 0);
}
