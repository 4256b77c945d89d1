/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _AgByteSource AgByteSource;

AgByteSource *ag_byte_source_open (const char *path,
                                   GError **error);
AgByteSource *ag_byte_source_from_bytes (GBytes *bytes);
void ag_byte_source_free (AgByteSource *source);

gboolean ag_byte_source_read (AgByteSource *source,
                              char *buffer,
                              gsize room,
                              gsize *n_bytes,
                              GError **error);
double ag_byte_source_share (const AgByteSource *source);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgByteSource, ag_byte_source_free)

G_END_DECLS
