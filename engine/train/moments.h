/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/work.h"
#include "train/checkpoints.h"
#include "train/history.h"
#include "train/machine.h"
#include "train/moment.h"
#include "train/rates.h"

G_BEGIN_DECLS

/**
 * AgMoments:
 *
 * Every moment of a run: those that its worker noted, and the rest by taking the
 * steps from the one before again. It may outlive the trainer.
 */
typedef struct _AgMoments AgMoments;

AgMoments *ag_moments_new (const AgRunSpec *spec,
                           AgData *data,
                           AgHistory *history,
                           AgMoments *origin,
                           gint64 origin_step);
AgMoments *ag_moments_new_kept (const AgRunSpec *spec,
                                AgData *data,
                                AgHistory *history,
                                const AgRates *changes,
                                const double *coefficients);
AgMoments *ag_moments_ref (AgMoments *moments);
void ag_moments_unref (AgMoments *moments);

/* For the run's worker. */
double *ag_moments_begin (AgMoments *moments,
                          AgWork *work,
                          GError **error);
void ag_moments_log_rate (AgMoments *moments,
                          gint64 step,
                          double lr);
gboolean ag_moments_note (AgMoments *moments,
                          AgMachine *machine,
                          gint64 step,
                          double loss,
                          GError **error);

/* For any thread. */
AgMoment *ag_moments_at (AgMoments *moments,
                         gint64 step,
                         AgWork *work,
                         GError **error);
gboolean ag_moments_take_up (AgMoments *moments,
                             gint64 step,
                             AgWork *work,
                             double *numbers,
                             GError **error);
gboolean ag_moments_give_back (AgMoments *moments);
void ag_moments_rest (AgMoments *moments);
const AgRates *ag_moments_rates (const AgMoments *moments);
guint ag_moments_n_parameters (const AgMoments *moments);
gsize ag_moments_n_bytes (const AgMoments *moments);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgMoments, ag_moments_unref)

G_END_DECLS
