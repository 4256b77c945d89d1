/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "run-options.h"

#include "surface/plane.h"

G_BEGIN_DECLS

/**
 * ConvergeSurfaceOptions:
 * @help: whether only the help is wanted
 * @from_run: (nullable): path of the run file that the run begins with
 * @step: number of the moment, −1 for the newest
 * @has_kind: whether somebody chose @kind
 * @kind: what kind of plane
 * @over: (nullable): two parameters, as typed
 * @dark: whether the picture is bright on dark
 * @output: (nullable): path of the file
 * @fault: what is no formula, if that is what is wrong
 * @spec: the run
 *
 * The options of `converge surface`. The paths are those of the command line.
 */
typedef struct
{
  gboolean help;
  const char *from_run;
  gint64 step;
  gboolean has_kind;
  AgPlaneKind kind;
  const char *over;
  gboolean dark;
  const char *output;
  ConvergeFault fault;
  AgRunSpec spec;
} ConvergeSurfaceOptions;

extern const ConvergeRunCommand converge_surface_command;

gboolean converge_surface_options_parse (ConvergeSurfaceOptions *options,
                                         char *const *argv,
                                         GError **error);
gboolean converge_surface_options_find_parameters (const ConvergeSurfaceOptions *options,
                                                   guint parameters[2],
                                                   GError **error);

G_END_DECLS
