/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgStop:
 * @AG_STOP_PREDICT: what the model predicts
 * @AG_STOP_LOSS: what that is compared with the target by
 * @AG_STOP_GRADIENT: how the loss depends on each parameter
 * @AG_STOP_OPTIMIZER: what the optimizer makes of that
 * @AG_STOP_UPDATE: the new values
 *
 * The five parts of a step, in their order.
 */
typedef enum
{
  AG_STOP_PREDICT,
  AG_STOP_LOSS,
  AG_STOP_GRADIENT,
  AG_STOP_OPTIMIZER,
  AG_STOP_UPDATE,
  AG_N_STOPS,
} AgStop;

const char *ag_stop_id (AgStop stop);
const char *ag_stop_title (AgStop stop);
const char *ag_stop_sentence (AgStop stop);
guint ag_stop_find (const char *text);

G_END_DECLS
