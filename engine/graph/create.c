/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/create.h"

#include "base/memory.h"
#include "device/device-private.h"
#include "graph/graph-private.h"
#include "graph/ops.h"

#include <math.h>

/* Points are computed in blocks of this size, each of which is then given to the device. A block
 * stays in a cache, and is done so soon that a request to stop is seen at once. */
#define POINTS_AT_A_TIME 32768

/* Room for elements that are computed here and then given to the device. Without
 * it the step fails, and the caller returns @failed. */
static gpointer
new_elements (AgDType dtype,
              gint64 n_elements,
              AgTensor **failed)
{
  g_autoptr (GError) error = NULL;
  gpointer elements = ag_memory_try ((gsize) n_elements * ag_dtype_size (dtype), &error);

  if (elements == NULL)
    *failed = ag_graph_fail (ag_graph_current (), AG_ERROR_DEVICE, "%s", error->message);
  return elements;
}

/* Returns a tensor with memory for its elements, which are not set yet. If there is no memory,
 * the tensor has no storage and @error is set. */
static AgTensor *
new_value (AgGraph *graph,
           AgDType dtype,
           const AgLayout *shape,
           GError **error)
{
  AgTensor *tensor = ag_graph_new_tensor (graph, dtype, shape->shape);

  tensor->storage = ag_storage_new (graph->device,
                                    (gsize) shape->n_elements * ag_dtype_size (dtype), error);
  return tensor;
}

/* Records a tensor whose elements are set, or fails the step with @error. */
static AgTensor *
end_value (AgGraph *graph,
           AgTensor *tensor,
           const GError *error)
{
  if (error == NULL)
    ag_graph_index_of (graph, tensor);
  ag_tensor_unref (tensor);
  return error == NULL ? tensor
                       : ag_graph_fail (graph, (AgError) error->code, "%s", error->message);
}

static AgTensor *
upload (AgDType dtype,
        const AgLayout *shape,
        const void *elements)
{
  AgGraph *graph = ag_graph_current ();
  g_autoptr (GError) error = NULL;
  AgTensor *tensor;

  g_return_val_if_fail (graph != NULL, NULL);

  tensor = new_value (graph, dtype, shape, &error);
  if (tensor->storage != NULL)
    graph->device->klass->upload (graph->device, tensor->storage->data, elements,
                                  (gsize) shape->n_elements * ag_dtype_size (dtype), &error);
  return end_value (graph, tensor, error);
}

/**
 * ag_from_data:
 * @dtype: type of the elements
 * @shape: their shape
 * @elements: the elements in row-major order; copied
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.tensor.html>
 *
 * Returns: (transfer none): a tensor of them
 */
AgTensor *
ag_from_data (AgDType dtype,
              const AgLayout *shape,
              const void *elements)
{
  return upload (dtype, shape, elements);
}

/**
 * ag_full:
 * @dtype: type of the elements
 * @shape: the shape
 * @value: what every element is
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.full.html>
 *
 * Returns: (transfer none): a tensor filled with @value
 */
AgTensor *
ag_full (AgDType dtype,
         const AgLayout *shape,
         double value)
{
  AgTensor *failed;
  g_autofree void *elements = new_elements (dtype, shape->n_elements, &failed);

  if (elements == NULL)
    return failed;
  for (gint64 i = 0; i < shape->n_elements; i++)
    {
      if (dtype == AG_DTYPE_FLOAT32)
        ((float *) elements)[i] = (float) value;
      else if (dtype == AG_DTYPE_FLOAT64)
        ((double *) elements)[i] = value;
      else
        ((gint64 *) elements)[i] = (gint64) value;
    }
  return upload (dtype, shape, elements);
}

/**
 * ag_zeros:
 * @dtype: type of the elements
 * @shape: the shape
 *
 * Returns: (transfer none): a tensor of zeros
 */
AgTensor *
ag_zeros (AgDType dtype,
          const AgLayout *shape)
{
  return ag_full (dtype, shape, 0);
}

/**
 * ag_ones:
 * @dtype: type of the elements
 * @shape: the shape
 *
 * Returns: (transfer none): a tensor of ones
 */
AgTensor *
ag_ones (AgDType dtype,
         const AgLayout *shape)
{
  return ag_full (dtype, shape, 1);
}

/**
 * ag_zeros_like:
 * @tensor: a tensor
 *
 * Returns: (transfer none): zeros of its shape and dtype
 */
AgTensor *
ag_zeros_like (AgTensor *tensor)
{
  return ag_zeros (tensor->dtype, tensor->layout->shape);
}

/* PyTorch works from the start in the first half and from the end in the second.
 * Version 2 computes each element by one rounding. Version 1 works in vectors of 32
 * bytes: the first element of each by one rounding, the others from that one; what does
 * not fill two vectors is computed singly.
 * See: linspace_kernel in aten/src/ATen/native/cpu/RangeFactoriesKernel.cpp */
#define DEFINE_FILL_LINSPACE(T, name, fma)                                                            \
  static void name (T *elements, T start, T end, gint64 n, gint64 from, gint64 to, AgPyTorch pytorch) \
  {                                                                                                   \
    const gint64 lanes = pytorch == AG_PYTORCH_1 ? 32 / (gint64) sizeof (T) : 1;                      \
    const gint64 half = MAX (1, n / 2);                                                               \
    const T step = n > 1 ? (end - start) / (T) (n - 1) : 0;                                           \
    for (gint64 i = from; i < to; i++)                                                                \
      {                                                                                               \
        const gint64 lane = i < n - n % (2 * lanes) ? i % lanes : 0;                                  \
        const gint64 first = i - lane;                                                                \
        const T value = first < half ? fma (step, (T) first, start)                                   \
                                     : fma (-step, (T) (n - first - 1), end);                         \
        elements[i - from] = lane == 0 ? value : value + (T) lane * step;                             \
      }                                                                                               \
  }

DEFINE_FILL_LINSPACE (float, fill_linspace_float32, fmaf)
DEFINE_FILL_LINSPACE (double, fill_linspace_float64, fma)

/* Fills the memory of @tensor in pieces, so that the points are never in memory twice. */
static gboolean
upload_linspace (AgTensor *tensor,
                 double start,
                 double end,
                 GError **error)
{
  AgDevice *device = tensor->graph->device;
  const gint64 n_points = tensor->layout->n_elements;
  const gsize size = ag_dtype_size (tensor->dtype);
  const AgPyTorch pytorch = tensor->graph->pytorch;
  g_autofree double *elements = g_new (double, MIN (n_points, POINTS_AT_A_TIME));
  gboolean success = TRUE;

  for (gint64 from = 0; from < n_points && success; from += POINTS_AT_A_TIME)
    {
      const gint64 to = MIN (from + POINTS_AT_A_TIME, n_points);

      if (tensor->dtype == AG_DTYPE_FLOAT32)
        fill_linspace_float32 ((float *) elements, (float) start, (float) end, n_points, from, to,
                               pytorch);
      else
        fill_linspace_float64 (elements, start, end, n_points, from, to, pytorch);
      success = device->klass->upload (device,
                                       (char *) tensor->storage->data + (gsize) from * size,
                                       elements, (gsize) (to - from) * size, error);
      ag_work_add (device->work, to - from);
      success = success && ag_device_check_work (device, error);
    }
  return success;
}

/**
 * ag_linspace:
 * @dtype: %AG_DTYPE_FLOAT32 or %AG_DTYPE_FLOAT64
 * @start: the first point
 * @end: the last point
 * @n_points: number of points
 *
 * Evenly spaced points, with the bits of the graph's PyTorch.
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.linspace.html>
 *
 * Returns: (transfer none): a tensor of shape (n_points,)
 */
AgTensor *
ag_linspace (AgDType dtype,
             double start,
             double end,
             gint64 n_points)
{
  AgGraph *graph = ag_graph_current ();
  g_autoptr (GError) error = NULL;
  AgTensor *tensor;

  g_return_val_if_fail (graph != NULL, NULL);

  tensor = new_value (graph, dtype, AG_SHAPE (n_points), &error);
  if (tensor->storage != NULL)
    upload_linspace (tensor, start, end, &error);
  return end_value (graph, tensor, error);
}

/**
 * ag_uniform:
 * @dtype: a float dtype
 * @shape: the shape
 * @low: least value
 * @high: bound that is not reached
 * @generator: where the numbers come from
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.Tensor.uniform_.html>
 *
 * Returns: (transfer none): numbers uniform in [@low, @high)
 */
AgTensor *
ag_uniform (AgDType dtype,
            const AgLayout *shape,
            double low,
            double high,
            AgGenerator *generator)
{
  AgTensor *failed;
  g_autofree void *elements = new_elements (dtype, shape->n_elements, &failed);

  if (elements == NULL)
    return failed;
  ag_generator_fill_uniform (generator, dtype, low, high, shape->n_elements, elements);
  return upload (dtype, shape, elements);
}

/**
 * ag_rand:
 * @dtype: a float dtype
 * @shape: the shape
 * @generator: where the numbers come from
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.rand.html>
 *
 * Returns: (transfer none): numbers uniform in [0, 1)
 */
AgTensor *
ag_rand (AgDType dtype,
         const AgLayout *shape,
         AgGenerator *generator)
{
  return ag_uniform (dtype, shape, 0, 1, generator);
}

/**
 * ag_randn:
 * @dtype: a float dtype
 * @shape: the shape
 * @generator: where the numbers come from
 *
 * See: <https://pytorch.org/docs/stable/generated/torch.randn.html>
 *
 * Returns: (transfer none): numbers from the standard normal distribution
 */
AgTensor *
ag_randn (AgDType dtype,
          const AgLayout *shape,
          AgGenerator *generator)
{
  AgTensor *failed;
  g_autofree void *elements = new_elements (dtype, shape->n_elements, &failed);

  if (elements == NULL)
    return failed;
  ag_generator_set_pytorch (generator, ag_graph_pytorch (ag_graph_current ()));
  ag_generator_fill_normal (generator, dtype, shape->n_elements, elements);
  return upload (dtype, shape, elements);
}
