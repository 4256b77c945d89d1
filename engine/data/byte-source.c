/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/byte-source.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKED_ROOM 65536

/**
 * AgByteSource:
 * @path: (nullable): the file's, for sentences
 * @fd: the file, −1 without one
 * @bytes: (nullable): without a file, what is read
 * @n_all: how many bytes file or memory has
 * @n_taken: how many of them were read
 * @unpacker: (nullable): of a compressed file, what unpacks it
 * @packed: of a compressed file, bytes that are not unpacked yet, from @packed_at on
 * @packed_at: place of the first of them
 * @n_packed: where they end
 * @is_over: whether a compressed file has been unpacked to its end
 *
 * The bytes of a file, unpacked if it was compressed by gzip, from the first to the last
 * one. (A mapped file would end the program when somebody else cuts it short.)
 */
struct _AgByteSource
{
  char *path;
  int fd;
  GBytes *bytes;
  gsize n_all;
  gsize n_taken;
  GConverter *unpacker;
  char packed[PACKED_ROOM];
  gsize packed_at;
  gsize n_packed;
  gboolean is_over;
};

static gboolean
refuse (const char *path,
        const char *why,
        GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_FILE, _ ("“%s” cannot be read: %s"), path, why);
  return FALSE;
}

static gboolean
refuse_for_errno (const char *path,
                  int code,
                  GError **error)
{
  g_autofree char *why = g_strdup_printf (_ ("%s. Give a file that you may read."),
                                          g_strerror (code));

  return refuse (path, why, error);
}

/* Reads the bytes that the file has left, at most @room. */
static gboolean
read_plain (AgByteSource *source,
            char *buffer,
            gsize room,
            gsize *n_bytes,
            GError **error)
{
  *n_bytes = 0;
  if (source->bytes != NULL)
    {
      *n_bytes = MIN (room, source->n_all - source->n_taken);
      /* No bytes have no address. */
      if (*n_bytes > 0)
        memcpy (buffer, (const char *) g_bytes_get_data (source->bytes, NULL) + source->n_taken,
                *n_bytes);
      source->n_taken += *n_bytes;
      return TRUE;
    }
  while (*n_bytes < room)
    {
      const gssize n = read (source->fd, buffer + *n_bytes, room - *n_bytes);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return refuse_for_errno (source->path, errno, error);
      if (n == 0)
        break;
      *n_bytes += (gsize) n;
      source->n_taken += (gsize) n;
    }
  return TRUE;
}

static gboolean
fill_packed (AgByteSource *source,
             GError **error)
{
  gsize n;

  memmove (source->packed, source->packed + source->packed_at,
           source->n_packed - source->packed_at);
  source->n_packed -= source->packed_at;
  source->packed_at = 0;
  if (!read_plain (source, source->packed + source->n_packed, PACKED_ROOM - source->n_packed, &n,
                   error))
    return FALSE;
  source->n_packed += n;
  return TRUE;
}

/* One file may be several that were compressed one by one. */
static gboolean
unpack (AgByteSource *source,
        char *buffer,
        gsize room,
        gsize *n_bytes,
        GError **error)
{
  *n_bytes = 0;
  while (*n_bytes < room && !source->is_over)
    {
      g_autoptr (GError) reason = NULL;
      GConverterResult result;
      gsize n_read = 0, n_written = 0;

      if (!fill_packed (source, error))
        return FALSE;
      if (source->n_packed == 0)
        return refuse (source->path, _ ("its compressed data end too early. Copy it anew."), error);
      result = g_converter_convert (source->unpacker, source->packed, source->n_packed,
                                    buffer + *n_bytes, room - *n_bytes, G_CONVERTER_NO_FLAGS,
                                    &n_read, &n_written, &reason);
      if (result == G_CONVERTER_ERROR && n_read == 0)
        return refuse (source->path, _ ("its compressed data are damaged. Copy it anew."), error);
      source->packed_at = n_read;
      *n_bytes += n_written;
      if (result != G_CONVERTER_FINISHED)
        continue;
      g_converter_reset (source->unpacker);
      if (!fill_packed (source, error))
        return FALSE;
      source->is_over = source->n_packed == 0;
    }
  return TRUE;
}

static gboolean
look_whether_packed (AgByteSource *source,
                     GError **error)
{
  if (!fill_packed (source, error))
    return FALSE;
  if (source->n_packed >= 2 && memcmp (source->packed, "\x1f\x8b", 2) == 0)
    source->unpacker = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP));
  return TRUE;
}

/**
 * ag_byte_source_open:
 * @path: path of a file
 * @error: return location for an %AG_ERROR_FILE
 *
 * Begins to read a file. What is no file, as a folder or a pipe, is refused.
 *
 * Returns: (transfer full) (nullable): its bytes, or %NULL with @error set
 */
AgByteSource *
ag_byte_source_open (const char *path,
                     GError **error)
{
  /* Else the opening of a pipe would wait for somebody to write into it. */
  const int fd = open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  g_autoptr (AgByteSource) source = NULL;
  struct stat info;

  if (fd < 0)
    {
      refuse_for_errno (path, errno, error);
      return NULL;
    }
  source = g_new0 (AgByteSource, 1);
  source->path = g_strdup (path);
  source->fd = fd;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      refuse (path, _ ("it is no file. Give the path of a file with a table."), error);
      return NULL;
    }
  source->n_all = (gsize) info.st_size;
  posix_fadvise (fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  return look_whether_packed (source, error) ? g_steal_pointer (&source) : NULL;
}

/**
 * ag_byte_source_from_bytes:
 * @bytes: what there is to be read
 *
 * Returns: (transfer full): @bytes, to be read as a file
 */
AgByteSource *
ag_byte_source_from_bytes (GBytes *bytes)
{
  AgByteSource *source = g_new0 (AgByteSource, 1);

  source->fd = -1;
  source->bytes = g_bytes_ref (bytes);
  source->n_all = g_bytes_get_size (bytes);
  return source;
}

/**
 * ag_byte_source_free:
 * @source: (transfer full): a source
 */
void
ag_byte_source_free (AgByteSource *source)
{
  if (source->fd >= 0)
    close (source->fd);
  g_clear_pointer (&source->bytes, g_bytes_unref);
  g_clear_object (&source->unpacker);
  g_free (source->path);
  g_free (source);
}

/**
 * ag_byte_source_read:
 * @source: a source
 * @buffer: (out caller-allocates): the next bytes
 * @room: how many fit there
 * @n_bytes: (out): how many there were: fewer than @room only at the end
 * @error: return location for an %AG_ERROR_FILE
 *
 * Returns: whether they could be read
 */
gboolean
ag_byte_source_read (AgByteSource *source,
                     char *buffer,
                     gsize room,
                     gsize *n_bytes,
                     GError **error)
{
  gsize n_kept;

  if (source->unpacker != NULL)
    return unpack (source, buffer, room, n_bytes, error);
  /* The bytes that were read to find out whether the file is compressed come first. */
  n_kept = MIN (room, source->n_packed - source->packed_at);
  memcpy (buffer, source->packed + source->packed_at, n_kept);
  source->packed_at += n_kept;
  if (!read_plain (source, buffer + n_kept, room - n_kept, n_bytes, error))
    return FALSE;
  *n_bytes += n_kept;
  return TRUE;
}

/**
 * ag_byte_source_share:
 * @source: a source
 *
 * Returns: how much of it was read, from 0 to 1
 */
double
ag_byte_source_share (const AgByteSource *source)
{
  return source->n_all > 0 ? MIN ((double) source->n_taken / (double) source->n_all, 1) : 1;
}
