/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/moment.h"
#include "train/optimum.h"
#include "train/run-spec.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

char *converge_run_text_formula (const AgRunSpec *spec,
                                 const double *coefficients);
char *converge_run_text_settings (const AgRunSpec *spec,
                                  double lr);
char *converge_run_text_settings_without (const AgRunSpec *spec,
                                          double lr,
                                          const char *const *left_out);
char *converge_run_text_optimum (const AgRunSpec *spec,
                                 const AgOptimum *optimum);
char *converge_run_text_outcome (const AgSnapshot *snapshot);
char *converge_run_text_duration (double seconds);
char *converge_run_text_moment (const AgMoment *moment);

G_END_DECLS
