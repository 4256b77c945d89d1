/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define _GNU_SOURCE

#include "device/code-cache.h"
#include "device/whole-file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* A program of its own that runs a compiler, for it can do what a thread cannot: go
 * on when the program that asked has ended, and clean up when that was killed.
 *
 *   run-compiler KIND KEY OUTPUT COMMAND…
 *
 * COMMAND reads from the standard input and writes the file OUTPUT into the folder
 * that it is run in. That becomes the code of KEY in the cache of KIND and is written
 * to the standard output. Nobody reads that any more if the program has ended. */

/* A compiler takes a third of a second, and on a busy machine many times that; one
 * that has not finished after so long never will. */
#define LIMIT_US (120 * G_USEC_PER_SEC)

/* Where the program has ended it may finish, so that the next run has the code, but
 * it has less time, since nobody expects it to be there. */
#define ORPHAN_LIMIT_US (3 * G_USEC_PER_SEC)

#define TICK_MS 10

/**
 * Watch:
 * @deadline: when to give up, by the monotonic clock
 * @orphan_deadline: the same where the program has ended
 * @program: tells when it has
 */
typedef struct
{
  gint64 deadline;
  gint64 orphan_deadline;
  struct pollfd program;
} Watch;

/* Returns whether to go on. */
static gboolean
wait_a_little (Watch *watch)
{
  if (poll (&watch->program, 1, TICK_MS) > 0)
    {
      watch->deadline = watch->orphan_deadline;
      watch->program.fd = -1;
    }
  return g_get_monotonic_time () < watch->deadline;
}

/* Everything that the compiler makes on its way is in the folder as well, which is
 * reached through the descriptor: its name could be exchanged. */
static void
become_compiler (const AgWorkFolder *work,
                 char **command,
                 pid_t parent)
{
  const struct rlimit limit = { AG_CODE_MAX_BYTES, AG_CODE_MAX_BYTES };
  const int null = open ("/dev/null", O_RDWR | O_CLOEXEC);

  if (setpgid (0, 0) == 0 && prctl (PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid () == parent
      && null >= 0 && dup2 (null, STDOUT_FILENO) >= 0 && dup2 (null, STDERR_FILENO) >= 0
      && fchdir (work->folder) == 0 && setenv ("TMPDIR", ".", 1) == 0
      && setrlimit (RLIMIT_FSIZE, &limit) == 0)
    execv (command[0], command);
  _exit (1);
}

/* Returns whether it has finished, and well. */
static gboolean
run (const AgWorkFolder *work,
     char **command,
     Watch *watch)
{
  const pid_t parent = getpid ();
  const pid_t compiler = fork ();
  int status = 1;
  pid_t ended;

  if (compiler < 0)
    return FALSE;
  if (compiler == 0)
    become_compiler (work, command, parent);
  setpgid (compiler, compiler);
  do
    ended = waitpid (compiler, &status, WNOHANG);
  while (ended == 0 && wait_a_little (watch));
  /* The whole process group is killed, because the compiler has started other programs. */
  kill (-compiler, SIGKILL);
  if (ended == 0)
    waitpid (compiler, &status, 0);
  return ended == compiler && WIFEXITED (status) && WEXITSTATUS (status) == 0;
}

static GBytes *
make (const AgWorkFolder *work,
      const char *output,
      char **command,
      Watch *watch)
{
  return run (work, command, watch) ? ag_code_read (work->folder, output) : NULL;
}

/* If another process is making the same code, this waits for it instead of compiling again. */
static GBytes *
make_kept (AgCodeCache *cache,
           const char *key,
           const char *output,
           char **command,
           Watch *watch)
{
  g_autoptr (AgWorkFolder) work = NULL;
  GBytes *code = ag_code_cache_get (cache, key);

  /* The cache is looked into again once the work is ours, because the other process may have
   * finished between our last look and its giving the work back. */
  while (code == NULL && work == NULL)
    {
      work = ag_code_cache_begin (cache, key);
      if (work == NULL && (errno != EBUSY || !wait_a_little (watch)))
        return NULL;
      code = ag_code_cache_get (cache, key);
    }
  if (code != NULL)
    return code;
  code = make (work, output, command, watch);
  if (code != NULL)
    ag_code_cache_put (cache, key, code, work);
  return code;
}

/* Where there is no safe folder for a cache, the code is made in a temporary folder and only
 * written to the standard output. */
static GBytes *
make_unkept (const char *output,
             char **command,
             Watch *watch)
{
  g_autoptr (AgWorkFolder) work = ag_work_folder_new_temporary ();

  watch->orphan_deadline = 0;
  return work != NULL ? make (work, output, command, watch) : NULL;
}

int
main (int argc,
      char **argv)
{
  const gint64 start = g_get_monotonic_time ();
  Watch watch = {
    .deadline = start + LIMIT_US,
    .orphan_deadline = start + ORPHAN_LIMIT_US,
    .program = { .fd = STDOUT_FILENO },
  };
  g_autoptr (AgCodeCache) cache = NULL;
  g_autoptr (GBytes) code = NULL;
  gsize n_bytes;
  const void *data;

  if (argc < 5)
    return 2;
  /* The files that the program has open are closed here, so that they do not stay open when it
   * ends; and this gets a session of its own, so that Ctrl-C at the program's terminal does not
   * end it. */
  close_range (STDERR_FILENO + 1, ~0U, 0);
  setsid ();
  signal (SIGPIPE, SIG_IGN);
  cache = ag_code_cache_open (argv[1]);
  if (cache != NULL)
    code = make_kept (cache, argv[2], argv[3], argv + 4, &watch);
  else
    code = make_unkept (argv[3], argv + 4, &watch);
  if (code == NULL)
    return 1;
  data = g_bytes_get_data (code, &n_bytes);
  return ag_write_all (STDOUT_FILENO, data, n_bytes) ? 0 : 1;
}
