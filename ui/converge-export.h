/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"
#include "train/history.h"
#include "train/run.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

/**
 * ConvergeExport:
 * @CONVERGE_EXPORT_COEFFICIENTS: the coefficients as CSV
 * @CONVERGE_EXPORT_LOSSES: the losses as CSV
 * @CONVERGE_EXPORT_FIT: a picture of the fit
 * @CONVERGE_EXPORT_LOSS: a picture of the loss
 * @CONVERGE_EXPORT_VIEW: a picture of both
 *
 * What can be written into a file.
 */
typedef enum
{
  CONVERGE_EXPORT_COEFFICIENTS,
  CONVERGE_EXPORT_LOSSES,
  CONVERGE_EXPORT_FIT,
  CONVERGE_EXPORT_LOSS,
  CONVERGE_EXPORT_VIEW,
  CONVERGE_N_EXPORTS,
} ConvergeExport;

/**
 * ConvergeExportSource:
 * @run: the run
 * @snapshot: its state
 * @initial: the coefficients it began with
 * @history: its losses
 * @fit: the plot of the fit
 * @loss: the plot of the losses
 *
 * Where what is written comes from.
 */
typedef struct
{
  const AgRun *run;
  const AgSnapshot *snapshot;
  const double *initial;
  AgHistory *history;
  ConvergePlot *fit;
  ConvergePlot *loss;
} ConvergeExportSource;

char *converge_export_file_name (ConvergeExport what,
                                 const AgRun *run);
gboolean converge_export_write (ConvergeExport what,
                                const ConvergeExportSource *source,
                                const char *path,
                                GError **error);

G_END_DECLS
