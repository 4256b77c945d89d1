/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plan/op.h"
#include "train/trainer.h"

G_BEGIN_DECLS

/* The value of an expression has at most so many elements. */
#define SOURCE_MAX_RESULTS 400

/**
 * SourceExpression:
 * @dtype: the type of its operands
 * @n_operands: how many it has
 * @n: how many elements each of them has
 * @n_results: how many elements its value has
 * @scale: the size of what is added up: where it cancels, what is left is not
 *   more exact than that
 * @record: (nullable): records it
 * @op: what it is, if there is no @record
 */
typedef struct
{
  AgDType dtype;
  guint n_operands;
  gint64 n;
  gint64 n_results;
  double scale;
  AgTensor *(*record) (AgTensor **operands);
  AgOp op;
} SourceExpression;

typedef void (*SourceExpressionFunc) (const SourceExpression *expression);
typedef void (*SourceRunFunc) (const AgRunSpec *spec);

void source_foreach_op (SourceExpressionFunc func);
void source_foreach_stage (SourceExpressionFunc func);
void source_foreach_run (const AgProgramClass *program,
                         SourceRunFunc func);
void source_init_divergence (AgRunSpec *spec);
void source_init_failure (AgRunSpec *spec);

void source_evaluate (const char *device_id,
                      const SourceExpression *expression,
                      double *values);

G_END_DECLS
