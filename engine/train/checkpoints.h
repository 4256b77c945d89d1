/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* No run keeps more bytes of checkpoints. */
#define AG_CHECKPOINTS_MAX_BYTES ((gsize) 64 << 20)

/**
 * AgCheckpoints:
 *
 * Checkpoints of a run in bounded memory: all that were pushed as long as there is
 * room, then each second of them, each fourth and so on, of the whole run.
 *
 * One thread pushes; any thread reads what was pushed before, without a lock.
 */
typedef struct _AgCheckpoints AgCheckpoints;

AgCheckpoints *ag_checkpoints_new (guint n_numbers,
                                   gsize max_bytes);
void ag_checkpoints_free (AgCheckpoints *checkpoints);
gboolean ag_checkpoints_is_due (AgCheckpoints *checkpoints);
void ag_checkpoints_push (AgCheckpoints *checkpoints,
                          const double *numbers);
gboolean ag_checkpoints_find (const AgCheckpoints *checkpoints,
                              gint64 step,
                              double *numbers);
void ag_checkpoints_clear (AgCheckpoints *checkpoints);
gsize ag_checkpoints_n_kept (const AgCheckpoints *checkpoints);
gsize ag_checkpoints_n_bytes (const AgCheckpoints *checkpoints);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgCheckpoints, ag_checkpoints_free)

G_END_DECLS
