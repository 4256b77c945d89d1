/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/reduction.h"

G_BEGIN_DECLS

AgTensor *ag_mse_loss (AgTensor *prediction,
                       AgTensor *target,
                       AgReduction reduction);

G_END_DECLS
