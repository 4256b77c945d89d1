/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "explain/account.h"
#include "plot/plot-palette.h"

#include <cairo.h>

G_BEGIN_DECLS

#define CONVERGE_STEP_BARS_MOST 8

/**
 * ConvergeStepBars:
 * @optimizer: the optimizer
 * @n: number of parameters that are shown
 * @names: (array length=n): their names
 * @changes: (array length=n): by how much the step changed them
 * @plain: (array length=n): by how much plain SGD would have, at the same rate
 *
 * A step's changes beside those of the simplest optimizer, by which one sees what another one does.
 */
typedef struct
{
  const AgOptimizerClass *optimizer;
  guint n;
  const char *names[CONVERGE_STEP_BARS_MOST];
  double changes[CONVERGE_STEP_BARS_MOST];
  double plain[CONVERGE_STEP_BARS_MOST];
} ConvergeStepBars;

gboolean converge_step_bars_init (ConvergeStepBars *bars,
                                  const AgRunSpec *spec,
                                  const AgAccount *account);
int converge_step_bars_height (const ConvergeStepBars *bars);
void converge_step_bars_draw (const ConvergeStepBars *bars,
                              cairo_t *cr,
                              double width,
                              const ConvergePlotStyle *style);
char *converge_step_bars_describe (const ConvergeStepBars *bars);

G_END_DECLS
