/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-field-row.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_RATE_SCALE (converge_rate_scale_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRateScale, converge_rate_scale, CONVERGE, RATE_SCALE, AdwPreferencesRow)

GtkWidget *converge_rate_scale_new (ConvergeSettings *settings,
                                    ConvergeFieldRow *field_row);

G_END_DECLS
