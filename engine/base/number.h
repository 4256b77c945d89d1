/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"

G_BEGIN_DECLS

char *ag_number_to_string (double value);
char *ag_number_to_csv (AgDType dtype,
                        double value);
gboolean ag_number_parse (const char *text,
                          double *value);

G_END_DECLS
