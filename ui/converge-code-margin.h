/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_CODE_MARGIN (converge_code_margin_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeCodeMargin, converge_code_margin, CONVERGE, CODE_MARGIN, GtkWidget)

GtkWidget *converge_code_margin_new (GtkTextView *view);
void converge_code_margin_set_listing (ConvergeCodeMargin *self,
                                       GArray *listing);
void converge_code_margin_set_values (ConvergeCodeMargin *self,
                                      GStrv values);
const char *converge_code_margin_get_value (ConvergeCodeMargin *self,
                                            guint line);
void converge_code_margin_mark (ConvergeCodeMargin *self,
                                int stop);
void converge_code_margin_mark_line (ConvergeCodeMargin *self,
                                     int line);

G_END_DECLS
