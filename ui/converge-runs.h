/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run.h"

#include <gio/gio.h>

G_BEGIN_DECLS

/* The step of the newest moment, whichever that is. */
#define CONVERGE_LIVE ((gint64) -1)

#define CONVERGE_TYPE_RUNS (converge_runs_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRuns, converge_runs, CONVERGE, RUNS, GObject)

ConvergeRuns *converge_runs_new (void);
ConvergeRun *converge_runs_begin (ConvergeRuns *self,
                                  const AgRunSpec *spec,
                                  GError **error);
ConvergeRun *converge_runs_branch (ConvergeRuns *self,
                                   const AgRunSpec *spec,
                                   gint64 step,
                                   GError **error);
void converge_runs_add (ConvergeRuns *self,
                        ConvergeRun *run);
void converge_runs_remove (ConvergeRuns *self,
                           ConvergeRun *run);
void converge_runs_insert (ConvergeRuns *self,
                           guint position,
                           ConvergeRun *run);
void converge_runs_move (ConvergeRuns *self,
                         ConvergeRun *run,
                         guint position);
guint converge_runs_find (ConvergeRuns *self,
                          ConvergeRun *run);
ConvergeRun *converge_runs_nth (ConvergeRuns *self,
                                guint position);
guint converge_runs_n (ConvergeRuns *self);
guint converge_runs_next_color (ConvergeRuns *self);
ConvergeRun *converge_runs_get_selected (ConvergeRuns *self);
void converge_runs_set_selected (ConvergeRuns *self,
                                 ConvergeRun *run);
gint64 converge_runs_get_step (ConvergeRuns *self);
void converge_runs_set_step (ConvergeRuns *self,
                             gint64 step);
void converge_runs_go_to (ConvergeRuns *self,
                          gint64 step);
AgMoment *converge_runs_get_moment (ConvergeRuns *self);

G_END_DECLS
