/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Runs the command line @script of a shell. */
static int
run_shell (Command *command,
           const char *script)
{
  const char *argv[] = { "sh", "-c", script, NULL };
  g_autoptr (GError) error = NULL;
  int wait_status;

  g_clear_pointer (&command->out, g_free);
  g_clear_pointer (&command->err, g_free);
  g_spawn_sync (command->folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL,
                &command->out, &command->err, &wait_status, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %s", script, command->err);
  g_assert_true (WIFEXITED (wait_status));
  return WEXITSTATUS (wait_status);
}

static char *
read_file (Command *command,
           const char *name,
           gsize *length)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *contents = NULL;

  g_file_get_contents (path, &contents, length, &error);
  g_assert_no_error (error);
  return contents;
}

/* All folders that were made go again, and none that was there before. */
static void
test_folders (Command *command,
              gconstpointer data)
{
  g_autofree char *there = g_build_filename (command->folder, "there", NULL);

  command_run (command, "train --output a/b//c/ --loss-log missing/loss.csv");
  g_assert_cmpint (command->status, ==, 2);
  g_assert_cmpuint (command_count_files (command->folder), ==, 0);

  g_assert_cmpint (g_mkdir (there, 0777), ==, 0);
  command_run (command, "train --output there/b/c --loss-log missing/loss.csv");
  g_assert_cmpint (command->status, ==, 2);
  g_assert_cmpuint (command_count_files (command->folder), ==, 1);
  g_assert_cmpuint (command_count_files (there), ==, 0);

  command_run (command, "train --quiet --steps 5 --output there/b/c");
  g_assert_cmpint (command->status, ==, 0);
  command_assert_losses (command, "there/b/c/loss.csv", 5, 1);
}

/* A disk that fills while the losses are written leaves the old coefficients too. */
static void
test_full (Command *command,
           gconstpointer data)
{
  static const char *const names[]
    = { "coefficients.csv", "fit.png", "loss.csv", "parameters.csv", "run.json" };
  g_autofree char *folder = g_build_filename (command->folder, "results", NULL);
  char *before[G_N_ELEMENTS (names)];
  gsize n_before[G_N_ELEMENTS (names)];

  command_run (command, "train --quiet --steps 5 --output results");
  g_assert_cmpint (command->status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_build_filename ("results", names[i], NULL);

      before[i] = read_file (command, name, &n_before[i]);
    }

  g_assert_cmpint (run_shell (command, "trap '' XFSZ; ulimit -f 16; exec \"$CONVERGE\" train "
                                       "--quiet --steps 5000 --output results"),
                   ==, 1);
  command_assert_sentence (command, "Free some space");
  g_assert_cmpuint (command_count_files (folder), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *name = g_build_filename ("results", names[i], NULL);
      g_autofree char *after = NULL;
      gsize n_after;

      after = read_file (command, name, &n_after);
      g_assert_cmpmem (after, n_after, before[i], n_before[i]);
      g_free (before[i]);
    }
}

/* Beside a file with the longest name there can be, its settings find a name too. */
static void
test_long_names (Command *command,
                 gconstpointer data)
{
  static const gsize lengths[] = { 250, 255 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autofree char *name = g_strnfill (lengths[i], "ab"[i]);
      g_autofree char *settings = g_strdup_printf ("%.246s.run.json", name);
      g_autofree char *arguments = g_strdup_printf ("train --quiet --steps 5 --loss-log %s", name);

      command_run (command, arguments);
      g_assert_cmpint (command->status, ==, 0);
      g_assert_cmpuint (command_count_files (command->folder), ==, 2 * (i + 1));
      command_assert_losses (command, name, 5, 1);
      g_strfreev (command_read_lines (command, settings));
    }
}

/* What is yet to be made behind a link is one file, whatever name it is given. */
static void
test_links (Command *command,
            gconstpointer data)
{
  g_assert_cmpint (run_shell (command, "ln -s loss.csv link; exec \"$CONVERGE\" train --quiet "
                                       "--loss-log loss.csv --coefficients link"),
                   ==, 2);
  command_assert_sentence (command, "path of its own");
  g_assert_cmpint (run_shell (command, "\"$CONVERGE\" train --quiet --steps 5 --loss-log link "
                                       "&& test -L link"),
                   ==, 0);
  command_assert_losses (command, "loss.csv", 5, 1);
}

/* A file that stdout goes to is written to, not replaced. */
static void
test_open_file (Command *command,
                gconstpointer data)
{
  g_auto (GStrv) lines = NULL;

  g_assert_cmpint (run_shell (command, "{ echo before; \"$CONVERGE\" train --quiet --steps 2 "
                                       "--loss-log /dev/stdout; } > both"),
                   ==, 0);
  lines = command_read_lines (command, "both");
  g_assert_cmpuint (g_strv_length (lines), ==, 5);
  g_assert_cmpstr (lines[0], ==, "before");
  g_assert_cmpstr (lines[1], ==, "step,loss");

  /* The settings of the run have no place beside it. */
  g_assert_cmpint (run_shell (command, "ln -s /dev/stdout out; \"$CONVERGE\" train --quiet --steps 2 "
                                       "--loss-log out > both && ! test -e out.run.json"),
                   ==, 0);
}

/* Two files that go the same way are not mixed, however long they are. */
static void
test_one_pipe (Command *command,
               gconstpointer data)
{
  g_auto (GStrv) lines = NULL;

  command_run (command, "train --quiet --steps 20000 --coefficients /dev/stdout "
                        "--loss-log /dev/stdout");
  g_assert_cmpint (command->status, ==, 0);
  lines = g_strsplit (command->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 5 + 20001 + 1);
  g_assert_true (g_str_has_prefix (lines[0], "name,"));
  g_assert_cmpstr (lines[5], ==, "step,loss");
  for (guint i = 0; i < 20000; i++)
    g_assert_cmpuint (g_ascii_strtoull (lines[6 + i], NULL, 10), ==, i);
}

static void
test_endings (Command *command,
              gconstpointer data)
{
  static const char *const refused[] = { "train --plot fit.bmp", "train --plot fitpng" };
  static const char *const tables[] = { "train --loss-log fit.png", "train --coefficients F.PDF",
                                        "train --parameters p.svg" };
  g_autofree char *picture = NULL;
  gsize length;

  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      command_run (command, refused[i]);
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, ".png, .svg or .pdf");
      g_assert_cmpuint (command_count_files (command->folder), ==, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (tables); i++)
    {
      command_run (command, tables[i]);
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, ".csv");
      g_assert_cmpuint (command_count_files (command->folder), ==, 0);
    }
  command_run (command, "train --quiet --plot FIT.PNG");
  g_assert_cmpint (command->status, ==, 0);
  picture = read_file (command, "FIT.PNG", &length);
  g_assert_cmpmem (picture, 4, "\x89PNG", 4);
}

/* Two runs of the same numbers are told apart by what is written on their pictures. */
static void
test_captions (Command *command,
               gconstpointer data)
{
  g_autofree char *plain = NULL, *decayed = NULL;
  gsize n_plain, n_decayed;

  command_run (command, "train --quiet --steps 20 --plot plain.png --loss-log plain.csv");
  g_assert_cmpint (command->status, ==, 0);
  command_run (command, "train --quiet --steps 20 --optimizer sgd --weight-decay 1e-40 "
                        "--plot decayed.png --loss-log decayed.csv");
  g_assert_cmpint (command->status, ==, 0);
  plain = read_file (command, "plain.csv", &n_plain);
  decayed = read_file (command, "decayed.csv", &n_decayed);
  g_assert_cmpstr (plain, ==, decayed);
  g_clear_pointer (&plain, g_free);
  g_clear_pointer (&decayed, g_free);
  plain = read_file (command, "plain.png", &n_plain);
  decayed = read_file (command, "decayed.png", &n_decayed);
  g_assert_true (n_plain != n_decayed || memcmp (plain, decayed, n_plain) != 0);
}

static void
put_table (Command *command,
           const char *name)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, "x,y\n1,2\n2,3\n3,5\n", -1, NULL));
}

/* A command does not write over the data that it reads when somebody mistakes one file for another. */
static void
test_inputs (Command *command,
             gconstpointer data)
{
  static const char *const lines[] = {
    "train --steps 2 --data points.csv --loss-log points.csv",
    "train --steps 2 --data points.csv --coefficients link.csv",
    "train --steps 2 --data link.csv --parameters ./points.csv",
    "train --steps 2 --data results/loss.csv --output results",
    "sweep --steps 2 --data points.csv --lr 1e-9..1e-8 --count 2 -o points.csv",
    "sweep --steps 2 --from-run run.json --lr 1e-9..1e-8 --count 2 -o run.json",
    "surface --steps 2 --data points.csv -o link.csv",
    "graph --from-run run.json -o run.json",
    "train --from-run run.json --loss-log run.json",
  };
  g_autofree char *link = g_build_filename (command->folder, "link.csv", NULL);
  g_autofree char *results = g_build_filename (command->folder, "results", NULL);

  put_table (command, "points.csv");
  g_assert_cmpint (symlink ("points.csv", link), ==, 0);
  g_assert_cmpint (g_mkdir (results, 0777), ==, 0);
  put_table (command, "results/loss.csv");
  command_run (command, "train --steps 2 --quiet --loss-log loss.csv");
  g_assert_cmpint (run_shell (command, "mv loss.csv.run.json run.json"), ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      command_run (command, lines[i]);
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, "is read and would be written over. Give another path.");
    }
  /* The same run's settings may be written again where they were. */
  command_run (command, "train --from-run run.json --output . --quiet");
  g_assert_cmpint (command->status, ==, 0);
  command_run (command, "sweep --steps 2 --lr 1e-9..1e-8 --count 2 -o both.csv --plot both.svg");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpint (run_shell (command, "rm both.csv && ln -s both.svg both.csv"), ==, 0);
  command_run (command, "sweep --steps 2 --lr 1e-9..1e-8 --count 2 -o both.csv --plot both.svg");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "Two files would be written to “both.svg”.");
}

/* A run is made again from its file, and options override it. */
static void
test_from_run (Command *command,
               gconstpointer data)
{
  g_auto (GStrv) first = NULL;
  g_auto (GStrv) again = NULL;
  g_auto (GStrv) other = NULL;

  command_run (command,
               "train nn --optimizer rmsprop --lr 1e-3 --centered --momentum 0.5 --steps 50 "
               "--target 'x^2/2' --from -1 --points 100 --init b=0.25 --seed 18446744073709551615 "
               "--pytorch 1 --output first --quiet");
  g_assert_cmpint (command->status, ==, 0);
  command_run (command, "train --from-run first/run.json --output again --quiet");
  g_assert_cmpint (command->status, ==, 0);
  command_run (command, "train --from-run first/run.json --pytorch 2 --steps 20 --output other -q");
  g_assert_cmpint (command->status, ==, 0);
  first = command_read_lines (command, "first/loss.csv");
  again = command_read_lines (command, "again/loss.csv");
  other = command_read_lines (command, "other/loss.csv");
  g_assert_true (g_strv_equal ((const char *const *) first, (const char *const *) again));
  g_assert_cmpuint (g_strv_length (first), >, g_strv_length (other));
  command_run (command, "train numpy --from-run first/run.json");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "of the program “nn”");
  command_run (command, "train --from-run first/loss.csv");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "it is no JSON");
  command_run (command, "train --from-run /dev/zero");
  g_assert_cmpint (command->status, ==, 2);
  /* It has no size and would fill the memory. */
  command_run (command, "train --from-run /proc/self/pagemap");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "it is no JSON");
  command_run (command, "train --from-run missing.json");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "“missing.json” cannot be read: No such file or directory. Give");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-files/folders", test_folders);
  command_add ("/command-files/full", test_full);
  command_add ("/command-files/long-names", test_long_names);
  command_add ("/command-files/links", test_links);
  command_add ("/command-files/open-file", test_open_file);
  command_add ("/command-files/one-pipe", test_one_pipe);
  command_add ("/command-files/endings", test_endings);
  command_add ("/command-files/captions", test_captions);
  command_add ("/command-files/inputs", test_inputs);
  command_add ("/command-files/from-run", test_from_run);
  return g_test_run ();
}
