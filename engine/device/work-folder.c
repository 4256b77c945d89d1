/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/work-folder.h"

#include "device/safe-folder.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* A killed process leaves a folder of this name, whose lock the system has released:
 * by both it is told from a folder that is in use. */
#define PREFIX "converge-work-"
#define LOCK_NAME "lock"

/* The most names that are tried: another user may have taken the first ones. */
#define MAX_ATTEMPTS 16

static void
remove_content (int folder,
                const char *name,
                gpointer data)
{
  if (strcmp (name, LOCK_NAME) != 0 && unlinkat (folder, name, 0) != 0)
    unlinkat (folder, name, AT_REMOVEDIR);
}

static void
free_work (AgWorkFolder *work)
{
  const int code = errno;

  if (work->lock >= 0)
    close (work->lock);
  if (work->folder >= 0)
    close (work->folder);
  close (work->parent);
  g_free (work->name);
  g_free (work);
  errno = code;
}

/* The process that had the lock before may have removed the folder meanwhile. */
static gboolean
take_lock (AgWorkFolder *work)
{
  struct stat status;

  work->lock = openat (work->folder, LOCK_NAME, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (work->lock < 0 || flock (work->lock, LOCK_EX | LOCK_NB) != 0
      || fstat (work->lock, &status) != 0)
    return FALSE;
  errno = ENOENT;
  return status.st_nlink > 0;
}

/* Returns %NULL with errno if that cannot be: somebody else may have the folder, or
 * have just removed it. */
static AgWorkFolder *
take (int parent,
      const char *name)
{
  AgWorkFolder *work = g_new0 (AgWorkFolder, 1);

  work->parent = fcntl (parent, F_DUPFD_CLOEXEC, 0);
  work->name = g_strdup (name);
  work->lock = -1;
  work->folder = openat (parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (work->parent < 0 || work->folder < 0 || !ag_safe_folder_is_private (work->folder)
      || !take_lock (work))
    {
      if (errno == EWOULDBLOCK || errno == ENOENT)
        errno = EBUSY;
      free_work (work);
      return NULL;
    }
  ag_safe_folder_for_each (work->folder, remove_content, NULL);
  return work;
}

/**
 * ag_work_folder_new:
 * @parent: file descriptor of a safe folder, see ag_safe_folder_open()
 * @task: what is to be made
 *
 * Begins work on a task. Only one process at a time can.
 *
 * Returns: (transfer full) (nullable): an empty folder; %NULL with errno set, which
 *   is EBUSY if somebody else works on that task
 */
AgWorkFolder *
ag_work_folder_new (int parent,
                    const char *task)
{
  g_autofree char *name = g_strconcat (PREFIX, task, NULL);

  if (mkdirat (parent, name, 0700) != 0 && errno != EEXIST)
    return NULL;
  return take (parent, name);
}

/**
 * ag_work_folder_new_temporary:
 *
 * Begins work where temporary files are kept, on a task that nobody else has.
 *
 * Returns: (transfer full) (nullable): an empty folder; %NULL if none can be made
 *   that is safe from others
 */
AgWorkFolder *
ag_work_folder_new_temporary (void)
{
  const int parent = ag_safe_folder_open (g_get_tmp_dir (), FALSE);
  AgWorkFolder *work = NULL;

  if (parent < 0)
    return NULL;
  ag_work_folder_remove_abandoned (parent);
  for (guint i = 0; i < MAX_ATTEMPTS && work == NULL; i++)
    {
      g_autofree char *task = g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());

      work = ag_work_folder_new (parent, task);
    }
  close (parent);
  return work;
}

/**
 * ag_work_folder_remove:
 * @work: (transfer full): a folder
 *
 * Removes the folder and what is in it. The lock goes last: until then nobody else
 * can begin.
 */
void
ag_work_folder_remove (AgWorkFolder *work)
{
  ag_safe_folder_for_each (work->folder, remove_content, NULL);
  unlinkat (work->folder, LOCK_NAME, 0);
  unlinkat (work->parent, work->name, AT_REMOVEDIR);
  free_work (work);
}

static void
remove_if_abandoned (int parent,
                     const char *name,
                     gpointer data)
{
  AgWorkFolder *work = g_str_has_prefix (name, PREFIX) ? take (parent, name) : NULL;

  if (work != NULL)
    ag_work_folder_remove (work);
}

/**
 * ag_work_folder_remove_abandoned:
 * @parent: file descriptor of a safe folder
 *
 * Removes what processes that were killed have left there.
 */
void
ag_work_folder_remove_abandoned (int parent)
{
  ag_safe_folder_for_each (parent, remove_if_abandoned, NULL);
}
