/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-question.h"

#include "train/moment.h"
#include "train/run-spec.h"
#include "train/snapshot.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_STATUS_BAR (converge_status_bar_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeStatusBar, converge_status_bar, CONVERGE, STATUS_BAR, GtkWidget)

void converge_status_bar_update (ConvergeStatusBar *self,
                                 const AgRunSpec *spec,
                                 const AgSnapshot *snapshot,
                                 const AgMoment *moment);
void converge_status_bar_explain (ConvergeStatusBar *self,
                                  const char *sentence);
void converge_status_bar_show_preparation (ConvergeStatusBar *self,
                                           double share);
ConvergeQuestion *converge_status_bar_get_question (ConvergeStatusBar *self);
const char *converge_state_title (AgTrainerState state);

G_END_DECLS
