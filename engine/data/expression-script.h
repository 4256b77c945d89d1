/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/expression.h"

G_BEGIN_DECLS

char *ag_expression_script (const AgExpression *expression,
                            const char *const *variables);

G_END_DECLS
