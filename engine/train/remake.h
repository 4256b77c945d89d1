/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/trainer.h"

G_BEGIN_DECLS

AgTrainer *ag_trainer_remake (const AgRunSpec *spec,
                              const AgRates *changes,
                              AgWork *work,
                              GError **error);

G_END_DECLS
