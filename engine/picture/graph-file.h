/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "picture/graph-outline.h"

#include <stdio.h>

G_BEGIN_DECLS

void ag_graph_picture_write_json (const AgGraphPicture *picture,
                                  const char *command,
                                  FILE *stream);
void ag_graph_picture_write_dot (const AgGraphPicture *picture,
                                 const AgGraphOutline *outline,
                                 FILE *stream);

G_END_DECLS
