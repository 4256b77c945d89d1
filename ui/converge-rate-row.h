/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-field-row.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_RATE_ROW (converge_rate_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRateRow, converge_rate_row, CONVERGE, RATE_ROW, AdwPreferencesRow)

GtkWidget *converge_rate_row_new (ConvergeSettings *settings,
                                  ConvergeFieldRow *field_row);

G_END_DECLS
