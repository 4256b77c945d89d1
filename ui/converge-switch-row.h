/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_SWITCH_ROW (converge_switch_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSwitchRow, converge_switch_row, CONVERGE, SWITCH_ROW, AdwActionRow)

GtkWidget *converge_switch_row_new (ConvergeSettings *settings,
                                    const AgSetting *setting);

G_END_DECLS
