/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "device/safe-folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders that no other user can exchange. A path is walked from the root, one
 * name at a time: each is opened without following links and then asked, through
 * the descriptor, who owns it and who may write to it. What has been looked at is
 * thereby what is used, whatever happens to the names meanwhile. */

#define OTHERS_WRITE (S_IWGRP | S_IWOTH)

/* More links than this on one way are a circle of them. */
#define MAX_LINKS 16

/**
 * Walk:
 * @folder: how far the walk came, opened with O_PATH; -1 once it has failed
 * @rest: the names that are still to be walked
 * @n_links: how many links were followed
 * @make: whether missing folders are made
 */
typedef struct
{
  int folder;
  char *rest;
  guint n_links;
  gboolean make;
} Walk;

static gboolean
is_trusted (const struct stat *status)
{
  return status->st_uid == 0 || status->st_uid == geteuid ();
}

/* In a sticky folder, as /tmp is, only the owner of a file can exchange it, and
 * whoever owns the next one on the way is looked at too. */
static gboolean
is_safe (int folder)
{
  struct stat status;

  return fstat (folder, &status) == 0 && S_ISDIR (status.st_mode) && is_trusted (&status)
         && ((status.st_mode & OTHERS_WRITE) == 0 || (status.st_mode & S_ISVTX) != 0);
}

static void
go_to (Walk *walk,
       int folder)
{
  if (walk->folder >= 0)
    close (walk->folder);
  walk->folder = folder;
}

static int
open_root (void)
{
  return open ("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* The link itself is opened, so it cannot become another one in between. */
static void
follow (Walk *walk,
        int link)
{
  char target[PATH_MAX];
  struct stat status;
  gssize length = -1;

  if (fstat (link, &status) == 0 && is_trusted (&status) && walk->n_links++ < MAX_LINKS)
    length = readlinkat (link, "", target, sizeof target - 1);
  close (link);
  if (length <= 0)
    {
      go_to (walk, -1);
      return;
    }
  target[length] = '\0';
  g_autofree char *after = walk->rest;
  walk->rest = g_strconcat (target, "/", after, NULL);
  if (target[0] == '/')
    go_to (walk, open_root ());
}

/* Goes to the folder of that name, or puts the names that a link of that name
 * stands for before the rest of the way. */
static void
enter (Walk *walk,
       const char *name)
{
  const int flags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  struct stat status;
  int next = openat (walk->folder, name, flags);

  if (next < 0 && errno == ENOENT && walk->make
      && (mkdirat (walk->folder, name, 0700) == 0 || errno == EEXIST))
    next = openat (walk->folder, name, flags);
  if (next >= 0 && fstat (next, &status) == 0 && S_ISLNK (status.st_mode))
    follow (walk, next);
  else
    go_to (walk, next);
}

/* Returns the first of the names that are left and takes it away from them. */
static char *
take_name (Walk *walk)
{
  const char *start = walk->rest + strspn (walk->rest, "/");
  const gsize length = strcspn (start, "/");
  char *name = g_strndup (start, length);

  memmove (walk->rest, start + length, strlen (start + length) + 1);
  return name;
}

/**
 * ag_safe_folder_open:
 * @path: absolute path of a folder
 * @make: whether what is missing of it is made, for this user alone
 *
 * Opens a folder that no other user but root can exchange: it and all above it
 * belong to this user or to root and are not writable for others, unless they are
 * sticky. Links on the way are followed if they belong to one of the two. For root
 * all of it must be root's.
 *
 * Returns: a file descriptor, to be closed; -1 if there is no such folder
 */
int
ag_safe_folder_open (const char *path,
                     gboolean make)
{
  Walk walk = { .folder = -1, .rest = g_strdup (path), .make = make };
  int folder = -1;

  if (path[0] == '/')
    walk.folder = open_root ();
  while (walk.folder >= 0 && is_safe (walk.folder))
    {
      g_autofree char *name = take_name (&walk);

      if (*name == '\0')
        {
          folder = openat (walk.folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
          break;
        }
      enter (&walk, name);
    }
  go_to (&walk, -1);
  g_free (walk.rest);
  return folder;
}

/**
 * ag_safe_folder_is_private:
 * @folder: file descriptor of a folder
 *
 * Returns: whether the folder is this user's own and nobody else may write to it
 */
gboolean
ag_safe_folder_is_private (int folder)
{
  struct stat status;

  return fstat (folder, &status) == 0 && S_ISDIR (status.st_mode) && status.st_uid == geteuid ()
         && (status.st_mode & OTHERS_WRITE) == 0;
}

/**
 * ag_safe_folder_for_each:
 * @folder: file descriptor of a folder
 * @act: (scope call): called with the name of each thing in it, in no order
 * @data: passed on to @act
 */
void
ag_safe_folder_for_each (int folder,
                         AgFolderFunc act,
                         gpointer data)
{
  const int copy = openat (folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = copy >= 0 ? fdopendir (copy) : NULL;
  const struct dirent *entry;

  if (dir == NULL)
    {
      if (copy >= 0)
        close (copy);
      return;
    }
  while ((entry = readdir (dir)) != NULL)
    if (strcmp (entry->d_name, ".") != 0 && strcmp (entry->d_name, "..") != 0)
      act (folder, entry->d_name, data);
  closedir (dir);
}
