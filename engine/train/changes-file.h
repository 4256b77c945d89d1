/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/json.h"
#include "train/rates.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

void ag_changes_file_add (AgJson *object,
                          const AgRunSpec *spec,
                          const AgRates *changes);
gboolean ag_changes_file_has (const char *name);
gboolean ag_changes_file_take (const char **c,
                               const char *name,
                               guint depth,
                               AgRates *changes);

G_END_DECLS
