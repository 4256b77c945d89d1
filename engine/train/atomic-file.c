/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* fopencookie() is GNU's. */
#define _GNU_SOURCE

#include "train/atomic-file.h"

#include "base/error.h"
#include "train/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

/* The kernel follows this many links before it gives up. */
#define MAX_LINKS 40

#define BUFFER_SIZE 65536

/* Bytes that are written to find out whether there is any space. */
#define SAMPLE_SIZE 4096

/* A device or a pipe has no temporary file: @fd is it. @code is the first error
 * in writing, which a FILE would forget. */
struct _AgAtomicFile
{
  char *path;
  char *target;
  AgTemporary temporary;
  gint fd;
  gint code;
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
    case ENAMETOOLONG:
      return _ ("Give a shorter name.");
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

static gboolean
is_device (const char *path)
{
  struct stat status;

  return stat (path, &status) == 0 && !S_ISREG (status.st_mode) && !S_ISDIR (status.st_mode);
}

/* One that the program was started with, as that of /dev/stdout: whoever names it
 * wants it to be written to and not replaced. */
static gboolean
is_open_file (const char *path)
{
  return g_pattern_match_simple ("/proc/*/fd/*", path) || g_str_has_prefix (path, "/dev/fd/");
}

/* Returns whether @path is a link; else @code is 0 or why that is unknown. */
static gboolean
read_link (const char *path,
           char text[PATH_MAX],
           gint *code)
{
  gssize length;

  *code = 0;
  if (is_open_file (path))
    return FALSE;
  length = readlink (path, text, PATH_MAX - 1);
  if (length < 0)
    {
      /* EINVAL is said of what is no link, ENOENT of what is not there. */
      *code = errno == EINVAL || errno == ENOENT ? 0 : errno;
      return FALSE;
    }
  text[length] = '\0';
  return TRUE;
}

/**
 * ag_atomic_file_find_target:
 * @path: path of a file, which need not be there
 * @code: (out) (optional): 0 or an errno
 *
 * Follows symbolic links, also those to a file that is yet to be made.
 *
 * Returns: (transfer full): path of the file that @path stands for
 */
char *
ag_atomic_file_find_target (const char *path,
                            gint *code)
{
  char *target = g_strdup (path);
  char text[PATH_MAX];
  gint result = 0;

  for (guint i = 0; !is_device (target) && read_link (target, text, &result); i++)
    {
      g_autofree char *folder = g_path_get_dirname (target);

      if (i == MAX_LINKS)
        {
          result = ELOOP;
          break;
        }
      g_free (target);
      target = g_path_is_absolute (text) ? g_strdup (text)
                                         : g_build_filename (folder, text, NULL);
    }
  if (code != NULL)
    *code = result;
  return target;
}

/**
 * ag_atomic_file_is_special:
 * @path: path of a file
 *
 * Returns: whether there is something that is written to and not replaced: a device, a pipe, or a
 *   file that the program was started with, as /dev/stdout may be
 */
gboolean
ag_atomic_file_is_special (const char *path)
{
  g_autofree char *target = ag_atomic_file_find_target (path, NULL);

  return is_device (target) || is_open_file (target);
}

/* Writes all of it, or remembers why that is impossible. */
static gssize
write_bytes (void *cookie,
             const char *bytes,
             gsize size)
{
  AgAtomicFile *file = cookie;
  gsize written = 0;

  while (written < size && file->code == 0)
    {
      const gssize n = write (file->fd, bytes + written, size - written);

      if (n >= 0)
        written += (gsize) n;
      else if (errno != EINTR)
        file->code = errno;
    }
  return file->code == 0 ? (gssize) size : 0;
}

static void
open_stream (AgAtomicFile *file)
{
  const cookie_io_functions_t functions = { .write = write_bytes };

  file->stream = fopencookie (file, "w", functions);
  if (file->stream == NULL)
    file->code = errno;
  else
    setvbuf (file->stream, NULL, _IOFBF, BUFFER_SIZE);
}

static gboolean
is_temporary (const AgAtomicFile *file)
{
  return file->temporary.fd >= 0;
}

/* Writes what is still in the buffer. */
static void
close_stream (AgAtomicFile *file)
{
  FILE *stream = g_steal_pointer (&file->stream);

  if (stream != NULL && fclose (stream) != 0 && file->code == 0)
    file->code = EIO;
}

static void
free_file (AgAtomicFile *file)
{
  /* Nobody waits for the rest. */
  if (file->code == 0)
    file->code = ECANCELED;
  close_stream (file);
  if (!is_temporary (file) && file->fd >= 0)
    close (file->fd);
  ag_temporary_close (&file->temporary);
  g_free (file->target);
  g_free (file->path);
  g_free (file);
}

static void
open_temporary (AgAtomicFile *file,
                const struct stat *existing)
{
  g_autofree char *folder = g_path_get_dirname (file->target);

  file->code = ag_temporary_open (&file->temporary, folder);
  file->fd = file->temporary.fd;
  if (file->code == 0 && existing != NULL)
    (void) fchmod (file->fd, existing->st_mode & 0777);
}

static void
open_itself (AgAtomicFile *file)
{
  file->fd = open (file->target, O_WRONLY | O_APPEND | O_NOCTTY | O_CLOEXEC);
  if (file->fd < 0)
    file->code = errno;
}

static void
open_target (AgAtomicFile *file)
{
  struct stat status;

  if (stat (file->target, &status) != 0)
    {
      file->code = errno;
      /* The name of a new file, and no more: “folder/” is none. */
      if (file->code == ENOENT && !g_str_has_suffix (file->target, "/"))
        open_temporary (file, NULL);
    }
  else if (S_ISDIR (status.st_mode))
    file->code = EISDIR;
  else if (access (file->target, W_OK) != 0)
    file->code = errno;
  else if (S_ISREG (status.st_mode) && !is_open_file (file->target))
    open_temporary (file, &status);
  else
    open_itself (file);
}

/**
 * ag_atomic_file_begin:
 * @path: path of the file
 * @error: return location for an error
 *
 * Begins to write a file. What @path names now, directly or through symbolic
 * links, stays as it is until ag_atomic_file_commit(). (A device or a pipe, which
 * cannot be replaced, is written to directly.)
 *
 * Returns: (nullable): the file, or %NULL with @error set
 */
AgAtomicFile *
ag_atomic_file_begin (const char *path,
                      GError **error)
{
  AgAtomicFile *file = g_new0 (AgAtomicFile, 1);

  file->temporary = (AgTemporary) AG_TEMPORARY_INIT;
  file->fd = -1;
  file->path = g_strdup (path);
  file->target = ag_atomic_file_find_target (path, &file->code);
  if (*path == '\0')
    file->code = ENOENT;
  if (file->code == 0)
    open_target (file);
  if (file->code == 0)
    open_stream (file);
  if (file->code == 0)
    return file;

  set_error (error, path, file->code);
  free_file (file);
  return NULL;
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
 * ag_atomic_file_finish:
 * @file: a file
 * @error: return location for an error
 *
 * Brings all that was written to disk. After this, the stream is closed.
 *
 * Returns: whether it is there
 */
gboolean
ag_atomic_file_finish (AgAtomicFile *file,
                       GError **error)
{
  close_stream (file);
  if (file->code == 0 && is_temporary (file) && fsync (file->fd) != 0)
    file->code = errno;
  if (file->code == 0)
    return TRUE;
  set_error (error, file->path, file->code);
  return FALSE;
}

/**
 * ag_atomic_file_place:
 * @file: a file that is finished
 * @error: return location for an error
 *
 * Puts the file in its place.
 *
 * Returns: whether it is there
 */
gboolean
ag_atomic_file_place (AgAtomicFile *file,
                      GError **error)
{
  g_autofree char *name = g_path_get_basename (file->target);

  if (is_temporary (file))
    file->code = ag_temporary_place (&file->temporary, name);
  if (file->code == 0)
    return TRUE;
  set_error (error, file->path, file->code);
  return FALSE;
}

/**
 * ag_atomic_file_take_back:
 * @file: a file that is in its place
 *
 * Puts there again what was there before, if the file system has kept it.
 */
void
ag_atomic_file_take_back (AgAtomicFile *file)
{
  g_autofree char *name = g_path_get_basename (file->target);

  ag_temporary_take_back (&file->temporary, name);
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
  const gboolean success = ag_atomic_file_finish (file, error)
                           && ag_atomic_file_place (file, error);

  free_file (file);
  return success;
}

/**
 * ag_atomic_file_abort:
 * @file: (transfer full): a file
 *
 * Removes what was written of it, unless it is in its place.
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
 * Finds out beforehand whether @path can be written and whether there is any
 * space, so that a long run is not made for nothing. Leaves no trace.
 *
 * Returns: whether it can
 */
gboolean
ag_atomic_file_check (const char *path,
                      GError **error)
{
  static const char sample[SAMPLE_SIZE];
  struct stat status;
  AgAtomicFile *file;

  /* A pipe's reader would take the check for the end. */
  if (is_device (path) && stat (path, &status) == 0 && !S_ISCHR (status.st_mode))
    return TRUE;
  file = ag_atomic_file_begin (path, error);
  if (file == NULL)
    return FALSE;
  if (write (file->fd, sample, is_temporary (file) ? sizeof sample : 0) < 0)
    file->code = errno;
  if (file->code != 0)
    set_error (error, path, file->code);
  const gboolean success = file->code == 0;
  free_file (file);
  return success;
}
