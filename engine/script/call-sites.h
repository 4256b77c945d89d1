/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "picture/graph-picture.h"
#include "script/listing.h"

G_BEGIN_DECLS

gint *ag_call_sites_find (GArray *listing,
                          const AgGraphPicture *picture);

G_END_DECLS
