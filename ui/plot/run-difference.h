/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

char *converge_run_text_value (const AgSetting *setting,
                               const AgRunSpec *spec);
char *converge_run_text_difference (const AgRunSpec *spec,
                                    const AgRunSpec *other);
GPtrArray *converge_run_differing_settings (guint n_specs,
                                            const AgRunSpec *const *specs);
char *converge_run_text_of_settings (const AgRunSpec *spec,
                                     const GPtrArray *ids);

G_END_DECLS
