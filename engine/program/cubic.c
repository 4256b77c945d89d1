/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "program/cubic.h"

#include "graph/ops.h"

const char *const ag_cubic_parameters[AG_CUBIC_N_PARAMETERS] = { "a", "b", "c", "d" };

/**
 * ag_cubic_predict:
 * @p: (array fixed-size=4): the scalars a, b, c, d
 * @x: points, (n)
 *
 * Returns: (transfer none): a + b x + c x² + d x³, (n)
 */
AgTensor *
ag_cubic_predict (AgTensor *const *p,
                  AgTensor *x)
{
  AgTensor *line = ag_add (p[0], ag_mul (p[1], x));

  return ag_add (ag_add (line, ag_mul (p[2], ag_square (x))), ag_mul (p[3], ag_cube (x)));
}

static AgTensor *
predict (AgModel *model,
         const AgModelInput *input)
{
  return ag_cubic_predict (model->tensors, input->x);
}

static const AgModelScript script = {
  .predict = "return a + b * x + c * x**2 + d * x**3",
};

/* Four scalars. */
const AgModelClass ag_cubic_model = {
  .formula = AG_CUBIC_FORMULA,
  .n_parameters = AG_CUBIC_N_PARAMETERS,
  .parameters = ag_cubic_parameters,
  .is_linear = TRUE,
  .instance_size = sizeof (AgModel),
  .init = ag_model_add_scalars,
  .predict = predict,
  .script = &script,
};

/**
 * ag_cubic_by_hand:
 * @model: a model whose tensors are the scalars a, b, c, d
 * @input: the points
 * @prediction: what it predicts there
 * @y: the target, (n)
 *
 * Records loss and gradients without ag_backward(): with r = prediction − y the loss is
 * Σ r², and its derivative by the coefficient of xᵏ is Σ 2 r xᵏ.
 *
 * Returns: (transfer none): the loss
 */
AgTensor *
ag_cubic_by_hand (AgModel *model,
                  const AgModelInput *input,
                  AgTensor *prediction,
                  AgTensor *y)
{
  AgTensor *x = input->x;
  AgTensor *residual = ag_sub (prediction, y);
  AgTensor *slope = ag_mul (ag_constant (2), residual);

  ag_tensor_set_grad (model->tensors[0], ag_sum (slope));
  ag_tensor_set_grad (model->tensors[1], ag_sum (ag_mul (slope, x)));
  ag_tensor_set_grad (model->tensors[2], ag_sum (ag_mul (slope, ag_square (x))));
  ag_tensor_set_grad (model->tensors[3], ag_sum (ag_mul (slope, ag_cube (x))));
  return ag_sum (ag_square (residual));
}

const char ag_cubic_by_hand_script[] = "slope = 2 * (prediction - y)\n"
                                       "a.grad = slope.sum()\n"
                                       "b.grad = (slope * x).sum()\n"
                                       "c.grad = (slope * x**2).sum()\n"
                                       "d.grad = (slope * x**3).sum()";
