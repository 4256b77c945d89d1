/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <string.h>

/* The command with points from a file. */

static void
write_file (const Command *command,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

/* Each row that is left out is named, and what is left is fitted. */
static void
test_rows (Command *command,
           gconstpointer data)
{
  write_file (command, "points.csv",
              "t;mass\n0;0\n1;1,5\n2;\n3;no\n4;6\n# a comment\n2;3\n3;4,5;5\n");
  command_run (command, "train --data points.csv --steps 20000 --lr 1e-4 --log-every 20000");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->err, ==,
                   "converge: “points.csv” has 4 points, mass over t: semicolons between the cells, "
                   "decimal commas.\n"
                   "converge: “points.csv”, line 4 is left out: “mass” has no value.\n"
                   "converge: “points.csv”, line 5 is left out: “mass” is “no”, which is no number.\n"
                   "converge: “points.csv”, line 9 is left out: it has 3 cells instead of 2.\n"
                   "converge: Of “points.csv” 3 of 7 rows are left out.\n"
                   "converge: The condition number is 7.85e+04; with --scale standard it would be "
                   "181.\n");
  command_assert_matches (command->out, "Result: y = ");
  command_run (command, "train --quiet --data points.csv --steps 1");
  g_assert_cmpstr (command->err, ==, "");
}

/* For standardized points people are told the units: those of the file where the model allows. */
static void
test_standardized (Command *command,
                   gconstpointer data)
{
  g_autofree char *path = NULL, *run = NULL;

  write_file (command, "points.csv", "x,y\n1,10\n3,30\n5,50\n7,70\n9,91\n");
  command_run (command, "train autograd --data points.csv --hold c=0,d=0 --scale standard --lr 0.1 "
                        "--steps 100 --log-every 100 --optimum --output out");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_nonnull (strstr (command->out, "\nOptimum, in the units of the file:\n"));
  g_assert_nonnull (strstr (command->out, "\n  b          10.1"));
  g_assert_nonnull (strstr (command->out, "\nLoss of standardized points "));
  path = g_build_filename (command->folder, "out", "run.json", NULL);
  g_assert_true (g_file_get_contents (path, &run, NULL, NULL));
  g_assert_nonnull (strstr (run, "\"standardized\": {\n    \"x_mean\": 5.0,\n    \"x_deviation\": "
                                 "2.82"));
  g_assert_nonnull (strstr (run, "\"original_units\": {\n    \"coefficients\": {\n      \"a\": "));
  command_run (command, "train --from-run out/run.json --quiet");
  g_assert_cmpint (command->status, ==, 0);

  command_run (command, "train --model a*sin(b*x)+c --data points.csv --scale standard --steps 10 "
                        "--optimum");
  g_assert_nonnull (strstr (command->out, "\nBest found, of standardized x and y:\n"));
}

static void
test_errors (Command *command,
             gconstpointer data)
{
  write_file (command, "points.csv", "t,mass\n0,0\n1,2\n");
  command_run (command, "train --data nothing.csv");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "nothing.csv” cannot be read: No such file or directory.");
  command_run (command, "train --data points.csv --y mas");
  command_assert_sentence (command, "has no column “mas”. Did you mean “mass”?");
  command_run (command, "train --data points.csv --points 5");
  command_assert_sentence (command, "“--points” changes nothing: the points are from a file.");
  command_run (command, "train --x 1");
  command_assert_sentence (command, "“--x” changes nothing: the points are not from a file.");
  command_run (command, "train --data points.csv --delimiter colon");
  command_assert_sentence (command, "Choose one of these: auto, comma, semicolon, tab, space.");
  g_assert_cmpint (command->status, ==, 2);
}

/* A run is made again from its file, in another folder too, and without its data by
 * --data with nothing. */
static void
test_from_run (Command *command,
               gconstpointer data)
{
  g_autofree char *first = NULL;

  write_file (command, "points.csv", "a b c\n0 1 2\n1 2 4\n2 3 9\n");
  command_run (command, "train --data points.csv --x b --y c --steps 50 --lr 1e-4 --output first");
  g_assert_cmpint (command->status, ==, 0);
  first = g_strdup (command->out);
  command_run (command, "train --from-run first/run.json");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->out, ==, first);
  g_assert_null (strstr (command->err, "other points"));
  write_file (command, "points.csv", "a b c\n0 1 2\n1 2 4\n2 3 8\n");
  command_run (command, "train --from-run first/run.json");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->out, !=, first);
  command_assert_matches (command->err, "“points.csv” has other points than when "
                                        "“first/run.json” was written: this run is another one.");
  command_run (command, "train --from-run first/run.json --y a");
  g_assert_null (strstr (command->err, "other points"));
  command_run (command, "train --from-run first/run.json --data '' --points 5");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->out, !=, first);
}

/* Each sample is there, whole, and can be fitted. */
static void
test_samples (Command *command,
              gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  guint n_samples = 0;

  command_run (command, "list samples");
  g_assert_cmpint (command->status, ==, 0);
  lines = g_strsplit (command->out, "\n", -1);
  for (guint i = 1; lines[i] != NULL && *lines[i] != '\0'; i++)
    {
      const char *line = g_strchug (lines[i]);
      g_autofree char *path = g_strndup (line, strcspn (line, " "));
      g_autofree char *arguments = g_strconcat ("train optim --steps 5 --data ", path, NULL);

      command_run (command, arguments);
      g_assert_cmpint (command->status, ==, 0);
      g_assert_null (strstr (command->err, "left out"));
      command_assert_matches (command->err, "^converge: “.*” has [0-9]+ points, [a-z]+ over [a-z]+: ");
      n_samples++;
    }
  g_assert_cmpuint (n_samples, >=, 6);
  command_run (command, "train --data sample:dcay");
  command_assert_sentence (command, "There is no sample “dcay”. Did you mean “decay”?");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-data/rows", test_rows);
  command_add ("/command-data/standardized", test_standardized);
  command_add ("/command-data/errors", test_errors);
  command_add ("/command-data/from-run", test_from_run);
  command_add ("/command-data/samples", test_samples);
  return g_test_run ();
}
