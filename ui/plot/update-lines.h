/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/run-plot.h"

G_BEGIN_DECLS

/**
 * ConvergeUpdateNumbers:
 * @CONVERGE_GRADIENTS: the gradients
 * @CONVERGE_UPDATES: the changes of the parameters
 *
 * The numbers of a step that are plotted.
 */
typedef enum
{
  CONVERGE_GRADIENTS,
  CONVERGE_UPDATES,
} ConvergeUpdateNumbers;

ConvergePlot *converge_update_lines_create (const char *title,
                                            const char *label,
                                            const ConvergeRunView *view);
void converge_update_lines_update (ConvergePlot *plot,
                                   const ConvergeRunView *view,
                                   ConvergeUpdateNumbers numbers);
char *converge_update_lines_describe (const ConvergeRunView *view,
                                      ConvergeUpdateNumbers numbers,
                                      const char *beginning);

G_END_DECLS
