/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void converge_interrupt_each (void (*heed) (int number,
                                            gpointer user_data),
                              gpointer user_data);
void converge_interrupt_catch (void);
int converge_interrupt_signal (void);

G_END_DECLS
