/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* O_TMPFILE, O_PATH and renameat2() are Linux's. */
#define _GNU_SOURCE

#include "train/temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define PREFIX ".converge-tmp-"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

/* How often another name is drawn where there is a file of that name. */
#define MAX_TRIES 100

static gboolean
is_temporary_name (const char *name)
{
  return strlen (name) == AG_TEMPORARY_NAME_SIZE - 1 && g_str_has_prefix (name, PREFIX)
         && strspn (name + strlen (PREFIX), LETTERS) == AG_TEMPORARY_NAME_SIZE - sizeof PREFIX;
}

static void
draw_name (AgTemporary *temporary)
{
  char *letter = g_stpcpy (temporary->name, PREFIX);

  for (; letter < temporary->name + AG_TEMPORARY_NAME_SIZE - 1; letter++)
    *letter = LETTERS[g_random_int_range (0, sizeof LETTERS - 1)];
}

static void
remove_name (AgTemporary *temporary)
{
  if (*temporary->name != '\0')
    unlinkat (temporary->folder, temporary->name, 0);
  *temporary->name = '\0';
}

/* Where locks are not known, nobody else can get one either and remove the file. */
static gboolean
lock (gint fd)
{
  return flock (fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;
}

/* A file without a name gets one through /proc. Returns 0 or an errno. */
static gint
open_nameless (AgTemporary *temporary)
{
  char self[64];

  temporary->fd = openat (temporary->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
  if (temporary->fd < 0)
    return errno;
  g_snprintf (self, sizeof self, "/proc/self/fd/%d", temporary->fd);
  if (access (self, F_OK) == 0 && lock (temporary->fd))
    return 0;
  close (temporary->fd);
  temporary->fd = -1;
  return EOPNOTSUPP;
}

/* Between making and locking it, somebody who cleans up may take the file for
 * an old one; then it has no name any more, or will soon have none. */
static gboolean
lock_named (AgTemporary *temporary)
{
  struct stat status;

  if (lock (temporary->fd) && fstat (temporary->fd, &status) == 0 && status.st_nlink > 0)
    return TRUE;
  remove_name (temporary);
  close (temporary->fd);
  temporary->fd = -1;
  return FALSE;
}

/* Returns 0 or an errno. */
static gint
open_named (AgTemporary *temporary)
{
  gint code = EEXIST;

  for (guint i = 0; i < MAX_TRIES && code == EEXIST; i++)
    {
      draw_name (temporary);
      temporary->fd = openat (temporary->folder, temporary->name,
                              O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
      if (temporary->fd < 0)
        code = errno;
      else if (lock_named (temporary))
        return 0;
    }
  *temporary->name = '\0';
  return code;
}

/**
 * ag_temporary_open:
 * @temporary: an %AG_TEMPORARY_INIT
 * @folder: path of a folder
 *
 * Makes an empty file in @folder, with the mode that new files have, and
 * removes there what earlier processes left. ag_temporary_close() is due even
 * if that fails.
 *
 * Returns: 0 or an errno
 */
gint
ag_temporary_open (AgTemporary *temporary,
                   const char *folder)
{
  gint code;

  temporary->folder = open (folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (temporary->folder < 0)
    return errno;
  ag_temporary_clean (temporary->folder);
  code = open_nameless (temporary);
  /* EISDIR comes from kernels, and ENOENT and EINVAL from file systems, which do
   * not know the flag. */
  if (code == EOPNOTSUPP || code == EISDIR || code == ENOENT || code == EINVAL)
    code = open_named (temporary);
  return code;
}

/* Gives a file without a name the name @name. Returns 0 or an errno. */
static gint
link_as (const AgTemporary *temporary,
         const char *name)
{
  char self[64];

  g_snprintf (self, sizeof self, "/proc/self/fd/%d", temporary->fd);
  return linkat (AT_FDCWD, self, temporary->folder, name, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno;
}

/* Returns 0 or an errno. */
static gint
give_temporary_name (AgTemporary *temporary)
{
  gint code = EEXIST;

  for (guint i = 0; i < MAX_TRIES && code == EEXIST; i++)
    {
      draw_name (temporary);
      code = link_as (temporary, temporary->name);
    }
  if (code != 0)
    *temporary->name = '\0';
  return code;
}

/**
 * ag_temporary_place:
 * @temporary: a temporary file
 * @name: a name in its folder
 *
 * Gives the file its name. What had the name before is kept until
 * ag_temporary_close(), where the file system can do that.
 *
 * Returns: 0 or an errno
 */
gint
ag_temporary_place (AgTemporary *temporary,
                    const char *name)
{
  const gint folder = temporary->folder;
  struct stat status;
  const gboolean is_new = fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) != 0;
  gint code;

  if (is_new && errno != ENOENT)
    return errno;
  /* Exchanging names would take a folder as well. */
  if (!is_new && S_ISDIR (status.st_mode))
    return EISDIR;
  if (*temporary->name == '\0')
    {
      code = is_new ? link_as (temporary, name) : EEXIST;
      if (code == 0)
        temporary->placed = AG_TEMPORARY_IS_NEW;
      if (code == EEXIST)
        code = give_temporary_name (temporary);
      if (code != 0 || temporary->placed == AG_TEMPORARY_IS_NEW)
        return code;
    }

  if (!is_new && renameat2 (folder, temporary->name, folder, name, RENAME_EXCHANGE) == 0)
    {
      temporary->placed = AG_TEMPORARY_IS_EXCHANGED;
      return 0;
    }
  /* File systems that cannot exchange two names say EINVAL. */
  if (!is_new && errno != EINVAL && errno != ENOSYS && errno != ENOENT)
    return errno;
  if (renameat (folder, temporary->name, folder, name) != 0)
    return errno;
  *temporary->name = '\0';
  temporary->placed = is_new ? AG_TEMPORARY_IS_NEW : AG_TEMPORARY_HAS_REPLACED;
  return 0;
}

/**
 * ag_temporary_take_back:
 * @temporary: a temporary file that was placed and not yet closed
 * @name: the name it was given
 *
 * Lets @name be again what it was before, unless that is no longer there.
 */
void
ag_temporary_take_back (AgTemporary *temporary,
                        const char *name)
{
  const gint folder = temporary->folder;

  if (temporary->placed == AG_TEMPORARY_IS_NEW)
    unlinkat (folder, name, 0);
  if (temporary->placed == AG_TEMPORARY_IS_EXCHANGED)
    (void) renameat2 (folder, temporary->name, folder, name, RENAME_EXCHANGE);
  temporary->placed = AG_TEMPORARY_NOT_PLACED;
}

/**
 * ag_temporary_close:
 * @temporary: a temporary file
 *
 * Removes what has no name of its own: the file if it was not placed, else what
 * it replaced.
 */
void
ag_temporary_close (AgTemporary *temporary)
{
  remove_name (temporary);
  if (temporary->fd >= 0)
    close (temporary->fd);
  if (temporary->folder >= 0)
    close (temporary->folder);
  temporary->fd = temporary->folder = -1;
}

/* Only files of our own, which nobody holds. */
static void
remove_if_left (gint folder,
                const char *name)
{
  const gint fd = openat (folder, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  struct stat status;

  if (fd < 0)
    return;
  if (fstat (fd, &status) == 0 && S_ISREG (status.st_mode) && status.st_uid == geteuid ()
      && flock (fd, LOCK_EX | LOCK_NB) == 0)
    unlinkat (folder, name, 0);
  close (fd);
}

/**
 * ag_temporary_clean:
 * @folder: descriptor of a folder
 *
 * Removes the temporary files that were left by processes of this user which
 * are no more, as after a power failure or SIGKILL.
 */
void
ag_temporary_clean (gint folder)
{
  const gint fd = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = fd >= 0 ? fdopendir (fd) : NULL;

  if (entries == NULL)
    {
      if (fd >= 0)
        close (fd);
      return;
    }
  for (const struct dirent *entry; (entry = readdir (entries)) != NULL;)
    if (is_temporary_name (entry->d_name))
      remove_if_left (folder, entry->d_name);
  closedir (entries);
}
