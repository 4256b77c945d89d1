/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-finder.h"
#include "converge-runs.h"
#include "explain/why.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_WHY (converge_why_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeWhy, converge_why, CONVERGE, WHY, ConvergeFinder)

ConvergeWhy *converge_why_new (ConvergeRuns *runs);
const char *converge_why_get_sentence (ConvergeWhy *self);
AgWhyKind converge_why_get_kind (ConvergeWhy *self);

G_END_DECLS
