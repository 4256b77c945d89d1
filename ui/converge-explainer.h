/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-follower.h"
#include "explain/account.h"

G_BEGIN_DECLS

ConvergeFollower *converge_explainer_new (void);
const AgAccount *converge_explainer_get_account (ConvergeFollower *explainer);

G_END_DECLS
