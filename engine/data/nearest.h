/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/data.h"

G_BEGIN_DECLS

gint64 ag_data_nearest (const AgData *data,
                        double x);

G_END_DECLS
