/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_PARAMETER_GROUP (converge_parameter_group_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeParameterGroup, converge_parameter_group, CONVERGE, PARAMETER_GROUP, AdwPreferencesGroup)

gboolean converge_parameter_group_is_for (const AgRunSpec *spec);
void converge_parameter_group_set_settings (ConvergeParameterGroup *self,
                                            ConvergeSettings *settings);
GPtrArray *converge_parameter_group_get_rows (ConvergeParameterGroup *self);

G_END_DECLS
