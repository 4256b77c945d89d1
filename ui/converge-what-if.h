/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "converge-settings.h"

#include "train/what-if.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_WHAT_IF (converge_what_if_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeWhatIf, converge_what_if, CONVERGE, WHAT_IF, GObject)

ConvergeWhatIf *converge_what_if_new (GtkWidget *widget,
                                      ConvergeSettings *settings,
                                      ConvergeRuns *runs);
gboolean converge_what_if_get_active (ConvergeWhatIf *self);
void converge_what_if_set_active (ConvergeWhatIf *self,
                                  gboolean is_active);
const AgFuture *converge_what_if_get_future (ConvergeWhatIf *self);
gboolean converge_what_if_is_busy (ConvergeWhatIf *self);

G_END_DECLS
