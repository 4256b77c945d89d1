/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

typedef struct _AgExpression AgExpression;

AgExpression *ag_expression_parse (const char *text,
                                   GError **error);
void ag_expression_free (AgExpression *expression);
double ag_expression_evaluate (const AgExpression *expression,
                               double x);
AgTensor *ag_expression_record (const AgExpression *expression,
                                AgTensor *x);
gboolean ag_expression_parse_number (const char *text,
                                     double *value,
                                     GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgExpression, ag_expression_free)

G_END_DECLS
