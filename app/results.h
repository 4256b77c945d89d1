/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train-options.h"

#include "train/optimum.h"
#include "train/trainer.h"

G_BEGIN_DECLS

/**
 * ConvergeResult:
 * @CONVERGE_RESULT_COEFFICIENTS: the coefficients, CSV
 * @CONVERGE_RESULT_LOSSES: the losses, CSV
 * @CONVERGE_RESULT_PARAMETERS: the parameters over the steps, CSV
 * @CONVERGE_RESULT_PLOT: the picture
 * @CONVERGE_RESULT_SCRIPT: the run as a program for PyTorch
 * @CONVERGE_RESULT_SETTINGS: what the run was made with, JSON
 *
 * The files a run may leave.
 */
typedef enum
{
  CONVERGE_RESULT_COEFFICIENTS,
  CONVERGE_RESULT_LOSSES,
  CONVERGE_RESULT_PARAMETERS,
  CONVERGE_RESULT_PLOT,
  CONVERGE_RESULT_SCRIPT,
  CONVERGE_RESULT_SETTINGS,
  CONVERGE_N_RESULTS,
} ConvergeResult;

/**
 * ConvergeResults:
 * @paths: path of each file, %NULL where none is wanted
 * @log_every: the script prints a line each so many steps
 * @loss_every: a row of the losses is written each so many steps
 * @has_times: whether with the time
 * @made: (nullable): the folders that were made for them
 *
 * Where the files of a run go.
 */
typedef struct
{
  char *paths[CONVERGE_N_RESULTS];
  gint64 log_every;
  gint64 loss_every;
  gboolean has_times;
  GPtrArray *made;
} ConvergeResults;

gboolean converge_results_prepare (ConvergeResults *results,
                                   const ConvergeTrainOptions *options,
                                   GError **error);
void converge_results_clear (ConvergeResults *results);
gboolean converge_results_have_optimum (const ConvergeResults *results);
gboolean converge_results_write (const ConvergeResults *results,
                                 AgTrainer *trainer,
                                 const AgSnapshot *snapshot,
                                 const AgOptimum *optimum);
char *converge_results_list (const ConvergeResults *results);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ConvergeResults, converge_results_clear)

G_END_DECLS
