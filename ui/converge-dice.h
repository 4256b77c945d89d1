/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *converge_dice_new (ConvergeSettings *settings);

G_END_DECLS
