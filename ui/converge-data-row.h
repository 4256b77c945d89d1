/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_DATA_ROW (converge_data_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeDataRow, converge_data_row, CONVERGE, DATA_ROW, AdwActionRow)

void converge_data_row_show (ConvergeDataRow *self,
                             ConvergeSettings *settings);

G_END_DECLS
