/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_VISIBILITY (converge_visibility_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeVisibility, converge_visibility, CONVERGE, VISIBILITY, GObject)

ConvergeVisibility *converge_visibility_new (GSettings *store);
gboolean converge_visibility_get (ConvergeVisibility *self,
                                  const char *series);
void converge_visibility_set (ConvergeVisibility *self,
                              const char *series,
                              gboolean is_visible);
void converge_visibility_apply (ConvergeVisibility *self,
                                ConvergePlot *plot);

G_END_DECLS
