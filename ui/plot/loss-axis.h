/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plot.h"

G_BEGIN_DECLS

/**
 * ConvergeLossAxis:
 * @over: what it has
 * @scale: how much of that a step is, where each is as much
 * @n: number of marks of the run's clock
 * @steps: their steps
 * @times: their times
 *
 * Where along the horizontal axis the losses of a run are.
 */
typedef struct
{
  ConvergeLossOver over;
  double scale;
  guint n;
  double steps[AG_CLOCK_MAX_MARKS];
  double times[AG_CLOCK_MAX_MARKS];
} ConvergeLossAxis;

void converge_loss_axis_init (ConvergeLossAxis *axis,
                              const ConvergeRunView *view,
                              ConvergeLossOver over);
double converge_loss_axis_place (const ConvergeLossAxis *axis,
                                 double step);
double converge_loss_axis_step (const ConvergeLossAxis *axis,
                                double place);
double converge_loss_axis_end (const ConvergeLossAxis *axis,
                               const AgRunSpec *spec,
                               gint64 n_steps);
const char *converge_loss_axis_id (ConvergeLossOver over);
const char *converge_loss_axis_title (ConvergeLossOver over);
const char *converge_loss_axis_label (ConvergeLossOver over);

G_END_DECLS
