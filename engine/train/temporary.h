/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The size of a temporary name with its terminating zero. */
#define AG_TEMPORARY_NAME_SIZE sizeof ".converge-tmp-XXXXXX"

/**
 * AgTemporary:
 * @folder: descriptor of the folder that the file is in, −1 for none
 * @fd: descriptor of the file, −1 for none
 * @name: the temporary name in @folder that is to be removed, "" for none
 * @placed: how the file was put in its place
 *
 * A file that is written before it gets its name. Where the file system can do
 * that, it has no name at all until then, so that nothing of it is left however
 * the program ends. Elsewhere it has a temporary name, which is short, since the
 * file's own name may be as long as names can be, and a lock, which tells other
 * processes that it is in use: see ag_temporary_clean().
 */
typedef struct
{
  gint folder;
  gint fd;
  char name[AG_TEMPORARY_NAME_SIZE];
  enum
  {
    AG_TEMPORARY_NOT_PLACED,
    AG_TEMPORARY_IS_NEW,
    AG_TEMPORARY_IS_EXCHANGED,
    AG_TEMPORARY_HAS_REPLACED,
  } placed;
} AgTemporary;

#define AG_TEMPORARY_INIT  \
  {                        \
    .folder = -1, .fd = -1 \
  }

gint ag_temporary_open (AgTemporary *temporary,
                        const char *folder);
gint ag_temporary_place (AgTemporary *temporary,
                         const char *name);
void ag_temporary_take_back (AgTemporary *temporary,
                             const char *name);
void ag_temporary_close (AgTemporary *temporary);
void ag_temporary_clean (gint folder);

G_END_DECLS
