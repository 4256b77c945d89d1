/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-finder.h"
#include "train/updates.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_UPDATES (converge_updates_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeUpdates, converge_updates, CONVERGE, UPDATES, ConvergeFinder)

ConvergeUpdates *converge_updates_new (void);
void converge_updates_keep (ConvergeUpdates *self,
                            gboolean (*is_wanted) (AgMoments *moments,
                                                   gpointer user_data),
                            gpointer user_data);
const AgUpdates *converge_updates_find (ConvergeUpdates *self,
                                        AgMoments *moments,
                                        gint64 n_steps,
                                        gboolean goes_on);
const AgUpdates *converge_updates_wait (ConvergeUpdates *self,
                                        AgMoments *moments,
                                        gint64 n_steps);
const AgUpdates *converge_updates_get (ConvergeUpdates *self,
                                       AgMoments *moments);

G_END_DECLS
