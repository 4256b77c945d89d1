/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_CHOICE_ROW (converge_choice_row_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeChoiceRow, converge_choice_row, CONVERGE, CHOICE_ROW, AdwComboRow)

void converge_choice_row_add (ConvergeChoiceRow *self,
                              const char *title,
                              const char *description,
                              gboolean is_available);

void converge_choice_row_set (ConvergeChoiceRow *self,
                              guint index,
                              const char *description,
                              gboolean is_available);

G_END_DECLS
