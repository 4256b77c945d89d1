/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "train-options.h"

#include "train/setting.h"

#include <string.h>

#define PLACE(field) G_STRUCT_OFFSET (ConvergeTrainOptions, field)

static gboolean
apply_log_every (gpointer data,
                 const char *value,
                 GError **error)
{
  ConvergeTrainOptions *options = data;
  static const AgSetting log_every = {
    .title = "Log every",
    .kind = AG_SETTING_COUNT,
    .minimum = 1,
    .maximum = AG_RUN_MAX_STEPS,
  };

  if (!ag_setting_parse_kind (&log_every, value, &options->log_every, error))
    return FALSE;
  options->loss_every = options->log_every;
  return TRUE;
}

static const ConvergeOwnOption own[] = {
  { { "from-run", 0, "FILE", FALSE, CONVERGE_GROUP_RUN,
      "begin with the settings in a run.json, which further options override" },
    NULL,
    PLACE (from_run) },
  { { "log-every", 0, "N", FALSE, CONVERGE_GROUP_OUTPUT,
      "print the loss each so many steps, and write only these losses into the file, which else "
      "has every one" },
    apply_log_every },
  { { "output", 'o', "FOLDER", FALSE, CONVERGE_GROUP_OUTPUT,
      "write coefficients.csv, loss.csv, parameters.csv, fit.png and run.json into a folder" },
    NULL,
    PLACE (output) },
  { { "coefficients", 0, "FILE", FALSE, CONVERGE_GROUP_OUTPUT, "write the coefficients into a CSV file" },
    NULL,
    PLACE (coefficients) },
  { { "loss-log", 0, "FILE", FALSE, CONVERGE_GROUP_OUTPUT, "write the losses into a CSV file" },
    NULL,
    PLACE (loss_log) },
  { { "times", 0, NULL, FALSE, CONVERGE_GROUP_OUTPUT,
      "with the losses, write after how many microseconds of computing each step was taken" },
    NULL,
    PLACE (times) },
  { { "parameters", 0, "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "write the parameters over the steps into a CSV file" },
    NULL,
    PLACE (parameters) },
  { { "plot", 0, "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "draw fit and loss into a .png, .svg or .pdf file" },
    NULL,
    PLACE (plot) },
  { { "script", 0, "FILE", FALSE, CONVERGE_GROUP_OUTPUT,
      "write the run as a program for PyTorch: a .py script, or an .ipynb notebook" },
    NULL,
    PLACE (script) },
  { { "optimum", 0, NULL, FALSE, CONVERGE_GROUP_OUTPUT,
      "print the least squares solution at the end, or the best one found if the model is not "
      "linear, with standard errors" },
    NULL,
    PLACE (optimum) },
  { { "explain", 0, NULL, FALSE, CONVERGE_GROUP_OUTPUT,
      "say why the run stands where it does: whether it has arrived, still falls, swings, or blew "
      "up, and what is behind it" },
    NULL,
    PLACE (explain) },
  { { "quiet", 'q', NULL, FALSE, CONVERGE_GROUP_OUTPUT, "say nothing but what went wrong" },
    NULL,
    PLACE (quiet) },
  { { "help", 'h', NULL, FALSE, CONVERGE_GROUP_OUTPUT, "this text" }, NULL, PLACE (help) },
};

const ConvergeRunCommand converge_train_command = {
  .name = "converge train",
  .usage = "Usage: converge train [PROGRAM] [OPTION]…",
  .description = "Trains a program of the tutorial and prints its losses and its result. Without "
                 "PROGRAM it is “" CONVERGE_DEFAULT_PROGRAM "”. What no option says is as in the "
                 "tutorial; “converge list” shows the programs' and optimizers' defaults.",
  .ending = "Ctrl-C ends a run early and still writes its files. The exit status is 0 when "
            "the run was completed, 1 when it diverged or the device or a file failed, 2 "
            "when an argument makes no sense, and 130 after Ctrl-C.",
  .n_own = G_N_ELEMENTS (own),
  .own = own,
  .has_pace = TRUE,
};

/**
 * converge_train_options_parse:
 * @options: (out caller-allocates): what is asked for
 * @argv: (array zero-terminated=1): what was typed after “converge train”
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads the arguments of `converge train` and finds out whether a run can be
 * made with them.
 *
 * Returns: whether it can
 */
gboolean
converge_train_options_parse (ConvergeTrainOptions *options,
                              char *const *argv,
                              GError **error)
{
  memset (options, 0, sizeof *options);
  options->log_every = -1;
  options->loss_every = 1;
  if (!converge_run_command_parse (&converge_train_command, argv, options, &options->spec,
                                   &options->fault, error))
    return FALSE;
  /* If nothing is said, as often as the program does it in the tutorial. */
  if (options->log_every < 0)
    options->log_every = options->spec.program->log_every;
  return TRUE;
}
