/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/kept-run.h"
#include "train/transaction.h"

G_BEGIN_DECLS

#define AG_SESSION_SUFFIX ".converge"

/**
 * AgSessionRun:
 * @name: what people call it
 * @color: index of its colour
 * @is_shown: whether plots show it
 * @is_pinned: whether it stands above others
 * @spec: what it does
 * @snapshot: how far it came
 * @initial: the coefficients that it began with
 * @history: its losses
 * @trace: its coefficients over the steps
 * @clock: when its steps were taken
 * @rates: the changes of its learning rate and its optimizer
 *
 * A run that is to be written. All of it belongs to somebody else.
 */
typedef struct
{
  const char *name;
  guint color;
  gboolean is_shown;
  gboolean is_pinned;
  const AgRunSpec *spec;
  const AgSnapshot *snapshot;
  const double *initial;
  const AgHistory *history;
  const AgTrace *trace;
  const AgClock *clock;
  const AgRates *rates;
} AgSessionRun;

gboolean ag_session_file_write (AgTransaction *transaction,
                                const char *path,
                                guint n_runs,
                                const AgSessionRun *runs,
                                GError **error);
GPtrArray *ag_session_file_read (const char *path,
                                 GError **error);

G_END_DECLS
