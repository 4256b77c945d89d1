/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/optimum.h"

#include <gio/gio.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_OPTIMA (converge_optima_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeOptima, converge_optima, CONVERGE, OPTIMA, GObject)

ConvergeOptima *converge_optima_get_default (void);
void converge_optima_forget (ConvergeOptima *self,
                             const char *path);
const AgOptimum *converge_optima_find (ConvergeOptima *self,
                                       const AgRunSpec *spec);
const AgOptimum *converge_optima_wait (ConvergeOptima *self,
                                       const AgRunSpec *spec);

G_END_DECLS
