/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <string.h>

/* “converge graph”: what a step computes, as a picture and as text. */

static char *
read_file (Command *command,
           const char *name)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

static void
assert_begins_with (Command *command,
                    const char *name,
                    const char *beginning)
{
  g_autofree char *text = read_file (command, name);

  g_assert_cmpint (strncmp (text, beginning, strlen (beginning)), ==, 0);
}

/* The loss of step 10 is that of the row of step 10. */
static void
test_json (Command *command,
           gconstpointer data)
{
  g_autofree char *text = NULL;
  g_auto (GStrv) losses = NULL;
  g_autofree char *expected = NULL;

  command_run (command, "train legendre --steps 12 -o run --quiet");
  g_assert_cmpint (command->status, ==, 0);
  command_run (command, "graph legendre --step 10 -o graph.json");
  g_assert_cmpint (command->status, ==, 0);
  text = read_file (command, "graph.json");
  losses = command_read_lines (command, "run/loss.csv");
  g_assert_true (g_str_has_prefix (losses[11], "10,"));
  expected = g_strdup_printf ("\"loss\": %.7s", losses[11] + strlen ("10,"));
  g_assert_nonnull (strstr (text, expected));
  g_assert_nonnull (strstr (text, "\"function\": \"LegendrePolynomial3\""));
  g_assert_nonnull (strstr (text, "\"stop\": \"update\""));
  g_assert_nonnull (strstr (text, "\"derivative\""));
}

static void
test_pictures (Command *command,
               gconstpointer data)
{
  command_run (command, "graph dynamic --step 3 -o graph.svg");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "graph.svg", "<?xml");
  command_run (command, "graph mlp --show all --dark -o graph.png");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "graph.png", "\x89PNG");
  command_run (command, "graph numpy -o graph.PDF");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "graph.PDF", "%PDF");
}

static void
test_dot (Command *command,
          gconstpointer data)
{
  g_autofree char *text = NULL;

  command_run (command, "graph --model a*exp(-b*x) --show predict");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_nonnull (strstr (command->out, "digraph"));
  g_assert_nonnull (strstr (command->out, "label=\"exp"));
  g_assert_null (strstr (command->out, "class=\"loss\""));
  command_run (command, "graph legendre --closed -o graph.dot");
  g_assert_cmpint (command->status, ==, 0);
  text = read_file (command, "graph.dot");
  g_assert_nonnull (strstr (text, "LegendrePolynomial3"));
  g_assert_null (strstr (text, "▢³"));
}

static void
test_errors (Command *command,
             gconstpointer data)
{
  command_run (command, "graph autograd -o graph.txt");
  g_assert_cmpint (command->status, ==, 2);
  g_assert_nonnull (strstr (command->err, ".svg, .png, .pdf, .dot or .json"));
  command_run (command, "graph autograd --show forwards");
  g_assert_cmpint (command->status, ==, 2);
  g_assert_nonnull (strstr (command->err, "is no part of a step"));
  command_run (command, "graph autograd --step -1");
  g_assert_cmpint (command->status, ==, 2);
  command_run (command, "graph autograd --points 20 --probe 20 -o graph.json");
  g_assert_cmpint (command->status, ==, 2);
  command_assert_sentence (command, "There is no point 20: of 20 points the last is 19.");
  command_run (command, "graph mlp --points 3000000");
  g_assert_cmpint (command->status, ==, 1);
  g_assert_nonnull (strstr (command->err, "fewer points"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-graph/json", test_json);
  command_add ("/command-graph/pictures", test_pictures);
  command_add ("/command-graph/dot", test_dot);
  command_add ("/command-graph/errors", test_errors);
  return g_test_run ();
}
