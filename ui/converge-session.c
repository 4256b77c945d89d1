/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-session.h"

#include "converge-errand.h"
#include "converge-run-record.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

/* Changes of names and order are written when there were none for so long, in milliseconds. */
#define CALM_MS 200

/* How long a run is waited for that takes a step while the window closes. */
#define PATIENCE_US 200000

#define ORDER_FILE "order"
#define LOCK_FILE "lock"

/**
 * ConvergeSession:
 * @runs: the runs
 * @folder: where they are kept: a file for each run that rests, and one with their order
 * @lock: descriptor of a file that is locked as long as this process keeps runs there; −1 if
 *   another one does
 * @runner: (nullable): the thread that reads and writes, until the session is finished
 * @restoring: (nullable): what it reads at first
 * @files: (element-type guint64 SavedRun): what is in which file, by the runs' ids
 * @is_restored: whether what was kept before is among @runs
 * @look: a hash of the order, names and so on that were written
 * @calm: (nullable): source of the next writing of those
 *
 * Keeps runs in a folder, so that they are there the next time: each when it has come to rest,
 * whatever happens to the process after that.
 */
struct _ConvergeSession
{
  GObject parent_instance;

  ConvergeRuns *runs;
  char *folder;
  int lock;
  GThreadPool *runner;
  ConvergeErrand *restoring;
  GHashTable *files;
  gboolean is_restored;
  guint look;
  guint calm;
};

/**
 * SavedRun:
 * @name: of its file
 * @serial: of the snapshot that is in it; 0 where it could not be written
 */
typedef struct
{
  char *name;
  guint64 serial;
} SavedRun;

enum
{
  RESTORED,
  SAVED,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeSession, converge_session, G_TYPE_OBJECT)

static void
saved_run_free (gpointer data)
{
  g_free (((SavedRun *) data)->name);
  g_free (data);
}

/**
 * Writing:
 * @errand: what it is the beginning of
 * @path: of the file
 * @record: (nullable): the run that goes there
 * @text: (nullable): what else goes there; without both the file is removed
 * @name: (nullable): of the run
 * @id: the run's
 * @error: (nullable): why it could not be done
 */
typedef struct
{
  ConvergeErrand errand;
  char *path;
  ConvergeRunRecord *record;
  char *text;
  char *name;
  guint64 id;
  GError *error;
} Writing;

static void
do_writing (ConvergeErrand *errand)
{
  Writing *writing = (Writing *) errand;
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();

  if (writing->record != NULL)
    {
      const AgSessionRun run = converge_run_record_describe (writing->record);

      if (ag_session_file_write (transaction, writing->path, 1, &run, &writing->error))
        ag_transaction_commit (transaction, &writing->error);
      g_clear_pointer (&writing->record, converge_run_record_free);
    }
  else if (writing->text != NULL)
    {
      FILE *stream = ag_transaction_open (transaction, writing->path, &writing->error);

      if (stream != NULL)
        {
          fputs (writing->text, stream);
          ag_transaction_commit (transaction, &writing->error);
        }
    }
  else
    {
      g_unlink (writing->path);
    }
}

/* What could not be written is tried again with the next change, and in the end. */
static void
end_writing (ConvergeErrand *errand,
             gpointer owner)
{
  ConvergeSession *self = owner;
  const Writing *writing = (const Writing *) errand;
  SavedRun *file = writing->name != NULL ? g_hash_table_lookup (self->files, &writing->id) : NULL;

  if (writing->error == NULL)
    {
      if (writing->name != NULL)
        g_signal_emit (self, signals[SAVED], 0, writing->name);
      return;
    }
  if (file != NULL)
    file->serial = 0;
  else
    self->look = 0;
  g_signal_emit (self, signals[FAILED], 0, writing->error->message);
}

static void
clear_writing (ConvergeErrand *errand)
{
  Writing *writing = (Writing *) errand;

  g_free (writing->path);
  g_free (writing->text);
  g_free (writing->name);
  g_clear_pointer (&writing->record, converge_run_record_free);
  g_clear_error (&writing->error);
}

static const ConvergeErrandKind writing_kind = {
  sizeof (Writing),
  do_writing,
  end_writing,
  clear_writing,
};

static Writing *
begin_writing (ConvergeSession *self,
               const char *name)
{
  Writing *writing = converge_errand_new (&writing_kind, self);

  writing->path = g_build_filename (self->folder, name, NULL);
  return writing;
}

/* What is written at the end is waited for, and told of when it failed. */
static void
send (ConvergeSession *self,
      Writing *writing)
{
  if (self->runner != NULL)
    converge_errand_send (writing, self->runner);
  else
    converge_errand_do (writing);
}

/* One that rests does not change any more, until somebody lets it go on. */
static gboolean
is_at_rest (ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);

  return snapshot != NULL && snapshot->step > 0 && snapshot->state >= AG_TRAINER_DONE
         && snapshot->state != AG_TRAINER_FAILED;
}

static SavedRun *
find_file (ConvergeSession *self,
           ConvergeRun *run)
{
  const guint64 id = converge_run_get_id (run);

  return g_hash_table_lookup (self->files, &id);
}

static SavedRun *
add_file (ConvergeSession *self,
          ConvergeRun *run,
          const char *name)
{
  const guint64 id = converge_run_get_id (run);
  SavedRun *file = g_new0 (SavedRun, 1);

  file->name = g_strdup (name);
  g_hash_table_insert (self->files, g_memdup2 (&id, sizeof id), file);
  return file;
}

static void
save (ConvergeSession *self,
      ConvergeRun *run)
{
  SavedRun *file = find_file (self, run);
  Writing *writing;

  if (!is_at_rest (run) || (file != NULL && file->serial == converge_run_snapshot (run)->serial))
    return;
  if (file == NULL)
    {
      g_autofree char *uuid = g_uuid_string_random ();
      g_autofree char *name = g_strconcat (uuid, AG_SESSION_SUFFIX, NULL);

      file = add_file (self, run, name);
    }
  file->serial = converge_run_snapshot (run)->serial;
  writing = begin_writing (self, file->name);
  writing->record = converge_run_record_new (run);
  writing->name = g_strdup (converge_run_get_name (run));
  writing->id = converge_run_get_id (run);
  send (self, writing);
}

/* A run that is deleted has no file; an undo gives it one again. */
static void
remove_deleted (ConvergeSession *self)
{
  g_autoptr (GHashTable) present = g_hash_table_new (g_int64_hash, g_int64_equal);
  g_autofree guint64 *ids = g_new (guint64, MAX (converge_runs_n (self->runs), 1));
  GHashTableIter iter;
  gpointer id, file;

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ids[i] = converge_run_get_id (converge_runs_nth (self->runs, i));
      g_hash_table_add (present, &ids[i]);
    }
  g_hash_table_iter_init (&iter, self->files);
  while (g_hash_table_iter_next (&iter, &id, &file))
    if (!g_hash_table_contains (present, id))
      {
        send (self, begin_writing (self, ((SavedRun *) file)->name));
        g_hash_table_iter_remove (&iter);
      }
}

static char *
make_order (ConvergeSession *self)
{
  g_autoptr (GKeyFile) order = g_key_file_new ();

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ConvergeRun *run = converge_runs_nth (self->runs, i);
      const SavedRun *file = find_file (self, run);

      if (file == NULL)
        continue;
      g_key_file_set_string (order, file->name, "name", converge_run_get_name (run));
      g_key_file_set_integer (order, file->name, "color", (int) converge_run_get_color (run));
      g_key_file_set_boolean (order, file->name, "shown", converge_run_get_shown (run));
      g_key_file_set_boolean (order, file->name, "pinned", converge_run_get_pinned (run));
    }
  return g_key_file_to_data (order, NULL, NULL);
}

static gboolean
write_order (gpointer data)
{
  ConvergeSession *self = data;
  g_autofree char *text = make_order (self);
  const guint look = g_str_hash (text);

  self->calm = 0;
  if (look != self->look)
    {
      Writing *writing = begin_writing (self, ORDER_FILE);

      writing->text = g_steal_pointer (&text);
      send (self, writing);
      self->look = look;
    }
  return G_SOURCE_REMOVE;
}

static void
keep_order (ConvergeSession *self)
{
  if (self->is_restored && self->calm == 0)
    self->calm = g_timeout_add (CALM_MS, write_order, self);
}

static void
run_changed (ConvergeSession *self,
             ConvergeRun *run)
{
  if (!self->is_restored || !is_at_rest (run))
    return;
  save (self, run);
  keep_order (self);
}

static void
rows_changed (ConvergeSession *self)
{
  if (!self->is_restored)
    return;
  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    save (self, converge_runs_nth (self->runs, i));
  remove_deleted (self);
  keep_order (self);
}

/**
 * Restoring:
 * @errand: what it is the beginning of
 * @folder: where runs are kept
 * @names: (element-type utf8): names of the files
 * @runs: (element-type AgKeptRun): the run of each
 * @made: (element-type AgRun): what goes on with each
 */
typedef struct
{
  ConvergeErrand errand;
  char *folder;
  GPtrArray *names;
  GPtrArray *runs;
  GPtrArray *made;
} Restoring;

static int
compare_names (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* Those in order, and after them those that the last process did not get to put in order. */
static GPtrArray *
list_files (const char *folder,
            GKeyFile *order)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) ordered = g_key_file_get_groups (order, NULL);
  g_autoptr (GPtrArray) others = g_ptr_array_new ();
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  for (char **group = ordered; *group != NULL; group++)
    if (g_str_has_suffix (*group, AG_SESSION_SUFFIX) && strchr (*group, '/') == NULL)
      g_ptr_array_add (names, g_strdup (*group));
  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    if (g_str_has_suffix (name, AG_SESSION_SUFFIX) && !g_key_file_has_group (order, name))
      g_ptr_array_add (others, g_strdup (name));
  g_ptr_array_sort (others, compare_names);
  for (guint i = 0; i < others->len; i++)
    g_ptr_array_add (names, g_ptr_array_index (others, i));
  return names;
}

static void
apply_order (GKeyFile *order,
             const char *name,
             AgKeptRun *run)
{
  g_autofree char *title = g_key_file_get_string (order, name, "name", NULL);

  if (title == NULL)
    return;
  g_free (run->name);
  run->name = g_steal_pointer (&title);
  run->color = (guint) CLAMP (g_key_file_get_integer (order, name, "color", NULL), 0, 100000);
  run->is_shown = g_key_file_get_boolean (order, name, "shown", NULL);
  run->is_pinned = g_key_file_get_boolean (order, name, "pinned", NULL);
}

/* A file that cannot be read is left where it is: another version may know what it says. */
static void
do_restoring (ConvergeErrand *errand)
{
  Restoring *restoring = (Restoring *) errand;
  g_autoptr (GKeyFile) order = g_key_file_new ();
  g_autofree char *order_path = g_build_filename (restoring->folder, ORDER_FILE, NULL);
  g_autoptr (GPtrArray) names = NULL;

  g_key_file_load_from_file (order, order_path, G_KEY_FILE_NONE, NULL);
  names = list_files (restoring->folder, order);
  for (guint i = 0; i < names->len && !ag_work_is_cancelled (&errand->work); i++)
    {
      const char *name = g_ptr_array_index (names, i);
      g_autofree char *path = g_build_filename (restoring->folder, name, NULL);
      g_autoptr (GPtrArray) runs = ag_session_file_read (path, NULL);

      if (runs == NULL)
        continue;
      apply_order (order, name, g_ptr_array_index (runs, 0));
      g_ptr_array_add (restoring->names, g_strdup (name));
      g_ptr_array_add (restoring->runs, ag_kept_run_ref (g_ptr_array_index (runs, 0)));
    }
  restoring->made = ag_run_new_all_kept (restoring->runs);
}

static void
end_restoring (ConvergeErrand *errand,
               gpointer owner)
{
  ConvergeSession *self = owner;
  const Restoring *restoring = (const Restoring *) errand;

  self->restoring = NULL;
  for (guint i = 0; i < restoring->runs->len; i++)
    {
      g_autoptr (ConvergeRun) run = converge_run_new_kept (g_ptr_array_index (restoring->runs, i),
                                                           g_ptr_array_index (restoring->made, i));

      add_file (self, run, g_ptr_array_index (restoring->names, i))->serial
        = converge_run_snapshot (run)->serial;
      converge_runs_insert (self->runs, i, run);
    }
  self->is_restored = TRUE;
  rows_changed (self);
  g_signal_emit (self, signals[RESTORED], 0);
}

static void
clear_restoring (ConvergeErrand *errand)
{
  Restoring *restoring = (Restoring *) errand;

  g_free (restoring->folder);
  g_clear_pointer (&restoring->names, g_ptr_array_unref);
  g_clear_pointer (&restoring->runs, g_ptr_array_unref);
  g_clear_pointer (&restoring->made, g_ptr_array_unref);
}

static const ConvergeErrandKind restoring_kind = {
  sizeof (Restoring),
  do_restoring,
  end_restoring,
  clear_restoring,
};

static void
converge_session_dispose (GObject *object)
{
  converge_session_finish (CONVERGE_SESSION (object));
  G_OBJECT_CLASS (converge_session_parent_class)->dispose (object);
}

static void
converge_session_finalize (GObject *object)
{
  ConvergeSession *self = CONVERGE_SESSION (object);

  g_free (self->folder);
  g_hash_table_unref (self->files);
  G_OBJECT_CLASS (converge_session_parent_class)->finalize (object);
}

static void
converge_session_class_init (ConvergeSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_session_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_session_finalize;

  /**
   * ConvergeSession::restored:
   * @self: a session
   *
   * The runs that were kept are among the others.
   */
  signals[RESTORED] = g_signal_new ("restored", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                    NULL, NULL, NULL, G_TYPE_NONE, 0);
  /**
   * ConvergeSession::saved:
   * @self: a session
   * @name: the run's name
   *
   * A run is on the disk, as far as it has come.
   */
  signals[SAVED] = g_signal_new ("saved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  /**
   * ConvergeSession::failed:
   * @self: a session
   * @message: why
   *
   * Something could not be written.
   */
  signals[FAILED] = g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
converge_session_init (ConvergeSession *self)
{
  self->lock = -1;
  self->files = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, saved_run_free);
}

/**
 * converge_session_new:
 * @runs: runs
 * @folder: path of a folder, which need not be there
 *
 * Restores the runs that were kept in a folder, and keeps @runs there from then on. If another
 * process does that already, it does nothing.
 *
 * Returns: (transfer full): the session
 */
ConvergeSession *
converge_session_new (ConvergeRuns *runs,
                      const char *folder)
{
  ConvergeSession *self = g_object_new (CONVERGE_TYPE_SESSION, NULL);
  g_autofree char *lock = g_build_filename (folder, LOCK_FILE, NULL);
  Restoring *restoring;

  self->folder = g_strdup (folder);
  if (g_mkdir_with_parents (folder, 0700) == 0)
    self->lock = open (lock, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock < 0 || flock (self->lock, LOCK_EX | LOCK_NB) != 0)
    return self;
  self->runs = g_object_ref (runs);
  self->runner = converge_errand_runner_new ();
  g_signal_connect_object (runs, "changed", G_CALLBACK (run_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "items-changed", G_CALLBACK (rows_changed), self,
                           G_CONNECT_SWAPPED);
  restoring = converge_errand_new (&restoring_kind, self);
  restoring->folder = g_strdup (folder);
  restoring->names = g_ptr_array_new_with_free_func (g_free);
  restoring->runs = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_kept_run_unref);
  self->restoring = &restoring->errand;
  converge_errand_send (restoring, self->runner);
  return self;
}

/**
 * converge_session_finish:
 * @self: a session
 *
 * Ends the runs, writes what is not written so far, and waits until it is on the disk. Where runs
 * are still being restored, those stay on the disk as they are. “failed” tells meanwhile of what
 * cannot be written.
 */
void
converge_session_finish (ConvergeSession *self)
{
  if (self->runs != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->runs, self);
      g_clear_pointer (&self->restoring, converge_errand_cancel);
      g_thread_pool_free (g_steal_pointer (&self->runner), FALSE, TRUE);
      for (guint i = 0; i < converge_runs_n (self->runs); i++)
        {
          converge_run_settle (converge_runs_nth (self->runs, i), PATIENCE_US);
          save (self, converge_runs_nth (self->runs, i));
        }
      if (self->calm != 0)
        g_source_remove (self->calm);
      if (self->is_restored)
        write_order (self);
      g_clear_object (&self->runs);
    }
  if (self->lock >= 0)
    close (self->lock);
  self->lock = -1;
}
