/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/trainer.h"

G_BEGIN_DECLS

/**
 * AgRun:
 *
 * A run: what it is to do, who does it, and all that it has come to: its losses, the
 * trace of its coefficients, and its moments. It is there as long as anybody holds it; as
 * many as one likes can be there at a time, and none changes a bit of another.
 */
typedef struct _AgRun AgRun;

AgRun *ag_run_new (const AgRunSpec *spec,
                   GError **error);
AgRun *ag_run_new_branch (const AgRunSpec *spec,
                          AgRun *origin,
                          gint64 step,
                          GError **error);
AgRun *ag_run_new_remade (const AgRunSpec *spec,
                          const AgRates *changes,
                          AgWork *work,
                          GError **error);
AgRun *ag_run_new_kept (const AgKeptRun *kept,
                        GError **error);
GPtrArray *ag_run_new_all_kept (GPtrArray *kept);
AgRun *ag_run_ref (AgRun *run);
void ag_run_unref (AgRun *run);
void ag_run_lay_down (AgRun *run);

gsize ag_run_n_bytes (AgRun *run);
gboolean ag_run_give_back (AgRun *run);

AgTrainer *ag_run_trainer (AgRun *run);
const AgRunSpec *ag_run_spec (const AgRun *run);
const AgData *ag_run_data (const AgRun *run);
AgHistory *ag_run_history (AgRun *run);
const AgTrace *ag_run_trace (const AgRun *run);
const AgClock *ag_run_clock (const AgRun *run);
const AgRates *ag_run_rates (const AgRun *run);
AgMoments *ag_run_moments (AgRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgRun, ag_run_unref)

G_END_DECLS
