/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/clock.h"
#include "train/history.h"
#include "train/optimum.h"
#include "train/run-spec.h"
#include "train/snapshot.h"
#include "train/trace.h"
#include "train/transaction.h"

G_BEGIN_DECLS

gboolean ag_csv_write_losses (AgTransaction *transaction,
                              const char *path,
                              const AgHistory *history,
                              AgDType dtype,
                              const AgClock *clock,
                              gint64 every,
                              GError **error);
gboolean ag_csv_write_coefficients (AgTransaction *transaction,
                                    const char *path,
                                    const AgRunSpec *spec,
                                    const AgSnapshot *snapshot,
                                    const double *initial,
                                    const AgOptimum *optimum,
                                    GError **error);
gboolean ag_csv_write_parameters (AgTransaction *transaction,
                                  const char *path,
                                  const AgRunSpec *spec,
                                  const AgTrace *trace,
                                  const AgSnapshot *snapshot,
                                  GError **error);

G_END_DECLS
