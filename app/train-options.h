/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run-options.h"

G_BEGIN_DECLS

/**
 * ConvergeTrainOptions:
 * @help: whether only the help is wanted
 * @from_run: (nullable): path of the run file that the run begins with
 * @spec: the run
 * @log_every: a line of the log is printed each so many steps
 * @loss_every: a row of the loss file is written each so many steps
 * @output: (nullable): folder for all files
 * @coefficients: (nullable): path of the coefficients' file
 * @loss_log: (nullable): path of the losses' file
 * @parameters: (nullable): path of the file of the parameters over the steps
 * @plot: (nullable): path of the picture
 * @script: (nullable): path of the script or notebook for PyTorch
 * @optimum: whether to print where the run converges to
 * @times: whether the loss file has a column of times
 * @explain: whether to say why the run stands where it does
 * @quiet: whether to say nothing but what went wrong
 * @fault: what is no formula, if that is what is wrong
 *
 * The options of `converge train`. The paths are those of the command line.
 */
typedef struct
{
  gboolean help;
  const char *from_run;
  AgRunSpec spec;
  gint64 log_every;
  gint64 loss_every;
  const char *output;
  const char *coefficients;
  const char *loss_log;
  const char *parameters;
  const char *plot;
  const char *script;
  gboolean optimum;
  gboolean times;
  gboolean explain;
  gboolean quiet;
  ConvergeFault fault;
} ConvergeTrainOptions;

extern const ConvergeRunCommand converge_train_command;

gboolean converge_train_options_parse (ConvergeTrainOptions *options,
                                       char *const *argv,
                                       GError **error);

G_END_DECLS
