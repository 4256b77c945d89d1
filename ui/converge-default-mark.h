/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_DEFAULT_MARK (converge_default_mark_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeDefaultMark, converge_default_mark, CONVERGE, DEFAULT_MARK, GtkButton)

GtkWidget *converge_default_mark_new (ConvergeSettings *settings,
                                      const char *id);
void converge_default_mark_add_to_choice (ConvergeSettings *settings,
                                          const char *id,
                                          AdwComboRow *row);

G_END_DECLS
