/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/landscape.h"
#include "train/trainer.h"

G_BEGIN_DECLS

/**
 * AgWhyKind:
 * @AG_WHY_NO_STEP: it has not taken a step
 * @AG_WHY_DIVERGED: its numbers are not finite any more
 * @AG_WHY_SWINGING: it goes back and forth, or about, and the loss does not fall any more
 * @AG_WHY_ARRIVED: the loss is hardly above the least there is
 * @AG_WHY_FALLING: the loss still falls
 * @AG_WHY_STUCK: the loss hardly falls, and where it would end is not known
 *
 * How a run stands.
 */
typedef enum
{
  AG_WHY_NO_STEP,
  AG_WHY_DIVERGED,
  AG_WHY_SWINGING,
  AG_WHY_ARRIVED,
  AG_WHY_FALLING,
  AG_WHY_STUCK,
} AgWhyKind;

char *ag_why_new (AgTrainer *trainer,
                  const AgSnapshot *snapshot,
                  AgWork *work,
                  AgWhyKind *kind,
                  GError **error);

G_END_DECLS
