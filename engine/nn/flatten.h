/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/module.h"

G_BEGIN_DECLS

AgModule *ag_flatten_new (gint start_dim,
                          gint end_dim);

G_END_DECLS
