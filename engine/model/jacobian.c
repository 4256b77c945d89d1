/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "model/jacobian.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"
#include "graph/tape.h"

#include <string.h>

#define POINTS AG_JACOBIAN_POINTS

typedef struct _Manner Manner;

/**
 * AgJacobian:
 * @manner: how derivatives are found
 * @device: where it computes: one thread of the processor
 * @graph: where it records
 * @model: the model, in double precision
 * @coefficients: where the derivatives are taken
 * @is_written: whether the model's parameters are @coefficients
 * @point: the point, where there is one in a pass
 * @tapes: the pass of one point for each structure, to be played for the others
 *
 * The derivatives of a model's predictions by its parameters. It belongs to one thread at a
 * time.
 */
struct _AgJacobian
{
  const Manner *manner;
  AgDevice *device;
  AgGraph *graph;
  AgModel *model;
  double *coefficients;
  gboolean is_written;
  double point;
  AgTape *tapes[AG_MODEL_MAX_STRUCTURES];
};

/**
 * Manner:
 * @cost: nanoseconds a point and parameter, roughly
 * @n_copies: how many values of each parameter the model's tensors hold, 0 for one that has
 *   no dimension
 * @n_points: how many points there are in a pass
 * @evaluate: predicts @n_points points for a structure, and finds the derivatives there
 *
 * A way to find derivatives. Reverse mode gives those of one number by all parameters, and
 * wanted are those of each prediction. So either each point has parameters of its own, or
 * there is one point.
 */
struct _Manner
{
  double cost;
  gsize n_copies;
  gsize n_points;
  gboolean (*evaluate) (AgJacobian *jacobian,
                        guint structure,
                        const double *x,
                        double *y,
                        double *columns,
                        GError **error);
};

static void
set_copies (const AgJacobian *jacobian,
            guint parameter,
            double value)
{
  double copies[POINTS];

  for (gsize i = 0; i < POINTS; i++)
    copies[i] = value;
  ag_assign (jacobian->model->tensors[parameter],
             ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (POINTS), copies));
}

static gboolean
write_coefficients (AgJacobian *jacobian,
                    GError **error)
{
  AgModel *model = jacobian->model;

  ag_no_grad_begin ();
  if (jacobian->manner->n_copies == 0)
    ag_model_write (model, jacobian->coefficients);
  else
    for (guint i = 0; i < model->n_tensors; i++)
      set_copies (jacobian, i, jacobian->coefficients[i]);
  ag_no_grad_end ();
  return ag_graph_end_step (jacobian->graph, error);
}

static gboolean
read_and_drop (AgTensor *prediction,
               double *y,
               GError **error)
{
  const gboolean is_read = ag_tensor_read (prediction, AG_DTYPE_FLOAT64, y, error);

  ag_tensor_clear (&prediction);
  return is_read;
}

/* As in training, the input is complete before the model predicts from it. */
static gboolean
prepare (const AgJacobian *jacobian,
         guint structure,
         const double *x,
         AgModelInput *input,
         GError **error)
{
  AgTensor *points = ag_from_data (AG_DTYPE_FLOAT64, AG_SHAPE (POINTS), x);

  ag_model_prepare (jacobian->model, points, input);
  input->structure = structure;
  return ag_graph_end_step (jacobian->graph, error);
}

/* Records a prediction and what its sum's derivatives are. */
static AgTensor *
record_differentiated (const AgJacobian *jacobian,
                       const AgModelInput *input)
{
  AgTensor *prediction = ag_tensor_ref (ag_model_predict (jacobian->model, input));

  for (guint i = 0; i < jacobian->model->n_tensors; i++)
    ag_tensor_set_grad (jacobian->model->tensors[i], NULL);
  if (ag_tensor_requires_grad (prediction))
    ag_backward (ag_sum (prediction), NULL);
  return prediction;
}

/* Each parameter is one value for each point, and each point's prediction depends on its own
 * alone. So the derivative of the sum of predictions by the value for a point is that of the
 * point's prediction. */
static gboolean
evaluate_by_copies (AgJacobian *jacobian,
                    guint structure,
                    const double *x,
                    double *y,
                    double *columns,
                    GError **error)
{
  AgModel *model = jacobian->model;
  AgTensor *prediction;
  AgModelInput input;
  gboolean is_known = prepare (jacobian, structure, x, &input, error);

  if (is_known)
    {
      prediction = record_differentiated (jacobian, &input);
      is_known = ag_graph_end_step (jacobian->graph, error);
      is_known = read_and_drop (prediction, y, is_known ? error : NULL) && is_known;
    }
  ag_model_input_clear (&input);
  memset (columns, 0, sizeof (double) * POINTS * model->n_tensors);
  for (guint i = 0; is_known && i < model->n_tensors; i++)
    {
      AgTensor *grad = ag_tensor_grad (model->tensors[i]);

      if (grad != NULL)
        is_known = ag_tensor_read (grad, AG_DTYPE_FLOAT64, columns + i * POINTS, error);
    }
  return is_known;
}

/* The step of one point is recorded once, with the point read from its place. */
static AgTensor *
take_step (AgJacobian *jacobian,
           guint structure,
           GError **error)
{
  AgModel *model = jacobian->model;
  AgTape **tape = &jacobian->tapes[structure];
  AgModelInput input = { .structure = structure };
  AgTensor *prediction;

  if (*tape != NULL)
    return ag_tape_play (*tape, error);
  input.x = ag_add (ag_zeros (AG_DTYPE_FLOAT64, AG_SHAPE (1)), ag_scalar_at (&jacobian->point));
  if (model->klass->prepare != NULL)
    model->klass->prepare (model, input.x, input.features);
  prediction = record_differentiated (jacobian, &input);
  if (!ag_graph_end_step_taped (jacobian->graph, prediction, tape, error))
    ag_tensor_clear (&prediction);
  return prediction;
}

/* Parameters that a layer multiplies as a matrix are the same for all points: so each point is
 * differentiated by itself. */
static gboolean
evaluate_by_points (AgJacobian *jacobian,
                    guint structure,
                    const double *x,
                    double *y,
                    double *columns,
                    GError **error)
{
  AgTensor *prediction;

  jacobian->point = x[0];
  prediction = take_step (jacobian, structure, error);
  return prediction != NULL && read_and_drop (prediction, y, error)
         && ag_model_read_gradients (jacobian->model, columns, error);
}

static gboolean
predict (const AgJacobian *jacobian,
         const double *coefficients,
         const AgModelInput *input,
         double *y,
         GError **error)
{
  AgTensor *prediction;
  gboolean is_known;

  ag_model_write (jacobian->model, coefficients);
  prediction = ag_tensor_ref (ag_model_predict (jacobian->model, input));
  is_known = ag_graph_end_step (jacobian->graph, error);
  return read_and_drop (prediction, y, is_known ? error : NULL) && is_known;
}

/* The column of a parameter in a linear model is the prediction with that parameter at 1 and all
 * others at 0. */
static gboolean
evaluate_by_units (AgJacobian *jacobian,
                   guint structure,
                   const double *x,
                   double *y,
                   double *columns,
                   GError **error)
{
  const guint n = jacobian->model->klass->n_parameters;
  g_autofree double *unit = g_new0 (double, n);
  AgModelInput input;
  gboolean is_known;

  memset (y, 0, sizeof (double) * POINTS);
  ag_no_grad_begin ();
  is_known = prepare (jacobian, structure, x, &input, error);
  for (guint i = 0; is_known && i < n; i++)
    {
      unit[i] = 1;
      is_known = predict (jacobian, unit, &input, columns + i * POINTS, error);
      unit[i] = 0;
      for (gsize k = 0; is_known && jacobian->coefficients[i] != 0 && k < POINTS; k++)
        y[k] += jacobian->coefficients[i] * columns[i * POINTS + k];
    }
  ag_model_input_clear (&input);
  ag_no_grad_end ();
  return is_known;
}

static const Manner by_copies = {
  .cost = 0.3,
  .n_copies = POINTS,
  .n_points = POINTS,
  .evaluate = evaluate_by_copies,
};

static const Manner by_points = {
  .cost = 60,
  .n_points = 1,
  .evaluate = evaluate_by_points,
};

static const Manner by_units = {
  .cost = 0.3,
  .n_points = POINTS,
  .evaluate = evaluate_by_units,
};

/* A model of scalars takes any tensors of one shape in their place, as all operations on them
 * are elementwise. */
static void
replace_by_copies (AgModel *model)
{
  for (guint i = 0; i < model->n_tensors; i++)
    {
      AgTensor *copies = ag_zeros (AG_DTYPE_FLOAT64, AG_SHAPE (POINTS));

      ag_tensor_set_requires_grad (copies, TRUE);
      ag_tensor_unref (model->tensors[i]);
      model->tensors[i] = ag_tensor_ref (copies);
    }
}

/**
 * ag_jacobian_new:
 * @klass: what kind of model; must live as long as the Jacobian
 * @error: return location for a #GError
 *
 * Makes what finds derivatives of a model's predictions by its parameters, by our own
 * differentiation, in double precision and on one thread of the processor.
 *
 * Returns: (transfer full) (nullable): it, or %NULL with @error set
 */
AgJacobian *
ag_jacobian_new (const AgModelClass *klass,
                 GError **error)
{
  AgDevice *device = ag_device_open ("cpu", 1, error);
  AgJacobian *jacobian;
  gboolean is_made;

  if (device == NULL)
    return NULL;
  jacobian = g_new0 (AgJacobian, 1);
  jacobian->manner = klass->is_linear ? &by_units : klass->tensors == NULL ? &by_copies
                                                                           : &by_points;
  jacobian->device = device;
  jacobian->coefficients = g_new0 (double, klass->n_parameters);
  jacobian->graph = ag_graph_new (device);
  ag_graph_enter (jacobian->graph);
  jacobian->model = ag_model_new (klass, AG_DTYPE_FLOAT64, AG_GENERATOR_TORCH, 0);
  if (jacobian->manner->n_copies > 0)
    replace_by_copies (jacobian->model);
  is_made = ag_graph_end_step (jacobian->graph, error);
  ag_graph_leave (jacobian->graph);
  if (!is_made)
    g_clear_pointer (&jacobian, ag_jacobian_free);
  return jacobian;
}

/**
 * ag_jacobian_free:
 * @jacobian: (transfer full): a Jacobian
 */
void
ag_jacobian_free (AgJacobian *jacobian)
{
  g_return_if_fail (jacobian != NULL);

  ag_graph_enter (jacobian->graph);
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    g_clear_pointer (&jacobian->tapes[i], ag_tape_free);
  ag_model_free (jacobian->model);
  ag_graph_leave (jacobian->graph);
  ag_graph_free (jacobian->graph);
  ag_device_unref (jacobian->device);
  g_free (jacobian->coefficients);
  g_free (jacobian);
}

/**
 * ag_jacobian_cost:
 * @jacobian: a Jacobian
 *
 * Returns: how long a derivative by one parameter at one point takes, in nanoseconds and
 *   roughly: a number that is the same on every machine, for deciding how much to do
 */
double
ag_jacobian_cost (const AgJacobian *jacobian)
{
  return jacobian->manner->cost;
}

/**
 * ag_jacobian_move_to:
 * @jacobian: a Jacobian
 * @coefficients: a value for each of the model's parameters
 *
 * Sets where the derivatives are taken.
 */
void
ag_jacobian_move_to (AgJacobian *jacobian,
                     const double *coefficients)
{
  memcpy (jacobian->coefficients, coefficients,
          sizeof (double) * jacobian->model->klass->n_parameters);
  jacobian->is_written = FALSE;
}

/* Where there are fewer points than in a pass, the last of them fills up the rest. */
static gboolean
evaluate (AgJacobian *jacobian,
          guint structure,
          gsize n,
          const double *x,
          double *y,
          double *columns,
          gsize stride,
          GError **error)
{
  const gsize n_points = jacobian->manner->n_points;
  const guint n_parameters = jacobian->model->klass->n_parameters;
  g_autofree double *part = g_new (double, n_points *n_parameters);
  double part_x[POINTS], part_y[POINTS];

  if (!jacobian->is_written && !write_coefficients (jacobian, error))
    return FALSE;
  jacobian->is_written = TRUE;
  for (gsize first = 0; first < n; first += n_points)
    {
      const gsize n_part = MIN (n - first, n_points);

      for (gsize i = 0; i < n_points; i++)
        part_x[i] = x[first + MIN (i, n_part - 1)];
      if (!jacobian->manner->evaluate (jacobian, structure, part_x, part_y, part, error))
        return FALSE;
      memcpy (y + first, part_y, sizeof (double) * n_part);
      for (guint i = 0; i < n_parameters; i++)
        memcpy (columns + i * stride + first, part + i * n_points, sizeof (double) * n_part);
    }
  return TRUE;
}

/**
 * ag_jacobian_evaluate:
 * @jacobian: a Jacobian
 * @structure: which of the model's structures
 * @n: number of points
 * @x: (array length=n): the points
 * @y: (out caller-allocates) (array length=n): what the model predicts there
 * @columns: (out caller-allocates): for each parameter, the derivatives of the predictions by
 *   it, (n_parameters, @n), a parameter's @stride numbers after that of the one before
 * @stride: at least @n
 * @error: return location for a #GError
 *
 * Finds out what a model predicts, and how that changes with its parameters. Five hundred
 * points of a model of scalars take some tens of microseconds; of one whose parameters are
 * matrices, milliseconds.
 *
 * Returns: whether all went well
 */
gboolean
ag_jacobian_evaluate (AgJacobian *jacobian,
                      guint structure,
                      gsize n,
                      const double *x,
                      double *y,
                      double *columns,
                      gsize stride,
                      GError **error)
{
  gboolean is_known;

  g_return_val_if_fail (stride >= n, FALSE);

  ag_graph_enter (jacobian->graph);
  is_known = evaluate (jacobian, structure, n, x, y, columns, stride, error);
  ag_graph_leave (jacobian->graph);
  return is_known;
}
