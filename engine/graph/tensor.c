/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/graph-private.h"

#include "base/memory.h"
#include "device/device-private.h"

#include <string.h>

/**
 * ag_tensor_dtype:
 * @tensor: a tensor
 *
 * Returns: the type of its elements
 */
AgDType
ag_tensor_dtype (const AgTensor *tensor)
{
  return tensor->dtype;
}

/**
 * ag_tensor_shape:
 * @tensor: a tensor
 *
 * Returns: (transfer none): its shape, as a contiguous layout
 */
const AgLayout *
ag_tensor_shape (const AgTensor *tensor)
{
  return tensor->layout->shape;
}

/**
 * ag_tensor_n_dims:
 * @tensor: a tensor
 *
 * Returns: its number of dimensions, 0 for a scalar
 */
gint
ag_tensor_n_dims (const AgTensor *tensor)
{
  return tensor->layout->n_dims;
}

/**
 * ag_tensor_n_elements:
 * @tensor: a tensor
 *
 * Returns: its number of elements, 1 for a scalar
 */
gint64
ag_tensor_n_elements (const AgTensor *tensor)
{
  return tensor->layout->n_elements;
}

/**
 * ag_tensor_requires_grad:
 * @tensor: a tensor
 *
 * Returns: whether gradients flow to or through it
 */
gboolean
ag_tensor_requires_grad (const AgTensor *tensor)
{
  return tensor->requires_grad;
}

/**
 * ag_tensor_set_requires_grad:
 * @tensor: a float tensor that is no result of an operation of this step
 * @requires_grad: whether ag_backward() shall compute its gradient
 *
 * Makes a parameter of a tensor, or takes that back.
 */
void
ag_tensor_set_requires_grad (AgTensor *tensor,
                             gboolean requires_grad)
{
  if (requires_grad && !ag_dtype_is_float (tensor->dtype))
    {
      ag_graph_fail (tensor->graph, AG_ERROR_DTYPE,
                     "requires_grad: only float tensors have gradients, and this one is %s; "
                     "cast it first",
                     ag_dtype_name (tensor->dtype));
      return;
    }
  if (tensor->op != AG_OP_input && tensor->n_operands > 0)
    {
      ag_graph_fail (tensor->graph, AG_ERROR_GRADIENT,
                     "requires_grad: this tensor is the result of “%s”; "
                     "only leaves can be made to require a gradient: detach it first",
                     ag_op_info (tensor->op)->name);
      return;
    }
  tensor->requires_grad = requires_grad != FALSE;
}

/**
 * ag_tensor_set_data:
 * @tensor: a tensor
 *
 * Promises that the tensor is never assigned to, as the data of a training
 * run: what is computed from data alone may then be computed only once.
 */
void
ag_tensor_set_data (AgTensor *tensor)
{
  tensor->is_data = TRUE;
}

/**
 * ag_tensor_grad:
 * @tensor: a tensor
 *
 * Returns: (transfer none) (nullable): the gradient that ag_backward() left
 */
AgTensor *
ag_tensor_grad (const AgTensor *tensor)
{
  return tensor->grad;
}

/**
 * ag_tensor_set_grad:
 * @tensor: a tensor
 * @grad: (nullable): its gradient, of the same shape; %NULL zeroes it, as
 *   PyTorch's `zero_grad (set_to_none=True)` does
 */
void
ag_tensor_set_grad (AgTensor *tensor,
                    AgTensor *grad)
{
  if (grad != NULL)
    {
      if (grad->layout->shape != tensor->layout->shape && !ag_tensor_is_number (grad))
        {
          g_autofree char *want = ag_layout_to_string (tensor->layout);
          g_autofree char *have = ag_layout_to_string (grad->layout);

          ag_graph_fail (tensor->graph, AG_ERROR_SHAPE,
                         "grad: a tensor of shape %s cannot have a gradient of shape %s",
                         want, have);
          return;
        }
      ag_tensor_ref (grad);
    }
  if (tensor->grad != NULL)
    ag_tensor_unref (tensor->grad);
  tensor->grad = grad;
}

static double
read_element (AgDType dtype,
              const void *elements,
              gint64 index)
{
  switch (dtype)
    {
    case AG_DTYPE_FLOAT32:
      return ((const float *) elements)[index];
    case AG_DTYPE_INT64:
      return (double) ((const gint64 *) elements)[index];
    case AG_DTYPE_FLOAT64:
    default:
      return ((const double *) elements)[index];
    }
}

static void
write_element (AgDType dtype,
               void *elements,
               gint64 index,
               double value)
{
  switch (dtype)
    {
    case AG_DTYPE_FLOAT32:
      ((float *) elements)[index] = (float) value;
      break;
    case AG_DTYPE_INT64:
      ((gint64 *) elements)[index] = (gint64) value;
      break;
    case AG_DTYPE_FLOAT64:
    default:
      ((double *) elements)[index] = value;
      break;
    }
}

static gboolean
make_value (AgTensor *tensor,
            GError **error)
{
  gboolean is_recorded = tensor->step == tensor->graph->step;

  if (tensor->storage != NULL)
    return TRUE;
  /* A wrong operation also leaves a number, as a placeholder; it must not be taken for a value as
   * long as the step that it failed goes on. */
  if (ag_tensor_is_number (tensor) && (!is_recorded || tensor->graph->error == NULL))
    return TRUE;

  if (!is_recorded)
    {
      g_set_error_literal (error, AG_ERROR, AG_ERROR_ARGUMENT,
                           "The tensor has no value: the step that recorded it failed");
      return FALSE;
    }
  return ag_graph_evaluate (tensor->graph, tensor, error);
}

/**
 * ag_tensor_item:
 * @tensor: a tensor of one element
 * @value: (out): the element
 * @error: return location for a #GError
 *
 * Reads the value of a scalar, computing it first if that was not done yet.
 *
 * Returns: whether @value was set
 */
gboolean
ag_tensor_item (AgTensor *tensor,
                double *value,
                GError **error)
{
  if (tensor->layout->n_elements != 1)
    {
      g_autofree char *shape = ag_layout_to_string (tensor->layout);

      g_set_error (error, AG_ERROR, AG_ERROR_SHAPE,
                   "item: only a tensor of one element has an item, and this one has shape %s; "
                   "read it into an array",
                   shape);
      return FALSE;
    }
  return ag_tensor_read (tensor, AG_DTYPE_FLOAT64, value, error);
}

/**
 * ag_tensor_read:
 * @tensor: a tensor
 * @dtype: type of the elements at @elements
 * @elements: (out caller-allocates): room for all elements
 * @error: return location for a #GError
 *
 * Copies the elements in row-major order, computing them first if that was not
 * done yet, and converting them where @dtype is not the tensor's.
 *
 * Returns: whether @elements was filled
 */
gboolean
ag_tensor_read (AgTensor *tensor,
                AgDType dtype,
                void *elements,
                GError **error)
{
  const AgLayout *layout;
  AgDevice *device;
  gsize element_size = ag_dtype_size (tensor->dtype);
  gsize n_bytes;
  g_autofree char *copy = NULL;
  guint64 small[8];
  char *source;
  gint64 last = 0;

  if (!make_value (tensor, error))
    return FALSE;

  layout = tensor->layout;
  if (ag_tensor_is_number (tensor))
    {
      for (gint64 i = 0; i < layout->n_elements; i++)
        write_element (dtype, elements, i, tensor->number);
      return TRUE;
    }
  if (layout->n_elements == 0)
    return TRUE;

  device = tensor->storage->device;
  if (dtype == tensor->dtype && ag_layout_is_contiguous (layout))
    return device->klass->download (device, elements,
                                    (char *) tensor->storage->data
                                      + (gsize) layout->offset * element_size,
                                    (gsize) layout->n_elements * element_size, error);

  for (gint i = 0; i < layout->n_dims; i++)
    last += (layout->dims[i] - 1) * layout->strides[i];
  n_bytes = (gsize) (last + 1) * element_size;
  source = n_bytes <= sizeof small ? (char *) small : (copy = ag_memory_try (n_bytes, error));
  if (source == NULL)
    return FALSE;
  if (!device->klass->download (device, source,
                                (char *) tensor->storage->data
                                  + (gsize) layout->offset * element_size,
                                n_bytes, error))
    return FALSE;

  for (gint64 i = 0; i < layout->n_elements; i++)
    {
      gint64 index = ag_layout_index (layout, i) - layout->offset;

      /* Elements of the wanted type are copied as they are, because an int64 beyond 2⁵³ would
       * lose digits as a double. */
      if (dtype == tensor->dtype)
        memcpy ((char *) elements + (gsize) i * element_size,
                source + (gsize) index * element_size, element_size);
      else
        write_element (dtype, elements, i, read_element (tensor->dtype, source, index));
    }
  return TRUE;
}

static void
append_elements (GString *string,
                 const AgLayout *shape,
                 gint dim,
                 const double **values)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (dim == shape->n_dims)
    {
      g_string_append (string, g_ascii_formatd (number, sizeof number, "%.6g", *(*values)++));
      return;
    }
  g_string_append_c (string, '[');
  for (gint64 i = 0; i < shape->dims[dim]; i++)
    {
      if (i > 0)
        g_string_append (string, ", ");
      append_elements (string, shape, dim + 1, values);
    }
  g_string_append_c (string, ']');
}

/**
 * ag_tensor_to_string:
 * @tensor: a tensor
 *
 * Returns: (transfer full): the elements in brackets, as for a debugger, or
 *   the reason why they could not be computed
 */
char *
ag_tensor_to_string (AgTensor *tensor)
{
  g_autofree double *elements = g_new (double, tensor->layout->n_elements);
  g_autoptr (GError) error = NULL;
  const double *values = elements;
  GString *string;

  if (!ag_tensor_read (tensor, AG_DTYPE_FLOAT64, elements, &error))
    return g_strdup (error->message);
  string = g_string_new (NULL);
  append_elements (string, tensor->layout->shape, 0, &values);
  return g_string_free (string, FALSE);
}
