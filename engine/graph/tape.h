/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/graph.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

/**
 * AgTape:
 *
 * A step that was recorded, to be taken again without being recorded: the same
 * operations on the same tensors, whose values may have changed.
 */
typedef struct _AgTape AgTape;

gboolean ag_graph_end_step_taped (AgGraph *graph,
                                  AgTensor *result,
                                  AgTape **tape,
                                  GError **error);
gboolean ag_graph_end_step_untaken (AgGraph *graph,
                                    AgTensor *result,
                                    AgTape **tape,
                                    GError **error);
void ag_tape_free (AgTape *tape);
gboolean ag_tape_equal (const AgTape *a,
                        const AgTape *b);
gboolean ag_tape_is_like (const AgTape *a,
                          const AgTape *b);
AgTensor *ag_tape_play (AgTape *tape,
                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTape, ag_tape_free)

G_END_DECLS
