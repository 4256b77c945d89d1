/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "device/cpu-compiler.h"

#include "cpu-prelude-text.h"
#include "device/build-folder.h"
#include "device/code-cache.h"
#include "device/code-loader.h"
#include "device/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* The system's C compiler, for loops that were not compiled into the library. It
 * works on a thread of its own; who asked goes on with what there is and looks
 * now and then whether the code has come. */

/* The folder of the cache, the function in a library, and the library's name where
 * it is made. */
#define KIND "loops"
#define SYMBOL "ag_loop"
#define OUTPUT "loop.so"

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

/* A mutex of pthreads rather than of GLib, because ThreadSanitizer does not see GLib's. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t has_work = PTHREAD_COND_INITIALIZER;
static GHashTable *requested;
static GQueue waiting = G_QUEUE_INIT;

static char *compiler_path;

static void
find_compiler (void)
{
  static const char *const names[] = { "cc", "gcc", "clang" };

  for (guint i = 0; compiler_path == NULL && i < G_N_ELEMENTS (names); i++)
    compiler_path = g_find_program_in_path (names[i]);
}

/**
 * ag_cpu_compiler:
 *
 * Returns: (transfer none) (nullable): the path of the C compiler, if there is one
 */
const char *
ag_cpu_compiler (void)
{
  static pthread_once_t once = PTHREAD_ONCE_INIT;

  pthread_once (&once, find_compiler);
  return compiler_path;
}

/* Another version of the compiler makes other code. It is told by its file, since a
 * compiler that is asked may not answer. */
static char *
describe_compiler (void)
{
  struct stat status = { 0 };

  stat (ag_cpu_compiler (), &status);
  return g_strdup_printf ("%s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT, ag_cpu_compiler (),
                          (gint64) status.st_size, (gint64) status.st_mtime);
}

static GStrv
write_command (const AgCpuCode *code)
{
  g_autofree char *command
    = g_strdup_printf ("-std=gnu11 -w -fPIC -shared %s -o " OUTPUT " -x c - -lm", code->arguments);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) arguments = g_strsplit (command, " ", -1);

  g_strv_builder_add (builder, ag_cpu_compiler ());
  g_strv_builder_addv (builder, (const char **) arguments);
  return g_strv_builder_end (builder);
}

/* The key is a hash of all that the code depends on: source, command and compiler. */
static char *
find_key (const char *source,
          const GStrv command)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *whole_command = g_strjoinv (" ", command);
  g_autofree char *compiler = describe_compiler ();
  const char *const parts[] = { source, whole_command, compiler };

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    g_checksum_update (checksum, (const guchar *) parts[i], (gssize) strlen (parts[i]) + 1);
  return g_strconcat (g_checksum_get_string (checksum), ".so", NULL);
}

/* Returns what comes out of a pipe until its other end is closed. */
static GBytes *
read_pipe (int fd)
{
  GByteArray *content = g_byte_array_new ();
  guint8 part[4096];
  gssize n;

  while ((n = read (fd, part, sizeof part)) > 0 || (n < 0 && errno == EINTR))
    g_byte_array_append (content, part, (guint) MAX (n, 0));
  return g_byte_array_free_to_bytes (content);
}

/* Returns what a program writes that reads @source; %NULL if it fails. */
static GBytes *
run (const GStrv command,
     const char *source)
{
  const GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_LEAVE_DESCRIPTORS_OPEN
                            | G_SPAWN_STDERR_TO_DEV_NULL;
  const int input = ag_memory_file ("source", source, strlen (source));
  g_autoptr (GBytes) output = NULL;
  int ends[2], status = 1;
  GPid child;

  if (input < 0)
    return NULL;
  if (pipe2 (ends, O_CLOEXEC) != 0)
    {
      close (input);
      return NULL;
    }
  const gboolean is_started
    = g_spawn_async_with_pipes_and_fds (NULL, (const char *const *) command, NULL, flags, NULL,
                                        NULL, input, ends[1], -1, NULL, NULL, 0, &child, NULL,
                                        NULL, NULL, NULL);
  close (input);
  close (ends[1]);
  if (is_started)
    {
      output = read_pipe (ends[0]);
      while (waitpid (child, &status, 0) < 0 && errno == EINTR)
        ;
    }
  close (ends[0]);
  return status == 0 ? g_steal_pointer (&output) : NULL;
}

/* The compiler is run by a program of its own, which outlives this one where it
 * must and cleans up after both: see run-compiler.c. */
static char *
find_runner (void)
{
  const char *named = g_getenv ("CONVERGE_RUN_COMPILER");

  return named != NULL ? g_strdup (named)
                       : ag_build_folder_find_part ("engine/device", AG_RUN_COMPILER_FOLDER,
                                                    "run-compiler");
}

static GBytes *
compile (const char *key,
         const GStrv command,
         const char *source)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) whole_command = NULL;
  g_autofree char *runner = find_runner ();

  g_strv_builder_add_many (builder, runner, KIND, key, OUTPUT, NULL);
  g_strv_builder_addv (builder, (const char **) command);
  whole_command = g_strv_builder_end (builder);
  return run (whole_command, source);
}

/* Code that cannot be loaded is removed from the cache, so that the next run compiles it again. */
static gpointer
load (AgCodeCache *cache,
      const char *key,
      GBytes *library)
{
  gpointer function = ag_code_load (library, SYMBOL);

  if (function == NULL && cache != NULL)
    ag_code_cache_remove (cache, key);
  return function;
}

static void
make_code (AgCpuCode *code)
{
  g_autoptr (AgCodeCache) cache = ag_code_cache_open (KIND);
  g_autofree char *source
    = g_strconcat ("#define AG_LINKAGE\n#define AG_LOOP " SYMBOL "\n", cpu_prelude, code->text,
                   NULL);
  g_auto (GStrv) command = write_command (code);
  g_autofree char *key = find_key (source, command);
  g_autoptr (GBytes) kept = cache != NULL ? ag_code_cache_get (cache, key) : NULL;
  gpointer function = kept != NULL ? load (cache, key, kept) : NULL;

  if (function == NULL)
    {
      g_autoptr (GBytes) made = compile (key, command, source);

      if (made != NULL)
        function = load (cache, key, made);
    }
  atomic_store_explicit (&code->function, (AgCpuFunction) function, memory_order_release);
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
 * compiler and arguments, see ag_code_cache_open().
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
