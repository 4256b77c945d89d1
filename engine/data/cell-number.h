/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *ag_cell_number (const char *begin,
                            const char *end,
                            char decimal,
                            double *value);

G_END_DECLS
