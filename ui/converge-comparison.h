/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

GtkWidget *converge_comparison_new (GtkWindow *parent,
                                    ConvergeRuns *runs);

G_END_DECLS
