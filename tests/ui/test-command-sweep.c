/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <signal.h>
#include <string.h>

/* “converge sweep”: its rows are what “converge train” says of each run. */

/* The field of a row, counted from 0. */
static char *
get_field (const char *row,
           guint field)
{
  g_auto (GStrv) fields = g_strsplit (row, ",", -1);

  g_assert_cmpuint (field, <, g_strv_length (fields));
  return g_strdup (fields[field]);
}

static char *
read_final_loss (Command *command)
{
  g_autofree char *path = g_build_filename (command->folder, "run", "run.json", NULL);
  g_autofree char *text = NULL;
  const char *found;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  found = strstr (text, "\"final_loss\": ");
  g_assert_nonnull (found);
  found += strlen ("\"final_loss\": ");
  return g_strndup (found, strcspn (found, ",\n"));
}

/* Trains with the rate of a row and compares what comes out. */
static void
compare_with_run (Command *command,
                  const char *row)
{
  g_autofree char *rate = get_field (row, 1);
  g_autofree char *loss = get_field (row, 2);
  g_autofree char *final_loss = get_field (row, 3);
  g_autofree char *state = get_field (row, 5);
  g_autofree char *arguments = g_strdup_printf ("train autograd --lr %s -q -o run", rate);
  g_auto (GStrv) losses = NULL;
  g_autofree char *last = NULL;

  command_run (command, arguments);
  g_assert_cmpint (command->status, ==, strcmp (state, "diverged") == 0 ? 1 : 0);
  losses = command_read_lines (command, "run/loss.csv");
  last = get_field (losses[g_strv_length (losses) - 2], 1);
  g_assert_cmpstr (loss, ==, last);
  if (command->status == 0)
    {
      g_autofree char *written = read_final_loss (command);

      /* The one has the digits of float32, the other those of float64. */
      g_assert_cmpfloat ((float) g_ascii_strtod (final_loss, NULL), ==,
                         (float) g_ascii_strtod (written, NULL));
    }
  else
    {
      g_assert_cmpstr (final_loss, ==, "nan");
    }
}

static void
test_rows (Command *command,
           gconstpointer data)
{
  g_auto (GStrv) rows = NULL;

  command_run (command, "sweep autograd --lr 1e-8..1e-4 --count 9 -o sweep.csv");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->out, ==, "");
  rows = command_read_lines (command, "sweep.csv");
  g_assert_cmpuint (g_strv_length (rows), ==, 1 + 9 + 1);
  g_assert_cmpstr (rows[0], ==, "optimizer,lr,loss,final_loss,steps_to_1_percent,state");
  g_assert_true (g_str_has_prefix (rows[1], "sgd,1e-08,"));
  for (guint i = 1; i < 10; i += 2)
    compare_with_run (command, rows[i]);
}

static guint
count_lines (const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  return g_strv_length (lines) - 1;
}

/* Without a file the table is what is printed. */
static void
test_curves (Command *command,
             gconstpointer data)
{
  command_run (command, "sweep --lr 1e-6..1e-2 --steps 20 --count 3 --optimizers sgd,adam "
                        "--seeds 4..5");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpuint (count_lines (command->out), ==, 1 + 2 * 2 * 3);
  g_assert_nonnull (strstr (command->out, "optimizer,seed,lr,loss,"));
  g_assert_nonnull (strstr (command->out, "\nadam,5,0.0001,"));

  /* Those that have the setting, with what else was said where they have that too. */
  command_run (command, "sweep --momentum 0..0.9 --steps 20 --count 3 --optimizers all --eps 1e-6");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_nonnull (strstr (command->out, "\nrmsprop,0.9,"));
  g_assert_null (strstr (command->out, "adam"));
}

static void
test_map (Command *command,
          gconstpointer data)
{
  command_run (command, "sweep legendre --init a=0,b=-1..1,c=0,d=-1..1 --lr 1e-5 --steps 20 "
                        "--count 5 --quiet --output map.csv");
  g_assert_cmpint (command->status, ==, 0);
  {
    g_auto (GStrv) rows = command_read_lines (command, "map.csv");

    g_assert_cmpuint (g_strv_length (rows), ==, 1 + 25 + 1);
    g_assert_true (g_str_has_prefix (rows[0], "optimizer,init.b,init.d,loss,"));
    g_assert_true (g_str_has_prefix (rows[2], "sgd,-0.5,-1.0,"));
  }
}

static void
assert_refused (Command *command,
                const char *arguments,
                const char *part)
{
  command_run (command, arguments);
  g_assert_cmpint (command->status, ==, 2);
  g_assert_cmpstr (command->out, ==, "");
  command_assert_sentence (command, part);
  g_assert_cmpuint (command_count_files (command->folder), ==, 0);
}

static void
test_errors (Command *command,
             gconstpointer data)
{
  g_autoptr (GString) many = g_string_new ("sweep --lr 1..2 --seeds 0..4000 --optimizers sgd");

  /* Specifications of forty million runs are not even made. */
  for (guint i = 1; i < 10000; i++)
    g_string_append (many, ",sgd");
  assert_refused (command, many->str, "more runs than");
  assert_refused (command, "sweep autograd", "--lr 1e-8..1e-4");
  assert_refused (command, "sweep --lr 1..2 --seed 1..2 --steps 1..2", "one or two");
  assert_refused (command, "sweep --lr 1e-4..1e-8 -o x.csv", "smaller number");
  assert_refused (command, "sweep --lr 1e-8..1e-4 -o x.png", ".csv");
  assert_refused (command, "sweep --lr 1e-8..1e-4 -o nowhere/x.csv", "nowhere");
  assert_refused (command, "sweep --lr 1e-8..1e-4 --count 1", "Count");
  assert_refused (command, "sweep --lr 1e-8..1e-4 --show q", "one of the parameters a, b, c, d.");
  assert_refused (command, "sweep --momentum 0..1", "below 1");
  assert_refused (command, "sweep --alpha 0..0.9", "no option “--alpha”");
  assert_refused (command, "sweep --momentum 0..0.9 --optimizers sgd,adam", "“--momentum”");
  assert_refused (command, "sweep --lr 1..2 --optimizers sgd,adm", "“adam”");
  assert_refused (command, "sweep --lr 1..2 --optimizers sgd --optimizer adam", "--optimizers");
  assert_refused (command, "sweep --lr 1..2 --seeds 0..2 --seed 1", "--seeds");
  assert_refused (command, "sweep --lr 1..2 --pace 3", "--pace");
  assert_refused (command, "sweep --init b=0..1,q=1", "“q”");
  assert_refused (command, "sweep --init q=0..1", "“q”");
  assert_refused (command, "sweep --data sample:tide --lr 1e-9..1e-5 --from 3", "changes nothing");
  assert_refused (command, "sweep --data sample:tide --points 10..20", "changes nothing");
}

static void
test_interrupt (Command *command,
                gconstpointer data)
{
  const GPid pid = command_start (command,
                                  "sweep --lr 1e-9..1e-8 --steps 100000000 -q -o sweep.csv", NULL,
                                  -1);

  command_wait_until_heeds (pid, SIGINT);
  kill (pid, SIGINT);
  g_assert_cmpint (command_wait (pid), ==, 128 + SIGINT);
  g_assert_cmpuint (command_count_files (command->folder), ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-sweep/rows", test_rows);
  command_add ("/command-sweep/curves", test_curves);
  command_add ("/command-sweep/map", test_map);
  command_add ("/command-sweep/errors", test_errors);
  command_add ("/command-sweep/interrupt", test_interrupt);
  return g_test_run ();
}
