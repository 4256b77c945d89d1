/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/expression.h"

G_BEGIN_DECLS

char *ag_expression_script (const AgExpression *expression);
char *ag_expression_script_name (const char *name);

G_END_DECLS
