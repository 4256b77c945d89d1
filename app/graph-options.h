/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run-options.h"

G_BEGIN_DECLS

/**
 * ConvergeGraphOptions:
 * @help: whether only the help is wanted
 * @from_run: (nullable): path of the run file that the run begins with
 * @step: number of the step, counted from 0 as in the logs
 * @probe: number of the point that vectors are looked at, −1 if nobody said
 * @show: (nullable): the parts of the step that are shown, as typed
 * @stops: the same as a set, 0 for those that suit
 * @opened: the parts of which every operation is shown, as a set
 * @closed: whether a custom Function is a single box
 * @dark: whether the picture is bright on dark
 * @output: (nullable): path of the file
 * @fault: what is no formula, if that is what is wrong
 * @spec: the run
 *
 * The options of `converge graph`. The paths are those of the command line.
 */
typedef struct
{
  gboolean help;
  const char *from_run;
  gint64 step;
  gint64 probe;
  const char *show;
  guint stops;
  guint opened;
  gboolean closed;
  gboolean dark;
  const char *output;
  ConvergeFault fault;
  AgRunSpec spec;
} ConvergeGraphOptions;

extern const ConvergeRunCommand converge_graph_command;

gboolean converge_graph_options_parse (ConvergeGraphOptions *options,
                                       char *const *argv,
                                       GError **error);

G_END_DECLS
