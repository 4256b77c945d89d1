/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "explain/account.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_EXPLAINER (converge_explainer_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeExplainer, converge_explainer, CONVERGE, EXPLAINER, GObject)

ConvergeExplainer *converge_explainer_new (void);
gboolean converge_explainer_follow (ConvergeExplainer *self,
                                    ConvergeRuns *runs);
void converge_explainer_forget (ConvergeExplainer *self);
const AgAccount *converge_explainer_get_account (ConvergeExplainer *self);

G_END_DECLS
