/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tape.h"
#include "train/machine.h"

G_BEGIN_DECLS

/* A run whose steps are not alike after so many has no phases. */
#define AG_PHASES_MAX 4

/**
 * AgPhases:
 * @n: how many there are; 0 if the run's steps cannot be played
 * @tapes: their steps
 * @is_updated: which of the program's tensors these update
 *
 * The steps of a run, those that are alike and follow each other in a phase: there is one in each
 * but the last, which has all others. They were recorded and not taken, so that they can be known
 * of many runs on one machine.
 */
typedef struct
{
  guint n;
  AgTape *tapes[AG_PHASES_MAX];
  gboolean *is_updated[AG_PHASES_MAX];
} AgPhases;

gboolean ag_phases_record (AgPhases *phases,
                           AgMachine *machine,
                           GError **error);
gboolean ag_phases_are_like (const AgPhases *phases,
                             const AgPhases *others);
void ag_phases_clear (AgPhases *phases);

G_END_DECLS
