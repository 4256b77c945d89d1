/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-surface.h"
#include "plot/run-plots.h"
#include "plot/sweep-plot.h"

#include <cairo.h>
#include <gio/gio.h>

G_BEGIN_DECLS

/* A sweep of one setting, and a map of two. */
#define CONVERGE_N_SWEEPS 2

/**
 * ConvergeExport:
 * @CONVERGE_EXPORT_COEFFICIENTS: the coefficients as CSV
 * @CONVERGE_EXPORT_LOSSES: the losses as CSV
 * @CONVERGE_EXPORT_PARAMETERS: the parameters over the steps as CSV
 * @CONVERGE_EXPORT_SCRIPT: the run as a script for PyTorch
 * @CONVERGE_EXPORT_NOTEBOOK: the same as a notebook
 * @CONVERGE_EXPORT_SWEEP: the runs of the sweep as CSV
 * @CONVERGE_EXPORT_MAP: those of the map
 * @CONVERGE_EXPORT_SWEEP_PICTURE: a picture of the sweep
 * @CONVERGE_EXPORT_MAP_PICTURE: one of the map
 * @CONVERGE_EXPORT_SURFACE: the loss over two parameters as CSV
 * @CONVERGE_EXPORT_SURFACE_PICTURE: a picture of it
 * @CONVERGE_EXPORT_VIEW: a picture of what is to be seen
 * @CONVERGE_EXPORT_PLOT: a picture of the first kind of plot; the others follow
 *
 * The things that can be written into a file.
 */
typedef enum
{
  CONVERGE_EXPORT_COEFFICIENTS,
  CONVERGE_EXPORT_LOSSES,
  CONVERGE_EXPORT_PARAMETERS,
  CONVERGE_EXPORT_SCRIPT,
  CONVERGE_EXPORT_NOTEBOOK,
  CONVERGE_EXPORT_SWEEP,
  CONVERGE_EXPORT_MAP,
  CONVERGE_EXPORT_SWEEP_PICTURE,
  CONVERGE_EXPORT_MAP_PICTURE,
  CONVERGE_EXPORT_SURFACE,
  CONVERGE_EXPORT_SURFACE_PICTURE,
  CONVERGE_EXPORT_VIEW,
  CONVERGE_EXPORT_PLOT,
  CONVERGE_N_EXPORTS = CONVERGE_EXPORT_PLOT + CONVERGE_N_RUN_PLOTS,
} ConvergeExport;

/**
 * ConvergeExportSource:
 * @view: the run
 * @plots: a plot of each kind
 * @is_seen: which of them can be seen now
 * @sweeps: (nullable): what there is of the sweep, and of the map
 * @looks: how each is looked at
 * @n_surfaces: number of @surfaces
 * @surfaces: plots of the loss over two parameters
 * @surface_spec: the run that these are of
 * @field: the loss in the first of them
 * @least: the least loss
 *
 * Where what is written comes from.
 */
typedef struct
{
  ConvergeRunView view;
  ConvergePlot *plots[CONVERGE_N_RUN_PLOTS];
  gboolean is_seen[CONVERGE_N_RUN_PLOTS];
  AgSweep *sweeps[CONVERGE_N_SWEEPS];
  ConvergeSweepLook looks[CONVERGE_N_SWEEPS];
  guint n_surfaces;
  ConvergePlot *surfaces[CONVERGE_MAX_SURFACES];
  const AgRunSpec *surface_spec;
  const AgField *field;
  double least;
} ConvergeExportSource;

GMenuModel *converge_export_menu (void);
GMenuModel *converge_export_sweep_menu (guint sweep);
GMenuModel *converge_export_surface_menu (void);
const AgRunSpec *converge_export_find_spec (ConvergeExport what,
                                            const ConvergeExportSource *source);
char *converge_export_file_name (ConvergeExport what,
                                 const AgRunSpec *spec);
gboolean converge_export_write (ConvergeExport what,
                                const ConvergeExportSource *source,
                                const char *path,
                                GError **error);
cairo_surface_t *converge_export_paint (ConvergeExport what,
                                        const ConvergeExportSource *source);

G_END_DECLS
