/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/moments.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_LOOK_UP (converge_look_up_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeLookUp, converge_look_up, CONVERGE, LOOK_UP, GObject)

ConvergeLookUp *converge_look_up_new (void);
void converge_look_up_go (ConvergeLookUp *self,
                          AgMoments *moments,
                          gint64 step);
void converge_look_up_forget (ConvergeLookUp *self);
AgMoment *converge_look_up_get_moment (ConvergeLookUp *self);

G_END_DECLS
