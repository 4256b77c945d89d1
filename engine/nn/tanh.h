/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "nn/module.h"

G_BEGIN_DECLS

AgModule *ag_tanh_module_new (void);

G_END_DECLS
