/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_CONTROLS (converge_controls_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeControls, converge_controls, CONVERGE, CONTROLS, AdwBin)

void converge_controls_set_settings (ConvergeControls *self,
                                     ConvergeSettings *settings);
void converge_controls_apply (ConvergeControls *self);
gboolean converge_controls_focus_error (ConvergeControls *self);

G_END_DECLS
