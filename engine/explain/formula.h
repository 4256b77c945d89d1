/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/moment.h"

G_BEGIN_DECLS

/**
 * AgFormulaLine:
 * @symbol: what is computed: "p", "exp_avg"
 * @formula: of what: "p - lr * g"
 * @numbers: the same with numbers for the symbols: "0.5 - 0.01 * 2"
 * @value: what that is, in double precision
 *
 * One line of what an optimizer computes of a parameter.
 */
typedef struct
{
  const char *symbol;
  const char *formula;
  char *numbers;
  double value;
} AgFormulaLine;

GArray *ag_formula_new (const AgRunSpec *spec,
                        const AgMoment *before,
                        const AgMoment *after,
                        guint parameter);

G_END_DECLS
