/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/data-file.h"

#include "data/sample.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>

/* Files that were read, so that all runs of the same columns have the same points, and
 * the file is read once: what it was then is what they fit, until somebody asks to forget
 * it. Any thread may ask. */

/* Files that no run uses any more are kept up to this number, since people go back and forth
 * between settings. */
#define MAX_UNUSED 4

/**
 * Stamp:
 * @size: of the file in bytes
 * @modified_ns: when it was written last
 *
 * The facts by which a file is known again without being read.
 */
typedef struct
{
  gint64 size;
  gint64 modified_ns;
} Stamp;

/**
 * Entry:
 * @path: the file's path
 * @delimiter: as it was asked for
 * @decimal: as it was asked for
 * @x: as it was asked for
 * @y: as it was asked for
 * @is_standardized: as it was asked for
 * @stamp: of the file when it was read
 * @data: what is in it
 */
typedef struct
{
  char *path;
  AgDelimiter delimiter;
  AgDecimal decimal;
  char *x;
  char *y;
  gboolean is_standardized;
  Stamp stamp;
  AgData *data;
} Entry;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

/* The one that was asked for last is the first. */
static GQueue entries = G_QUEUE_INIT;

static Stamp
take_stamp (const char *path)
{
  struct stat info;

  if (stat (path, &info) != 0)
    return (Stamp){ -1, 0 };
  return (Stamp){ info.st_size, info.st_mtim.tv_sec * G_GINT64_CONSTANT (1000000000)
                                  + info.st_mtim.tv_nsec };
}

static void
entry_free (Entry *entry)
{
  g_free (entry->path);
  g_free (entry->x);
  g_free (entry->y);
  ag_data_unref (entry->data);
  g_free (entry);
}

static gboolean
is_entry_for (const Entry *entry,
              const char *path,
              const AgTableWish *wish)
{
  return strcmp (entry->path, path) == 0 && entry->delimiter == wish->delimiter
         && entry->decimal == wish->decimal && g_strcmp0 (entry->x, wish->x) == 0
         && g_strcmp0 (entry->y, wish->y) == 0
         && entry->is_standardized == wish->is_standardized;
}

static GList *
find_entry (const char *path,
            const AgTableWish *wish)
{
  for (GList *link = entries.head; link != NULL; link = link->next)
    if (is_entry_for (link->data, path, wish))
      return link;
  return NULL;
}

static void
drop_unused (void)
{
  guint n_unused = 0;

  for (GList *link = entries.head, *next; link != NULL; link = next)
    {
      Entry *entry = link->data;

      next = link->next;
      if (ag_data_is_shared (entry->data) || ++n_unused <= MAX_UNUSED)
        continue;
      g_queue_delete_link (&entries, link);
      entry_free (entry);
    }
}

/* Another thread may have read the same file meanwhile; its data are then everybody's. */
static AgData *
keep (const char *path,
      const AgTableWish *wish,
      Stamp stamp,
      AgData *data)
{
  GList *link;
  Entry *entry;

  pthread_mutex_lock (&mutex);
  link = find_entry (path, wish);
  if (link != NULL)
    {
      ag_data_unref (data);
      data = ag_data_ref (((Entry *) link->data)->data);
    }
  else
    {
      entry = g_new (Entry, 1);
      *entry = (Entry){ g_strdup (path), wish->delimiter, wish->decimal, g_strdup (wish->x),
                        g_strdup (wish->y), wish->is_standardized, stamp, ag_data_ref (data) };
      g_queue_push_head (&entries, entry);
      drop_unused ();
    }
  pthread_mutex_unlock (&mutex);
  return data;
}

static AgByteSource *
open_source (const char *path,
             GError **error)
{
  return g_str_has_prefix (path, AG_SAMPLE_PREFIX) ? ag_sample_open (path, error)
                                                   : ag_byte_source_open (path, error);
}

/**
 * ag_data_file_name:
 * @path: path of a file, or of a sample
 *
 * Returns: (transfer full): what people call it: the file's name without its folder, or
 *   the sample's title
 */
char *
ag_data_file_name (const char *path)
{
  const AgSample *sample = ag_sample_find (path);

  return sample != NULL ? g_strdup (_ (sample->title)) : g_path_get_basename (path);
}

/**
 * ag_data_file_find:
 * @path: path of a file
 * @wish: which columns, and how the file is written as far as that is known
 *
 * Does not wait for the disk.
 *
 * Returns: (transfer full) (nullable): the points of that file, if they were read before
 */
AgData *
ag_data_file_find (const char *path,
                   const AgTableWish *wish)
{
  AgData *data = NULL;
  GList *link;

  pthread_mutex_lock (&mutex);
  link = find_entry (path, wish);
  if (link != NULL)
    {
      g_queue_unlink (&entries, link);
      g_queue_push_head_link (&entries, link);
      data = ag_data_ref (((Entry *) link->data)->data);
    }
  pthread_mutex_unlock (&mutex);
  return data;
}

static AgData *
read_standardized (const char *path,
                   const AgTableWish *wish,
                   AgWork *work,
                   GError **error)
{
  const AgTableWish plain = { wish->delimiter, wish->decimal, wish->x, wish->y, FALSE };
  g_autoptr (AgData) original = ag_data_file_read (path, &plain, work, error);

  return original != NULL
           ? keep (path, wish, take_stamp (path), ag_data_new_standardized (original))
           : NULL;
}

/**
 * ag_data_file_read:
 * @path: path of a file
 * @wish: which columns, and how the file is written as far as that is known
 * @work: (nullable): where the reading is counted, and can be cancelled
 * @error: return location for a #GError
 *
 * Reads the points of a file, or finds those that were read before. That may take longer
 * than a frame.
 *
 * Returns: (transfer full) (nullable): its points, or %NULL with a sentence in @error
 */
AgData *
ag_data_file_read (const char *path,
                   const AgTableWish *wish,
                   AgWork *work,
                   GError **error)
{
  AgData *data = ag_data_file_find (path, wish);
  g_autofree char *name = ag_data_file_name (path);
  /* Before the file is read, so that a change meanwhile is noticed. */
  const Stamp stamp = take_stamp (path);
  g_autoptr (AgByteSource) source = NULL;
  AgTable *table;

  if (data != NULL)
    return data;
  if (wish->is_standardized)
    return read_standardized (path, wish, work, error);
  source = open_source (path, error);
  if (source == NULL)
    return NULL;
  table = ag_table_read (name, source, wish, work, error);
  return table != NULL ? keep (path, wish, stamp, ag_data_new_table (name, table)) : NULL;
}

/**
 * ag_data_file_look:
 * @path: path of a file
 * @wish: which columns, and how the file is written as far as that is known
 * @error: return location for a #GError
 *
 * Reads the beginning of a file; see ag_table_look().
 *
 * Returns: (transfer full) (nullable): what the table looks like, or %NULL with a
 *   sentence in @error
 */
AgTable *
ag_data_file_look (const char *path,
                   const AgTableWish *wish,
                   GError **error)
{
  g_autofree char *name = ag_data_file_name (path);
  g_autoptr (AgByteSource) source = open_source (path, error);

  return source != NULL ? ag_table_look (name, source, wish, error) : NULL;
}

/**
 * ag_data_file_has_changed:
 * @data: data of a file
 *
 * Returns: whether the file is another now than it was when @data were read
 */
gboolean
ag_data_file_has_changed (const AgData *data)
{
  g_autofree char *path = NULL;
  Stamp then = { 0 }, now;

  pthread_mutex_lock (&mutex);
  for (GList *link = entries.head; link != NULL && path == NULL; link = link->next)
    {
      const Entry *entry = link->data;

      if (entry->data != data)
        continue;
      path = g_strdup (entry->path);
      then = entry->stamp;
    }
  pthread_mutex_unlock (&mutex);
  if (path == NULL)
    return FALSE;
  now = take_stamp (path);
  return now.size != then.size || now.modified_ns != then.modified_ns;
}

/**
 * ag_data_file_forget:
 * @path: path of a file
 *
 * Lets the file be read anew by whoever asks next. Runs keep the points they have.
 */
void
ag_data_file_forget (const char *path)
{
  pthread_mutex_lock (&mutex);
  for (GList *link = entries.head, *next; link != NULL; link = next)
    {
      Entry *entry = link->data;

      next = link->next;
      if (strcmp (entry->path, path) != 0)
        continue;
      g_queue_delete_link (&entries, link);
      entry_free (entry);
    }
  pthread_mutex_unlock (&mutex);
}

/**
 * ag_data_file_refresh:
 * @path: path of a file
 *
 * Does what ag_data_file_forget() does, if the file has changed since it was read.
 */
void
ag_data_file_refresh (const char *path)
{
  const Stamp now = take_stamp (path);
  gboolean has_changed = FALSE;

  pthread_mutex_lock (&mutex);
  for (GList *link = entries.head; link != NULL; link = link->next)
    {
      const Entry *entry = link->data;

      has_changed |= strcmp (entry->path, path) == 0
                     && (entry->stamp.size != now.size || entry->stamp.modified_ns != now.modified_ns);
    }
  pthread_mutex_unlock (&mutex);
  if (has_changed)
    ag_data_file_forget (path);
}
