/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "train/run.h"
#include "train/session-file.h"
#include "train/setting.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

/* Runs in one file: what is read has the bits of what was written, and what is no such file is
 * refused. */

static AgRun *
train (const char *program,
       const char *optimizer,
       AgDType dtype,
       double lr,
       gint64 steps)
{
  AgRunSpec spec;
  AgRun *run;
  g_autoptr (GError) error = NULL;

  ag_run_spec_init (&spec, ag_program_class_find (program));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find (optimizer));
  if (lr > 0)
    spec.lr = lr;
  spec.steps = steps;
  spec.points = 200;
  spec.dtype = dtype;
  run = ag_run_new (&spec, &error);
  g_assert_no_error (error);
  ag_trainer_start (ag_run_trainer (run));
  g_assert_true (ag_trainer_wait (ag_run_trainer (run), -1));
  return run;
}

static AgSessionRun
describe (AgRun *run,
          AgSnapshot *snapshot)
{
  while (!ag_trainer_take_snapshot (ag_run_trainer (run), snapshot)
         || snapshot->state < AG_TRAINER_DONE)
    g_usleep (1000);
  return (AgSessionRun){
    .name = "a \"name\" \\ with\nsigns, “é”",
    .color = 7,
    .is_shown = TRUE,
    .is_pinned = TRUE,
    .spec = ag_run_spec (run),
    .snapshot = snapshot,
    .initial = ag_trainer_initial (ag_run_trainer (run)),
    .history = ag_run_history (run),
    .trace = ag_run_trace (run),
    .clock = ag_run_clock (run),
    .rates = ag_run_rates (run),
  };
}

static char *
write_runs (guint n,
            const AgSessionRun *runs)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, &error);
  char *path = g_build_filename (folder, "runs" AG_SESSION_SUFFIX, NULL);

  g_assert_true (ag_session_file_write (transaction, path, n, runs, &error));
  g_assert_true (ag_transaction_commit (transaction, &error));
  g_assert_no_error (error);
  return path;
}

static void
remove_file (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  g_unlink (path);
  g_rmdir (folder);
}

static void
assert_same_losses (const AgHistory *read,
                    const AgHistory *written)
{
  const gint64 n = ag_history_n_steps (written);

  g_assert_cmpint (ag_history_n_steps (read), ==, n);
  g_assert_cmpint (ag_history_stride (read), ==, ag_history_stride (written));
  for (guint level = 0; level < ag_history_n_levels (written); level++)
    {
      const gsize room = (gsize) (n / ag_history_stride (written)) + 1;
      g_autofree AgHistoryEntry *a = g_new0 (AgHistoryEntry, room);
      g_autofree AgHistoryEntry *b = g_new0 (AgHistoryEntry, room);
      const gsize n_read = ag_history_read (read, level, 0, n - 1, room, a);

      g_assert_cmpuint (n_read, ==, ag_history_read (written, level, 0, n - 1, room, b));
      g_assert_cmpmem (a, sizeof *a * n_read, b, sizeof *b * n_read);
    }
}

static void
assert_same (const AgKeptRun *read,
             const AgSessionRun *written)
{
  const guint n = written->spec->program->model->n_parameters;
  const gsize n_bytes = sizeof (double) * n;

  g_assert_cmpstr (read->name, ==, written->name);
  g_assert_cmpuint (read->color, ==, written->color);
  g_assert_true (read->is_shown && read->is_pinned);
  for (guint i = 0; i < ag_setting_n (written->spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (written->spec, i);

      if (setting->mention != AG_SETTING_NEVER)
        g_assert_true (ag_setting_is_equal (setting, &read->spec, written->spec));
    }
  g_assert_cmpint (read->snapshot->state, ==, written->snapshot->state);
  g_assert_cmpint (read->snapshot->step, ==, written->snapshot->step);
  g_assert_cmpint (read->snapshot->diverged_step, ==, written->snapshot->diverged_step);
  g_assert_cmpmem (&read->snapshot->loss, sizeof (double), &written->snapshot->loss, sizeof (double));
  g_assert_true (isnan (written->snapshot->final_loss)
                   ? isnan (read->snapshot->final_loss)
                   : read->snapshot->final_loss == written->snapshot->final_loss);
  g_assert_cmpmem (read->snapshot->coefficients, n_bytes, written->snapshot->coefficients, n_bytes);
  g_assert_cmpmem (read->snapshot->gradients, n_bytes, written->snapshot->gradients, n_bytes);
  g_assert_cmpmem (read->initial, n_bytes, written->initial, n_bytes);
  assert_same_losses (read->history, written->history);
  {
    double marks[4][AG_CLOCK_MAX_MARKS];
    const guint n_marks = ag_clock_read (written->clock, marks[0], marks[1]);

    g_assert_cmpuint (n_marks, >, 1);
    g_assert_cmpuint (ag_clock_read (read->clock, marks[2], marks[3]), ==, n_marks);
    g_assert_cmpmem (marks[2], sizeof (double) * n_marks, marks[0], sizeof (double) * n_marks);
    g_assert_cmpmem (marks[3], sizeof (double) * n_marks, marks[1], sizeof (double) * n_marks);
  }
  for (guint i = 0; i < n; i++)
    {
      double steps[2][AG_TRACE_MAX_POINTS], values[2][AG_TRACE_MAX_POINTS];
      const gsize n_points = ag_trace_read (written->trace, i, steps[0], values[0]);

      g_assert_cmpuint (ag_trace_read (read->trace, i, steps[1], values[1]), ==, n_points);
      g_assert_cmpmem (steps[1], sizeof (double) * n_points, steps[0], sizeof (double) * n_points);
      g_assert_cmpmem (values[1], sizeof (double) * n_points, values[0], sizeof (double) * n_points);
    }
}

static void
test_same (void)
{
  g_autoptr (AgRun) short_run = train ("autograd", "sgd", AG_DTYPE_FLOAT32, 0, 700);
  g_autoptr (AgRun) long_run = train ("tensors", "adam", AG_DTYPE_FLOAT64, 0, 5000);
  g_autoptr (AgRun) lost_run = train ("autograd", "sgd", AG_DTYPE_FLOAT32, 1, 500);
  g_autoptr (AgRun) net_run = train ("mlp", "sgd", AG_DTYPE_FLOAT32, 0, 300);
  AgRun *const runs[] = { short_run, long_run, lost_run, net_run };
  AgSnapshot snapshots[G_N_ELEMENTS (runs)];
  AgSessionRun written[G_N_ELEMENTS (runs)];
  g_autoptr (GPtrArray) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    written[i] = describe (runs[i], &snapshots[i]);
  g_assert_cmpint (snapshots[2].state, ==, AG_TRAINER_DIVERGED);
  path = write_runs (G_N_ELEMENTS (runs), written);
  read = ag_session_file_read (path, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, G_N_ELEMENTS (runs));
  for (guint i = 0; i < G_N_ELEMENTS (runs); i++)
    assert_same (g_ptr_array_index (read, i), &written[i]);
  remove_file (path);
}

/* A run so long that its history is thinned. */
static void
test_thinned (void)
{
  g_autoptr (AgRun) run = train ("autograd", "sgd", AG_DTYPE_FLOAT32, 0, 300);
  const gint64 n_steps = (G_GINT64_CONSTANT (1) << 24) + 12345;
  AgHistory *history = ag_history_new (n_steps);
  g_autoptr (GPtrArray) read = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *path = NULL;
  AgSessionRun written;
  AgSnapshot snapshot;
  guint64 bits = 1;

  for (gint64 i = 0; i < n_steps; i++)
    {
      bits = bits * 6364136223846793005u + 1442695040888963407u;
      ag_history_push (history, (double) (float) (bits >> 40));
    }
  g_assert_cmpint (ag_history_stride (history), >, 1);
  written = describe (run, &snapshot);
  snapshot.step = n_steps;
  written.history = history;
  path = write_runs (1, &written);
  read = ag_session_file_read (path, &error);
  g_assert_no_error (error);
  assert_same_losses (((AgKeptRun *) g_ptr_array_index (read, 0))->history, history);
  ag_history_unref (history);
  remove_file (path);
}

static AgRates *
read_changes (const char *path,
              const char *text,
              const char *changes)
{
  g_auto (GStrv) parts = g_strsplit (text, "\"rate_changes\": []", 2);
  g_autofree char *other = g_strconcat (parts[0], changes, parts[1], NULL);
  g_autoptr (GPtrArray) runs = NULL;
  AgRates *read = NULL;

  g_assert_nonnull (parts[1]);
  g_assert_true (g_file_set_contents (path, other, -1, NULL));
  runs = ag_session_file_read (path, NULL);
  if (runs != NULL)
    {
      AgKeptRun *run = g_ptr_array_index (runs, 0);

      read = g_steal_pointer (&run->rates);
    }
  return read;
}

/* Older versions wrote changes of the rate as pairs. Anything else among the changes is an error. */
static void
test_changes (void)
{
  static const char *const good[] = {
    "\"rate_changes\": [[3, 0.5], [7, 2.5e-1]]",
    "\"rate_changes\": [{\"step\": 3, \"lr\": 0.5}, {\"step\": 7, \"lr\": 0.25}]",
  };
  static const char *const bad[] = {
    "\"rate_changes\": [[3]]",
    "\"rate_changes\": [[7, 0.5], [3, 0.25]]",
    "\"rate_changes\": [[-1, 0.5]]",
    "\"rate_changes\": [[3, -0.5]]",
    "\"rate_changes\": [[3, \"inf\"]]",
    "\"rate_changes\": [{\"step\": 3}]",
    "\"rate_changes\": [], \"optimizer_changes\": [[3, 0.5]]",
    "\"rate_changes\": [], \"optimizer_changes\": [{\"step\": 3, \"optimizer\": \"none\"}]",
    "\"rate_changes\": [], \"optimizer_changes\": [{\"step\": 41, \"optimizer\": \"adam\"}]",
  };
  g_autoptr (AgRun) run = train ("autograd", "sgd", AG_DTYPE_FLOAT32, 0, 40);
  g_autofree char *path = NULL, *text = NULL;
  AgSnapshot snapshot;
  AgSessionRun written = describe (run, &snapshot);

  path = write_runs (1, &written);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_autoptr (AgRates) read = read_changes (path, text, good[i]);

      g_assert_nonnull (read);
      g_assert_cmpuint (ag_rates_n (read), ==, 2);
      g_assert_cmpint (ag_rates_nth (read, 0).step, ==, 3);
      g_assert_cmpfloat (ag_rates_nth (read, 0).lr, ==, 0.5);
      g_assert_cmpint (ag_rates_nth (read, 1).step, ==, 7);
      g_assert_cmpfloat (ag_rates_nth (read, 1).lr, ==, 0.25);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (read_changes (path, text, bad[i]));
  remove_file (path);
}

/* What is cut off anywhere, or has other signs in it, is refused or read; nothing breaks. */
static void
test_damaged (void)
{
  g_autoptr (AgRun) run = train ("autograd", "sgd", AG_DTYPE_FLOAT32, 0, 40);
  g_autofree char *path = NULL, *text = NULL;
  AgSnapshot snapshot;
  AgSessionRun written = describe (run, &snapshot);
  gsize length;

  path = write_runs (1, &written);
  g_assert_true (g_file_get_contents (path, &text, &length, NULL));
  for (gsize i = 0; i + 3 < length; i += 1 + length / 400)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) runs = NULL;

      g_assert_true (g_file_set_contents (path, text, (gssize) i, NULL));
      runs = ag_session_file_read (path, &error);
      g_assert_null (runs);
      g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
    }
  for (guint i = 0; i < 400; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) runs = NULL;
      g_autofree char *other = g_memdup2 (text, length + 1);

      for (guint k = 0; k < 3; k++)
        other[g_test_rand_int_range (0, (gint32) length)] = "0-9]}[{,\":e.nulx"[g_test_rand_int_range (0, 16)];
      g_assert_true (g_file_set_contents (path, other, (gssize) length, NULL));
      runs = ag_session_file_read (path, &error);
      g_assert_true (runs != NULL || error != NULL);
    }
  remove_file (path);
}

static void
test_other_files (void)
{
  static const char *const texts[] = {
    "",
    "{}",
    "[]",
    "null",
    "{\"runs\": []}",
    "{\"runs\": {}}",
    "{\"runs\": [{}]}",
    "{\"runs\": [{\"settings\": {\"program\": \"autograd\"}}]}",
    "{\"runs\": [{\"settings\": {\"program\": \"nothing\"}}]}",
  };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp (NULL, NULL);
  g_autofree char *path = g_build_filename (folder, "other" AG_SESSION_SUFFIX, NULL);

  g_assert_null (ag_session_file_read (path, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_clear_error (&error);
  g_assert_null (ag_session_file_read (folder, &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_clear_error (&error);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_assert_true (g_file_set_contents (path, texts[i], -1, NULL));
      g_assert_null (ag_session_file_read (path, &error));
      g_assert_nonnull (error);
      g_clear_error (&error);
    }
  remove_file (path);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/session-file/same", test_same);
  g_test_add_func ("/session-file/thinned", test_thinned);
  g_test_add_func ("/session-file/changes", test_changes);
  g_test_add_func ("/session-file/damaged", test_damaged);
  g_test_add_func ("/session-file/other-files", test_other_files);
  return g_test_run ();
}
