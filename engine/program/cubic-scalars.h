/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "program/program-private.h"

G_BEGIN_DECLS

extern const AgModelClass ag_cubic_scalars_model;

G_END_DECLS
