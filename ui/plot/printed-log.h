/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/* A log has at most so many lines. */
#define CONVERGE_PRINTED_LOG_MAX 32

gsize converge_printed_log (const AgRunSpec *spec,
                            double *steps,
                            double *losses);

G_END_DECLS
