/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/cpu-compiler.h"

#include "cpu-prelude-text.h"

#include <glib/gstdio.h>
#include <gmodule.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* The system's C compiler, for loops that were not compiled into the library. It
 * works on a thread of its own; who asked goes on with what there is and looks
 * now and then whether the code has come. */

/* What a killed process left in the cache is removed after so long. */
#define STALE_SECONDS 3600

/**
 * AgCpuCode:
 * @function: the code, once it is there
 * @text: what it is compiled from
 * @arguments: for which processor
 */
struct _AgCpuCode
{
  _Atomic (AgCpuFunction) function;
  char *text;
  char *arguments;
};

/* Threads' own locks, as the sanitizers know them. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_work = PTHREAD_COND_INITIALIZER;
static GHashTable *requested;
static GQueue waiting = G_QUEUE_INIT;

/**
 * ag_cpu_compiler:
 *
 * Returns: (transfer none) (nullable): the path of the C compiler, if there is one
 */
const char *
ag_cpu_compiler (void)
{
  static const char *const names[] = { "cc", "gcc", "clang" };
  static char *path;
  static gsize is_known;

  if (g_once_init_enter (&is_known))
    {
      for (guint i = 0; path == NULL && i < G_N_ELEMENTS (names); i++)
        path = g_find_program_in_path (names[i]);
      g_once_init_leave (&is_known, 1);
    }
  return path;
}

/* Another version makes other code. */
static const char *
get_version (void)
{
  static char *version;

  if (version == NULL)
    {
      const char *command[] = { ag_cpu_compiler (), "--version", NULL };

      if (!g_spawn_sync (NULL, (char **) command, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL,
                         &version, NULL, NULL, NULL)
          || version == NULL)
        version = g_strdup ("");
    }
  return version;
}

static char *
find_name (const AgCpuCode *code)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  const char *const parts[] = { code->text, cpu_prelude, ag_cpu_compiler (), get_version (),
                                code->arguments };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (checksum, (const guchar *) parts[i], (gssize) strlen (parts[i]) + 1);
  return g_strconcat (g_checksum_get_string (checksum), ".so", NULL);
}

/* Code is loaded only from where nobody else can put any. */
static gboolean
is_private (const char *path)
{
  GStatBuf status;

  return g_lstat (path, &status) == 0 && status.st_uid == geteuid ()
         && (status.st_mode & 022) == 0 && !S_ISLNK (status.st_mode);
}

static void
remove_stale (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      GStatBuf status;

      if (g_str_has_prefix (name, "tmp-") && g_lstat (path, &status) == 0
          && status.st_mtime + STALE_SECONDS < g_get_real_time () / G_USEC_PER_SEC)
        g_unlink (path);
    }
}

/* Returns where compiled code is kept: in the user's cache or, where that cannot
 * be, in a folder for this process, which is not kept. */
static char *
open_folder (gboolean *is_kept)
{
  char *folder = g_build_filename (g_get_user_cache_dir (), "converge", "loops", NULL);

  *is_kept = g_mkdir_with_parents (folder, 0700) == 0 && is_private (folder);
  if (*is_kept)
    {
      remove_stale (folder);
      return folder;
    }
  g_free (folder);
  return g_dir_make_tmp ("converge-XXXXXX", NULL);
}

/* Under another name first, so that nobody finds half a file. */
static gboolean
compile (const AgCpuCode *code,
         const char *folder,
         const char *target)
{
  g_autofree char *base = g_strdup_printf ("%s/tmp-%ld", folder, (long) getpid ());
  g_autofree char *source = g_strconcat (base, ".c", NULL);
  g_autofree char *library = g_strconcat (base, ".so", NULL);
  g_autofree char *content = g_strconcat ("#define AG_LINKAGE\n#define AG_LOOP ag_loop\n",
                                          cpu_prelude, code->text, NULL);
  g_auto (GStrv) arguments = g_strsplit (code->arguments, " ", -1);
  const char *const rest[] = { "-std=gnu11", "-w", "-fPIC", "-shared", "-o", library, source, "-lm",
                               NULL };
  g_autoptr (GPtrArray) command = g_ptr_array_new ();
  gboolean success = FALSE;
  int status = 1;

  g_ptr_array_add (command, (char *) ag_cpu_compiler ());
  for (guint i = 0; arguments[i] != NULL; i++)
    g_ptr_array_add (command, arguments[i]);
  for (guint i = 0; i < G_N_ELEMENTS (rest); i++)
    g_ptr_array_add (command, (char *) rest[i]);
  if (g_file_set_contents_full (source, content, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL)
      && g_spawn_sync (NULL, (char **) command->pdata, NULL,
                       G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, NULL,
                       NULL, &status, NULL)
      && status == 0 && g_chmod (library, 0700) == 0)
    success = g_rename (library, target) == 0;
  g_unlink (source);
  g_unlink (library);
  return success;
}

static void
make_code (AgCpuCode *code)
{
  gboolean is_kept;
  g_autofree char *folder = open_folder (&is_kept);
  g_autofree char *name = find_name (code);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, name, NULL) : NULL;
  gpointer function = NULL;
  GModule *module = NULL;

  if (path != NULL && ((is_kept && is_private (path)) || compile (code, folder, path)))
    module = g_module_open (path, G_MODULE_BIND_LOCAL);
  /* It stays loaded: it may be in use until the process ends. */
  if (module != NULL && g_module_symbol (module, "ag_loop", &function))
    {
      g_module_make_resident (module);
      atomic_store_explicit (&code->function, (AgCpuFunction) function, memory_order_release);
    }
  if (!is_kept && path != NULL)
    {
      g_unlink (path);
      g_rmdir (folder);
    }
}

static void *
work (void *data)
{
  for (;;)
    {
      AgCpuCode *code;

      pthread_mutex_lock (&mutex);
      while ((code = g_queue_pop_head (&waiting)) == NULL)
        pthread_cond_wait (&has_work, &mutex);
      pthread_mutex_unlock (&mutex);
      make_code (code);
    }
  return NULL;
}

/* Returns whether there is a thread to work. */
static gboolean
start (void)
{
  pthread_t thread;

  if (requested != NULL)
    return TRUE;
  if (pthread_create (&thread, NULL, work, NULL) != 0)
    return FALSE;
  pthread_detach (thread);
  requested = g_hash_table_new (g_str_hash, g_str_equal);
  return TRUE;
}

/**
 * ag_cpu_compiler_request:
 * @text: the text of an #AgCpuSource
 * @arguments: what tells the compiler which processor it is for
 *
 * Asks for a loop to be compiled, unless that was done, in this process or
 * before: the code is kept under $XDG_CACHE_HOME/converge/loops, by text,
 * compiler and arguments, where nobody else can write.
 *
 * Returns: (transfer none) (nullable): where the code will be, for as long as
 *   the process lasts; %NULL if there is no compiler
 */
AgCpuCode *
ag_cpu_compiler_request (const char *text,
                         const char *arguments)
{
  AgCpuCode *code;

  if (ag_cpu_compiler () == NULL)
    return NULL;
  pthread_mutex_lock (&mutex);
  code = start () ? g_hash_table_lookup (requested, text) : NULL;
  if (code == NULL && requested != NULL)
    {
      code = g_new0 (AgCpuCode, 1);
      code->text = g_strdup (text);
      code->arguments = g_strdup (arguments);
      g_hash_table_insert (requested, code->text, code);
      g_queue_push_tail (&waiting, code);
      pthread_cond_signal (&has_work);
    }
  pthread_mutex_unlock (&mutex);
  return code;
}

/**
 * ag_cpu_code_function:
 * @code: code that was asked for
 *
 * Returns: (nullable): the code; %NULL while it is not there
 */
AgCpuFunction
ag_cpu_code_function (const AgCpuCode *code)
{
  return atomic_load_explicit (&code->function, memory_order_acquire);
}
