/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/work.h"
#include "train/checkpoint.h"
#include "train/rates.h"

G_BEGIN_DECLS

/**
 * AgReplay:
 *
 * Takes steps of a run again, on the caller's thread and a device of its own, with
 * one thread of the processor, so that the run itself is not disturbed.
 */
typedef struct _AgReplay AgReplay;

AgReplay *ag_replay_new (const AgRunSpec *spec,
                         AgData *data,
                         const AgCheckpoint *checkpoint,
                         const AgRates *rates);
void ag_replay_set_beginning (AgReplay *replay,
                              const double *numbers);
void ag_replay_free (AgReplay *replay);
void ag_replay_rest (AgReplay *replay);
gboolean ag_replay_go (AgReplay *replay,
                       const double *from,
                       gint64 step,
                       AgWork *work,
                       double *numbers,
                       GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgReplay, ag_replay_free)

G_END_DECLS
