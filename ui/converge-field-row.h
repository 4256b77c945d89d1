/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_FIELD_ROW (converge_field_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeFieldRow, converge_field_row, CONVERGE, FIELD_ROW, AdwActionRow)

GtkWidget *converge_field_row_new_part (ConvergeSettings *settings,
                                        const char *id,
                                        const char *title);
GtkWidget *converge_field_row_new (ConvergeSettings *settings,
                                   const AgSetting *setting);
void converge_field_row_set_wide (ConvergeFieldRow *self);
GtkEditable *converge_field_row_get_entry (ConvergeFieldRow *self);
const char *converge_field_row_get_id (ConvergeFieldRow *self);
gboolean converge_field_row_is_pending (ConvergeFieldRow *self);
void converge_field_row_apply (ConvergeFieldRow *self);

G_END_DECLS
