/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "command.h"

#include <glib.h>

#include <locale.h>
#include <math.h>
#include <string.h>

static void
test_log (Command *command,
          gconstpointer data)
{
  g_auto (GStrv) lines = NULL;

  command_run (command, "train autograd");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->err, ==, "");
  lines = g_strsplit (command->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, 22);
  for (guint i = 0; i < 20; i++)
    {
      g_autofree char *pattern = g_strdup_printf ("^%u " COMMAND_NUMBER "$", 100 * i + 99);

      command_assert_matches (lines[i], pattern);
    }
  command_assert_matches (lines[20], "^Result: y = " COMMAND_NUMBER " \\+ " COMMAND_NUMBER
                                     " x \\+ " COMMAND_NUMBER
                                     " x\\^2 \\+ " COMMAND_NUMBER " x\\^3$");
  g_assert_cmpstr (lines[21], ==, "");
}

static void
test_same (Command *command,
           gconstpointer data)
{
  g_autofree char *out = NULL;

  command_run (command, "train");
  out = g_steal_pointer (&command->out);
  command_run (command, "train --steps=2e3 --lr 0.000001 autograd --no-nesterov --seed 1 --seed 0");
  g_assert_cmpstr (command->out, ==, out);
}

/* No line is left out, however fast the run is. */
static void
test_log_every (Command *command,
                gconstpointer data)
{
  g_auto (GStrv) lines = NULL;
  const guint n = 200000;

  command_run (command, "train autograd --points 2 --lr 1e-5 --steps 2e5 --log-every 1");
  g_assert_cmpint (command->status, ==, 0);
  lines = g_strsplit (command->out, "\n", -1);
  g_assert_cmpuint (g_strv_length (lines), ==, n + 2);
  for (guint i = 0; i < n; i++)
    g_assert_cmpuint (g_ascii_strtoull (lines[i], NULL, 10), ==, i);
}

static void
test_published (Command *command,
                gconstpointer data)
{
  static const double printed[] = { 563.8291015751557, 375.83806540034493, 251.52341151625967 };
  g_auto (GStrv) lines = NULL;

  command_run (command, "train numpy --init published --steps 300");
  g_assert_cmpint (command->status, ==, 0);
  lines = g_strsplit (command->out, "\n", -1);
  for (guint i = 0; i < G_N_ELEMENTS (printed); i++)
    {
      const double loss = g_ascii_strtod (strchr (lines[i], ' '), NULL);

      g_assert_cmpfloat (fabs (loss / printed[i] - 1), <, 1e-12);
    }
}

/* What a file says is, read back, the very number that was printed. */
static void
assert_same_numbers (Command *command,
                     const char *dtype)
{
  g_autofree char *arguments = g_strconcat ("train autograd --steps 50 --log-every 1 "
                                            "--output csv --dtype ",
                                            dtype, NULL);
  const gboolean is_single = strcmp (dtype, "float32") == 0;
  g_auto (GStrv) printed = NULL;
  g_auto (GStrv) losses = NULL;
  g_auto (GStrv) coefficients = NULL;

  command_run (command, arguments);
  g_assert_cmpint (command->status, ==, 0);
  command_assert_losses (command, "csv/loss.csv", 50, 1);
  printed = g_strsplit (command->out, "\n", -1);
  losses = command_read_lines (command, "csv/loss.csv");
  for (guint i = 0; i < 50; i++)
    {
      const double loss = g_ascii_strtod (strchr (printed[i], ' ') + 1, NULL);
      const double read = g_ascii_strtod (strchr (losses[i + 1], ',') + 1, NULL);

      g_assert_true (is_single ? (float) read == (float) loss : read == loss);
    }

  coefficients = command_read_lines (command, "csv/coefficients.csv");
  g_assert_cmpuint (g_strv_length (coefficients), ==, 6);
  g_assert_true (g_str_has_prefix (coefficients[0], "name,value,"));
  g_assert_nonnull (strstr (coefficients[0], ",initial"));
  for (guint i = 0; i < 4; i++)
    {
      g_auto (GStrv) cells = g_strsplit (coefficients[i + 1], ",", -1);
      g_auto (GStrv) heads = g_strsplit (coefficients[0], ",", -1);

      g_assert_cmpint (cells[0][0], ==, "abcd"[i]);
      g_assert_cmpuint (g_strv_length (cells), ==, g_strv_length (heads));
      command_assert_matches (cells[1], "^" COMMAND_NUMBER "$");
    }
}

static void
test_files (Command *command,
            gconstpointer data)
{
  static const char *const names[]
    = { "coefficients.csv", "fit.png", "loss.csv", "parameters.csv", "run.json" };
  g_autofree char *folder = g_build_filename (command->folder, "csv", NULL);

  assert_same_numbers (command, "float32");
  assert_same_numbers (command, "float64");
  g_assert_cmpuint (command_count_files (folder), ==, G_N_ELEMENTS (names));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (folder, names[i], NULL);

      g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
    }
}

static void
test_single_files (Command *command,
                   gconstpointer data)
{
  g_auto (GStrv) settings = NULL;

  command_run (command, "train --steps 250 --loss-log l.csv --plot f.svg");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpuint (command_count_files (command->folder), ==, 3);
  command_assert_losses (command, "l.csv", 250, 1);

  command_run (command, "train --steps 250 --log-every 100 --loss-log l.csv --coefficients c.csv");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpuint (command_count_files (command->folder), ==, 5);
  command_assert_losses (command, "l.csv", 2, 100);
  settings = command_read_lines (command, "c.csv.run.json");
  g_assert_cmpstr (settings[0], ==, "{");
}

/* The loss of a row's values is in the row of the same number of the losses. */
static void
assert_loss_of (const char *parameters,
                const char *losses,
                guint row)
{
  g_auto (GStrv) cells = g_strsplit (parameters, ",", -1);
  g_auto (GStrv) loss = g_strsplit (losses, ",", -1);
  double sum = 0, k[4];

  g_assert_cmpuint (g_strv_length (cells), ==, 5);
  g_assert_cmpuint (g_ascii_strtoull (cells[0], NULL, 10), ==, row);
  g_assert_cmpuint (g_ascii_strtoull (loss[0], NULL, 10), ==, row);
  for (guint i = 0; i < 4; i++)
    k[i] = g_ascii_strtod (cells[i + 1], NULL);
  for (guint i = 0; i < 2000; i++)
    {
      const double x = G_PI * (2.0 * i / 1999 - 1);
      const double residual = k[0] + x * (k[1] + x * (k[2] + x * k[3])) - sin (x);

      sum += residual * residual;
    }
  g_assert_cmpfloat_with_epsilon (sum, g_ascii_strtod (loss[1], NULL), 1e-6 * sum);
}

static void
test_parameters (Command *command,
                 gconstpointer data)
{
  g_auto (GStrv) parameters = NULL, losses = NULL, settings = NULL;

  command_run (command, "train numpy --quiet --steps 300 --parameters p.csv");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpuint (command_count_files (command->folder), ==, 2);
  settings = command_read_lines (command, "p.csv.run.json");
  g_assert_cmpstr (settings[0], ==, "{");
  command_run (command, "train numpy --quiet --steps 301 --loss-log l.csv");
  parameters = command_read_lines (command, "p.csv");
  losses = command_read_lines (command, "l.csv");
  g_assert_cmpstr (parameters[0], ==, "step,a,b,c,d");
  for (guint i = 0; i <= 300; i++)
    assert_loss_of (parameters[i + 1], losses[i + 1], i);
}

/* The value of a number in a run's settings. */
static char *
find_number (Command *command,
             const char *file,
             const char *name)
{
  g_auto (GStrv) lines = command_read_lines (command, file);
  g_autofree char *prefix = g_strdup_printf ("  \"%s\": ", name);

  for (gsize i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], prefix))
      return g_strndup (lines[i] + strlen (prefix), strlen (lines[i]) - strlen (prefix) - 1);
  return NULL;
}

/* The loss that a run ends with is the one that a longer run goes on from, and what
 * scripts read is as it was. */
static void
test_final_loss (Command *command,
                 gconstpointer data)
{
  g_autofree char *final_loss = NULL;
  g_autofree char *next_loss = NULL;

  command_run (command, "train --steps 200 --output short");
  command_assert_matches (command->out, "^99 " COMMAND_NUMBER "\n199 " COMMAND_NUMBER
                                        "\nResult: y = [^\n]*\n$");
  g_assert_cmpstr (command->err, ==, "");
  final_loss = find_number (command, "short/run.json", "final_loss");
  command_run (command, "train --steps 201 --output long");
  next_loss = find_number (command, "long/run.json", "loss");
  g_assert_nonnull (final_loss);
  g_assert_cmpstr (final_loss, ==, next_loss);
}

/* Takes a locale that is there, or makes one in the command's folder. */
static gboolean
find_comma_locale (Command *command)
{
  static const char *const names[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "cs_CZ.UTF-8", "nl_NL.UTF-8" };
  g_autofree char *path = g_build_filename (command->folder, names[0], NULL);
  const char *argv[] = { "localedef", "-i", "de_DE", "-f", "UTF-8", path, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (names) && command->locale == NULL; i++)
    if (setlocale (LC_ALL, names[i]) != NULL)
      command->locale = g_strdup (names[i]);
  setlocale (LC_ALL, "C");
  if (command->locale != NULL)
    return TRUE;

  if (!g_spawn_sync (NULL, (char **) argv, NULL,
                     G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                     NULL, NULL, NULL, NULL, NULL, NULL)
      || !g_file_test (path, G_FILE_TEST_IS_DIR))
    return FALSE;
  g_setenv ("LOCPATH", command->folder, TRUE);
  command->locale = g_strdup (names[0]);
  return TRUE;
}

static void
test_decimal_comma (Command *command,
                    gconstpointer data)
{
  if (!find_comma_locale (command))
    {
      g_test_skip ("no locale with a decimal comma is installed here, nor can one be made");
      return;
    }
  test_log (command, NULL);
  test_files (command, NULL);
  g_unsetenv ("LOCPATH");
}

/* The least squares solution and its standard errors, known from elsewhere; the same curve is found
 * where the model is not linear. */
static void
test_optimum (Command *command,
              gconstpointer data)
{
  command_run (command, "train autograd --steps 3 --optimum");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_nonnull (strstr (command->out, "\nOptimum:\n  parameter  value"));
  g_assert_nonnull (strstr (command->out, "\n  b          0.8567408431      0.002047\n"));
  g_assert_nonnull (strstr (command->out, "\nLoss 8.81716541, residual standard deviation 0.06646, "
                                          "R² 0.9911784238, condition number 325\n"));

  command_run (command, "train legendre --steps 3 --optimum --loss-log l.csv --coefficients c.csv");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_nonnull (strstr (command->out, "\nBest found:\n"));
  g_assert_nonnull (strstr (command->out, "\nLoss 8.81716541, "));
  g_assert_nonnull (strstr (command->out, ", condition number of JᵀJ "));

  command_run (command, "train legendre --steps 3 --optimum --quiet");
  g_assert_cmpstr (command->out, ==, "");
}

static void
test_quiet (Command *command,
            gconstpointer data)
{
  command_run (command, "train --quiet --coefficients c.csv");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_cmpstr (command->out, ==, "");
  g_assert_cmpstr (command->err, ==, "");
  g_assert_cmpuint (command_count_files (command->folder), ==, 2);
}

static void
test_list (Command *command,
           gconstpointer data)
{
  static const char *const all[] = { "\n  autograd ", "\n  rmsprop ", "momentum=", "\n  cpu " };

  command_run (command, "list");
  g_assert_cmpint (command->status, ==, 0);
  for (guint i = 0; i < G_N_ELEMENTS (all); i++)
    g_assert_nonnull (strstr (command->out, all[i]));
  command_run (command, "list devices");
  g_assert_null (strstr (command->out, "autograd"));
  g_assert_nonnull (strstr (command->out, "\n  cpu "));
  command_run (command, "list rates");
  g_assert_nonnull (strstr (command->out, "adamw=0.005"));
  command_run (command, "list --engines");
  g_assert_null (strstr (command->out, "\n  cpu "));
  g_assert_nonnull (strstr (command->out, "\n  interpreter "));
}

/* The manual names every option there is, also those of a new optimizer. */
static void
test_help (Command *command,
           gconstpointer data)
{
  g_autoptr (GRegex) option = g_regex_new ("^ +(?:-., )?--(?:\\[no-\\])?([a-z0-9-]+)",
                                           G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *source = NULL;
  g_autofree char *manual = NULL;
  g_auto (GStrv) pieces = NULL;
  guint n_options = 0;

  g_assert_true (g_file_get_contents (g_getenv ("CONVERGE_MANUAL"), &source, NULL, NULL));
  pieces = g_strsplit (source, "\\-", -1);
  manual = g_strjoinv ("-", pieces);
  command_run (command, "--help");
  g_assert_cmpint (command->status, ==, 0);
  g_assert_nonnull (strstr (command->out, "converge train"));
  command_run (command, "train --help");
  g_assert_cmpint (command->status, ==, 0);
  for (g_regex_match (option, command->out, 0, &match); g_match_info_matches (match);
       g_match_info_next (match, NULL))
    {
      g_autofree char *name = g_match_info_fetch (match, 1);
      g_autofree char *full = g_strconcat ("--", name, NULL);

      if (strstr (manual, full) == NULL)
        g_error ("%s is not in the manual", full);
      n_options++;
    }
  g_assert_cmpuint (n_options, >, 20);
}

static void
test_version (Command *command,
              gconstpointer data)
{
  command_run (command, "--version");
  g_assert_cmpint (command->status, ==, 0);
  command_assert_matches (command->out, "^converge [0-9]+\\.[0-9]+\\.[0-9]+\n$");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  command_add ("/command-line/log", test_log);
  command_add ("/command-line/same", test_same);
  command_add ("/command-line/log-every", test_log_every);
  command_add ("/command-line/published", test_published);
  command_add ("/command-line/files", test_files);
  command_add ("/command-line/single-files", test_single_files);
  command_add ("/command-line/parameters", test_parameters);
  command_add ("/command-line/final-loss", test_final_loss);
  command_add ("/command-line/decimal-comma", test_decimal_comma);
  command_add ("/command-line/optimum", test_optimum);
  command_add ("/command-line/quiet", test_quiet);
  command_add ("/command-line/list", test_list);
  command_add ("/command-line/help", test_help);
  command_add ("/command-line/version", test_version);
  return g_test_run ();
}
