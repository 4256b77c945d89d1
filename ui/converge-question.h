/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "converge-settings.h"
#include "converge-why.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_QUESTION (converge_question_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeQuestion, converge_question, CONVERGE, QUESTION, GtkWidget)

void converge_question_set_up (ConvergeQuestion *self,
                               ConvergeSettings *settings,
                               ConvergeRuns *runs);
gboolean converge_question_is_asked (ConvergeQuestion *self);
void converge_question_take (ConvergeQuestion *self,
                             ConvergeRun *run);
char *converge_question_remark (ConvergeQuestion *self,
                                ConvergeRun *run,
                                ConvergeWhy *why);

G_END_DECLS
