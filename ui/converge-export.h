/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plots.h"

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * ConvergeExport:
 * @CONVERGE_EXPORT_COEFFICIENTS: the coefficients as CSV
 * @CONVERGE_EXPORT_LOSSES: the losses as CSV
 * @CONVERGE_EXPORT_PARAMETERS: the parameters over the steps as CSV
 * @CONVERGE_EXPORT_SCRIPT: the run as a script for PyTorch
 * @CONVERGE_EXPORT_NOTEBOOK: the same as a notebook
 * @CONVERGE_EXPORT_VIEW: a picture of what is to be seen
 * @CONVERGE_EXPORT_PLOT: a picture of the first kind of plot; the others follow
 *
 * What can be written into a file.
 */
typedef enum
{
  CONVERGE_EXPORT_COEFFICIENTS,
  CONVERGE_EXPORT_LOSSES,
  CONVERGE_EXPORT_PARAMETERS,
  CONVERGE_EXPORT_SCRIPT,
  CONVERGE_EXPORT_NOTEBOOK,
  CONVERGE_EXPORT_VIEW,
  CONVERGE_EXPORT_PLOT,
  CONVERGE_N_EXPORTS = CONVERGE_EXPORT_PLOT + CONVERGE_N_RUN_PLOTS,
} ConvergeExport;

/**
 * ConvergeExportSource:
 * @view: the run
 * @plots: a plot of each kind
 * @is_seen: which of them can be seen now
 *
 * Where what is written comes from.
 */
typedef struct
{
  ConvergeRunView view;
  ConvergePlot *plots[CONVERGE_N_RUN_PLOTS];
  gboolean is_seen[CONVERGE_N_RUN_PLOTS];
} ConvergeExportSource;

GMenuModel *converge_export_menu (void);
char *converge_export_file_name (ConvergeExport what,
                                 const AgRunSpec *spec);
gboolean converge_export_write (ConvergeExport what,
                                const ConvergeExportSource *source,
                                const char *path,
                                GError **error);
cairo_surface_t *converge_export_paint (ConvergeExport what,
                                        const ConvergeExportSource *source);

G_END_DECLS
