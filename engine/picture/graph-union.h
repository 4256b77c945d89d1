/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "picture/graph-sketch.h"

G_BEGIN_DECLS

AgGraphPicture *ag_graph_union (const AgGraphPicture *have,
                                const AgSketch *sketch,
                                guint *places);

G_END_DECLS
