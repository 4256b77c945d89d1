/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

AgTensor *ag_parameter_new (AgTensor *value);

G_END_DECLS
