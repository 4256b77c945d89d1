/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/initial.h"

#include "device/device.h"
#include "graph/graph.h"

#include <math.h>

/* The values of parameters do not depend on the data, of which the fewest will do
 * to make a program. */
#define FEWEST_POINTS 2

/**
 * ag_run_spec_start:
 * @spec: a specification
 * @program: its program, whose parameters were drawn
 * @coefficients: (out caller-allocates): what it begins with
 * @error: return location for a #GError
 *
 * Gives a program the initial values that its run says, where those are not the
 * ones that were drawn.
 *
 * Returns: whether that succeeded
 */
gboolean
ag_run_spec_start (const AgRunSpec *spec,
                   AgProgram *program,
                   double *coefficients,
                   GError **error)
{
  if (!ag_program_read (program, coefficients, error))
    return FALSE;
  if (spec->init == AG_INIT_SEED)
    return TRUE;
  for (guint i = 0; i < spec->program->n_parameters; i++)
    {
      double value = spec->init == AG_INIT_PUBLISHED ? spec->program->parameters[i].published
                                                     : spec->values[i];

      if (!isnan (value))
        coefficients[i] = value;
    }
  return ag_program_write (program, coefficients, error);
}

/* On a graph that nobody else knows. */
static gboolean
find_initial (const AgRunSpec *spec,
              double *coefficients,
              GError **error)
{
  g_autoptr (AgData) data = ag_data_new_formula (spec->target, spec->x_minimum, spec->x_maximum,
                                                 FEWEST_POINTS, error);
  AgProgram *program;
  gboolean success;

  if (data == NULL)
    return FALSE;
  program = ag_program_new (spec->program, spec->dtype, data, spec->seed, error);
  if (program == NULL)
    return FALSE;
  /* What was written is in the element type once the step has ended. */
  success = ag_run_spec_start (spec, program, coefficients, error)
            && ag_program_read (program, coefficients, error);
  ag_program_free (program);
  return success;
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
  ag_graph_enter (graph);
  success = find_initial (spec, coefficients, error);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
  return success;
}
