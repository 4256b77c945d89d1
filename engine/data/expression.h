/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

/* A formula may have this many parameters at most. */
#define AG_EXPRESSION_MAX_PARAMETERS 64

typedef struct _AgExpression AgExpression;

/**
 * AgExpressionKind:
 * @AG_EXPRESSION_OF_X: a function of x alone, in which e is Euler's number
 * @AG_EXPRESSION_OF_PARAMETERS: a model: each name that is neither x nor pi is a parameter,
 *   e too
 *
 * The meaning of the names in a formula.
 */
typedef enum
{
  AG_EXPRESSION_OF_X,
  AG_EXPRESSION_OF_PARAMETERS,
} AgExpressionKind;

/* Reading (expression-parse.c) */
AgExpression *ag_expression_parse (const char *text,
                                   AgExpressionKind kind,
                                   GError **error);
gboolean ag_expression_parse_number (const char *text,
                                     double *value,
                                     GError **error);
gboolean ag_expression_find_fault (const char *text,
                                   AgExpressionKind kind,
                                   gsize *begin,
                                   gsize *end);

void ag_expression_free (AgExpression *expression);
guint ag_expression_n_parameters (const AgExpression *expression);
const char *const *ag_expression_parameters (const AgExpression *expression);
gboolean ag_expression_is_linear (const AgExpression *expression);
double ag_expression_evaluate (const AgExpression *expression,
                               double x,
                               const double *parameters);
AgTensor *ag_expression_record (const AgExpression *expression,
                                AgTensor *x,
                                AgTensor *const *parameters);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgExpression, ag_expression_free)

G_END_DECLS
