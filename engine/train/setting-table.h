/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/* This many rows stand before the optimizer's options. */
#define AG_SETTING_N_BEFORE_OPTIONS 7

/* The rows that train/setting.h goes through, but for the optimizer's options. */
extern const AgSetting ag_setting_table[];
extern const guint ag_setting_table_length;

G_END_DECLS
