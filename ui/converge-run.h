/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run-look.h"
#include "train/kept-run.h"
#include "train/run.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_RUN (converge_run_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRun, converge_run, CONVERGE, RUN, ConvergeRunLook)

ConvergeRun *converge_run_new (void);
ConvergeRun *converge_run_new_made (AgRun *run,
                                    double lr);
ConvergeRun *converge_run_new_kept (AgKeptRun *kept,
                                    AgRun *made);
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
gboolean converge_run_is_under_way (ConvergeRun *self);
gboolean converge_run_poll (ConvergeRun *self);
AgRun *converge_run_get (ConvergeRun *self);
const AgKeptRun *converge_run_get_kept (ConvergeRun *self);
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

/* How it looks is said of it as of a #ConvergeRunLook. */
#define converge_run_get_id(run) converge_run_look_get_id (CONVERGE_RUN_LOOK (run))
#define converge_run_get_name(run) converge_run_look_get_name (CONVERGE_RUN_LOOK (run))
#define converge_run_set_name(run, name) converge_run_look_set_name (CONVERGE_RUN_LOOK (run), name)
#define converge_run_get_color(run) converge_run_look_get_color (CONVERGE_RUN_LOOK (run))
#define converge_run_set_color(run, color) \
  converge_run_look_set_color (CONVERGE_RUN_LOOK (run), color)
#define converge_run_get_shown(run) converge_run_look_get_shown (CONVERGE_RUN_LOOK (run))
#define converge_run_set_shown(run, is_shown) \
  converge_run_look_set_shown (CONVERGE_RUN_LOOK (run), is_shown)
#define converge_run_get_pinned(run) converge_run_look_get_pinned (CONVERGE_RUN_LOOK (run))
#define converge_run_set_pinned(run, is_pinned) \
  converge_run_look_set_pinned (CONVERGE_RUN_LOOK (run), is_pinned)

G_END_DECLS
