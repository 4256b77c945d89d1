/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run-options.h"

#include "plot/sweep-plot.h"

G_BEGIN_DECLS

/**
 * ConvergeSweepOptions:
 * @help: whether only the help is wanted
 * @from_run: (nullable): path of the run file that the runs begin with
 * @optimizers: (nullable): the optimizers of which there is a curve each, as typed
 * @seeds: (nullable): the seeds of which there is one each, as typed
 * @count: how many values a range has; 0 for as many as suit
 * @output: (nullable): path of the table
 * @plot: (nullable): path of the picture
 * @show: (nullable): what the picture shows of each run, as typed
 * @look: the same, understood
 * @quiet: whether to say nothing but what went wrong
 * @fault: what is no formula, if that is what is wrong
 * @specs: (element-type AgRunSpec): a run for each curve
 * @axes: (element-type AgSweepAxis): what differs along the curves
 *
 * The options of `converge sweep`. The paths are those of the command line.
 */
typedef struct
{
  gboolean help;
  const char *from_run;
  const char *optimizers;
  const char *seeds;
  gint64 count;
  const char *output;
  const char *plot;
  const char *show;
  ConvergeSweepLook look;
  gboolean quiet;
  ConvergeFault fault;
  GArray *specs;
  GPtrArray *axes;
} ConvergeSweepOptions;

extern const ConvergeRunCommand converge_sweep_command;

gboolean converge_sweep_options_parse (ConvergeSweepOptions *options,
                                       char *const *argv,
                                       GError **error);
void converge_sweep_options_clear (ConvergeSweepOptions *options);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvergeSweepOptions, converge_sweep_options_clear)

G_END_DECLS
