/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/work.h"

#include <glib.h>

G_BEGIN_DECLS

void converge_interrupt_each (void (*heed) (int number,
                                            gpointer user_data),
                              gpointer user_data);
void converge_interrupt_catch (void);
int converge_interrupt_signal (void);
AgWork *converge_interrupt_work (void);

G_END_DECLS
