/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/account.h"

G_BEGIN_DECLS

/**
 * AgTwin:
 *
 * What another program would do in the steps of a run: with the same coefficients, points, loss,
 * optimizer and states, but with its own prediction and gradients.
 */
typedef struct _AgTwin AgTwin;

gboolean ag_twin_is_possible (const AgRunSpec *spec,
                              const AgProgramClass *program);
AgTwin *ag_twin_new (const AgRunSpec *spec,
                     const AgProgramClass *program,
                     AgData *data,
                     AgWork *work,
                     GError **error);
void ag_twin_free (AgTwin *twin);
const AgRunSpec *ag_twin_spec (const AgTwin *twin);
AgAccount *ag_twin_step (AgTwin *twin,
                         AgMoments *moments,
                         gint64 step,
                         AgWork *work,
                         GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTwin, ag_twin_free)

G_END_DECLS
