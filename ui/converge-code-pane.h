/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "explain/account.h"
#include "script/listing.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_CODE_PANE (converge_code_pane_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeCodePane, converge_code_pane, CONVERGE, CODE_PANE, GtkWidget)

GtkWidget *converge_code_pane_new (void);
void converge_code_pane_set_listing (ConvergeCodePane *self,
                                     GArray *listing,
                                     const char *language);
void converge_code_pane_set_values (ConvergeCodePane *self,
                                    const AgRunSpec *spec,
                                    const AgAccount *account);
void converge_code_pane_set_note (ConvergeCodePane *self,
                                  const char *note);
const char *converge_code_pane_get_value (ConvergeCodePane *self,
                                          guint line);
void converge_code_pane_mark (ConvergeCodePane *self,
                              int stop,
                              gboolean is_sought);
void converge_code_pane_mark_line (ConvergeCodePane *self,
                                   guint line);
int converge_code_pane_get_marked_line (ConvergeCodePane *self);
guint converge_code_pane_get_stops (ConvergeCodePane *self);
GtkTextView *converge_code_pane_get_text_view (ConvergeCodePane *self);

G_END_DECLS
