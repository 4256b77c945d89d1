/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/model.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

#include <math.h>
#include <string.h>

/**
 * ag_model_class_n_tensors:
 * @klass: a kind of model
 *
 * Returns: how many trainable tensors its models have
 */
guint
ag_model_class_n_tensors (const AgModelClass *klass)
{
  return klass->tensors != NULL ? klass->n_tensors : klass->n_parameters;
}

/**
 * ag_model_class_tensor:
 * @klass: a kind of model
 * @index: number of a tensor, from 0
 *
 * Returns: what the tensor is
 */
AgModelTensor
ag_model_class_tensor (const AgModelClass *klass,
                       guint index)
{
  if (klass->tensors != NULL)
    return klass->tensors[index];
  return (AgModelTensor){ .name = klass->parameters[index], .first = index, .n_elements = 1 };
}

/**
 * ag_model_class_find_parameter:
 * @klass: a kind of model
 * @name: a name
 *
 * Returns: number of the parameter of that name, −1 if there is none
 */
gint
ag_model_class_find_parameter (const AgModelClass *klass,
                               const char *name)
{
  for (guint i = 0; i < klass->n_parameters; i++)
    if (strcmp (klass->parameters[i], name) == 0)
      return (gint) i;
  return -1;
}

/**
 * ag_model_class_list_parameters:
 * @klass: a kind of model
 *
 * Returns: (transfer full): the names of its parameters, for people: "a, b, c, d"
 */
char *
ag_model_class_list_parameters (const AgModelClass *klass)
{
  GString *names = g_string_new (klass->parameters[0]);

  for (guint i = 1; i < klass->n_parameters; i++)
    g_string_append_printf (names, ", %s", klass->parameters[i]);
  return g_string_free (names, FALSE);
}

/**
 * ag_model_class_norm:
 * @klass: a kind of model
 * @tensor: number of one of its tensors
 * @coefficients: a value for each of its parameters
 *
 * Returns: the root of the sum of squares of the tensor's elements
 */
double
ag_model_class_norm (const AgModelClass *klass,
                     guint tensor,
                     const double *coefficients)
{
  const AgModelTensor info = ag_model_class_tensor (klass, tensor);
  double norm = 0;

  for (guint i = 0; i < info.n_elements; i++)
    norm = hypot (norm, coefficients[info.first + i]);
  return norm;
}

/* Takes and frees both. */
static void
replace (GString *text,
         char *place,
         char *number)
{
  g_string_replace (text, place, number, 0);
  g_free (place);
  g_free (number);
}

/* A number needs brackets where a sign stands before it or an exponent behind it. */
static char *
bracket (double value,
         char *number)
{
  char *text = value < 0 ? g_strdup_printf ("(%s)", number) : g_strdup (number);

  g_free (number);
  return text;
}

/**
 * ag_model_class_format:
 * @klass: a kind of model
 * @coefficients: a value for each of its parameters
 * @number_to_string: how a number is written; what it returns is freed
 *
 * Writes a fit as the class's formula says.
 *
 * Returns: (transfer full): "y = 0.0008 + 0.84 x + …"
 */
char *
ag_model_class_format (const AgModelClass *klass,
                       const double *coefficients,
                       char *(*number_to_string) (double) )
{
  GString *text = g_string_new (klass->formula);

  for (guint i = 0; i < klass->n_parameters; i++)
    {
      replace (text, g_strdup_printf ("{%s}", klass->parameters[i]),
               number_to_string (coefficients[i]));
      replace (text, g_strdup_printf ("{(%s)}", klass->parameters[i]),
               bracket (coefficients[i], number_to_string (coefficients[i])));
    }
  for (guint i = 0; i < ag_model_class_n_tensors (klass); i++)
    replace (text, g_strdup_printf ("{|%s|}", ag_model_class_tensor (klass, i).name),
             number_to_string (ag_model_class_norm (klass, i, coefficients)));
  return g_string_free (text, FALSE);
}

/**
 * ag_model_new:
 * @klass: what kind of model; must live as long as the model
 * @dtype: element type of the parameters, float32 or float64
 * @kind: whose random numbers the initial values are
 * @seed: seed of the random generator
 *
 * Makes a model with initial values, in the current graph. Its tensors are there when the
 * step has ended.
 *
 * Returns: (transfer full): the model
 */
AgModel *
ag_model_new (const AgModelClass *klass,
              AgDType dtype,
              AgGeneratorKind kind,
              guint64 seed)
{
  AgModel *model = g_malloc0 (klass->instance_size);

  model->klass = klass;
  model->dtype = dtype;
  model->tensors = g_new0 (AgTensor *, ag_model_class_n_tensors (klass));
  klass->init (model, kind, seed);
  return model;
}

/**
 * ag_model_free:
 * @model: (transfer full): a model
 *
 * Frees the model and lets go of its tensors.
 */
void
ag_model_free (AgModel *model)
{
  g_return_if_fail (model != NULL);

  if (model->klass->finalize != NULL)
    model->klass->finalize (model);
  for (guint i = 0; i < model->n_tensors; i++)
    ag_tensor_unref (model->tensors[i]);
  g_free (model->tensors);
  g_free (model);
}

/**
 * ag_model_add_tensor:
 * @model: a model being made
 * @tensor: the next of its class's tensors; held by the model
 *
 * Adds a tensor to those that are trained.
 */
void
ag_model_add_tensor (AgModel *model,
                     AgTensor *tensor)
{
  g_return_if_fail (model->n_tensors < ag_model_class_n_tensors (model->klass));

  ag_tensor_set_requires_grad (tensor, TRUE);
  model->tensors[model->n_tensors++] = ag_tensor_ref (tensor);
}

/**
 * ag_model_add_scalars:
 * @model: a model being made, whose parameters are scalars
 * @kind: whose random numbers
 * @seed: the generator's seed
 *
 * Adds a scalar, drawn from the standard normal distribution, for each parameter.
 */
void
ag_model_add_scalars (AgModel *model,
                      AgGeneratorKind kind,
                      guint64 seed)
{
  g_autoptr (AgGenerator) generator = ag_generator_new (kind, seed);

  for (guint i = 0; i < model->klass->n_parameters; i++)
    ag_model_add_tensor (model, ag_randn (model->dtype, ag_layout_scalar (), generator));
}

/**
 * ag_model_prepare:
 * @model: a model
 * @x: points, (n)
 * @input: (out caller-allocates): what it predicts from; to be cleared with
 *   ag_model_input_clear()
 *
 * Records what a model computes of its points before the first prediction, and holds it.
 */
void
ag_model_prepare (AgModel *model,
                  AgTensor *x,
                  AgModelInput *input)
{
  *input = (AgModelInput){ .x = ag_tensor_ref (x) };
  if (model->klass->prepare == NULL)
    return;
  model->klass->prepare (model, x, input->features);
  for (guint i = 0; i < AG_MODEL_MAX_FEATURES && input->features[i] != NULL; i++)
    ag_tensor_ref (input->features[i]);
}

/**
 * ag_model_input_clear:
 * @input: what ag_model_prepare() made, or all zero
 */
void
ag_model_input_clear (AgModelInput *input)
{
  ag_tensor_clear (&input->x);
  for (guint i = 0; i < AG_MODEL_MAX_FEATURES; i++)
    ag_tensor_clear (&input->features[i]);
}

/**
 * ag_model_predict:
 * @model: a model
 * @input: what ag_model_prepare() made of the points, and the structure wanted
 *
 * Records the model's prediction.
 *
 * Returns: (transfer none): y at each of the points, (n)
 */
AgTensor *
ag_model_predict (AgModel *model,
                  const AgModelInput *input)
{
  return model->klass->predict (model, input);
}

/**
 * ag_model_read:
 * @model: a model
 * @coefficients: (out caller-allocates): room for the class's parameters
 * @error: return location for a #GError
 *
 * Reads the coefficients as they are now.
 *
 * Returns: whether all went well
 */
gboolean
ag_model_read (const AgModel *model,
               double *coefficients,
               GError **error)
{
  for (guint i = 0; i < model->n_tensors; i++)
    if (!ag_tensor_read (model->tensors[i], AG_DTYPE_FLOAT64,
                         coefficients + ag_model_class_tensor (model->klass, i).first, error))
      return FALSE;
  return TRUE;
}

/**
 * ag_model_read_gradients:
 * @model: a model
 * @gradients: (out caller-allocates): room for the class's parameters
 * @error: return location for a #GError
 *
 * Reads the gradient of each coefficient in the last step; NaN where there is
 * none.
 *
 * Returns: whether all went well
 */
gboolean
ag_model_read_gradients (const AgModel *model,
                         double *gradients,
                         GError **error)
{
  for (guint i = 0; i < model->klass->n_parameters; i++)
    gradients[i] = NAN;
  for (guint i = 0; i < model->n_tensors; i++)
    {
      AgTensor *gradient = ag_tensor_grad (model->tensors[i]);

      if (gradient != NULL
          && !ag_tensor_read (gradient, AG_DTYPE_FLOAT64,
                              gradients + ag_model_class_tensor (model->klass, i).first, error))
        return FALSE;
    }
  return TRUE;
}

/**
 * ag_model_write:
 * @model: a model
 * @coefficients: a value for each of the class's parameters
 *
 * Records that the coefficients become these, rounded to the model's dtype: what is
 * recorded from now on sees them, and they stay when the step has ended.
 */
void
ag_model_write (AgModel *model,
                const double *coefficients)
{
  ag_no_grad_begin ();
  for (guint i = 0; i < model->n_tensors; i++)
    {
      AgTensor *tensor = model->tensors[i];
      AgTensor *value
        = ag_from_data (AG_DTYPE_FLOAT64, ag_tensor_shape (tensor),
                        coefficients + ag_model_class_tensor (model->klass, i).first);

      ag_assign (tensor, ag_cast (value, model->dtype));
    }
  ag_no_grad_end ();
}
