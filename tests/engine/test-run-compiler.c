/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../common.h"
#include "device/code-cache.h"
#include "fixture.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* The program that runs the compiler, with shell scripts for one. A script notes its
 * process in a file, so that it can be seen whether it is still there. */

#define KIND "loops"
#define KEY "0123456789abcdef.so"

/* Beyond it something has gone wrong; nothing takes as long if all goes well. */
#define TIMEOUT_US (60 * G_USEC_PER_SEC)

static char *base;
static char *cache_home;
static char *folder;
static char *temporary;
static char *note;

typedef struct
{
  pid_t pid;
  int output;
} Process;

/* Lets it run; what it writes can be read from @output. */
static Process
start (const char *script)
{
  const char *command[] = { g_getenv ("CONVERGE_RUN_COMPILER"), KIND, KEY, "code", "/bin/sh", "-c",
                            script, NULL };
  Process process = { 0 };
  int ends[2];

  g_assert_cmpint (pipe (ends), ==, 0);
  process.pid = fork ();
  if (process.pid == 0)
    {
      dup2 (ends[1], STDOUT_FILENO);
      close (ends[0]);
      close (ends[1]);
      execv (command[0], (char **) command);
      _exit (127);
    }
  close (ends[1]);
  process.output = ends[0];
  return process;
}

/* Returns what it wrote, and its exit status. */
static char *
finish (Process *process,
        int *status)
{
  GString *output = g_string_new (NULL);
  char part[256];
  gssize n;

  while ((n = read (process->output, part, sizeof part)) > 0)
    g_string_append_len (output, part, n);
  close (process->output);
  g_assert_cmpint (waitpid (process->pid, status, 0), ==, process->pid);
  return g_string_free (output, FALSE);
}

static guint
count_names (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  guint n = 0;

  while (dir != NULL && g_dir_read_name (dir) != NULL)
    n++;
  return n;
}

/* Returns the process that the script has noted, once it has. */
static pid_t
read_note (void)
{
  const gint64 end = g_get_monotonic_time () + TIMEOUT_US;
  g_autofree char *text = NULL;

  while ((!g_file_get_contents (note, &text, NULL, NULL) || !strchr (text, '\n'))
         && g_get_monotonic_time () < end)
    {
      g_clear_pointer (&text, g_free);
      g_usleep (1000);
    }
  g_assert_nonnull (text);
  return (pid_t) g_ascii_strtoll (text, NULL, 10);
}

/* A process that ended and that nobody has asked for yet is none. */
static gboolean
is_running (pid_t pid)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/stat", (int) pid);
  g_autofree char *text = NULL;

  return g_file_get_contents (path, &text, NULL, NULL) && strstr (text, ") Z ") == NULL;
}

static void
wait_until_ended (pid_t pid)
{
  const gint64 end = g_get_monotonic_time () + TIMEOUT_US;

  while (is_running (pid) && g_get_monotonic_time () < end)
    g_usleep (1000);
  g_assert_false (is_running (pid));
}

static void
assert_kept (const char *expected)
{
  g_autoptr (AgCodeCache) cache = ag_code_cache_open (KIND);
  g_autoptr (GBytes) code = ag_code_cache_get (cache, KEY);

  if (expected == NULL)
    {
      g_assert_null (code);
      g_assert_cmpuint (count_names (folder), ==, 0);
      return;
    }
  g_assert_nonnull (code);
  g_assert_cmpmem (g_bytes_get_data (code, NULL), g_bytes_get_size (code), expected,
                   strlen (expected));
  g_assert_cmpuint (count_names (folder), ==, 1);
}

/* Every test begins in empty folders. */
static void
begin (void)
{
  common_remove (base);
  g_assert_cmpint (g_mkdir (base, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (cache_home, 0700), ==, 0);
  g_assert_cmpint (g_mkdir (temporary, 0700), ==, 0);
}

static void
test_made (void)
{
  g_autofree char *output = NULL;
  g_autofree char *again = NULL;
  Process process;
  int status;

  begin ();
  process = start ("echo code > code; echo much; echo more >&2");
  output = finish (&process, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (output, ==, "code\n");
  assert_kept ("code\n");

  /* It is there already. */
  process = start ("exit 1");
  again = finish (&process, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (again, ==, "code\n");
}

static void
test_failed (void)
{
  static const char *const scripts[] = {
    "echo code > code; exit 1", "echo code > code; kill -SEGV $$",
    "exit 0", ": > code",
    "ln -s /etc/passwd code", "mkdir code",
    "mkfifo code", "head -c 20000000 /dev/zero > code",
    "exec /nonexistent/compiler"
  };

  begin ();
  for (guint i = 0; i < G_N_ELEMENTS (scripts); i++)
    {
      Process process = start (scripts[i]);
      g_autofree char *output = NULL;
      int status;

      output = finish (&process, &status);
      g_assert_cmpint (status, !=, 0);
      g_assert_cmpstr (output, ==, "");
      assert_kept (NULL);
    }
}

/* The program ends while it is compiled: the next one has the code. */
static void
test_program_ends (void)
{
  g_autofree char *script
    = g_strdup_printf ("echo $$ > '%s'; sleep 0.3; echo code > code", note);
  Process process;

  begin ();
  process = start (script);
  read_note ();
  close (process.output);
  g_assert_cmpint (waitpid (process.pid, NULL, 0), ==, process.pid);
  assert_kept ("code\n");
}

/* The program ends, but the compiler does not, nor what that has started. */
static void
test_hangs (void)
{
  g_autofree char *script
    = g_strdup_printf ("sh -c \"echo \\$\\$ > '%s'; sleep 1000\"; true", note);
  Process process;
  pid_t inner;

  begin ();
  process = start (script);
  inner = read_note ();
  close (process.output);
  g_assert_cmpint (waitpid (process.pid, NULL, 0), ==, process.pid);
  wait_until_ended (inner);
  assert_kept (NULL);
}

/* Even that is killed: the compiler goes too, and the next one cleans up. */
static void
test_killed (void)
{
  g_autofree char *script = g_strdup_printf ("echo $$ > '%s'; echo half > code; exec sleep 1000",
                                             note);
  g_autofree char *output = NULL;
  g_autofree char *killed_output = NULL;
  Process process;
  pid_t compiler;
  int status;

  begin ();
  process = start (script);
  compiler = read_note ();
  g_assert_cmpint (kill (process.pid, SIGKILL), ==, 0);
  wait_until_ended (compiler);
  killed_output = finish (&process, &status);
  g_assert_cmpuint (count_names (folder), ==, 1);

  process = start ("[ -e code ] || echo code > code");
  output = finish (&process, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (output, ==, "code\n");
  assert_kept ("code\n");
}

/* Two that want the same: one makes it and the other waits. */
static void
test_two (void)
{
  g_autofree char *script
    = g_strdup_printf ("echo $$ >> '%s'; sleep 0.3; echo code > code", note);
  g_autofree char *text = NULL;
  Process processes[2];

  begin ();
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    processes[i] = start (script);
  for (guint i = 0; i < G_N_ELEMENTS (processes); i++)
    {
      int status;
      g_autofree char *output = finish (&processes[i], &status);

      g_assert_cmpint (status, ==, 0);
      g_assert_cmpstr (output, ==, "code\n");
    }
  g_assert_true (g_file_get_contents (note, &text, NULL, NULL));
  g_assert_true (strchr (text, '\n') == strrchr (text, '\n'));
  assert_kept ("code\n");
}

/* Where there can be no cache, nothing is left, though the program ends before. */
static void
test_unkept (void)
{
  g_autofree char *hanging = g_strdup_printf ("echo $$ > '%s'; sleep 1000", note);
  Process process;
  g_autofree char *output = NULL;
  int status;

  begin ();
  g_setenv ("XDG_CACHE_HOME", "relative", TRUE);
  process = start ("echo code > code");
  output = finish (&process, &status);
  g_assert_cmpint (status, ==, 0);
  g_assert_cmpstr (output, ==, "code\n");
  g_assert_cmpuint (count_names (temporary), ==, 0);

  process = start (hanging);
  read_note ();
  g_assert_cmpuint (count_names (temporary), ==, 1);
  close (process.output);
  g_assert_cmpint (waitpid (process.pid, NULL, 0), ==, process.pid);
  g_assert_cmpuint (count_names (temporary), ==, 0);
  g_setenv ("XDG_CACHE_HOME", cache_home, TRUE);
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  base = g_dir_make_tmp ("converge-XXXXXX", NULL);
  cache_home = g_build_filename (base, "cache", NULL);
  folder = g_build_filename (cache_home, "converge", KIND, NULL);
  temporary = g_build_filename (base, "tmp", NULL);
  note = g_build_filename (base, "note", NULL);
  g_setenv ("XDG_CACHE_HOME", cache_home, TRUE);
  g_setenv ("TMPDIR", temporary, TRUE);
  g_test_add_func ("/run-compiler/made", test_made);
  g_test_add_func ("/run-compiler/failed", test_failed);
  g_test_add_func ("/run-compiler/program-ends", test_program_ends);
  g_test_add_func ("/run-compiler/hangs", test_hangs);
  g_test_add_func ("/run-compiler/killed", test_killed);
  g_test_add_func ("/run-compiler/two", test_two);
  g_test_add_func ("/run-compiler/unkept", test_unkept);
  status = g_test_run ();
  common_remove (base);
  g_free (note);
  g_free (temporary);
  g_free (folder);
  g_free (cache_home);
  g_free (base);
  return status;
}
