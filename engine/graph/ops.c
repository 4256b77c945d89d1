/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/ops.h"

#include "graph/graph-private.h"

#include <math.h>

#define BROADCAST_ADVICE "counted from the last one, dimensions must be equal or 1"

/* PyTorch's type promotion for what we have: a float beats an integer, a
 * tensor with dimensions beats a scalar, else the wider one wins, and a number
 * takes the other's type.
 * See: https://pytorch.org/docs/stable/tensor_attributes.html#type-promotion-doc */
static AgDType
common_dtype (const AgTensor *a,
              const AgTensor *b)
{
  if (a->dtype == b->dtype || ag_tensor_is_number (b))
    return a->dtype;
  if (ag_tensor_is_number (a))
    return b->dtype;
  if (!ag_dtype_is_float (a->dtype))
    return b->dtype;
  if (!ag_dtype_is_float (b->dtype))
    return a->dtype;
  if ((a->layout->n_dims == 0) != (b->layout->n_dims == 0))
    return a->layout->n_dims == 0 ? b->dtype : a->dtype;
  return AG_DTYPE_FLOAT64;
}

static AgTensor *
fail_shapes (const char *name,
             const AgTensor *a,
             const AgTensor *b,
             const char *advice)
{
  g_autofree char *shape_a = ag_layout_to_string (a->layout);
  g_autofree char *shape_b = ag_layout_to_string (b->layout);

  return ag_graph_fail (ag_graph_entered, AG_ERROR_SHAPE,
                        "%s: shapes %s and %s do not go together; %s",
                        name, shape_a, shape_b, advice);
}

static AgTensor *
fail_integers (AgOp op,
               const AgTensor *a)
{
  g_autofree char *shape = ag_layout_to_string (a->layout);

  return ag_graph_fail (ag_graph_entered, AG_ERROR_DTYPE,
                        "%s: int64 elements (of shape %s) can only stand beside float ones; "
                        "cast them first",
                        ag_op_info (op)->name, shape);
}

/* Whether the next record is the same as in the step before. Its shape and dtype are then known,
 * and need not be worked out again. */
static inline gboolean
is_repeated (const AgGraph *graph,
             AgOp op,
             guint n_operands,
             AgTensor *const *operands)
{
  const AgRecord *record = &graph->records[graph->n_records];

  if (graph->n_records >= graph->n_expected || record->op != op)
    return FALSE;
  for (guint i = 0; i < n_operands; i++)
    if (operands[i]->step != graph->step || record->operands[i] != operands[i]->index)
      return FALSE;
  return TRUE;
}

static inline AgTensor *
record_again (AgGraph *graph,
              guint n_operands,
              AgTensor *const *operands)
{
  AgTensor *tensor = ag_graph_record_again (graph);
  gboolean requires_grad = FALSE;

  for (guint i = 0; i < n_operands; i++)
    {
      tensor->operands[i] = operands[i];
      requires_grad |= operands[i]->requires_grad;
    }
  tensor->requires_grad = requires_grad && graph->no_grad == 0;
  return tensor;
}

static AgTensor *
record_unary (AgOp op,
              AgTensor *a)
{
  AgGraph *graph = ag_graph_entered;

  g_return_val_if_fail (graph != NULL && a != NULL, NULL);

  a = ag_tensor_current_value (a);
  if (is_repeated (graph, op, 1, &a))
    return record_again (graph, 1, &a);
  if (G_UNLIKELY (!ag_dtype_is_float (a->dtype)))
    return fail_integers (op, a);
  return ag_graph_record (ag_graph_entered, op, a->dtype, a->layout->shape, 1, &a, 0);
}

static AgTensor *
record_binary (AgOp op,
               AgTensor *a,
               AgTensor *b)
{
  const AgLayout *shape;
  AgTensor *operands[2];
  AgDType dtype;
  AgGraph *graph = ag_graph_entered;

  g_return_val_if_fail (graph != NULL && a != NULL && b != NULL, NULL);

  operands[0] = a = ag_tensor_current_value (a);
  operands[1] = b = ag_tensor_current_value (b);
  if (is_repeated (graph, op, 2, operands))
    return record_again (graph, 2, operands);

  if (op == AG_OP_mul)
    {
      if (ag_tensor_is_one (a))
        return b;
      if (ag_tensor_is_one (b))
        return a;
    }

  shape = ag_layout_broadcast (a->layout, b->layout);
  if (G_UNLIKELY (shape == NULL))
    return fail_shapes (ag_op_info (op)->name, a, b, BROADCAST_ADVICE);
  dtype = common_dtype (a, b);
  if (G_UNLIKELY (!ag_dtype_is_float (dtype)))
    return fail_integers (op, ag_tensor_is_number (a) ? b : a);

  operands[0] = ag_cast (a, dtype);
  operands[1] = ag_cast (b, dtype);
  return ag_graph_record (ag_graph_entered, op, dtype, shape, 2, operands, 0);
}

static AgTensor *
record_ternary (AgOp op,
                AgTensor *a,
                AgTensor *b,
                AgTensor *c)
{
  AgGraph *graph = ag_graph_entered;
  AgTensor *operands[] = {
    ag_tensor_current_value (a),
    ag_tensor_current_value (b),
    ag_tensor_current_value (c),
  };
  const AgLayout *shape;
  AgDType dtype;

  if (is_repeated (graph, op, 3, operands))
    return record_again (graph, 3, operands);

  shape = ag_layout_broadcast (operands[1]->layout, operands[2]->layout);
  if (G_UNLIKELY (shape == NULL))
    return fail_shapes (ag_op_info (op)->name, operands[1], operands[2], BROADCAST_ADVICE);
  shape = ag_layout_broadcast (operands[0]->layout, shape);
  if (G_UNLIKELY (shape == NULL))
    return fail_shapes (ag_op_info (op)->name, operands[0], operands[1], BROADCAST_ADVICE);
  dtype = common_dtype (operands[0], operands[1]);
  if (!ag_tensor_is_number (operands[2]) && operands[2]->dtype != dtype)
    dtype = ag_tensor_is_number (operands[0]) && ag_tensor_is_number (operands[1])
              ? operands[2]->dtype
              : common_dtype (operands[ag_tensor_is_number (operands[0]) ? 1 : 0], operands[2]);
  if (G_UNLIKELY (!ag_dtype_is_float (dtype)))
    return fail_integers (op, operands[0]);

  for (guint i = 0; i < 3; i++)
    operands[i] = ag_cast (operands[i], dtype);
  return ag_graph_record (graph, op, dtype, shape, 3, operands, 0);
}

#define AG_UNARY(name, formula, da)        \
  AgTensor *ag_##name (AgTensor *a)        \
  {                                        \
    return record_unary (AG_OP_##name, a); \
  }
#define AG_BINARY(name, formula, da, db)       \
  AgTensor *ag_##name (AgTensor *a,            \
                       AgTensor *b)            \
  {                                            \
    return record_binary (AG_OP_##name, a, b); \
  }
#define AG_TERNARY(name, formula, da, db, dc)      \
  AgTensor *ag_##name (AgTensor *a,                \
                       AgTensor *b,                \
                       AgTensor *c)                \
  {                                                \
    return record_ternary (AG_OP_##name, a, b, c); \
  }
#include "plan/ops.def"
#undef AG_UNARY
#undef AG_BINARY
#undef AG_TERNARY

/**
 * ag_op_record:
 * @op: an elementwise operation
 * @operands: as many tensors as it has operands
 *
 * Records an operation that is only known when the program runs.
 *
 * Returns: (transfer none): the result
 */
AgTensor *
ag_op_record (AgOp op,
              AgTensor *const *operands)
{
  switch (ag_op_info (op)->n_operands)
    {
    case 1:
      return record_unary (op, operands[0]);
    case 2:
      return record_binary (op, operands[0], operands[1]);
    default:
      return record_ternary (op, operands[0], operands[1], operands[2]);
    }
}

/**
 * ag_scalar:
 * @value: a number
 *
 * A number of the program, such as a learning rate: it takes the dtype of what
 * it is combined with and may differ from step to step.
 *
 * Returns: (transfer none): the number as an operand
 */
AgTensor *
ag_scalar (double value)
{
  AgTensor *tensor = ag_graph_record (ag_graph_entered, AG_OP_number, AG_DTYPE_FLOAT64,
                                      ag_layout_scalar (), 0, NULL, 0);

  tensor->number = value;
  tensor->source = NULL;
  tensor->is_constant = FALSE;
  return tensor;
}

/**
 * ag_scalar_at:
 * @value: where the number is; it is read when the step is computed, and each
 *   time that a tape plays the step again
 *
 * Does what ag_scalar() does, for a number that differs from step to step.
 *
 * Returns: (transfer none): the number as an operand
 */
AgTensor *
ag_scalar_at (const double *value)
{
  AgTensor *tensor = ag_scalar (*value);

  tensor->source = value;
  return tensor;
}

/**
 * ag_constant:
 * @value: a number
 *
 * A number that is the same in every step: part of the formula.
 *
 * Returns: (transfer none): the number as an operand
 */
AgTensor *
ag_constant (double value)
{
  union
  {
    double value;
    gint64 bits;
  } constant = { .value = value };
  AgTensor *tensor = ag_graph_record (ag_graph_entered, AG_OP_number, AG_DTYPE_FLOAT64,
                                      ag_layout_scalar (), 0, NULL, constant.bits);

  tensor->number = value;
  tensor->source = NULL;
  tensor->is_constant = TRUE;
  return tensor;
}

/**
 * ag_full_like:
 * @tensor: a tensor
 * @value: what every element is; the same in every step
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.full_like.html>
 *
 * Returns: (transfer none): a tensor of @tensor's shape and dtype
 */
AgTensor *
ag_full_like (AgTensor *tensor,
              double value)
{
  AgTensor *number = ag_constant (value);

  return ag_graph_record (ag_graph_entered, AG_OP_identity, tensor->dtype,
                          tensor->layout->shape, 1, &number, 0);
}

/**
 * ag_pow_scalar:
 * @a: a float tensor of any shape
 * @exponent: the exponent, the same for all elements
 *
 * Powers with small whole exponents are products, as in PyTorch.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.pow.html>
 *
 * Returns: (transfer none): @a to the power of @exponent, elementwise
 */
AgTensor *
ag_pow_scalar (AgTensor *a,
               double exponent)
{
  if (exponent == 1)
    return ag_tensor_current_value (a);
  if (exponent == 2)
    return ag_square (a);
  if (exponent == 3)
    return ag_cube (a);
  if (exponent == 0.5)
    return ag_sqrt (a);
  if (exponent == -1)
    return ag_div (ag_constant (1), a);
  return ag_pow (a, ag_constant (exponent));
}

/**
 * ag_cast:
 * @a: a tensor
 * @dtype: the type wanted
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.Tensor.to.html>
 *
 * Returns: (transfer none): the elements as @dtype; @a itself if it has that
 *   type, or is a number, which takes any
 */
AgTensor *
ag_cast (AgTensor *a,
         AgDType dtype)
{
  a = ag_tensor_current_value (a);
  if (a->dtype == dtype || ag_tensor_is_number (a))
    return a;
  if (dtype == AG_DTYPE_INT64)
    return ag_graph_fail (ag_graph_entered, AG_ERROR_DTYPE,
                          "cast: %s elements cannot become int64; "
                          "make an int64 tensor from data",
                          ag_dtype_name (a->dtype));
  return ag_graph_record (ag_graph_entered, AG_OP_cast, dtype, a->layout->shape, 1, &a, 0);
}

static AgTensor *
record_sum (AgTensor *a,
            guint mask,
            gboolean keep_dims)
{
  AgGraph *graph = ag_graph_entered;
  const AgLayout *layout;

  a = ag_tensor_current_value (a);
  if (is_repeated (graph, AG_OP_sum, 1, &a)
      && graph->records[graph->n_records].summed_dims == mask
      && graph->records[graph->n_records].layout->n_dims
           == (keep_dims ? a->layout->n_dims : a->layout->n_dims - __builtin_popcount (mask)))
    return record_again (graph, 1, &a);
  if (G_UNLIKELY (!ag_dtype_is_float (a->dtype)))
    return fail_integers (AG_OP_sum, a);
  layout = ag_layout_reduce (a->layout, mask, keep_dims);
  return ag_graph_record (graph, AG_OP_sum, a->dtype, layout, 1, &a, mask);
}

/**
 * ag_sum:
 * @a: a float tensor of any shape
 *
 * The sum of all elements. It is computed from tiles of fixed size, combined
 * in a fixed order, so the bits do not depend on the number of threads.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.sum.html>
 *
 * Returns: (transfer none): a scalar
 */
AgTensor *
ag_sum (AgTensor *a)
{
  return record_sum (a, (1u << a->layout->n_dims) - 1, FALSE);
}

/**
 * ag_mean:
 * @a: a float tensor with at least one element
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.mean.html>
 *
 * Returns: (transfer none): a scalar, the mean of all elements
 */
AgTensor *
ag_mean (AgTensor *a)
{
  return ag_div (ag_sum (a), ag_constant ((double) a->layout->n_elements));
}

/**
 * ag_sum_dims:
 * @a: a float tensor
 * @n_dims: number of @dims
 * @dims: (array length=n_dims): dimensions to sum over; negative ones count
 *   from the last
 * @keep_dims: whether those dimensions stay, with size 1
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.sum.html>
 *
 * Returns: (transfer none): the sums
 */
AgTensor *
ag_sum_dims (AgTensor *a,
             guint n_dims,
             const gint *dims,
             gboolean keep_dims)
{
  guint mask = 0;

  for (guint i = 0; i < n_dims; i++)
    {
      gint dim = dims[i] < 0 ? dims[i] + a->layout->n_dims : dims[i];

      if (dim < 0 || dim >= a->layout->n_dims)
        {
          g_autofree char *shape = ag_layout_to_string (a->layout);

          return ag_graph_fail (ag_graph_entered, AG_ERROR_SHAPE,
                                "sum: shape %s has no dimension %d", shape, dims[i]);
        }
      mask |= 1u << dim;
    }
  return record_sum (a, mask, keep_dims);
}

/**
 * ag_sum_to_layout:
 * @tensor: a gradient of a broadcast shape
 * @shape: the shape before broadcasting
 *
 * Returns: (transfer none): @tensor summed over what broadcasting repeated
 */
AgTensor *
ag_sum_to_layout (AgTensor *tensor,
                  const AgLayout *shape)
{
  const AgLayout *layout = tensor->layout;
  gint ahead = layout->n_dims - shape->n_dims;
  guint mask = 0;
  AgTensor *sum;

  if (layout->shape == shape->shape)
    return tensor;
  for (gint i = 0; i < layout->n_dims; i++)
    if (i < ahead || (shape->dims[i - ahead] == 1 && layout->dims[i] != 1))
      mask |= 1u << i;
  sum = record_sum (tensor, mask, FALSE);
  return ag_reshape (sum, shape);
}

/**
 * ag_matmul:
 * @a: a float matrix of shape (n, k)
 * @b: a float matrix of shape (k, m)
 *
 * The matrix product, computed by OpenBLAS or cuBLAS.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.matmul.html>
 *
 * Returns: (transfer none): a matrix of shape (n, m)
 */
AgTensor *
ag_matmul (AgTensor *a,
           AgTensor *b)
{
  AgTensor *operands[2];
  AgDType dtype;

  a = ag_tensor_current_value (a);
  b = ag_tensor_current_value (b);
  if (a->layout->n_dims != 2 || b->layout->n_dims != 2
      || a->layout->dims[1] != b->layout->dims[0])
    return fail_shapes ("matmul", a, b, "it takes matrices (n, k) and (k, m)");
  dtype = common_dtype (a, b);
  if (!ag_dtype_is_float (dtype))
    return fail_integers (AG_OP_matmul, a);

  operands[0] = ag_cast (a, dtype);
  operands[1] = ag_cast (b, dtype);
  return ag_graph_record (ag_graph_entered, AG_OP_matmul, dtype,
                          AG_SHAPE (a->layout->dims[0], b->layout->dims[1]), 2, operands, 0);
}

/**
 * ag_assign:
 * @tensor: a tensor that is no result of an operation of this step
 * @value: its new value, of a shape that broadcasts to the tensor's
 *
 * Updates a tensor in place, when the step ends; operations recorded after
 * this see the new value already. A tensor that requires a gradient can only
 * be assigned to under ag_no_grad_begin(), as in PyTorch.
 */
void
ag_assign (AgTensor *tensor,
           AgTensor *value)
{
  AgGraph *graph = ag_graph_entered;

  g_return_if_fail (graph != NULL && tensor != NULL && value != NULL);

  value = ag_tensor_current_value (value);
  ag_graph_index_of (graph, value);
  if (tensor->requires_grad && graph->no_grad == 0)
    {
      ag_graph_fail (graph, AG_ERROR_GRADIENT,
                     "assign: a tensor that requires a gradient can only be changed "
                     "under no_grad");
      return;
    }
  if (tensor->is_data)
    {
      ag_graph_fail (graph, AG_ERROR_ARGUMENT,
                     "assign: a tensor that was declared data cannot be changed");
      return;
    }
  if (tensor->op != AG_OP_input)
    {
      ag_graph_fail (graph, AG_ERROR_ARGUMENT,
                     "assign: the result of “%s” cannot be assigned to in the step "
                     "that computes it",
                     ag_op_info (tensor->op)->name);
      return;
    }
  if (ag_layout_expand (value->layout, tensor->layout->shape) == NULL)
    {
      fail_shapes ("assign", tensor, value, "the second is assigned to the first");
      return;
    }

  value = ag_cast (value, tensor->dtype);
  if (ag_tensor_is_number (value) || value->layout->shape != tensor->layout->shape)
    value = ag_graph_record (graph, AG_OP_identity, tensor->dtype, tensor->layout->shape, 1,
                             &value, 0);
  if (tensor->requires_grad)
    {
      /* The gradient of what this step computes from the new value is passed on to the tensor that
       * the value is assigned to. */
      value = ag_graph_record_view (value, value->layout, AG_VIEW_DETACH, 0);
      value->leaf = tensor;
      value->requires_grad = TRUE;
    }

  ag_tensor_ref (value);
  if (tensor->pending != NULL)
    ag_tensor_unref (tensor->pending);
  else
    g_ptr_array_add (graph->assigned, ag_tensor_ref (tensor));
  tensor->pending = value;
}
