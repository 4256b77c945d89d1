/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * AgAtomicFile:
 *
 * A file that appears whole or not at all: it is written aside, in the same
 * folder, and gets its name when it is complete. Several that belong together
 * are an #AgTransaction.
 */
typedef struct _AgAtomicFile AgAtomicFile;

AgAtomicFile *ag_atomic_file_begin (const char *path,
                                    GError **error);
FILE *ag_atomic_file_stream (const AgAtomicFile *file);
gboolean ag_atomic_file_finish (AgAtomicFile *file,
                                GError **error);
gboolean ag_atomic_file_place (AgAtomicFile *file,
                               GError **error);
void ag_atomic_file_take_back (AgAtomicFile *file);
gboolean ag_atomic_file_commit (AgAtomicFile *file,
                                GError **error);
void ag_atomic_file_abort (AgAtomicFile *file);
gboolean ag_atomic_file_is_special (const char *path);
gboolean ag_atomic_file_check (const char *path,
                               GError **error);
char *ag_atomic_file_find_target (const char *path,
                                  gint *code);

G_END_DECLS
