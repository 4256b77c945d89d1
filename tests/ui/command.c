/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"
#include "../common.h"

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void
set_up (Command *command,
        gconstpointer data)
{
  command->folder = g_dir_make_tmp ("converge-test-XXXXXX", NULL);
  g_assert_nonnull (command->folder);
}

/**
 * command_count_files:
 * @folder: a folder
 *
 * Returns: how many files and folders are in it
 */
guint
command_count_files (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  guint n_files = 0;

  while (g_dir_read_name (dir) != NULL)
    n_files++;
  return n_files;
}

static void
tear_down (Command *command,
           gconstpointer data)
{
  common_remove (command->folder);
  g_free (command->folder);
  g_free (command->locale);
  g_free (command->out);
  g_free (command->err);
}

/**
 * command_add:
 * @path: the test's name
 * @test: a test
 */
void
command_add (const char *path,
             CommandTest test)
{
  g_test_add (path, Command, NULL, set_up, test, tear_down);
}

static GStrv
make_argv (const char *arguments)
{
  g_autofree char *quoted = g_shell_quote (g_getenv ("CONVERGE"));
  g_autofree char *line = g_strconcat (quoted, " ", arguments, NULL);
  GStrv argv = NULL;

  g_assert_true (g_shell_parse_argv (line, NULL, &argv, NULL));
  return argv;
}

static GStrv
make_environment (const Command *command)
{
  return g_environ_setenv (g_get_environ (), "LC_ALL",
                           command->locale != NULL ? command->locale : "C", TRUE);
}

/**
 * command_run:
 * @command: the command
 * @arguments: its arguments, quoted as for a shell
 *
 * Runs it to its end; sets status, out and err.
 */
void
command_run (Command *command,
             const char *arguments)
{
  g_auto (GStrv) argv = make_argv (arguments);
  g_auto (GStrv) environment = make_environment (command);
  g_autoptr (GError) error = NULL;
  g_autofree char *printable = NULL;
  int wait_status;

  g_clear_pointer (&command->out, g_free);
  g_clear_pointer (&command->err, g_free);
  g_spawn_sync (command->folder, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &command->out,
                &command->err, &wait_status, &error);
  g_assert_no_error (error);
  g_assert_true (WIFEXITED (wait_status));
  command->status = WEXITSTATUS (wait_status);
  printable = g_utf8_make_valid (arguments, -1);
  g_test_message ("converge %s: %d %s", printable, command->status, command->err);
}

/**
 * command_start:
 * @command: the command
 * @arguments: its arguments, quoted as for a shell
 * @out: (out): where its stdout can be read
 * @err: where its stderr goes
 *
 * Returns: its process
 */
GPid
command_start (Command *command,
               const char *arguments,
               int *out,
               int err)
{
  g_auto (GStrv) argv = make_argv (arguments);
  g_auto (GStrv) environment = make_environment (command);
  g_autoptr (GError) error = NULL;
  GPid pid;

  g_spawn_async_with_pipes_and_fds (command->folder, (const char *const *) argv,
                                    (const char *const *) environment,
                                    G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, -1, -1, err, NULL,
                                    NULL, 0, &pid, NULL, out, NULL, &error);
  g_assert_no_error (error);
  return pid;
}

static gboolean
heeds (GPid pid,
       int number)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/status", pid);
  g_autofree char *text = NULL;
  const char *caught;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  caught = strstr (text, "SigCgt:");
  return caught != NULL
         && (g_ascii_strtoull (caught + strlen ("SigCgt:"), NULL, 16) >> (number - 1) & 1) != 0;
}

/**
 * command_wait_until_heeds:
 * @pid: a process
 * @number: a signal
 *
 * Waits until the process has said what it does when that signal comes.
 */
void
command_wait_until_heeds (GPid pid,
                          int number)
{
  while (!heeds (pid, number))
    g_usleep (10000);
}

/**
 * command_wait:
 * @pid: a process
 *
 * Returns: its exit status, once it has ended
 */
int
command_wait (GPid pid)
{
  int wait_status;

  g_assert_cmpint (waitpid (pid, &wait_status, 0), ==, pid);
  g_assert_true (WIFEXITED (wait_status));
  return WEXITSTATUS (wait_status);
}

/**
 * command_read_all:
 * @fd: what to read from, and to close
 *
 * Returns: (transfer full): all there is until its other end is closed
 */
char *
command_read_all (int fd)
{
  GString *text = g_string_new (NULL);
  char buffer[4096];

  for (gssize n; (n = read (fd, buffer, sizeof buffer)) > 0;)
    g_string_append_len (text, buffer, n);
  close (fd);
  return g_string_free (text, FALSE);
}

/**
 * command_read_lines:
 * @command: the command
 * @name: a file in its folder
 *
 * Returns: (transfer full): its lines, and an empty string
 */
GStrv
command_read_lines (const Command *command,
                    const char *name)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return g_strsplit (text, "\n", -1);
}

/**
 * command_assert_matches:
 * @text: what is printed somewhere
 * @pattern: a regular expression that it must match
 */
void
command_assert_matches (const char *text,
                        const char *pattern)
{
  if (!g_regex_match_simple (pattern, text, 0, 0))
    g_error ("“%s” does not look like “%s”", text, pattern);
}

/**
 * command_assert_sentence:
 * @command: the command
 * @part: what must be in the sentence
 *
 * Asserts that stderr has one line for a person to read, and nothing else.
 */
void
command_assert_sentence (const Command *command,
                         const char *part)
{
  g_assert_true (g_str_has_prefix (command->err, "converge: "));
  g_assert_true (g_str_has_suffix (command->err, ".\n") || g_str_has_suffix (command->err, "?\n"));
  g_assert_true (strchr (command->err, '\n')[1] == '\0');
  g_assert_true (g_utf8_validate (command->err, -1, NULL));
  g_assert_nonnull (strstr (command->err, part));
}

/**
 * command_assert_losses:
 * @command: the command
 * @name: a file of losses in its folder
 * @n_rows: how many rows it must have
 * @every: how many steps apart
 */
void
command_assert_losses (const Command *command,
                       const char *name,
                       guint n_rows,
                       guint every)
{
  g_auto (GStrv) lines = command_read_lines (command, name);

  g_assert_cmpuint (g_strv_length (lines), ==, n_rows + 2);
  g_assert_cmpstr (lines[0], ==, "step,loss");
  for (guint i = 1; i <= n_rows; i++)
    {
      g_assert_cmpuint (g_ascii_strtoull (lines[i], NULL, 10), ==, i * every - 1);
      command_assert_matches (lines[i], "^[0-9]+," COMMAND_NUMBER "$");
    }
}
