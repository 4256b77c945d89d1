/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/code-cache.h"

#include "device/safe-folder.h"
#include "device/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Compiled code that is kept for the next time, a file for each key. A file is the
 * code and, behind it, where loaders do not look, a digest of key and code, so that
 * what was cut short, overwritten or renamed is told from what is whole. */

#define DIGEST_BYTES 32

/* A file has this name, in a folder of its own, while it is written. When it is complete it is
 * moved to the cache under the name of its key. */
#define NEW_NAME "new"

/* The files that were not used for longest are removed first. The time of a use is written down
 * only when the last one is older than this, so that a file in daily use is not touched each
 * time. */
#define USE_SECONDS (60 * 60)

struct _AgCodeCache
{
  int folder;
};

/* A file of a folder, for those that are to go. */
typedef struct
{
  char *name;
  gint64 n_bytes;
  gint64 last_use;
} File;

/**
 * ag_code_cache_open:
 * @kind: what kind of code
 *
 * Opens $XDG_CACHE_HOME/converge/@kind, which is made if need be.
 *
 * Returns: (transfer full) (nullable): the cache; %NULL if that cannot be or is not
 *   safe from other users, see ag_safe_folder_open()
 */
AgCodeCache *
ag_code_cache_open (const char *kind)
{
  g_autofree char *path = g_build_filename (g_get_user_cache_dir (), "converge", kind, NULL);
  const int folder = ag_safe_folder_open (path, TRUE);
  AgCodeCache *cache;

  if (folder < 0)
    return NULL;
  if (!ag_safe_folder_is_private (folder))
    {
      close (folder);
      return NULL;
    }
  cache = g_new0 (AgCodeCache, 1);
  cache->folder = folder;
  return cache;
}

/**
 * ag_code_cache_close:
 * @cache: (transfer full): a cache
 */
void
ag_code_cache_close (AgCodeCache *cache)
{
  close (cache->folder);
  g_free (cache);
}

static void
compute_digest (const char *key,
                const guint8 *code,
                gsize n_bytes,
                guint8 digest[DIGEST_BYTES])
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize length = DIGEST_BYTES;

  g_checksum_update (checksum, (const guchar *) key, (gssize) strlen (key) + 1);
  g_checksum_update (checksum, code, (gssize) n_bytes);
  g_checksum_get_digest (checksum, digest, &length);
}

/* The file is opened without blocking, because somebody may have put a pipe there, at which
 * reading would wait for ever. */
static int
open_file (int folder,
           const char *name)
{
  return openat (folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static GBytes *
read_file (int fd)
{
  struct stat status;
  guint8 *data;

  if (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode) || status.st_uid != geteuid ()
      || status.st_size <= 0 || status.st_size > AG_CODE_MAX_BYTES)
    return NULL;
  data = g_malloc ((gsize) status.st_size);
  if (ag_read_all (fd, data, (gsize) status.st_size))
    return g_bytes_new_take (data, (gsize) status.st_size);
  g_free (data);
  return NULL;
}

/**
 * ag_code_read:
 * @folder: file descriptor of a folder
 * @name: name of a file in it
 *
 * Returns: (transfer full) (nullable): what is in the file; %NULL if that is
 *   nothing, too much, or not this user's
 */
GBytes *
ag_code_read (int folder,
              const char *name)
{
  const int fd = open_file (folder, name);
  GBytes *content;

  if (fd < 0)
    return NULL;
  content = read_file (fd);
  close (fd);
  return content;
}

/* Returns the code without the digest, if that is right. */
static GBytes *
check (GBytes *content,
       const char *key)
{
  guint8 digest[DIGEST_BYTES];
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (content, &n_bytes);

  if (n_bytes <= DIGEST_BYTES)
    return NULL;
  n_bytes -= DIGEST_BYTES;
  compute_digest (key, data, n_bytes, digest);
  if (memcmp (digest, data + n_bytes, DIGEST_BYTES) != 0)
    return NULL;
  return g_bytes_new_from_bytes (content, 0, n_bytes);
}

static void
note_use (int fd)
{
  struct stat status;

  if (fstat (fd, &status) == 0
      && status.st_mtime + USE_SECONDS < g_get_real_time () / G_USEC_PER_SEC)
    futimens (fd, NULL);
}

/**
 * ag_code_cache_get:
 * @cache: a cache
 * @key: a key, which is a file's name
 *
 * Looks for code. A file that is not what was put there is removed.
 *
 * Returns: (transfer full) (nullable): the code, as it was put there
 */
GBytes *
ag_code_cache_get (AgCodeCache *cache,
                   const char *key)
{
  const int fd = open_file (cache->folder, key);
  g_autoptr (GBytes) content = NULL;
  GBytes *code = NULL;

  if (fd < 0 && errno != ELOOP)
    return NULL;
  if (fd >= 0)
    content = read_file (fd);
  if (content != NULL)
    code = check (content, key);
  if (code != NULL)
    note_use (fd);
  else
    ag_code_cache_remove (cache, key);
  if (fd >= 0)
    close (fd);
  return code;
}

/**
 * ag_code_cache_remove:
 * @cache: a cache
 * @key: the key of code that is of no use
 */
void
ag_code_cache_remove (AgCodeCache *cache,
                      const char *key)
{
  unlinkat (cache->folder, key, 0);
}

/**
 * ag_code_cache_begin:
 * @cache: a cache
 * @key: the key of code that is to be made
 *
 * Begins to make code, and removes what others left who were killed doing so.
 *
 * Returns: (transfer full) (nullable): a folder to work in, to be removed in the
 *   end; %NULL with errno set, which is EBUSY if somebody else makes that code
 */
AgWorkFolder *
ag_code_cache_begin (AgCodeCache *cache,
                     const char *key)
{
  ag_work_folder_remove_abandoned (cache->folder);
  return ag_work_folder_new (cache->folder, key);
}

static void
clear_file (gpointer data)
{
  File *file = data;

  g_free (file->name);
}

static void
add_file (int folder,
          const char *name,
          gpointer data)
{
  GArray *files = data;
  struct stat status;

  if (fstatat (folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR (status.st_mode))
    {
      const File file = { g_strdup (name), status.st_size, status.st_mtime };

      g_array_append_val (files, file);
    }
}

static int
compare_last_use (gconstpointer a,
                  gconstpointer b)
{
  const gint64 x = ((const File *) a)->last_use, y = ((const File *) b)->last_use;

  return x < y ? 1 : x > y ? -1
                           : 0;
}

/* Removes what was not used for longest, until the rest is not too long. */
static void
remove_oldest (AgCodeCache *cache)
{
  g_autoptr (GArray) files = g_array_new (FALSE, FALSE, sizeof (File));
  gint64 n_bytes = 0;

  g_array_set_clear_func (files, clear_file);
  ag_safe_folder_for_each (cache->folder, add_file, files);
  g_array_sort (files, compare_last_use);
  for (guint i = 0; i < files->len; i++)
    {
      const File *file = &g_array_index (files, File, i);

      n_bytes += file->n_bytes;
      if (n_bytes > AG_CODE_CACHE_MAX_BYTES)
        unlinkat (cache->folder, file->name, 0);
    }
}

/**
 * ag_code_cache_put:
 * @cache: a cache
 * @key: a key
 * @code: the code
 * @work: the folder where it was made, see ag_code_cache_begin()
 *
 * Keeps code. The file gets its name only when all of it is on the disk, so that
 * not even a power failure leaves half of one. What was not used for longest gives
 * way where there is too much.
 *
 * Returns: whether it is kept
 */
gboolean
ag_code_cache_put (AgCodeCache *cache,
                   const char *key,
                   GBytes *code,
                   const AgWorkFolder *work)
{
  const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
  const int fd = openat (work->folder, NEW_NAME, flags, 0600);
  guint8 digest[DIGEST_BYTES];
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (code, &n_bytes);
  gboolean success;

  if (fd < 0)
    return FALSE;
  compute_digest (key, data, n_bytes, digest);
  success = ag_write_all (fd, data, n_bytes) && ag_write_all (fd, digest, DIGEST_BYTES)
            && fsync (fd) == 0;
  success = close (fd) == 0 && success
            && renameat (work->folder, NEW_NAME, cache->folder, key) == 0;
  if (success)
    remove_oldest (cache);
  return success;
}
