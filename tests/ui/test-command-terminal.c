/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE

#include "command.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static void
test_stopped (Command *command,
              gconstpointer data)
{
  static const int signals[] = { SIGINT, SIGTERM };

  for (guint i = 0; i < G_N_ELEMENTS (signals); i++)
    {
      int out, err[2];
      char first;

      g_assert_cmpint (pipe (err), ==, 0);
      GPid pid = command_start (command, "train --steps 1e6 --pace 1e4 --output results", &out,
                                err[1]);
      close (err[1]);
      g_assert_cmpint (read (out, &first, 1), ==, 1);
      kill (pid, signals[i]);
      g_clear_pointer (&command->out, g_free);
      g_clear_pointer (&command->err, g_free);
      command->out = command_read_all (out);
      command->err = command_read_all (err[0]);
      g_assert_cmpint (command_wait (pid), ==, 128 + signals[i]);
      command_assert_sentence (command, "Stopped after ");
      g_assert_nonnull (strstr (command->out, "\nResult: y = "));

      const guint n_steps = (guint) g_ascii_strtoull (strstr (command->err, "after ") + 6, NULL,
                                                      10);
      g_assert_cmpuint (n_steps, <, 1000000);
      command_assert_losses (command, "results/loss.csv", n_steps, 1);
    }
}

/* A run with changes under way takes its steps up to the last of them before it is watched. */
static void
test_stopped_remake (Command *command,
                     gconstpointer data)
{
  static const char run[]
    = "{\"settings\": {\"program\": \"autograd\", \"steps\": 1000000000000},"
      " \"rate_changes\": [{\"step\": 999999999999, \"lr\": 1e-7}]}";
  g_autofree char *path = g_build_filename (command->folder, "run.json", NULL);
  GPid pid;

  g_assert_true (g_file_set_contents (path, run, -1, NULL));
  pid = command_start (command, "train --from-run run.json --log-every 1e12 -q -o results", NULL, -1);
  command_wait_until_heeds (pid, SIGINT);
  kill (pid, SIGINT);
  g_assert_cmpint (command_wait (pid), ==, 128 + SIGINT);
  command_assert_losses (command, "results/loss.csv", 0, 1);
}

/* The run is over when the search begins, and its files are written without what was not found. */
static void
test_stopped_search (Command *command,
                     gconstpointer data)
{
  GString *text = g_string_new (NULL);
  char part[256];
  gssize n;
  int out;
  const GPid pid = command_start (command,
                                  "train mlp --steps 10 --points 20000 --optimum -o results", &out,
                                  -1);

  while (strstr (text->str, "Result: ") == NULL && (n = read (out, part, sizeof part)) > 0)
    g_string_append_len (text, part, n);
  kill (pid, SIGINT);
  command->out = command_read_all (out);
  g_assert_cmpint (command_wait (pid), ==, 128 + SIGINT);
  g_assert_nonnull (strstr (command->out, "the search for it was stopped"));
  command_assert_losses (command, "results/loss.csv", 10, 1);
  g_string_free (text, TRUE);
}

static void
test_closed_pipe (Command *command,
                  gconstpointer data)
{
  int out, err[2];
  char first;

  g_assert_cmpint (pipe (err), ==, 0);
  GPid pid = command_start (command, "train --steps 1e6 --pace 1e4 --loss-log l.csv", &out,
                            err[1]);
  close (err[1]);
  g_assert_cmpint (read (out, &first, 1), ==, 1);
  close (out);
  command->err = command_read_all (err[0]);
  g_assert_cmpint (command_wait (pid), ==, 128 + SIGPIPE);
  g_assert_cmpstr (command->err, ==, "");
  g_assert_cmpuint (command_count_files (command->folder), ==, 2);
}

/* Returns -1 if this machine has none, as where /dev/pts is not mounted. */
static int
open_terminal (int *slave)
{
  const int terminal = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);

  *slave = -1;
  if (terminal >= 0 && grantpt (terminal) == 0 && unlockpt (terminal) == 0)
    *slave = open (ptsname (terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (*slave >= 0)
    return terminal;
  if (terminal >= 0)
    close (terminal);
  return -1;
}

/* Reads what is written to a terminal of so many columns during a short run;
 * %NULL if there is no terminal. */
static char *
run_on_terminal (Command *command,
                 guint columns)
{
  struct winsize size = { .ws_row = 24, .ws_col = (unsigned short) columns };
  int out, slave;
  const int terminal = open_terminal (&slave);

  if (terminal < 0)
    return NULL;
  g_assert_cmpint (ioctl (slave, TIOCSWINSZ, &size), ==, 0);
  g_setenv ("TERM", "xterm", TRUE);
  GPid pid = command_start (command, "train --steps 200 --pace 400", &out, slave);
  close (slave);
  g_clear_pointer (&command->out, g_free);
  command->out = command_read_all (out);
  g_assert_cmpint (command_wait (pid), ==, 0);
  return command_read_all (terminal);
}

/* Cuts the last line off, which is said when the progress is gone. */
static void
cut_sentence (char *seen)
{
  char *sentence = strstr (seen, "converge: The loss after the last step's update is ");

  g_assert_nonnull (sentence);
  g_assert_true (g_str_has_suffix (sentence, ".\r\n"));
  *sentence = '\0';
}

static void
test_terminal (Command *command,
               gconstpointer data)
{
  static const guint widths[] = { 120, 80, 40, 12 };

  for (guint i = 0; i < G_N_ELEMENTS (widths); i++)
    {
      g_autofree char *seen = run_on_terminal (command, widths[i]);
      g_auto (GStrv) frames = NULL;

      if (seen == NULL)
        {
          g_test_skip ("there is no terminal to be had: /dev/pts is not mounted");
          return;
        }
      cut_sentence (seen);
      frames = g_strsplit (seen, "\r", -1);
      g_assert_cmpuint (g_strv_length (frames), >, 3);
      for (guint j = 1; frames[j] != NULL; j++)
        {
          g_assert_true (g_str_has_suffix (frames[j], "\033[K"));
          g_assert_cmpint (g_utf8_strlen (frames[j], -1) - 3, <, widths[i]);
          if (frames[j + 1] == NULL)
            g_assert_cmpstr (frames[j], ==, "\033[K");
          else if (widths[i] >= 40)
            g_assert_nonnull (strstr (frames[j], " / 200  loss "));
        }
      command_assert_matches (command->out, "^99 " COMMAND_NUMBER "\n199 " COMMAND_NUMBER
                                            "\nResult: y = ");
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-terminal/stopped", test_stopped);
  command_add ("/command-terminal/stopped-remake", test_stopped_remake);
  command_add ("/command-terminal/stopped-search", test_stopped_search);
  command_add ("/command-terminal/closed-pipe", test_closed_pipe);
  command_add ("/command-terminal/terminal", test_terminal);
  return g_test_run ();
}
