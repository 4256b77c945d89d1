/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-data-loader.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>

/* Files are read on a thread of their own, whatever their size: a disk may be slow, or
 * somewhere else. */

/**
 * ConvergeDataLoad:
 * @loaded: what comes of it
 * @work: how far it is, and whether it is still wanted
 * @callback: (nullable): who is told; nobody once it was cancelled
 * @user_data: for @callback
 */
struct _ConvergeDataLoad
{
  ConvergeLoadedData *loaded;
  AgWork work;
  ConvergeDataLoaded callback;
  gpointer user_data;
};

/* A GTask hands data from thread to thread, but ThreadSanitizer does not see how GLib does that;
 * this mutex makes it visible. */
static pthread_mutex_t handing_over = PTHREAD_MUTEX_INITIALIZER;

/**
 * converge_loaded_data_free:
 * @loaded: (transfer full): what was loaded
 */
void
converge_loaded_data_free (ConvergeLoadedData *loaded)
{
  g_free (loaded->path);
  g_free (loaded->x);
  g_free (loaded->y);
  g_clear_pointer (&loaded->look, ag_table_free);
  g_clear_pointer (&loaded->data, ag_data_unref);
  g_clear_error (&loaded->error);
  g_free (loaded);
}

/* A name that we made, or that another column has too, says less than a number. */
static char *
name_column (const AgTable *table,
             guint column)
{
  guint n_same = 0;

  if (column >= table->format.n_columns)
    return g_strdup ("");
  for (guint i = 0; i < table->format.n_columns; i++)
    n_same += g_str_equal (table->names[i], table->names[column]);
  return table->format.has_header && n_same == 1 ? g_strdup (table->names[column])
                                                 : g_strdup_printf ("%u", column + 1);
}

static void
load_data (ConvergeLoadedData *loaded,
           AgWork *work)
{
  AgTableWish wish = { loaded->delimiter, loaded->decimal, loaded->x, loaded->y };

  ag_data_file_refresh (loaded->path);
  loaded->look = ag_data_file_look (loaded->path, &wish, &loaded->error);
  if (loaded->look == NULL)
    return;
  g_free (loaded->x);
  g_free (loaded->y);
  loaded->x = name_column (loaded->look, loaded->look->x_column);
  loaded->y = name_column (loaded->look, loaded->look->y_column);
  wish.x = loaded->x;
  wish.y = loaded->y;
  loaded->data = ag_data_file_read (loaded->path, &wish, work, &loaded->error);
  /* Here it may take its time, and the window need not when somebody standardizes them. */
  if (loaded->data != NULL)
    ag_data_prepare_scale (loaded->data);
}

static gboolean
tell (gpointer user_data)
{
  ConvergeDataLoad *load = user_data;

  pthread_mutex_lock (&handing_over);
  pthread_mutex_unlock (&handing_over);
  if (load->callback != NULL)
    load->callback (load->loaded, load->user_data);
  else
    converge_loaded_data_free (load->loaded);
  g_free (load);
  return G_SOURCE_REMOVE;
}

static gpointer
work (gpointer user_data)
{
  ConvergeDataLoad *load = user_data;

  pthread_mutex_lock (&handing_over);
  pthread_mutex_unlock (&handing_over);
  load_data (load->loaded, &load->work);
  pthread_mutex_lock (&handing_over);
  pthread_mutex_unlock (&handing_over);
  g_idle_add (tell, load);
  return NULL;
}

/**
 * converge_data_load:
 * @path: path of a file
 * @wish: which columns, and how it is written as far as that is known
 * @callback: is told what came of it
 * @user_data: for @callback
 *
 * Begins to read a file. Columns that are not there, or not asked for, are the first ones
 * with numbers.
 *
 * Returns: (transfer none): the reading, until @callback is called
 */
ConvergeDataLoad *
converge_data_load (const char *path,
                    const AgTableWish *wish,
                    ConvergeDataLoaded callback,
                    gpointer user_data)
{
  ConvergeDataLoad *load = g_new0 (ConvergeDataLoad, 1);
  GThread *thread;

  pthread_mutex_lock (&handing_over);
  load->loaded = g_new0 (ConvergeLoadedData, 1);
  load->loaded->path = g_strdup (path);
  load->loaded->delimiter = wish->delimiter;
  load->loaded->decimal = wish->decimal;
  load->loaded->x = g_strdup (wish->x);
  load->loaded->y = g_strdup (wish->y);
  load->callback = callback;
  load->user_data = user_data;
  pthread_mutex_unlock (&handing_over);
  thread = g_thread_try_new ("data", work, load, NULL);
  if (thread != NULL)
    {
      g_thread_unref (thread);
      return load;
    }
  g_set_error (&load->loaded->error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("No thread could be started to read “%s”: the limit on processes or on memory is "
                  "reached. Raise it, or end other programs."),
               path);
  g_idle_add (tell, load);
  return load;
}

/**
 * converge_data_load_cancel:
 * @load: (transfer full): a reading that is not wanted any more
 *
 * Nobody is told of it.
 */
void
converge_data_load_cancel (ConvergeDataLoad *load)
{
  load->callback = NULL;
  ag_work_set_cancelled (&load->work, TRUE);
}
