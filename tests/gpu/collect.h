/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "host-backend.h"

#include "program/program.h"
#include "train/trainer.h"

G_BEGIN_DECLS

void collect_begin (void);
GHashTable *collect_texts (void);
guint collect_n_launches (void);
void collect_run (const AgRunSpec *spec);
void collect_sweep (const AgRunSpec *spec);

G_END_DECLS
