/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/marks.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_TIME_SCALE (converge_time_scale_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeTimeScale, converge_time_scale, CONVERGE, TIME_SCALE, GtkScale)

void converge_time_scale_set_marks (ConvergeTimeScale *self,
                                    AgMarks *marks);
gboolean converge_time_scale_find_mark (ConvergeTimeScale *self,
                                        double x,
                                        AgMark *mark);

G_END_DECLS
