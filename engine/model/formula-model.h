/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/expression.h"
#include "model/model.h"

G_BEGIN_DECLS

const AgModelClass *ag_formula_model_class (const char *text,
                                            GError **error);
const char *ag_formula_model_text (const AgModelClass *klass);
const AgExpression *ag_formula_model_expression (const AgModelClass *klass);

G_END_DECLS
