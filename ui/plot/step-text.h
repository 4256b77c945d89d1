/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/stop.h"
#include "explain/account.h"

G_BEGIN_DECLS

char *converge_step_text (const AgRunSpec *spec,
                          const AgAccount *account,
                          AgStop stop);

G_END_DECLS
