/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "device/whole-file.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

/* Reading and writing where the system may do less than it was asked for. */

/**
 * ag_read_all:
 * @fd: a file descriptor
 * @data: (out caller-allocates): what was read
 * @n_bytes: how much that is to be
 *
 * Returns: whether all of it could be read
 */
gboolean
ag_read_all (int fd,
             gpointer data,
             gsize n_bytes)
{
  guint8 *next = data;

  while (n_bytes > 0)
    {
      const gssize n = read (fd, next, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      next += n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

/**
 * ag_write_all:
 * @fd: a file descriptor
 * @data: what is to be written
 * @n_bytes: how much that is
 *
 * Returns: whether all of it could be written
 */
gboolean
ag_write_all (int fd,
              gconstpointer data,
              gsize n_bytes)
{
  const guint8 *next = data;

  while (n_bytes > 0)
    {
      const gssize n = write (fd, next, n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      next += n;
      n_bytes -= (gsize) n;
    }
  return TRUE;
}

/**
 * ag_memory_file:
 * @name: what debuggers call it
 * @data: what is to be in it
 * @n_bytes: how much that is
 *
 * Makes a file that has no name in any folder, so that nobody else can exchange it
 * and nothing is left of it.
 *
 * Returns: a file descriptor at the file's beginning, to be closed; -1 if there can
 *   be none
 */
int
ag_memory_file (const char *name,
                gconstpointer data,
                gsize n_bytes)
{
  const int fd = memfd_create (name, MFD_CLOEXEC);

  if (fd < 0)
    return -1;
  if (ag_write_all (fd, data, n_bytes) && lseek (fd, 0, SEEK_SET) == 0)
    return fd;
  close (fd);
  return -1;
}
