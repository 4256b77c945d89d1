/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/ref-count.h"
#include "train/clock.h"
#include "train/history.h"
#include "train/rates.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/trace.h"

G_BEGIN_DECLS

/**
 * AgKeptRun:
 * @ref_count: how many hold it, on any thread
 * @name: what people call it
 * @color: index of its colour
 * @is_shown: whether plots show it
 * @is_pinned: whether it stands above others
 * @spec: what it was to do
 * @snapshot: how it ended, with numbers of its own
 * @initial: the coefficients that it began with
 * @history: its losses
 * @trace: its coefficients over the steps
 * @clock: when its steps were taken; without a mark where the file does not say
 * @rates: the changes of its learning rate and its optimizer
 * @data: (nullable): of a file, the points that it fitted, if the file still has them
 *
 * A run that is over as a file keeps it: all that can be seen of it, and nobody who takes
 * steps.
 */
typedef struct
{
  AgRefCount ref_count;
  char *name;
  guint color;
  gboolean is_shown;
  gboolean is_pinned;
  AgRunSpec spec;
  AgSnapshot *snapshot;
  double *initial;
  AgHistory *history;
  AgTrace *trace;
  AgClock *clock;
  AgRates *rates;
  AgData *data;
} AgKeptRun;

AgKeptRun *ag_kept_run_new (void);
AgKeptRun *ag_kept_run_ref (AgKeptRun *run);
void ag_kept_run_unref (AgKeptRun *run);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgKeptRun, ag_kept_run_unref)

G_END_DECLS
