/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "picture/graph-picture.h"
#include "train/moments.h"

G_BEGIN_DECLS

/**
 * AgGraphPictures:
 *
 * Takes pictures of the steps of a run, with a device and a graph of its own, so that the
 * run is not disturbed. One thread uses it at a time.
 */
typedef struct _AgGraphPictures AgGraphPictures;

AgGraphPictures *ag_graph_pictures_new (const AgRunSpec *spec,
                                        AgData *data,
                                        AgMoments *moments);
void ag_graph_pictures_free (AgGraphPictures *pictures);
AgGraphPicture *ag_graph_pictures_take (AgGraphPictures *pictures,
                                        gint64 step,
                                        gint64 probe,
                                        AgWork *work,
                                        GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGraphPictures, ag_graph_pictures_free)

G_END_DECLS
