/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/module.h"

G_BEGIN_DECLS

AgModule *ag_sequential_new (guint n_children,
                             AgModule *const *children);

G_END_DECLS
