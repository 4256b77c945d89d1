/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/derivatives.h"
#include "graph/function.h"
#include "graph/graph-private.h"
#include "graph/ops.h"

#include <string.h>

/* While differentiating, a gradient that is a number stands for a tensor of
 * any shape filled with it: so the 1 that backward() starts from costs nothing.
 * This makes a real tensor of it. */
static AgTensor *
fill_out (AgTensor *gradient,
          const AgTensor *like)
{
  if (ag_tensor_is_number (gradient))
    return ag_graph_record (ag_graph_entered, AG_OP_identity, like->dtype,
                            like->layout->shape, 1, &gradient, 0);
  return ag_expand (gradient, like->layout->shape);
}

static void
add_to_grad (AgTensor *leaf,
             AgTensor *gradient)
{
  gradient = fill_out (gradient, leaf);
  if (leaf->grad != NULL)
    gradient = ag_add (leaf->grad, gradient);
  ag_tensor_set_grad (leaf, gradient);
}

/* The sum of two gradients that are numbers is one again, so that it still
 * stands for a tensor of any shape. */
static AgTensor *
add_numbers (const AgTensor *a,
             const AgTensor *b)
{
  double sum = a->number + b->number;

  return a->is_constant && b->is_constant ? ag_constant (sum) : ag_scalar (sum);
}

static void
pass_to (AgGraph *graph,
         AgTensor *operand,
         AgTensor *gradient)
{
  AgTensor **place = &graph->grads[operand->index];

  if (*place == NULL)
    *place = gradient;
  else if (ag_tensor_is_number (*place) && ag_tensor_is_number (gradient))
    *place = add_numbers (*place, gradient);
  else
    *place = ag_add (*place, gradient);
}

static AgTensor *
differentiate_view (AgTensor *y,
                    AgTensor *g)
{
  const AgLayout *shape = y->operands[0]->layout->shape;

  switch ((AgViewKind) y->view)
    {
    case AG_VIEW_EXPAND:
      return ag_sum_to_layout (fill_out (g, y), shape);
    case AG_VIEW_TRANSPOSE:
      return ag_tensor_is_number (g) ? g
                                     : ag_transpose (g, (gint) (y->exchanged_dims / AG_MAX_DIMS),
                                                     (gint) (y->exchanged_dims % AG_MAX_DIMS));
    case AG_VIEW_RESHAPE:
      return ag_tensor_is_number (g) ? g : ag_reshape (g, shape);
    case AG_VIEW_DETACH:
    default:
      return NULL;
    }
}

static AgTensor *
differentiate_sum (AgTensor *y,
                   AgTensor *g)
{
  const AgLayout *shape = y->operands[0]->layout->shape;

  if (ag_tensor_is_number (g))
    return g;
  g = ag_reshape (g, ag_layout_reduce (shape, (guint) y->summed_dims, TRUE));
  return ag_expand (g, shape);
}

static AgTensor *
differentiate_matmul (AgTensor *y,
                      AgTensor *g,
                      guint operand)
{
  g = fill_out (g, y);
  if (operand == 0)
    return ag_matmul (g, ag_transpose (y->operands[1], 0, 1));
  return ag_matmul (ag_transpose (y->operands[0], 0, 1), g);
}

static AgTensor *
differentiate_elementwise (AgTensor *y,
                           AgTensor *g,
                           guint operand)
{
  if (y->op == AG_OP_cast || y->op == AG_OP_identity)
    {
      g = y->op == AG_OP_cast ? ag_cast (g, y->operands[0]->dtype) : g;
    }
  else
    {
      const AgDerivative derivative = ag_op_derivative (y->op, operand);

      g = derivative (g, y->operands[0], y->operands[1], y->operands[2], y);
      if (g == NULL)
        return NULL;
      /* A rule that worked on numbers alone has worked in double precision, and its gradient is
       * brought back to the type of the result. */
      g = ag_cast (g, y->dtype);
    }

  if (y->operands[operand]->layout->shape == y->layout->shape && ag_tensor_is_number (g))
    return g;
  return ag_sum_to_layout (fill_out (g, y), y->operands[operand]->layout->shape);
}

static void
propagate (AgGraph *graph,
           AgTensor *y,
           AgTensor *g)
{
  AgTensor *grads[AG_FUNCTION_MAX_INPUTS];
  AgTensor **inputs;
  guint n_inputs;

  if (y->function != NULL)
    {
      n_inputs = ag_function_differentiate (y->function, fill_out (g, y), &inputs, grads);
      for (guint i = 0; i < n_inputs; i++)
        if (grads[i] != NULL && inputs[i]->requires_grad)
          pass_to (graph, inputs[i], grads[i]);
      return;
    }

  for (guint i = 0; i < y->n_operands; i++)
    {
      AgTensor *operand = y->operands[i];
      AgTensor *gradient;

      if (!operand->requires_grad)
        continue;
      if (y->op == AG_OP_view)
        gradient = differentiate_view (y, g);
      else if (y->op == AG_OP_sum)
        gradient = differentiate_sum (y, g);
      else if (y->op == AG_OP_matmul)
        gradient = differentiate_matmul (y, g, i);
      else
        gradient = differentiate_elementwise (y, g, i);
      if (gradient != NULL)
        pass_to (graph, operand, gradient);
    }
}

static gboolean
check_root (AgGraph *graph,
            const AgTensor *root,
            const AgTensor *gradient)
{
  if (!root->requires_grad)
    {
      ag_graph_fail (graph, AG_ERROR_GRADIENT,
                     "backward: the tensor does not depend on anything that requires a "
                     "gradient");
      return FALSE;
    }
  if (gradient == NULL && root->layout->n_elements != 1)
    {
      g_autofree char *shape = ag_layout_to_string (root->layout);

      ag_graph_fail (graph, AG_ERROR_GRADIENT,
                     "backward: a gradient can be created for scalars only, and this tensor "
                     "has shape %s; give the gradient of the output",
                     shape);
      return FALSE;
    }
  if (gradient != NULL && gradient->layout->shape != root->layout->shape)
    {
      g_autofree char *shape = ag_layout_to_string (root->layout);
      g_autofree char *have = ag_layout_to_string (gradient->layout);

      ag_graph_fail (graph, AG_ERROR_GRADIENT,
                     "backward: the gradient given has shape %s, the tensor %s", have, shape);
      return FALSE;
    }
  return TRUE;
}

/**
 * ag_backward:
 * @root: a tensor that depends on some that require a gradient
 * @gradient: (nullable): gradient of the quantity to differentiate by the
 *   elements of @root, of its shape; %NULL for 1, if @root is a scalar
 *
 * Records the derivative by every leaf that requires a gradient, and adds it
 * to that leaf's `grad`: reverse-mode differentiation. A graph can be passed
 * through once only.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.autograd.backward.html>
 */
void
ag_backward (AgTensor *root,
             AgTensor *gradient)
{
  AgGraph *graph = ag_graph_entered;

  g_return_if_fail (graph != NULL && root != NULL);

  root = root->pending != NULL ? root->pending : root;
  if (!check_root (graph, root, gradient))
    return;

  ag_graph_index_of (graph, root);
  if (graph->n_grads < graph->n_records)
    {
      graph->n_grads = graph->capacity;
      graph->grads = g_renew (AgTensor *, graph->grads, graph->n_grads);
    }
  memset (graph->grads, 0, sizeof (AgTensor *) * (gsize) (root->index + 1));

  ag_no_grad_begin ();
  graph->grads[root->index] = gradient != NULL ? ag_cast (gradient, root->dtype) : ag_constant (1);
  for (gint i = root->index; i >= 0; i--)
    {
      AgTensor *y = graph->tensors[i];
      AgTensor *g = graph->grads[i];

      if (g == NULL || !y->requires_grad)
        continue;
      if (y->leaf != NULL || y->n_operands == 0)
        {
          add_to_grad (y->leaf != NULL ? y->leaf : y, g);
          continue;
        }
      if (y->was_differentiated)
        {
          ag_graph_fail (graph, AG_ERROR_GRADIENT,
                         "backward: the graph was passed through before (at “%s”); "
                         "record it again to differentiate it again",
                         ag_op_info (y->op)->name);
          break;
        }
      y->was_differentiated = TRUE;
      propagate (graph, y, g);
    }
  ag_no_grad_end ();
}
