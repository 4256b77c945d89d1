/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/csv.h"

#include "../common.h"
#include "train/run-file.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

static char *folder;

static char *
temporary_path (const char *name)
{
  if (folder == NULL)
    folder = g_dir_make_tmp ("converge-csv-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
write_losses (const char *path,
              const AgHistory *history,
              AgDType dtype,
              gint64 every,
              GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();

  return ag_csv_write_losses (transaction, path, history, dtype, NULL, every, error)
         && ag_transaction_commit (transaction, error);
}

static gboolean
write_coefficients (const char *path,
                    const AgRunSpec *spec,
                    const AgSnapshot *snapshot,
                    const double *initial,
                    const AgOptimum *optimum,
                    GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();

  return ag_csv_write_coefficients (transaction, path, spec, snapshot, initial, optimum, error)
         && ag_transaction_commit (transaction, error);
}

static void
check_losses (gint64 n_steps,
              gint64 every,
              AgDType dtype)
{
  g_autofree char *path = temporary_path ("loss.csv");
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;

  for (gint64 i = 0; i < n_steps; i++)
    ag_history_push (history, (double) (float) (1000 / ((double) i + 3)));
  g_assert_true (write_losses (path, history, dtype, every, &error));
  lines = common_read_lines (path);
  g_assert_cmpint (g_strv_length (lines), ==, n_steps / every + 1);
  g_assert_cmpstr (lines[0], ==, "step,loss");
  for (gint64 i = 1; lines[i] != NULL; i++)
    {
      gint64 step = i * every - 1;
      char *rest;

      g_assert_cmpint (g_ascii_strtoll (lines[i], &rest, 10), ==, step);
      g_assert_cmpfloat ((float) g_ascii_strtod (rest + 1, NULL), ==,
                         (float) (1000 / ((double) step + 3)));
    }
}

/* With a clock, each has its time, to be empty where nobody looked at one. */
static void
test_times (void)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (AgHistory) history = ag_history_new (3);
  g_autoptr (AgClock) clock = ag_clock_new ();
  g_autofree char *path = temporary_path ("times.csv");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  ag_history_push (history, 4);
  ag_history_push (history, 2);
  ag_history_push (history, 1);
  ag_csv_write_losses (transaction, path, history, AG_DTYPE_FLOAT32, clock, 1, &error);
  g_assert_true (ag_transaction_commit (transaction, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "step,loss,microseconds\n0,4,\n1,2,\n2,1,\n");
  g_clear_pointer (&text, g_free);
  ag_clock_mark (clock, 0, 0);
  ag_clock_mark (clock, 2, 5);
  g_clear_pointer (&transaction, ag_transaction_free);
  transaction = ag_transaction_new ();
  ag_csv_write_losses (transaction, path, history, AG_DTYPE_FLOAT32, clock, 1, &error);
  g_assert_true (ag_transaction_commit (transaction, &error));
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "step,loss,microseconds\n0,4,0\n1,2,2.5\n2,1,5\n");
}

static void
test_losses (void)
{
  check_losses (0, 1, AG_DTYPE_FLOAT32);
  check_losses (1, 1, AG_DTYPE_FLOAT32);
  check_losses (10000, 1, AG_DTYPE_FLOAT64);
  check_losses (10000, 100, AG_DTYPE_FLOAT32);
  check_losses (99, 100, AG_DTYPE_FLOAT32);
  check_losses (12345, 7, AG_DTYPE_FLOAT64);
}

static void
test_not_finite (void)
{
  g_autofree char *path = temporary_path ("not-finite.csv");
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  g_autofree char *text = NULL;

  ag_history_push (history, 1);
  ag_history_push (history, INFINITY);
  ag_history_push (history, NAN);
  g_assert_true (write_losses (path, history, AG_DTYPE_FLOAT32, 1, NULL));
  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_cmpstr (text, ==, "step,loss\n0,1\n1,inf\n2,nan\n");
}

static AgSnapshot
make_snapshot (void)
{
  static const double coefficients[] = { 0.1f, -0.2f, 3, 1e-10 };
  static const double gradients[] = { 1, 2, NAN, -4 };
  AgSnapshot snapshot = { .serial = 1,
                          .state = AG_TRAINER_DONE,
                          .step = 2000,
                          .loss = 8.9,
                          .n_coefficients = 4,
                          .coefficients = coefficients,
                          .gradients = gradients };

  return snapshot;
}

static void
test_coefficients (void)
{
  static const double initial[] = { 1, 0.5, -0.25, 2 };
  g_autofree char *path = temporary_path ("coefficients.csv");
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) lines = NULL;
  AgSnapshot snapshot = make_snapshot ();
  g_autoptr (AgOptimum) optimum = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  optimum = ag_run_spec_optimum (&spec, NULL);
  g_assert_true (write_coefficients (path, &spec, &snapshot, initial, optimum, &error));
  lines = common_read_lines (path);
  g_assert_cmpint (g_strv_length (lines), ==, 5);
  g_assert_cmpstr (lines[0], ==, "name,value,gradient,initial,optimum");
  g_assert_true (g_str_has_prefix (lines[1], "a,0.100000001,1,1,"));
  g_assert_true (g_str_has_prefix (lines[2], "b,-0.200000003,2,0.5,0.856740"));
  g_assert_true (g_str_has_prefix (lines[3], "c,3,,-0.25,"));
  g_assert_true (g_str_has_prefix (lines[4], "d,1.00000001e-10,-4,2,-0.09333")
                 || g_str_has_prefix (lines[4], "d,1e-10,-4,2,-0.09333"));

  ag_run_spec_init (&spec, ag_program_class_find ("legendre"));
  g_assert_true (write_coefficients (path, &spec, &snapshot, initial, NULL, &error));
  g_strfreev (g_steal_pointer (&lines));
  lines = common_read_lines (path);
  g_assert_cmpstr (lines[1], ==, "a,0.100000001,1,1,");
}

static GStrv
read_parameters (const AgRunSpec *spec,
                 const AgTrace *trace,
                 const AgSnapshot *snapshot)
{
  g_autofree char *path = temporary_path ("parameters.csv");
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_csv_write_parameters (transaction, path, spec, trace, snapshot, &error));
  g_assert_true (ag_transaction_commit (transaction, &error));
  return common_read_lines (path);
}

/* A row for each step of a short run, evenly spaced ones of a long run, and always
 * the first and the last. */
static void
test_parameters (void)
{
  static const gint64 lengths[] = { 0, 1, 5, 1023, 1024, 5000, 123457 };

  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      g_autoptr (AgTrace) trace = ag_trace_new (4);
      AgSnapshot snapshot = make_snapshot ();
      g_auto (GStrv) lines = NULL;
      gint64 stride = 1;
      guint n_rows;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
      for (gint64 step = 0; step <= lengths[i]; step++)
        ag_trace_push (trace, step,
                       (double[]){ (float) step / 3, -(double) step, (float) 0.1, 1e-20f });
      snapshot.step = lengths[i];
      lines = read_parameters (&spec, trace, &snapshot);
      g_assert_cmpstr (lines[0], ==, "step,a,b,c,d");

      while (lengths[i] / stride >= AG_TRACE_MAX_POINTS)
        stride *= 2;
      n_rows = (guint) ((lengths[i] + stride - 1) / stride) + 1;
      g_assert_cmpuint (g_strv_length (lines), ==, n_rows + 1);
      for (guint row = 0; row + 1 < n_rows; row++)
        {
          const gint64 step = row * stride;
          g_autofree char *line = g_strdup_printf ("%" G_GINT64_FORMAT ",%.9g,%.9g,%.9g,%.9g", step,
                                                   (double) ((float) step / 3), -(double) step,
                                                   (double) 0.1f, (double) 1e-20f);

          g_assert_cmpstr (lines[row + 1], ==, line);
        }
      {
        g_autofree char *last = g_strdup_printf ("%" G_GINT64_FORMAT
                                                 ",0.100000001,-0.200000003,3,",
                                                 lengths[i]);

        g_assert_true (g_str_has_prefix (lines[n_rows], last));
      }
    }
}

/* The coefficients that a diverged run goes back to belong to an earlier step than its last. */
static void
test_diverged_parameters (void)
{
  static const double values[][4] = { { 1, 2, 3, 4 }, { -1e30, 2, 3, 4 }, { INFINITY, 2, 3, 4 } };
  g_autoptr (AgTrace) trace = ag_trace_new (4);
  AgSnapshot snapshot = make_snapshot ();
  g_auto (GStrv) lines = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("numpy"));
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    ag_trace_push (trace, i, values[i]);
  snapshot.state = AG_TRAINER_DIVERGED;
  snapshot.step = 3;
  snapshot.diverged_step = 2;
  lines = read_parameters (&spec, trace, &snapshot);
  g_assert_cmpuint (g_strv_length (lines), ==, 4);
  g_assert_cmpstr (lines[1], ==, "0,1,2,3,4");
  g_assert_true (g_str_has_prefix (lines[2], "1,-1"));
  g_assert_cmpstr (lines[3], ==, "2,inf,2,3,4");
}

static void
test_settings (void)
{
  g_autofree char *path = temporary_path ("loss.csv.run.json");
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AgRates) rates = ag_rates_new ();
  AgSnapshot snapshot = make_snapshot ();
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("dynamic"));
  ag_rates_push (rates, 3, 0.5);
  ag_rates_push (rates, 20, 1e-6);
  spec.seed = G_MAXUINT64;
  snapshot.loss = NAN;
  g_assert_true (ag_run_file_write (transaction, path, &spec, &snapshot, rates, NULL, &error));
  g_assert_true (ag_transaction_commit (transaction, &error));
  g_file_get_contents (path, &text, NULL, NULL);
  g_assert_true (g_str_has_prefix (text, "{\n  \"converge\": \"" AG_VERSION "\",\n"));
  g_assert_nonnull (strstr (text, "\"program\": \"dynamic\",\n"));
  g_assert_nonnull (strstr (text, "\"rate_changes\": [{\"step\": 3, \"lr\": 0.5}, "
                                  "{\"step\": 20, \"lr\": 1e-06}],\n"));
  g_assert_nonnull (strstr (text, "\"momentum\": 0.9"));
  g_assert_nonnull (strstr (text, "\"nesterov\": false"));
  g_assert_nonnull (strstr (text, "\"seed\": \"18446744073709551615\",\n"));
  g_assert_nonnull (strstr (text, "\"loss\": null,\n"));
  g_assert_nonnull (strstr (text, "\"state\": \"done\",\n"));
  g_assert_true (g_str_has_suffix (text, "\n}\n"));
}

static void
test_unwritable (void)
{
  g_autoptr (AgHistory) history = ag_history_new (G_MAXINT64);
  g_autoptr (GError) error = NULL;

  ag_history_push (history, 1);
  g_assert_false (write_losses ("/nowhere/loss.csv", history, AG_DTYPE_FLOAT32, 1, &error));
  g_assert_nonnull (strstr (error->message, "/nowhere/loss.csv"));
}

static void
test_locale (void)
{
  common_test_with_comma (test_losses, test_coefficients);
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/csv/losses", test_losses);
  g_test_add_func ("/csv/times", test_times);
  g_test_add_func ("/csv/not-finite", test_not_finite);
  g_test_add_func ("/csv/coefficients", test_coefficients);
  g_test_add_func ("/csv/parameters", test_parameters);
  g_test_add_func ("/csv/diverged-parameters", test_diverged_parameters);
  g_test_add_func ("/csv/settings", test_settings);
  g_test_add_func ("/csv/unwritable", test_unwritable);
  g_test_add_func ("/csv/locale", test_locale);
  status = g_test_run ();
  if (folder != NULL)
    common_remove (folder);
  g_free (folder);
  return status;
}
