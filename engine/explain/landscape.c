/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/landscape.h"

#include "base/error.h"
#include "base/memory.h"
#include "device/work.h"
#include "graph/graph.h"
#include "graph/tape.h"
#include "train/machine.h"
#include "train/run-check.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The cube root of the rounding of double precision, with which central differences are
 * best: what is left out and what is rounded are of one size then.
 * See: Nocedal and Wright, Numerical Optimization, 8.1 */
#define STRIDE 6e-6

/* Its square root, for differences to one side only. */
#define ASIDE 1.5e-8

/**
 * AgLandscape:
 * @klass: the program
 * @device: what computes
 * @graph: where
 * @program: the program at work, in double precision
 * @work: (nullable): what cancels what takes long
 * @n: number of coefficients
 * @losses: of each structure, the evaluation of the loss, once that was recorded
 * @hessian: (nullable): the curvature of a loss that is quadratic, once it is known
 */
struct _AgLandscape
{
  const AgProgramClass *klass;
  AgDevice *device;
  AgGraph *graph;
  AgProgram *program;
  AgWork *work;
  guint n;
  AgTape *losses[AG_MODEL_MAX_STRUCTURES];
  double *hessian;
};

/**
 * ag_landscape_size:
 * @spec: a specification
 *
 * Returns: how much memory a landscape takes, in bytes: where there is room for the points of a run,
 *   there need not be any for them once more, in double precision
 */
guint64
ag_landscape_size (const AgRunSpec *spec)
{
  AgRunSpec exact = *spec;

  exact.dtype = AG_DTYPE_FLOAT64;
  return ag_run_spec_size_of_points (&exact);
}

/**
 * ag_landscape_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @data: its points
 * @work: (nullable): what cancels the making of it, and what it computes; lives longer
 * @error: return location for a #GError
 *
 * Makes the landscape of a run, on the processor.
 *
 * Returns: (transfer full) (nullable): the landscape, or %NULL with @error set
 */
AgLandscape *
ag_landscape_new (const AgRunSpec *spec,
                  AgData *data,
                  AgWork *work,
                  GError **error)
{
  AgLandscape *landscape;

  if (ag_landscape_size (spec) > ag_memory_recently_available ())
    {
      ag_memory_set_error (error, ag_landscape_size (spec));
      return NULL;
    }
  landscape = g_new0 (AgLandscape, 1);
  landscape->klass = spec->program;
  landscape->n = spec->program->model->n_parameters;
  landscape->work = work;
  landscape->device = ag_device_open ("cpu", 1, error);
  if (landscape->device == NULL)
    {
      ag_landscape_free (landscape);
      return NULL;
    }
  landscape->graph = ag_graph_new (landscape->device);
  ag_graph_set_pytorch (landscape->graph, spec->pytorch);
  ag_graph_enter (landscape->graph);
  ag_device_set_work (landscape->device, work);
  landscape->program = ag_program_new (spec->program, AG_DTYPE_FLOAT64, data, spec->seed, error);
  ag_device_set_work (landscape->device, NULL);
  if (landscape->program != NULL)
    ag_machine_set_up_program (landscape->program, spec);
  ag_graph_leave (landscape->graph);
  if (landscape->program == NULL)
    g_clear_pointer (&landscape, ag_landscape_free);
  return landscape;
}

/**
 * ag_landscape_free:
 * @landscape: (transfer full): a landscape
 *
 * Frees it.
 */
void
ag_landscape_free (AgLandscape *landscape)
{
  if (landscape->graph != NULL)
    {
      ag_graph_enter (landscape->graph);
      for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
        g_clear_pointer (&landscape->losses[i], ag_tape_free);
      g_clear_pointer (&landscape->program, ag_program_free);
      ag_graph_leave (landscape->graph);
      ag_graph_free (landscape->graph);
    }
  g_clear_pointer (&landscape->device, ag_device_unref);
  g_free (landscape->hessian);
  g_free (landscape);
}

/**
 * ag_landscape_set_work:
 * @landscape: a landscape
 * @work: (nullable): what cancels what it computes from now on; lives as long
 */
void
ag_landscape_set_work (AgLandscape *landscape,
                       AgWork *work)
{
  landscape->work = work;
}

/**
 * ag_landscape_n:
 * @landscape: a landscape
 *
 * Returns: how many coefficients there are
 */
guint
ag_landscape_n (const AgLandscape *landscape)
{
  return landscape->n;
}

static gboolean
check_wanted (const AgLandscape *landscape,
              GError **error)
{
  if (landscape->work == NULL || !ag_work_is_cancelled (landscape->work))
    return TRUE;
  g_set_error_literal (error, AG_ERROR, AG_ERROR_CANCELLED,
                       _ ("The step was not explained to the end, since it is not wanted any "
                          "more."));
  return FALSE;
}

/* A structure need not have every parameter in it, and one that is held has no gradient. */
static gboolean
look (AgLandscape *landscape,
      const double *coefficients,
      guint structure,
      double *loss,
      double *gradient,
      GError **error)
{
  AgProgram *program = landscape->program;
  AgTensor *result;
  gboolean success;

  if (!ag_program_write (program, coefficients, error))
    return FALSE;
  for (guint i = 0; i < program->model->n_tensors; i++)
    ag_tensor_set_grad (program->model->tensors[i], NULL);
  program->input.structure = structure;
  result = ag_tensor_ref (ag_program_record (program));
  success = ag_graph_end_step (landscape->graph, error) && ag_tensor_item (result, loss, error)
            && ag_program_read_gradients (program, gradient, error);
  ag_tensor_unref (result);
  for (guint i = 0; i < landscape->n; i++)
    if (isnan (gradient[i]) && isfinite (*loss))
      gradient[i] = 0;
  return success;
}

/**
 * ag_landscape_at:
 * @landscape: a landscape
 * @coefficients: where, a value for each
 * @structure: which of the model's structures
 * @loss: (out): the loss there
 * @gradient: (out caller-allocates): its derivative by each coefficient
 * @error: return location for a #GError
 *
 * Returns: whether all went well
 */
gboolean
ag_landscape_at (AgLandscape *landscape,
                 const double *coefficients,
                 guint structure,
                 double *loss,
                 double *gradient,
                 GError **error)
{
  gboolean success;

  if (!check_wanted (landscape, error))
    return FALSE;
  ag_graph_enter (landscape->graph);
  success = look (landscape, coefficients, structure, loss, gradient, error);
  ag_graph_leave (landscape->graph);
  return success;
}

/* It is recorded once, since a surface evaluates it at many thousand places, and to record it takes
 * longer than to compute it for some hundred points. */
static gboolean
evaluate_loss (AgLandscape *landscape,
               guint structure,
               double *loss,
               GError **error)
{
  AgProgram *program = landscape->program;
  AgTape **tape = &landscape->losses[structure];
  AgTensor *result;
  gboolean success;

  program->input.structure = structure;
  if (*tape != NULL)
    {
      result = ag_tape_play (*tape, error);
      success = result != NULL && ag_tensor_item (result, loss, error);
    }
  else
    {
      result = ag_program_record_loss (program);
      success = ag_graph_end_step_taped (landscape->graph, result, tape, error)
                && ag_tensor_item (result, loss, error);
    }
  ag_tensor_clear (&result);
  return success;
}

/**
 * ag_landscape_loss:
 * @landscape: a landscape
 * @coefficients: where, a value for each
 * @loss: (out): the loss there
 * @error: return location for a #GError
 *
 * Finds the loss without its derivatives, which takes half the time. Of a model with several
 * structures it is the mean over them.
 *
 * Returns: whether all went well
 */
gboolean
ag_landscape_loss (AgLandscape *landscape,
                   const double *coefficients,
                   double *loss,
                   GError **error)
{
  AgProgram *program = landscape->program;
  const guint n_structures = MAX (1, landscape->klass->model->n_structures);
  gboolean success;

  if (!check_wanted (landscape, error))
    return FALSE;
  ag_graph_enter (landscape->graph);
  success = ag_program_write (program, coefficients, error);
  *loss = 0;
  for (guint i = 0; i < n_structures && success; i++)
    {
      double part;

      success = evaluate_loss (landscape, i, &part, error);
      *loss += part / n_structures;
    }
  ag_graph_leave (landscape->graph);
  return success;
}

/**
 * ag_landscape_slope:
 * @landscape: a landscape
 * @coefficients: where, a value for each
 * @gradient: (out caller-allocates): the derivative of ag_landscape_loss() by each coefficient
 * @error: return location for a #GError
 *
 * Returns: whether all went well
 */
gboolean
ag_landscape_slope (AgLandscape *landscape,
                    const double *coefficients,
                    double *gradient,
                    GError **error)
{
  const guint n_structures = MAX (1, landscape->klass->model->n_structures);
  g_autofree double *part = g_new (double, landscape->n);
  double loss;

  memset (gradient, 0, sizeof (double) * landscape->n);
  for (guint i = 0; i < n_structures; i++)
    {
      if (!ag_landscape_at (landscape, coefficients, i, &loss, part, error))
        return FALSE;
      for (guint k = 0; k < landscape->n; k++)
        gradient[k] += part[k] / n_structures;
    }
  return TRUE;
}

/**
 * ag_landscape_is_quadratic:
 * @landscape: a landscape
 *
 * Returns: whether the loss is a quadratic function of the coefficients, whose curvature is
 *   the same everywhere
 */
gboolean
ag_landscape_is_quadratic (const AgLandscape *landscape)
{
  return landscape->klass->model->is_linear && landscape->program->loss->kind == AG_LOSS_MSE;
}

/* How far to go for a difference. Of a loss that is quadratic a stride of 1 loses fewest
 * digits. */
static double
stride_of (const AgLandscape *landscape,
           double stride,
           double coefficient)
{
  return ag_landscape_is_quadratic (landscape) ? 1 : stride * fmax (1, fabs (coefficient));
}

/**
 * ag_landscape_hessian:
 * @landscape: a landscape
 * @coefficients: where
 * @structure: which of the model's structures
 * @hessian: (out caller-allocates): the second derivatives of the loss, (n, n)
 * @error: return location for a #GError
 *
 * Finds the curvature by differences of gradients, one for each coefficient. Of a loss that is
 * quadratic that is exact but for rounding, and found where coefficients are 0, however great
 * they are; else it is found to about eight digits.
 *
 * Returns: whether all went well
 */
gboolean
ag_landscape_hessian (AgLandscape *landscape,
                      const double *coefficients,
                      guint structure,
                      double *hessian,
                      GError **error)
{
  const guint n = landscape->n;
  const gboolean is_quadratic = ag_landscape_is_quadratic (landscape);
  g_autofree double *at = g_new0 (double, n);
  g_autofree double *gradient = g_new (double, n);
  g_autofree double *aside = g_new (double, n);
  double loss;

  if (landscape->hessian != NULL)
    {
      memcpy (hessian, landscape->hessian, sizeof (double) * n * n);
      return TRUE;
    }
  if (!is_quadratic)
    memcpy (at, coefficients, sizeof (double) * n);
  if (!ag_landscape_at (landscape, at, structure, &loss, gradient, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    {
      const double here = at[i], stride = stride_of (landscape, ASIDE, here);

      at[i] = here + stride;
      if (!ag_landscape_at (landscape, at, structure, &loss, aside, error))
        return FALSE;
      at[i] = here;
      for (guint j = 0; j < n; j++)
        hessian[i * n + j] = (aside[j] - gradient[j]) / stride;
    }
  /* The two halves of the Hessian differ by no more than rounding; it becomes symmetric. */
  for (guint i = 0; i < n; i++)
    for (guint j = 0; j < i; j++)
      hessian[i * n + j] = hessian[j * n + i] = (hessian[i * n + j] + hessian[j * n + i]) / 2;
  if (is_quadratic)
    landscape->hessian = g_memdup2 (hessian, sizeof (double) * n * n);
  return TRUE;
}

static double
greatest (guint n,
          const double *numbers)
{
  double most = 0;

  for (guint i = 0; i < n; i++)
    most = fmax (most, fabs (numbers[i]));
  return most;
}

static void
multiply (guint n,
          const double *matrix,
          const double *vector,
          double *product)
{
  for (guint i = 0; i < n; i++)
    {
      product[i] = 0;
      for (guint j = 0; j < n; j++)
        product[i] += matrix[i * n + j] * vector[j];
    }
}

/**
 * ag_landscape_product:
 * @landscape: a landscape
 * @coefficients: where
 * @structure: which of the model's structures
 * @vector: a vector v of any length
 * @product: (out caller-allocates): H v, H being the second derivatives of the loss there
 * @error: return location for a #GError
 *
 * Finds how the slope changes along a vector, from two gradients instead of those for all
 * coefficients; a loss that is quadratic has the same curvature everywhere, which is kept.
 *
 * Returns: whether all went well
 */
gboolean
ag_landscape_product (AgLandscape *landscape,
                      const double *coefficients,
                      guint structure,
                      const double *vector,
                      double *product,
                      GError **error)
{
  const guint n = landscape->n;
  const double length = greatest (n, vector);
  const double stride = STRIDE * fmax (1, greatest (n, coefficients)) / length;
  g_autofree double *at = g_new (double, n);
  g_autofree double *down = g_new (double, n);
  double loss;

  memset (product, 0, sizeof (double) * n);
  if (length == 0)
    return TRUE;
  if (ag_landscape_is_quadratic (landscape))
    {
      g_autofree double *hessian = g_new (double, n *n);

      if (!ag_landscape_hessian (landscape, coefficients, structure, hessian, error))
        return FALSE;
      multiply (n, hessian, vector, product);
      return TRUE;
    }
  for (guint i = 0; i < n; i++)
    at[i] = coefficients[i] + stride * vector[i];
  if (!ag_landscape_at (landscape, at, structure, &loss, product, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    at[i] = coefficients[i] - stride * vector[i];
  if (!ag_landscape_at (landscape, at, structure, &loss, down, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    product[i] = (product[i] - down[i]) / (2 * stride);
  return TRUE;
}
