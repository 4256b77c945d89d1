/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

guint64 ag_run_spec_size_of_points (const AgRunSpec *spec);

/* A row of the table of settings names one of these checks where its limits depend on other
 * settings. */

gboolean ag_run_check_steps (const AgRunSpec *spec,
                             GError **error);
gboolean ag_run_check_data (const AgRunSpec *spec,
                            GError **error);
gboolean ag_run_check_target (const AgRunSpec *spec,
                              GError **error);
gboolean ag_run_check_interval (const AgRunSpec *spec,
                                GError **error);
gboolean ag_run_check_points (const AgRunSpec *spec,
                              GError **error);
gboolean ag_run_check_init (const AgRunSpec *spec,
                            GError **error);
gboolean ag_run_check_hold (const AgRunSpec *spec,
                            GError **error);
gboolean ag_run_check_seed (const AgRunSpec *spec,
                            GError **error);
gboolean ag_run_check_device (const AgRunSpec *spec,
                              GError **error);
gboolean ag_run_check_pace (const AgRunSpec *spec,
                            GError **error);

G_END_DECLS
