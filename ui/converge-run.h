/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/kept-run.h"
#include "train/run.h"

#include <glib-object.h>

G_BEGIN_DECLS

/* Of a run that has got none so far. */
#define CONVERGE_RUN_NO_COLOR G_MAXUINT

#define CONVERGE_TYPE_RUN (converge_run_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRun, converge_run, CONVERGE, RUN, GObject)

ConvergeRun *converge_run_new (void);
ConvergeRun *converge_run_new_kept (AgKeptRun *kept);
void converge_run_hold (ConvergeRun *self,
                        AgRun **run,
                        AgKeptRun **kept);
void converge_run_settle (ConvergeRun *self,
                          gint64 patience_us);
gboolean converge_run_can_go_on (ConvergeRun *self);
gboolean converge_run_prepare (ConvergeRun *self,
                               const AgRunSpec *spec,
                               GError **error);
gboolean converge_run_branch (ConvergeRun *self,
                              const AgRunSpec *spec,
                              ConvergeRun *origin,
                              gint64 step,
                              GError **error);
void converge_run_start (ConvergeRun *self);
void converge_run_pause (ConvergeRun *self);
void converge_run_step (ConvergeRun *self);
void converge_run_stop (ConvergeRun *self);
void converge_run_lay_down (ConvergeRun *self);
gsize converge_run_n_bytes (ConvergeRun *self);
gboolean converge_run_give_back (ConvergeRun *self);
gboolean converge_run_extend (ConvergeRun *self,
                              gint64 n_steps,
                              GError **error);
void converge_run_set_lr (ConvergeRun *self,
                          double lr);
double converge_run_lr (ConvergeRun *self);
void converge_run_set_pace (ConvergeRun *self,
                            double steps_per_second);

void converge_run_join (ConvergeRun *self,
                        AgRace *race);

gboolean converge_run_is_preparing (ConvergeRun *self,
                                    double *share);
gboolean converge_run_will_run (ConvergeRun *self);
gboolean converge_run_is_active (ConvergeRun *self);
gboolean converge_run_poll (ConvergeRun *self);
AgRun *converge_run_get (ConvergeRun *self);
const AgRunSpec *converge_run_spec (ConvergeRun *self);
const AgSnapshot *converge_run_snapshot (ConvergeRun *self);
const AgData *converge_run_data (ConvergeRun *self);
AgHistory *converge_run_history (ConvergeRun *self);
const AgTrace *converge_run_trace (ConvergeRun *self);
const AgClock *converge_run_clock (ConvergeRun *self);
AgMoments *converge_run_moments (ConvergeRun *self);
const AgRates *converge_run_rates (ConvergeRun *self);
const double *converge_run_initial (ConvergeRun *self);
const GError *converge_run_error (ConvergeRun *self);
const GError *converge_run_take_refusal (ConvergeRun *self);
gint64 converge_run_steps_to_near (ConvergeRun *self,
                                   double least);

guint64 converge_run_get_id (ConvergeRun *self);
const char *converge_run_get_name (ConvergeRun *self);
void converge_run_set_name (ConvergeRun *self,
                            const char *name);
guint converge_run_get_color (ConvergeRun *self);
void converge_run_set_color (ConvergeRun *self,
                             guint color);
gboolean converge_run_get_shown (ConvergeRun *self);
void converge_run_set_shown (ConvergeRun *self,
                             gboolean is_shown);
gboolean converge_run_get_pinned (ConvergeRun *self);
void converge_run_set_pinned (ConvergeRun *self,
                              gboolean is_pinned);

G_END_DECLS
