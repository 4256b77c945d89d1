/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_SESSION (converge_session_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSession, converge_session, CONVERGE, SESSION, GObject)

ConvergeSession *converge_session_new (void);
gboolean converge_session_prepare (ConvergeSession *self,
                                   const AgRunSpec *spec,
                                   GError **error);
void converge_session_start (ConvergeSession *self);
void converge_session_pause (ConvergeSession *self);
void converge_session_step (ConvergeSession *self);
void converge_session_stop (ConvergeSession *self);
void converge_session_reset (ConvergeSession *self);
gboolean converge_session_extend (ConvergeSession *self,
                                  gint64 n_steps,
                                  GError **error);
void converge_session_set_lr (ConvergeSession *self,
                              double lr);
double converge_session_lr (ConvergeSession *self);
void converge_session_set_pace (ConvergeSession *self,
                                double steps_per_second);

gboolean converge_session_is_preparing (ConvergeSession *self,
                                        double *share);
gboolean converge_session_will_run (ConvergeSession *self);
gboolean converge_session_is_active (ConvergeSession *self);
gboolean converge_session_poll (ConvergeSession *self);
const AgRunSpec *converge_session_run (ConvergeSession *self);
const AgSnapshot *converge_session_snapshot (ConvergeSession *self);
AgHistory *converge_session_history (ConvergeSession *self);
const AgTrace *converge_session_trace (ConvergeSession *self);
AgMoments *converge_session_moments (ConvergeSession *self);
const AgRates *converge_session_rates (ConvergeSession *self);
const double *converge_session_initial (ConvergeSession *self);
const GError *converge_session_error (ConvergeSession *self);

G_END_DECLS
