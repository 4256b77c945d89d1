/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/reduction.h"

G_BEGIN_DECLS

AgTensor *ag_huber_loss (AgTensor *prediction,
                         AgTensor *target,
                         AgReduction reduction,
                         double delta);

G_END_DECLS
