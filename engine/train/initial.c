/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/initial.h"

#include "device/device.h"
#include "graph/graph.h"

#include <math.h>

/**
 * ag_run_spec_start:
 * @spec: a specification
 * @model: its program's model, whose parameters were drawn
 * @coefficients: (out caller-allocates): what it begins with
 * @error: return location for a #GError
 *
 * Gives a model the initial values that its run says, where those are not the
 * ones that were drawn.
 *
 * Returns: whether that succeeded
 */
gboolean
ag_run_spec_start (const AgRunSpec *spec,
                   AgModel *model,
                   double *coefficients,
                   GError **error)
{
  g_autofree double *values = ag_run_spec_init_values (spec);

  if (!ag_model_read (model, coefficients, error))
    return FALSE;
  if (values == NULL)
    return TRUE;
  for (guint i = 0; i < spec->program->model->n_parameters; i++)
    if (!isnan (values[i]))
      coefficients[i] = values[i];
  ag_model_write (model, coefficients);
  return ag_graph_end_step (ag_graph_current (), error);
}

/* On a graph that nobody else knows. */
static gboolean
find_initial (const AgRunSpec *spec,
              double *coefficients,
              GError **error)
{
  g_autoptr (AgModel) model = ag_model_new (spec->program->model, spec->dtype,
                                            spec->program->generator, spec->seed);

  /* What was written is in the element type once the step has ended. */
  return ag_graph_end_step (ag_graph_current (), error)
         && ag_run_spec_start (spec, model, coefficients, error)
         && ag_model_read (model, coefficients, error);
}

/**
 * ag_run_spec_initial:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @coefficients: (out caller-allocates): room for the program's parameters
 * @error: return location for a #GError
 *
 * Finds the coefficients that a run begins with, without making it: they follow
 * from the seed. This takes some tens of microseconds, however many points the run
 * has. The calling thread must be in no graph.
 *
 * Returns: whether they were found
 */
gboolean
ag_run_spec_initial (const AgRunSpec *spec,
                     double *coefficients,
                     GError **error)
{
  AgDevice *device = ag_device_open ("cpu", 1, error);
  AgGraph *graph;
  gboolean success;

  if (device == NULL)
    return FALSE;
  graph = ag_graph_new (device);
  ag_graph_set_pytorch (graph, spec->pytorch);
  ag_graph_enter (graph);
  success = find_initial (spec, coefficients, error);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
  return success;
}
