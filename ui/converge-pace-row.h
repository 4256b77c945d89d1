/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_PACE_ROW (converge_pace_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergePaceRow, converge_pace_row, CONVERGE, PACE_ROW, AdwPreferencesRow)

void converge_pace_row_set_settings (ConvergePaceRow *self,
                                     ConvergeSettings *settings);

G_END_DECLS
