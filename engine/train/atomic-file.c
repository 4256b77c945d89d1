/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/atomic-file.h"

#include "graph/graph.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct _AgAtomicFile
{
  char *path;
  char *target;
  char *temporary;
  FILE *stream;
};

static const char *
advice (gint code)
{
  switch (code)
    {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return _ ("Free some space or give another path.");
    case ENOENT:
    case ENOTDIR:
      return _ ("Make the folder first or give another path.");
    default:
      return _ ("Give the path of a file that you may write.");
    }
}

static void
set_error (GError **error,
           const char *path,
           gint code)
{
  g_set_error (error, AG_ERROR, AG_ERROR_FILE, _ ("“%s” could not be written: %s. %s"), path,
               g_strerror (code), advice (code));
}

static void
free_file (AgAtomicFile *file)
{
  if (file->stream != NULL)
    fclose (file->stream);
  if (file->temporary != NULL)
    g_unlink (file->temporary);
  g_free (file->temporary);
  g_free (file->target);
  g_free (file->path);
  g_free (file);
}

/* Returns 0 or an errno. */
static gint
open_temporary (AgAtomicFile *file,
                const struct stat *existing)
{
  file->temporary = g_strconcat (file->target, ".XXXXXX", NULL);
  const int fd = g_mkstemp_full (file->temporary, O_WRONLY | O_CLOEXEC, 0666);
  if (fd < 0)
    {
      const gint code = errno;
      g_clear_pointer (&file->temporary, g_free);
      return code;
    }
  if (existing != NULL)
    (void) fchmod (fd, existing->st_mode & 0777);
  file->stream = fdopen (fd, "w");
  if (file->stream == NULL)
    {
      const gint code = errno;
      close (fd);
      return code;
    }
  return 0;
}

/**
 * ag_atomic_file_begin:
 * @path: path of the file
 * @error: return location for an error
 *
 * Begins to write a file. What @path names now stays as it is until
 * ag_atomic_file_commit(). (A device or a pipe, which cannot be replaced, is
 * written to directly.)
 *
 * Returns: (nullable): the file, or %NULL with @error set
 */
AgAtomicFile *
ag_atomic_file_begin (const char *path,
                      GError **error)
{
  AgAtomicFile *file = g_new0 (AgAtomicFile, 1);
  struct stat status;
  gint code = 0;

  file->path = g_strdup (path);
  char *real = realpath (path, NULL);
  file->target = g_strdup (real != NULL ? real : path);
  free (real);

  if (*path == '\0')
    code = ENOENT;
  else if (stat (file->target, &status) != 0)
    code = open_temporary (file, NULL);
  else if (S_ISDIR (status.st_mode))
    code = EISDIR;
  else if (access (file->target, W_OK) != 0)
    code = errno;
  else if (S_ISREG (status.st_mode))
    code = open_temporary (file, &status);
  else
    {
      file->stream = fopen (file->target, "we");
      code = file->stream == NULL ? errno : 0;
    }

  if (code != 0)
    {
      set_error (error, path, code);
      free_file (file);
      return NULL;
    }
  return file;
}

/**
 * ag_atomic_file_stream:
 * @file: a file
 *
 * Returns: (transfer none): where its contents are written to; whether that
 *   succeeds need not be looked at before ag_atomic_file_commit()
 */
FILE *
ag_atomic_file_stream (const AgAtomicFile *file)
{
  return file->stream;
}

/**
 * ag_atomic_file_commit:
 * @file: (transfer full): a file
 * @error: return location for an error
 *
 * Puts the file in its place, on disk, or removes what was written of it.
 *
 * Returns: whether the file is whole
 */
gboolean
ag_atomic_file_commit (AgAtomicFile *file,
                       GError **error)
{
  gint code = 0;

  errno = 0;
  if (fflush (file->stream) != 0 || ferror (file->stream))
    code = errno != 0 ? errno : EIO;
  if (code == 0 && file->temporary != NULL && fsync (fileno (file->stream)) != 0)
    code = errno;
  if (fclose (file->stream) != 0 && code == 0)
    code = errno;
  file->stream = NULL;
  if (code == 0 && file->temporary != NULL)
    {
      if (g_rename (file->temporary, file->target) == 0)
        g_clear_pointer (&file->temporary, g_free);
      else
        code = errno;
    }

  if (code != 0)
    set_error (error, file->path, code);
  free_file (file);
  return code == 0;
}

/**
 * ag_atomic_file_abort:
 * @file: (transfer full): a file
 *
 * Removes what was written of it.
 */
void
ag_atomic_file_abort (AgAtomicFile *file)
{
  free_file (file);
}

/**
 * ag_atomic_file_check:
 * @path: path of a file to be written later
 * @error: return location for an error
 *
 * Finds out beforehand whether @path can be written, so that a long run is
 * not made for nothing. Leaves no trace.
 *
 * Returns: whether it can
 */
gboolean
ag_atomic_file_check (const char *path,
                      GError **error)
{
  AgAtomicFile *file = ag_atomic_file_begin (path, error);

  if (file == NULL)
    return FALSE;
  ag_atomic_file_abort (file);
  return TRUE;
}
