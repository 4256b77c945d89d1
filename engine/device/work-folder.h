/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgWorkFolder:
 * @parent: the folder that it is in, a file descriptor
 * @name: its name there
 * @folder: the folder itself, a file descriptor
 * @lock: a file in it that is locked for as long as somebody works
 *
 * A folder for what is being made, which is removed with all that is in it when
 * the work is done.
 */
typedef struct
{
  int parent;
  char *name;
  int folder;
  int lock;
} AgWorkFolder;

AgWorkFolder *ag_work_folder_new (int parent,
                                  const char *task);
AgWorkFolder *ag_work_folder_new_temporary (void);
void ag_work_folder_remove (AgWorkFolder *work);
void ag_work_folder_remove_abandoned (int parent);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgWorkFolder, ag_work_folder_remove)

G_END_DECLS
