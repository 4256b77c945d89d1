/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/rates.h"

G_BEGIN_DECLS

guint converge_run_n_changes (const AgRates *changes);
char *converge_run_text_changes (const AgRates *changes,
                                 const AgRunSpec *spec);

G_END_DECLS
