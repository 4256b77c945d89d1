/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "explain/account.h"

G_BEGIN_DECLS

/**
 * ConvergeStop:
 * @CONVERGE_STOP_PREDICT: what the model predicts
 * @CONVERGE_STOP_LOSS: what that is compared with the target by
 * @CONVERGE_STOP_GRADIENT: how the loss depends on each parameter
 * @CONVERGE_STOP_OPTIMIZER: what the optimizer makes of that
 * @CONVERGE_STOP_UPDATE: the new values
 *
 * The five parts of a step, in their order.
 */
typedef enum
{
  CONVERGE_STOP_PREDICT,
  CONVERGE_STOP_LOSS,
  CONVERGE_STOP_GRADIENT,
  CONVERGE_STOP_OPTIMIZER,
  CONVERGE_STOP_UPDATE,
  CONVERGE_N_STOPS,
} ConvergeStop;

const char *converge_stop_title (ConvergeStop stop);
char *converge_step_text (const AgRunSpec *spec,
                          const AgAccount *account,
                          ConvergeStop stop);

G_END_DECLS
