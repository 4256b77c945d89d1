/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/* Each is the @nth, @get or @set of a row of the table of settings, as AgSetting has them. */
gboolean ag_setting_nth_program (guint index,
                                 AgChoice *choice);
guint ag_setting_get_program (const AgRunSpec *spec);
gboolean ag_setting_nth_loss (guint index,
                              AgChoice *choice);
guint ag_setting_get_loss (const AgRunSpec *spec);
void ag_setting_set_loss (AgRunSpec *spec,
                          guint index);
guint ag_setting_get_reduction (const AgRunSpec *spec);
void ag_setting_set_reduction (AgRunSpec *spec,
                               guint index);
gboolean ag_setting_nth_optimizer (guint index,
                                   AgChoice *choice);
guint ag_setting_get_optimizer (const AgRunSpec *spec);
void ag_setting_set_optimizer (AgRunSpec *spec,
                               guint index);
gboolean ag_setting_nth_dtype (guint index,
                               AgChoice *choice);
gboolean ag_setting_nth_device (guint index,
                                AgChoice *choice);
guint ag_setting_get_device (const AgRunSpec *spec);
void ag_setting_set_device (AgRunSpec *spec,
                            guint index);

G_END_DECLS
