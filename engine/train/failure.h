/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"
#include "train/run-spec.h"
#include "train/snapshot.h"

G_BEGIN_DECLS

char *ag_run_spec_explain_failure (const AgRunSpec *spec,
                                   const AgData *data,
                                   const AgSnapshot *snapshot);

G_END_DECLS
