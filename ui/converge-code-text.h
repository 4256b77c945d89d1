/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *converge_code_text_new (void);
void converge_code_text_set (GtkTextView *view,
                             const char *text,
                             const char *language);
void converge_code_text_set_dark (GtkTextView *view,
                                  gboolean is_dark);

G_END_DECLS
