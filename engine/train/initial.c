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

/* The tries are compared on so many points at most, evenly taken from the data. */
#define MAX_TRIAL_POINTS 1024

/* The points on which starts are compared, in double precision. */
static AgData *
make_trial_data (const AgData *data)
{
  const gint64 n_all = ag_data_n_points (data);
  const gint64 n = MIN (n_all, MAX_TRIAL_POINTS);
  double x[MAX_TRIAL_POINTS], y[MAX_TRIAL_POINTS];

  for (gint64 i = 0; i < n; i++)
    ag_data_read (data, i * (n_all - 1) / (n - 1), 1, &x[i], &y[i]);
  return ag_data_new_values (ag_data_origin (data), n, x, y);
}

/* Initial values are drawn on a graph that nobody else knows. */
static AgGraph *
enter_graph (const AgRunSpec *spec,
             AgDevice **device,
             GError **error)
{
  AgGraph *graph;

  *device = ag_device_open ("cpu", 1, error);
  if (*device == NULL)
    return NULL;
  graph = ag_graph_new (*device);
  ag_graph_set_pytorch (graph, spec->pytorch);
  ag_graph_enter (graph);
  return graph;
}

static void
leave_graph (AgGraph *graph,
             AgDevice *device)
{
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
}

static gboolean
draw_initial (const AgRunSpec *spec,
              guint64 seed,
              double *coefficients,
              GError **error)
{
  g_autoptr (AgModel) model = ag_model_new (spec->program->model, spec->dtype,
                                            spec->program->generator, seed);

  /* Values are rounded to the element type when they are written, which the end of a step does. */
  return ag_graph_end_step (ag_graph_current (), error)
         && ag_run_spec_start (spec, model, coefficients, error)
         && ag_model_read (model, coefficients, error);
}

/* With the initial values of a seed. */
static gboolean
evaluate_seed (const AgRunSpec *spec,
               guint64 seed,
               AgProgram *program,
               double *loss,
               GError **error)
{
  g_autofree double *coefficients = g_new (double, spec->program->model->n_parameters);

  return draw_initial (spec, seed, coefficients, error)
         && ag_program_write (program, coefficients, error)
         && ag_program_evaluate_loss (program, loss, error);
}

static gboolean
find_best_seed (const AgRunSpec *spec,
                const AgData *data,
                guint64 *best,
                GError **error)
{
  const guint64 most = ag_generator_max_seed (spec->program->generator);
  AgData *trials = make_trial_data (data);
  g_autoptr (AgProgram) program = ag_program_new (spec->program, AG_DTYPE_FLOAT64, trials,
                                                  spec->seed, error);
  double least = INFINITY;

  ag_data_unref (trials);
  if (program == NULL)
    return FALSE;
  program->loss = spec->loss;
  program->delta = spec->delta;
  for (gint64 i = 0; i < spec->tries && spec->seed <= most - (guint64) i; i++)
    {
      double loss;

      if (!evaluate_seed (spec, spec->seed + (guint64) i, program, &loss, error))
        return FALSE;
      if (loss < least)
        {
          least = loss;
          *best = spec->seed + (guint64) i;
        }
    }
  return TRUE;
}

/**
 * ag_run_spec_best_seed:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @data: its points
 * @seed: (out): the seed that its initial values are drawn with
 * @error: return location for a #GError
 *
 * Of as many seeds as are to be tried, from that of the specification on, finds the one
 * whose initial values have the least loss on a thousand of the points: the run then is the
 * one of that seed. A try takes some tens of microseconds. The calling thread must be in no
 * graph.
 *
 * Returns: whether it was found
 */
gboolean
ag_run_spec_best_seed (const AgRunSpec *spec,
                       const AgData *data,
                       guint64 *seed,
                       GError **error)
{
  AgDevice *device;
  AgGraph *graph;
  gboolean success;

  *seed = spec->seed;
  if (spec->tries <= 1)
    return TRUE;
  graph = enter_graph (spec, &device, error);
  if (graph == NULL)
    return FALSE;
  success = find_best_seed (spec, data, seed, error);
  leave_graph (graph, device);
  return success;
}

/**
 * ag_run_spec_find_seed:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @seed: (out): the seed that its initial values are drawn with
 * @error: return location for a #GError
 *
 * Does what ag_run_spec_best_seed() does, for the data of a specification, which are made
 * only if there is more than one to try.
 *
 * Returns: whether it was found
 */
gboolean
ag_run_spec_find_seed (const AgRunSpec *spec,
                       guint64 *seed,
                       GError **error)
{
  g_autoptr (AgData) data = NULL;

  *seed = spec->seed;
  if (spec->tries <= 1)
    return TRUE;
  data = ag_run_spec_data (spec, error);
  return data != NULL && ag_run_spec_best_seed (spec, data, seed, error);
}

/**
 * ag_run_spec_initial:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @coefficients: (out caller-allocates): room for the program's parameters
 * @error: return location for a #GError
 *
 * Finds the coefficients that a run begins with, without making it: they follow
 * from the seed. This takes some tens of microseconds for each seed that is tried, however
 * many points the run has. The calling thread must be in no graph.
 *
 * Returns: whether they were found
 */
gboolean
ag_run_spec_initial (const AgRunSpec *spec,
                     double *coefficients,
                     GError **error)
{
  guint64 seed;
  AgDevice *device;
  AgGraph *graph;
  gboolean success;

  if (!ag_run_spec_find_seed (spec, &seed, error))
    return FALSE;
  graph = enter_graph (spec, &device, error);
  if (graph == NULL)
    return FALSE;
  success = draw_initial (spec, seed, coefficients, error);
  leave_graph (graph, device);
  return success;
}
