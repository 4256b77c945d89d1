/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <math.h>
#include <string.h>

/* “converge surface”: the loss over two parameters, as a picture and as a table. */

static void
assert_begins_with (Command *command,
                    const char *name,
                    const char *beginning)
{
  g_autofree char *path = g_build_filename (command->folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (strncmp (text, beginning, strlen (beginning)), ==, 0);
}

/* A line of the table is the loss of a run that begins there. */
static void
test_table (Command *command,
            gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  g_auto (GStrv) cells = NULL;
  g_auto (GStrv) losses = NULL;
  g_autofree char *train = NULL;

  command_run (command, "surface legendre --dtype float64 --step 40 -o surface.csv");
  g_assert_cmpint (command->status, ==, 0);
  lines = command_read_lines (command, "surface.csv");
  g_assert_cmpstr (lines[0], ==, "b,d,loss,excess");
  g_assert_cmpuint (g_strv_length (lines), >=, 97 * 97 + 1);
  cells = g_strsplit (lines[4000], ",", -1);
  /* Its path has a = c = 0 in all steps. */
  train = g_strdup_printf ("train legendre --dtype float64 --steps 1 --init a=0,b=%s,c=0,d=%s "
                           "-o run --quiet",
                           cells[0], cells[1]);
  command_run (command, train);
  g_assert_cmpint (command->status, ==, 0);
  losses = command_read_lines (command, "run/loss.csv");
  g_assert_true (g_str_has_prefix (losses[1], "0,"));
  g_assert_cmpfloat_with_epsilon (g_ascii_strtod (losses[1] + 2, NULL) / g_ascii_strtod (cells[2], NULL),
                                  1, 1e-6);
}

static void
test_pictures (Command *command,
               gconstpointer data)
{
  command_run (command, "surface numpy --steps 200 -o surface.svg");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "surface.svg", "<?xml");
  command_run (command, "surface dynamic --steps 200 --kind path --dark -o surface.png");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "surface.png", "\x89PNG");
  command_run (command, "surface optim --steps 200 --over a,d --kind slice --step 10 -o surface.PDF");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "surface.PDF", "%PDF");
  command_run (command, "surface autograd --lr 1 --steps 50 -o lost.svg");
  g_assert_cmpint (command->status, ==, 0);
  assert_begins_with (command, "lost.svg", "<?xml");
}

static void
test_output (Command *command,
             gconstpointer data)
{
  command_run (command, "surface --model a*exp(-b*x) --steps 20 --over b,a");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_true (g_str_has_prefix (command->out, "b,a,loss,excess\n"));
}

static void
test_errors (Command *command,
             gconstpointer data)
{
  static const struct
  {
    const char *line;
    const char *wrong;
  } cases[] = {
    { "surface autograd -o surface.txt", ".svg, .png, .pdf or .csv" },
    { "surface autograd --kind round", "is no kind of surface" },
    { "surface autograd --over b", "is not two parameters" },
    { "surface autograd --over b,q", "is no parameter of" },
    { "surface autograd --over b,b", "the same parameter twice" },
    { "surface autograd --hold b --over b,d", "is held" },
    { "surface autograd --hold a,b,c", "two parameters that are not held" },
    { "surface autograd --step -1", "Step" },
    { "surface autograd --loss L1Loss --kind profile", "Give --kind slice" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      command_run (command, cases[i].line);
      g_assert_cmpint (command->status, ==, 2);
      if (strstr (command->err, cases[i].wrong) == NULL)
        g_error ("%s: %s", cases[i].line, command->err);
    }
  /* The last step that there can be has none after it. */
  command_run (command, "surface autograd --step 1000000000000 --lr 1");
  g_assert_cmpint (command->status, ==, 0);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-surface/table", test_table);
  command_add ("/command-surface/pictures", test_pictures);
  command_add ("/command-surface/output", test_output);
  command_add ("/command-surface/errors", test_errors);
  return g_test_run ();
}
