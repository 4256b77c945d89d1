/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"
#include "train/sweep.h"

#include <math.h>

G_BEGIN_DECLS

/**
 * ConvergeSweepQuantity:
 * @CONVERGE_SWEEP_LOSS: the loss after a run's last update
 * @CONVERGE_SWEEP_STEPS: after how many steps it was within 1 % of the least there is
 * @CONVERGE_SWEEP_PARAMETER: what a parameter ended as
 *
 * The number of each run that a plot of a sweep shows.
 */
typedef enum
{
  CONVERGE_SWEEP_LOSS,
  CONVERGE_SWEEP_STEPS,
  CONVERGE_SWEEP_PARAMETER,
} ConvergeSweepQuantity;

/**
 * ConvergeSweepLook:
 * @quantity: what is to be seen
 * @parameter: which parameter, where it is one
 * @above: a run that ends with a greater loss “stays above”; NaN for the loss that it
 *   began with
 * @now: the value that each swept setting has now, to be marked; NaN for none
 *
 * How a sweep is looked at.
 */
typedef struct
{
  ConvergeSweepQuantity quantity;
  guint parameter;
  double above;
  double now[AG_SWEEP_MAX_AXES];
} ConvergeSweepLook;

#define CONVERGE_SWEEP_LOOK_INIT              \
  {                                           \
    CONVERGE_SWEEP_LOSS, 0, NAN, { NAN, NAN } \
  }

ConvergePlot *converge_sweep_plot_new (AgSweep *sweep,
                                       const ConvergeSweepLook *look);
void converge_sweep_plot_update (ConvergePlot *plot,
                                 AgSweep *sweep,
                                 const ConvergeSweepLook *look);

/* map-plot.c */
ConvergePlot *converge_map_plot_new (AgSweep *sweep,
                                     guint curve,
                                     const ConvergeSweepLook *look);
void converge_map_plot_update (ConvergePlot *plot,
                               AgSweep *sweep,
                               guint curve,
                               const ConvergeSweepLook *look);

/* sweep-text.c */
char *converge_sweep_axis_title (const AgSweepAxis *axis);
char *converge_sweep_caption (AgSweep *sweep);
char *converge_sweep_describe (AgSweep *sweep);
char *converge_sweep_quantity_title (AgSweep *sweep,
                                     const ConvergeSweepLook *look);

G_END_DECLS
