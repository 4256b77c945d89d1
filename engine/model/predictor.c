/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/predictor.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"

#include <string.h>

/* Points are always predicted so many at a time: what is planned for them, and the loops
 * that are built into the library, are for just this number. More than a curve has. */
#define POINTS_AT_A_TIME 512

/**
 * AgPredictor:
 * @device: where it computes: one thread of the processor
 * @graph: where it records
 * @model: the model, in double precision
 *
 * A model beside the one that is trained, for curves and for what is found out about a
 * run: it is given coefficients and says what they predict. It belongs to one thread at a
 * time.
 */
struct _AgPredictor
{
  AgDevice *device;
  AgGraph *graph;
  AgModel *model;
};

/**
 * ag_predictor_new_on:
 * @klass: what kind of model; must live as long as the predictor
 * @device: where to compute
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): a predictor, or %NULL with @error set
 */
AgPredictor *
ag_predictor_new_on (const AgModelClass *klass,
                     AgDevice *device,
                     GError **error)
{
  AgPredictor *predictor = g_new0 (AgPredictor, 1);
  gboolean is_made;

  predictor->device = ag_device_ref (device);
  predictor->graph = ag_graph_new (device);
  ag_graph_enter (predictor->graph);
  predictor->model = ag_model_new (klass, AG_DTYPE_FLOAT64, AG_GENERATOR_TORCH, 0);
  is_made = ag_graph_end_step (predictor->graph, error);
  ag_graph_leave (predictor->graph);
  if (!is_made)
    g_clear_pointer (&predictor, ag_predictor_free);
  return predictor;
}

/**
 * ag_predictor_new:
 * @klass: what kind of model; must live as long as the predictor
 * @error: return location for a #GError
 *
 * Makes a predictor on one thread of the processor.
 *
 * Returns: (transfer full) (nullable): the predictor, or %NULL with @error set
 */
AgPredictor *
ag_predictor_new (const AgModelClass *klass,
                  GError **error)
{
  AgDevice *device = ag_device_open ("cpu", 1, error);
  AgPredictor *predictor;

  if (device == NULL)
    return NULL;
  predictor = ag_predictor_new_on (klass, device, error);
  ag_device_unref (device);
  return predictor;
}

/**
 * ag_predictor_free:
 * @predictor: (transfer full): a predictor
 */
void
ag_predictor_free (AgPredictor *predictor)
{
  g_return_if_fail (predictor != NULL);

  ag_graph_enter (predictor->graph);
  ag_model_free (predictor->model);
  ag_graph_leave (predictor->graph);
  ag_graph_free (predictor->graph);
  ag_device_unref (predictor->device);
  g_free (predictor);
}

/* Records the prediction. A model that draws its structure by chance predicts the mean over all
 * structures. */
static AgTensor *
record (AgModel *model,
        AgModelInput *input)
{
  const guint n_structures = MAX (1, model->klass->n_structures);
  AgTensor *sum = ag_model_predict (model, input);

  while (++input->structure < n_structures)
    sum = ag_add (sum, ag_model_predict (model, input));
  return n_structures > 1 ? ag_div (sum, ag_constant (n_structures)) : sum;
}

/* As in training, the input is complete before the model predicts from it: a product with
 * columns that lie in memory is a loop, and needs no BLAS to be loaded. */
static gboolean
evaluate_part (AgPredictor *predictor,
               const double x[POINTS_AT_A_TIME],
               double y[POINTS_AT_A_TIME],
               GError **error)
{
  AgTensor *points = ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (POINTS_AT_A_TIME), x);
  AgTensor *prediction = NULL;
  AgModelInput input;
  gboolean is_known;

  ag_model_prepare (predictor->model, points, &input);
  is_known = ag_graph_end_step (predictor->graph, error);
  if (is_known)
    {
      prediction = ag_tensor_ref (record (predictor->model, &input));
      is_known = ag_graph_end_step (predictor->graph, error)
                 && ag_tensor_read (prediction, AG_DTYPE_FLOAT64, y, error);
    }
  ag_tensor_clear (&prediction);
  ag_model_input_clear (&input);
  return is_known;
}

/* Where there are fewer points, the last of them fills up the rest. */
static gboolean
evaluate (AgPredictor *predictor,
          gsize n,
          const double *x,
          double *y,
          GError **error)
{
  double part_x[POINTS_AT_A_TIME], part_y[POINTS_AT_A_TIME];

  for (gsize first = 0; first < n; first += POINTS_AT_A_TIME)
    {
      const gsize n_part = MIN (n - first, POINTS_AT_A_TIME);

      for (gsize i = 0; i < POINTS_AT_A_TIME; i++)
        part_x[i] = x[first + MIN (i, n_part - 1)];
      if (!evaluate_part (predictor, part_x, part_y, error))
        return FALSE;
      memcpy (y + first, part_y, sizeof (double) * n_part);
    }
  return TRUE;
}

/**
 * ag_predictor_evaluate:
 * @predictor: a predictor
 * @coefficients: a value for each of the model's parameters
 * @n: number of points
 * @x: (array length=n): the points
 * @y: (out caller-allocates) (array length=n): what the model predicts there
 * @error: return location for a #GError
 *
 * Finds out what a model predicts, in double precision. Where chance decides between
 * several structures, each is as likely as the others, and @y is the mean over them. A few
 * hundred points take microseconds.
 *
 * Returns: whether all went well
 */
gboolean
ag_predictor_evaluate (AgPredictor *predictor,
                       const double *coefficients,
                       gsize n,
                       const double *x,
                       double *y,
                       GError **error)
{
  gboolean is_known;

  ag_graph_enter (predictor->graph);
  ag_no_grad_begin ();
  ag_model_write (predictor->model, coefficients);
  is_known = evaluate (predictor, n, x, y, error);
  ag_no_grad_end ();
  ag_graph_leave (predictor->graph);
  return is_known;
}
