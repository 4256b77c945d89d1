/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tape.h"

G_BEGIN_DECLS

/**
 * AgFleet:
 *
 * Many runs of one tape, which a device makes at once. Each has its own values of some tensors, and
 * numbers of its own; all else they share. The tensors themselves stay as they are.
 */
typedef struct _AgFleet AgFleet;

AgFleet *ag_fleet_new (AgTape *tape,
                       AgTensor *const *own,
                       guint n_own);
void ag_fleet_free (AgFleet *fleet);
guint ag_fleet_most (AgFleet *fleet);
guint ag_fleet_n_varying (const AgFleet *fleet);

void ag_fleet_add (AgFleet *fleet,
                   const AgTape *tape);
void ag_fleet_add_again (AgFleet *fleet);
gboolean ag_fleet_prepare (AgFleet *fleet,
                           guint n_most,
                           GError **error);
void ag_fleet_set_values (AgFleet *fleet,
                          guint run,
                          const double *values);
gboolean ag_fleet_begin (AgFleet *fleet,
                         GError **error);

void ag_fleet_read_varying (const AgFleet *fleet,
                            guint64 *varying);
gboolean ag_fleet_take (AgFleet *fleet,
                        const gint64 *n_steps,
                        guint n_most,
                        const guint64 *varying,
                        double *results,
                        GError **error);
gboolean ag_fleet_end (AgFleet *fleet,
                       GError **error);
void ag_fleet_get_values (const AgFleet *fleet,
                          guint run,
                          double *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgFleet, ag_fleet_free)

G_END_DECLS
