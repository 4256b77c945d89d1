/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_NUMBER_ROW (converge_number_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeNumberRow, converge_number_row, CONVERGE, NUMBER_ROW, AdwActionRow)

GtkWidget *converge_number_row_new (ConvergeSettings *settings,
                                    ConvergeField field,
                                    const char *title);
GtkEditable *converge_number_row_get_entry (ConvergeNumberRow *self);

G_END_DECLS
