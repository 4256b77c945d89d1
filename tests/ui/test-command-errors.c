/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <string.h>
#include <sys/wait.h>

static const struct
{
  const char *arguments;
  const char *part;
} bad_arguments[] = {
  { "trian", "“train”" },
  { "autograd", "“converge train autograd”" },
  { "--versoin", "“--version”" },
  { "list optimisers", "“optimizers”" },
  { "train autogard", "“autograd”" },
  { "train autogard", "numpy, tensors" },
  { "train nn module", "“module”" },
  { "train --optimizer adamm", "“adam”" },
  { "train --optimizer x", "sgd, adagrad" },
  { "train --device cpuu", "“cpu”" },
  { "train --dtype int64", "float32 and float64" },
  { "train --dtype flaot32", "“float32”" },
  { "train --init publishd", "“published”" },
  { "train --init z=1", "“z”" },
  { "train --init a=x", "“x”" },
  { "train dynamic --init published", "not known" },
  { "train --stpes 5", "“--steps”" },
  { "train -x", "“-x”" },
  { "train --lr", "“--lr X”" },
  { "train --lr --quiet", "“--lr X”" },
  { "train --quiet=1", "no value" },
  { "train --lr fast", "“fast”" },
  { "train --lr 1e-6x", "“1e-6x”" },
  { "train --lr 0", "“0”" },
  { "train --lr -1e-6", "“-1e-6”" },
  { "train --lr nan", "“nan”" },
  { "train --lr inf", "“inf”" },
  { "train --lr 1e999", "“1e999”" },
  { "train --lr ''", "“”" },
  { "train --steps 0", "“0”" },
  { "train --steps -5", "“-5”" },
  { "train --steps 12x", "“12x”" },
  { "train --steps 1.5", "“1.5”" },
  { "train --steps 99999999999999999999", "1000000000000" },
  { "train --points 0", "“0”" },
  { "train --points 1", "from 2" },
  { "train --points 1e18", "1000000000" },
  { "train --seed -1", "“-1”" },
  { "train --seed 18446744073709551616", "18446744073709551615" },
  { "train --seed 1.5", "“1.5”" },
  { "train --threads -1", "“-1”" },
  { "train --pace slow", "“slow”" },
  { "train --pace -1", "-1" },
  { "train --pace 1e-14", "1e-06" },
  { "train --threads 257", "256" },
  { "train --output a/b --threads 300", "256" },
  { "train --log-every 0", "“0”" },
  { "train --alpha 0.5", "SGD" },
  { "train --alpha 0.5", "--momentum, --dampening" },
  { "train --momentum 2", "momentum" },
  { "train --momentum much", "“much”" },
  { "train --optimizer adam --no-nesterov", "Adam" },
  { "train --loss-log missing/loss.csv", "“missing/loss.csv”" },
  { "train --coefficients .", "“.”" },
  { "train --loss-log ''", "“”" },
  { "train --loss-log a.csv --coefficients ./a.csv", "own" },
  { "train --loss-log c.csv.run.json --coefficients c.csv", "own" },
  { "train --output /dev/null/results", "“/dev/null/results”" },
  { "train --output results --loss-log missing/loss.csv", "“missing/loss.csv”" },
  { "train --loss-log /dev/full", "“/dev/full”" },
  { "train --plot fit.bmp", "“fit.bmp”" },
  { "train --plot fit", "“fit”" },
};

static void
test_bad_arguments (Command *command,
                    gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_arguments); i++)
    {
      command_run (command, bad_arguments[i].arguments);
      g_assert_cmpint (command->status, ==, 2);
      g_assert_cmpstr (command->out, ==, "");
      command_assert_sentence (command, bad_arguments[i].part);
      g_assert_cmpuint (command_count_files (command->folder), ==, 0);
    }
}

static void
test_diverged (Command *command,
               gconstpointer data)
{
  g_auto (GStrv) losses = NULL;

  command_run (command, "train --lr 1e-3 --output results");
  g_assert_cmpint (command->status, ==, 1);
  command_assert_sentence (command, "at step ");
  g_assert_nonnull (strstr (command->err, "--lr"));
  g_assert_null (strstr (command->out, "Result"));
  losses = command_read_lines (command, "results/loss.csv");
  g_assert_cmpstr (losses[0], ==, "step,loss");
  g_assert_cmpuint (g_strv_length (losses), >, 4);
}

static void
test_full_output (Command *command,
                  gconstpointer data)
{
  static const char *const all[] = { "train", "list", "train --help" };

  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    {
      g_autofree char *line = g_strdup_printf ("\"$CONVERGE\" %s >/dev/full", all[i]);
      const char *argv[] = { "sh", "-c", line, NULL };
      int wait_status;

      g_clear_pointer (&command->err, g_free);
      g_assert_true (g_spawn_sync (command->folder, (char **) argv, NULL, G_SPAWN_SEARCH_PATH,
                                   NULL, NULL, NULL, &command->err, &wait_status, NULL));
      g_assert_cmpint (WEXITSTATUS (wait_status), ==, 1);
      command_assert_sentence (command, "standard output");
    }
}

/* Nothing that people type gets to the terminal as a command to it. */
static void
test_escapes (Command *command,
              gconstpointer data)
{
  static const struct
  {
    const char *arguments;
    const char *part;
  } cases[] = {
    { "train --loss-log '\033[31mred\a/x.csv'", "“\\x1b[31mred\\a/x.csv”" },
    { "train --output '/dev/null/a\nb'", "“/dev/null/a\\nb”" },
    { "train --loss-log 'bad\xff\xc3/x.csv'", "“bad\\xff\\xc3/x.csv”" },
    { "train --plot 'gpj.\xe2\x80\xaexyz'", "“gpj.\\u202exyz”" },
    { "train 'prog\xc2\x9bram'", "“prog\\u009bram”" },
    { "train --lr '1\t2'", "“1\\t2”" },
    { "train '--\033c'", "“--\\x1bc”" },
    { "'\033c'", "“\\x1bc”" },
    { "list '\177'", "“\\x7f”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      command_run (command, cases[i].arguments);
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, cases[i].part);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-errors/bad-arguments", test_bad_arguments);
  command_add ("/command-errors/diverged", test_diverged);
  command_add ("/command-errors/escapes", test_escapes);
  command_add ("/command-errors/full-output", test_full_output);
  return g_test_run ();
}
