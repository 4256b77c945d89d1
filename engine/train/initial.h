/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

gboolean ag_run_spec_start (const AgRunSpec *spec,
                            AgModel *model,
                            double *coefficients,
                            GError **error);
gboolean ag_run_spec_best_seed (const AgRunSpec *spec,
                                const AgData *data,
                                guint64 *seed,
                                GError **error);
gboolean ag_run_spec_find_seed (const AgRunSpec *spec,
                                guint64 *seed,
                                GError **error);
gboolean ag_run_spec_initial (const AgRunSpec *spec,
                              double *coefficients,
                              GError **error);

G_END_DECLS
