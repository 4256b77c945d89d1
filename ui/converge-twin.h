/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-follower.h"
#include "explain/twin.h"

G_BEGIN_DECLS

ConvergeFollower *converge_twin_new (void);
const AgAccount *converge_twin_get_account (ConvergeFollower *twin,
                                            const AgRunSpec *spec,
                                            const AgProgramClass *program);

G_END_DECLS
