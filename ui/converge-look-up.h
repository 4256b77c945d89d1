/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-finder.h"
#include "train/moments.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_LOOK_UP (converge_look_up_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeLookUp, converge_look_up, CONVERGE, LOOK_UP, ConvergeFinder)

ConvergeLookUp *converge_look_up_new (void);
void converge_look_up_go (ConvergeLookUp *self,
                          AgMoments *moments,
                          gint64 step);
AgMoment *converge_look_up_get_moment (ConvergeLookUp *self);

G_END_DECLS
