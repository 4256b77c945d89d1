/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-surface-view.h"
#include "converge-surface.h"
#include "plot/surface-plot.h"

G_BEGIN_DECLS

/**
 * ConvergeSurfaceKey:
 * @moments: the run
 * @n_steps: how many steps it has taken
 * @step: which moment is looked at
 * @has_kind: whether somebody chose @kind
 * @kind: what kind of plane
 * @parameters: over which parameters
 * @has_range: of each picture, whether it was zoomed
 * @range: to what
 * @others: a hash of the other runs
 * @start: where the run begins, before there is one
 * @program: what program it is
 * @optimum: (nullable): where it converges to
 *
 * All that a picture depends on. Two are compared byte by byte, so one begins as zeros.
 */
typedef struct
{
  gconstpointer moments;
  gint64 n_steps;
  gint64 step;
  gint64 has_kind;
  gint64 kind;
  gint64 parameters[2];
  gint64 has_range[CONVERGE_MAX_SURFACES];
  double range[CONVERGE_MAX_SURFACES][2][2];
  guint64 others;
  guint64 start;
  gconstpointer program;
  gconstpointer optimum;
} ConvergeSurfaceKey;

/**
 * ShownSurface:
 * @view: a picture
 * @plot: (nullable): what is in it
 * @field: (nullable): the loss in it
 * @axes: what its axes are, for which it was made
 */
typedef struct
{
  ConvergePlotView *view;
  ConvergePlot *plot;
  AgField *field;
  char *axes;
} ShownSurface;

/**
 * ConvergeSurfaceView:
 * @stack: the pictures, or a sentence why there are none
 * @nothing: that sentence
 * @plots: has the pictures
 * @kinds: what kind of plane
 * @across: which parameter is across
 * @up: and which up
 * @sentence: what has to be known to read the pictures
 * @export: what can be written
 * @settings: what runs are made of
 * @runs: of which the selected one is shown
 * @source: says what is to be seen
 * @source_data: given to it
 * @surface: finds it out
 * @shown: the pictures
 * @n_shown: how many of them can be seen
 * @spec: the run that is in them
 * @step: its moment
 * @least: the least loss
 * @runs_shown: (element-type ConvergeSurfaceRun): whose paths are in them
 * @asked: what was asked last
 * @is_stale: whether something else is to be asked
 * @model: (nullable): the model that the choices are for
 * @has_kind: whether somebody chose a kind of plane
 * @free: (element-type guint): the parameters that are not held
 * @hold: what is held
 * @is_filling: whether the choices are being filled
 * @zoomed: an idle call that looks at what was zoomed to
 * @start: a timeout after which a run is started
 * @start_place: where
 * @start_picture: in which picture
 */
struct _ConvergeSurfaceView
{
  GtkWidget parent_instance;

  GtkStack *stack;
  GtkLabel *nothing;
  GtkBox *plots;
  GtkDropDown *kinds;
  GtkDropDown *across;
  GtkDropDown *up;
  GtkLabel *sentence;
  GtkMenuButton *export;
  ConvergeSettings *settings;
  ConvergeRuns *runs;
  ConvergeSurfaceSource source;
  gpointer source_data;
  ConvergeSurface *surface;
  ShownSurface shown[CONVERGE_MAX_SURFACES];
  guint n_shown;
  AgRunSpec spec;
  gint64 step;
  double least;
  GArray *runs_shown;
  ConvergeSurfaceKey asked;
  gboolean is_stale;
  const AgModelClass *model;
  gboolean has_kind;
  GArray *free;
  const char *hold;
  gboolean is_filling;
  guint zoomed;
  guint start;
  double start_place[2];
  guint start_picture;
};

/* converge-surface-wish.c */
gboolean converge_surface_view_is_zoomed (ConvergeSurfaceView *self,
                                          guint index);
gboolean converge_surface_view_make_key (ConvergeSurfaceView *self,
                                         const ConvergeRunView *view,
                                         ConvergeSurfaceKey *key);
void converge_surface_view_make_wish (ConvergeSurfaceView *self,
                                      const ConvergeRunView *view,
                                      const ConvergeSurfaceKey *key,
                                      ConvergeSurfaceWish *wish);

/* converge-surface-choices.c */
gboolean converge_surface_view_fill (ConvergeSurfaceView *self,
                                     const AgRunSpec *spec);
void converge_surface_view_chosen (ConvergeSurfaceView *self,
                                   gboolean *has_kind,
                                   AgPlaneKind *kind,
                                   guint parameters[2]);
void converge_surface_view_show_kind (ConvergeSurfaceView *self,
                                      AgPlaneKind kind);

G_END_DECLS
