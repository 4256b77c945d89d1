/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/loss-axis.h"

#include "plot/run-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Runs are compared by how many steps they take, by how much is computed for that, or by how long
 * it takes here. */

/* An axis of times has room for this from the start, in microseconds. */
#define SHORTEST_US 100

static const struct
{
  const char *id;
  const char *title;
  const char *label;
} kinds[CONVERGE_N_LOSS_OVER] = {
  [CONVERGE_LOSS_OVER_STEPS] = { "steps", N_ ("_Steps"), N_ ("step") },
  [CONVERGE_LOSS_OVER_EVALUATIONS]
  = { "evaluations", N_ ("Gradients of a _Point"), N_ ("gradients of a point") },
  [CONVERGE_LOSS_OVER_TIME] = { "time", N_ ("_Microseconds"), N_ ("µs of computing") },
};

/**
 * converge_loss_axis_id:
 * @over: what the axis has
 *
 * Returns: (transfer none): how actions name it
 */
const char *
converge_loss_axis_id (ConvergeLossOver over)
{
  return kinds[over].id;
}

/**
 * converge_loss_axis_title:
 * @over: what the axis has
 *
 * Returns: (transfer none): its name in a menu
 */
const char *
converge_loss_axis_title (ConvergeLossOver over)
{
  return _ (kinds[over].title);
}

/**
 * converge_loss_axis_label:
 * @over: what the axis has
 *
 * Returns: (transfer none): what stands along it
 */
const char *
converge_loss_axis_label (ConvergeLossOver over)
{
  return _ (kinds[over].label);
}

/**
 * converge_loss_axis_init:
 * @axis: (out): the axis
 * @view: a run
 * @over: what it is to have
 *
 * Finds where the losses of a run are along an axis: a step is one gradient of each of its points.
 */
void
converge_loss_axis_init (ConvergeLossAxis *axis,
                         const ConvergeRunView *view,
                         ConvergeLossOver over)
{
  axis->over = over;
  axis->scale = 1;
  axis->n = 0;
  if (over == CONVERGE_LOSS_OVER_EVALUATIONS)
    axis->scale = view->data != NULL ? (double) ag_data_n_points (view->data) : (double) view->spec->points;
  else if (over == CONVERGE_LOSS_OVER_TIME && view->clock != NULL)
    axis->n = ag_clock_read (view->clock, axis->steps, axis->times);
}

/**
 * converge_loss_axis_place:
 * @axis: the axis of a run
 * @step: a number of steps
 *
 * Returns: where it is, NaN where that is not known
 */
double
converge_loss_axis_place (const ConvergeLossAxis *axis,
                          double step)
{
  return axis->over == CONVERGE_LOSS_OVER_TIME
           ? ag_clock_interpolate (axis->n, axis->steps, axis->times, step)
           : step * axis->scale;
}

/**
 * converge_loss_axis_step:
 * @axis: the axis of a run
 * @place: a place along it
 *
 * Returns: the step that is there, NaN where that is not known
 */
double
converge_loss_axis_step (const ConvergeLossAxis *axis,
                         double place)
{
  return axis->over == CONVERGE_LOSS_OVER_TIME
           ? ag_clock_interpolate (axis->n, axis->times, axis->steps, place)
           : place / axis->scale;
}

/**
 * converge_loss_axis_end:
 * @axis: the axis of a run
 * @spec: that run
 * @n_steps: how many steps it has taken
 *
 * Returns: how far the axis goes at least, which does not change in every frame
 */
double
converge_loss_axis_end (const ConvergeLossAxis *axis,
                        const AgRunSpec *spec,
                        gint64 n_steps)
{
  const double now = converge_loss_axis_place (axis, (double) n_steps);

  if (axis->over != CONVERGE_LOSS_OVER_TIME)
    return axis->scale * converge_run_axis_end (spec, n_steps);
  if (n_steps >= spec->steps && now > 0)
    return now;
  return exp2 (ceil (log2 (fmax (now, SHORTEST_US))));
}
