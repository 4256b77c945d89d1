/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include "../common.h"

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
  { "train --dtype int64", "float32, float64" },
  { "train --dtype flaot32", "“float32”" },
  { "train --init publishd", "“published”" },
  { "train --init z=1", "“z”" },
  { "train --init a=x", "“x”" },
  { "train dynamic --init published", "not known" },
  { "train autograd --model 'a*x'", "“autograd” has no option “--model”" },
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
  { "train numpy --seed 4294967296", "“numpy” cannot be “4294967296”" },
  { "train --seed 1.5", "“1.5”" },
  { "train --threads -1", "“-1”" },
  { "train --pace slow", "“slow”" },
  { "train --pace -1", "-1" },
  { "train --pace 1e-14", "1e-06" },
  { "train --threads 257", "256" },
  { "train --output a/b --threads 300", "256" },
  { "train --log-every 0", "“0”" },
  { "train numpy --target 1 --from -1.797e308 --to 1.797e308", "shorter interval" },
  { "train --target 1 --from 0 --to 1e39", "farther than float32 reaches" },
  { "train --alpha 0.5", "SGD" },
  { "train --alpha 0.5", "--momentum, --dampening" },
  { "train --momentum 2", "“Momentum”" },
  { "train --nesterov", "Nesterov momentum needs a momentum" },
  { "train --nesterov --momentum 0.9 --dampening 0.1", "a dampening of 0" },
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

/* What is no formula is shown with its fault marked, after a sentence. */
static const struct
{
  const char *arguments;
  const char *part;
} bad_formulas[] = {
  { "train --model 'a*sinn(x)'", "“sin”? A product is written “sinn*(…)”.\n  a*sinn(x)\n    ^^^^\n" },
  { "train --model 'β*(x'", "\n  β*(x\n      ^\n" },
  { "train --model 'sin(x)'", "no parameter. Put a name" },
  { "train --target 'sine(x)'", "“sin”? There are x, pi" },
  { "train --target 'x+'", "\n  x+\n    ^\n" },
};

static void
test_bad_formulas (Command *command,
                   gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad_formulas); i++)
    {
      command_run (command, bad_formulas[i].arguments);
      g_assert_cmpint (command->status, ==, 2);
      g_assert_cmpstr (command->out, ==, "");
      g_assert_nonnull (strstr (command->err, bad_formulas[i].part));
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

/* Each of these runs diverges; the advice names the stable rate, or says that it is not the rate's
 * fault. */
static const struct
{
  const char *arguments;
  const char *part;
} diverging[] = {
  { "--lr 4e-6", "it is stable below 3.56e-06." },
  { "--lr 3.6e-6 --weight-decay 100000", "it is stable below 3.02e-06." },
  { "--lr 7e-6 --momentum 0.9", "it is stable below 6.76e-06." },
  { "--target 1e30*x", "before the first update: " },
  { "--target 1e30*x", "or float64." },
  { "--init a=1e300,b=0,c=0,d=0 --dtype float64", "too large for float64. Choose smaller ones." },
  { "--lr 1e38 --steps 1", "at step 0" },
};

static void
test_advice (Command *command,
             gconstpointer data)
{
  for (guint i = 0; i < G_N_ELEMENTS (diverging); i++)
    {
      g_autofree char *arguments = g_strconcat ("train autograd ", diverging[i].arguments, NULL);

      command_run (command, arguments);
      g_assert_cmpint (command->status, ==, 1);
      command_assert_sentence (command, diverging[i].part);
    }
}

/* Runs the command in a shell with a limit. */
static void
run_limited (Command *command,
             const char *limit,
             const char *arguments)
{
  g_autofree char *line = g_strdup_printf ("ulimit %s && exec \"$CONVERGE\" %s", limit, arguments);
  const char *argv[] = { "sh", "-c", line, NULL };
  int wait_status;

  g_clear_pointer (&command->err, g_free);
  g_assert_true (g_spawn_sync (command->folder, (char **) argv, NULL,
                               G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL, NULL,
                               &command->err, &wait_status, NULL));
  g_test_message ("ulimit %s: %d %s", limit, wait_status, command->err);
  g_assert_true (WIFEXITED (wait_status));
  command->status = WEXITSTATUS (wait_status);
}

/* However little memory there is, the run is made or it is said why not. */
static void
test_little_memory (Command *command,
                    gconstpointer data)
{
  guint n_refused = 0;

  if (!CAN_LIMIT)
    {
      g_test_skip ("addresses cannot be limited under this sanitizer");
      return;
    }
  for (guint n_kilobytes = 200000; n_kilobytes <= 800000; n_kilobytes += 100000)
    {
      g_autofree char *limit = g_strdup_printf ("-v %u", n_kilobytes);

      run_limited (command, limit, "train nn --steps 20 --plot fit.png");
      if (command->status == 0)
        continue;
      g_assert_cmpint (command->status, ==, 2);
      command_assert_sentence (command, "of memory");
      g_assert_cmpuint (command_count_files (command->folder), ==, 0);
      n_refused++;
    }
  g_assert_cmpuint (n_refused, >, 0);
  g_assert_cmpint (command->status, ==, 0);
}

static void
test_large_file (Command *command,
                 gconstpointer data)
{
  run_limited (command, "-f 10", "train autograd --steps 20000 --loss-log loss.csv");
  g_assert_cmpint (command->status, ==, 1);
  g_assert_nonnull (strstr (command->err, "“loss.csv” could not be written: File too large. Free"));
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
  command_add ("/command-errors/bad-formulas", test_bad_formulas);
  command_add ("/command-errors/diverged", test_diverged);
  command_add ("/command-errors/escapes", test_escapes);
  command_add ("/command-errors/advice", test_advice);
  command_add ("/command-errors/little-memory", test_little_memory);
  command_add ("/command-errors/large-file", test_large_file);
  command_add ("/command-errors/full-output", test_full_output);
  return g_test_run ();
}
