/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program-private.h"

G_BEGIN_DECLS

extern const AgByHand ag_cubic_by_hand;

G_END_DECLS
