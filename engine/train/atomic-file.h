/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * AgAtomicFile:
 *
 * A file that appears whole or not at all: it is written under a temporary
 * name in the same folder and renamed when it is complete.
 */
typedef struct _AgAtomicFile AgAtomicFile;

AgAtomicFile *ag_atomic_file_begin (const char *path,
                                    GError **error);
FILE *ag_atomic_file_stream (const AgAtomicFile *file);
gboolean ag_atomic_file_commit (AgAtomicFile *file,
                                GError **error);
void ag_atomic_file_abort (AgAtomicFile *file);
gboolean ag_atomic_file_check (const char *path,
                               GError **error);

G_END_DECLS
