/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/session-file.h"

#include "base/error.h"
#include "base/memory.h"
#include "train/changes-file.h"
#include "train/json-read.h"
#include "train/run-file.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Runs are read from a file that Converge wrote, or from any other. */

/* A history that is thinned has more entries than these. */
#define LEAST_THINNED (1 << 18)

/* The losses of more steps than these would take minutes to be read. */
#define MOST_STEPS (G_GINT64_CONSTANT (1) << 33)

/* A number of two bytes, “1,”, takes eight in memory, and for a moment twice as many. */
#define MEMORY_SHARE 10

/* The members of a run that are lists of numbers, and of single ones that are lists of one. */
static const char *const lists[] = {
  "loss",
  "final_loss",
  "seconds",
  "steps_per_second",
  "initial",
  "coefficients",
  "gradients",
  "losses",
  "least_losses",
  "greatest_losses",
};

/**
 * Reading:
 * @path: path of the file
 * @runs: (element-type AgKeptRun): those that were read
 * @error: (nullable): why one could not be made
 *
 * A file that is being read.
 */
typedef struct
{
  const char *path;
  GPtrArray *runs;
  GError *error;
} Reading;

/**
 * Members:
 * @settings: (element-type utf8 utf8): the settings
 * @words: (element-type utf8 utf8): single values
 * @numbers: (element-type utf8 GArray): lists of numbers, those of the trace under names that
 *   begin with a dot, those of the clock with an at sign
 * @changes: what was changed while it was under way
 *
 * The members of a run in a file, before it is known whether they make one.
 */
typedef struct
{
  GHashTable *settings;
  GHashTable *words;
  GHashTable *numbers;
  AgRates *changes;
} Members;

static gboolean
take_word (const char **c,
           const char *name,
           guint depth,
           gpointer user_data)
{
  char *text = ag_json_take_scalar (c);

  if (text != NULL)
    g_hash_table_insert (user_data, g_strdup (name), text);
  return text != NULL;
}

static gboolean
take_list (const char **c,
           const char *prefix,
           const char *name,
           GHashTable *numbers)
{
  g_autoptr (GArray) list = g_array_new (FALSE, FALSE, sizeof (double));

  if (!ag_json_take_numbers (c, list))
    return FALSE;
  g_hash_table_insert (numbers, g_strconcat (prefix, name, NULL), g_steal_pointer (&list));
  return TRUE;
}

static gboolean
take_traced (const char **c,
             const char *name,
             guint depth,
             gpointer numbers)
{
  return take_list (c, ".", name, numbers);
}

static gboolean
take_timed (const char **c,
            const char *name,
            guint depth,
            gpointer numbers)
{
  return take_list (c, "@", name, numbers);
}

static gboolean
take_part (const char **c,
           const char *name,
           guint depth,
           gpointer user_data)
{
  Members *members = user_data;

  if (strcmp (name, "settings") == 0)
    return ag_json_take (c, '{') && ag_json_take_members (c, '}', depth, take_word, members->settings);
  if (ag_changes_file_has (name))
    return ag_changes_file_take (c, name, depth, members->changes);
  if (strcmp (name, "trace") == 0)
    return ag_json_take (c, '{') && ag_json_take_members (c, '}', depth, take_traced, members->numbers);
  if (strcmp (name, "clock") == 0)
    return ag_json_take (c, '{') && ag_json_take_members (c, '}', depth, take_timed, members->numbers);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (strcmp (name, lists[i]) == 0)
      return take_list (c, "", name, members->numbers);
  if (**c == '{' || **c == '[')
    return ag_json_take_value (c, depth);
  return take_word (c, name, depth, members->words);
}

static gboolean
refuse (const char *path,
        const char *why,
        GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("“%s” has no runs that can be shown: %s Give a file that Converge saved."), path,
               why);
  return FALSE;
}

static const GArray *
find_list (const Members *members,
           const char *name)
{
  return g_hash_table_lookup (members->numbers, name);
}

static double
find_number (const Members *members,
             const char *name)
{
  const GArray *list = find_list (members, name);

  return list != NULL && list->len > 0 ? g_array_index (list, double, 0) : NAN;
}

static gint64
find_whole (const Members *members,
            const char *name,
            gint64 otherwise)
{
  const char *word = g_hash_table_lookup (members->words, name);

  return word != NULL ? g_ascii_strtoll (word, NULL, 10) : otherwise;
}

static gboolean
find_flag (const Members *members,
           const char *name)
{
  return g_strcmp0 (g_hash_table_lookup (members->words, name), "true") == 0;
}

/* A number as it was: of those that were computed in single precision, that one. */
static double
round_to (AgDType dtype,
          double value)
{
  return dtype == AG_DTYPE_FLOAT32 ? (double) (float) value : value;
}

/* Returns: (transfer full) (nullable): so many numbers, if the file has them */
static double *
find_numbers (const Members *members,
              const char *name,
              AgDType dtype,
              guint n)
{
  const GArray *list = find_list (members, name);
  double *numbers;

  if (list == NULL || list->len != n)
    return NULL;
  numbers = g_new (double, MAX (n, 1));
  for (guint i = 0; i < n; i++)
    numbers[i] = round_to (dtype, g_array_index (list, double, i));
  return numbers;
}

/* A thinned history keeps the least, the greatest and the last loss of each entry, so any losses
 * with these three make the same entry again. */
static gboolean
read_losses (AgKeptRun *run,
             const Members *members)
{
  const gint64 n_steps = run->snapshot->step, stride = find_whole (members, "stride", 1);
  const GArray *losses = find_list (members, "losses");
  const GArray *least = find_list (members, "least_losses");
  const GArray *greatest = find_list (members, "greatest_losses");
  const AgDType dtype = run->spec.dtype;

  if (losses == NULL || stride < 1 || (stride > 1 && losses->len < LEAST_THINNED) || n_steps > MOST_STEPS || (n_steps + stride - 1) / stride != losses->len
      || (stride > 1
          && (least == NULL || greatest == NULL || least->len != losses->len
              || greatest->len != losses->len)))
    return FALSE;
  run->history = ag_history_new (MAX (n_steps, 1));
  for (gint64 step = 0; run->history != NULL && step < n_steps; step++)
    {
      const guint entry = (guint) (step / stride);
      const gint64 end = MIN ((entry + 1) * stride, n_steps);
      const GArray *from = step + 1 == end              ? losses
                           : step == entry * stride     ? least
                           : step == entry * stride + 1 ? greatest
                                                        : losses;

      ag_history_push (run->history, round_to (dtype, g_array_index (from, double, entry)));
    }
  return run->history != NULL;
}

/* The trace is pushed step by step, with the number of the last one that was kept: what was
 * kept of the original is then kept of this one. */
static gboolean
read_trace (AgKeptRun *run,
            const Members *members)
{
  const AgModelClass *model = run->spec.program->model;
  const GArray *steps = find_list (members, ".step");
  g_autofree const GArray **lists_of = g_new0 (const GArray *, model->n_parameters);
  g_autofree double *values = g_new (double, model->n_parameters);
  gint64 step = 0;

  run->trace = ag_trace_new (model->n_parameters);
  if (run->trace == NULL || steps == NULL || steps->len > AG_TRACE_MAX_POINTS)
    return FALSE;
  for (guint i = 0; i < model->n_parameters; i++)
    {
      g_autofree char *name = g_strconcat (".", model->parameters[i], NULL);

      lists_of[i] = find_list (members, name);
      if (lists_of[i] == NULL || lists_of[i]->len != steps->len)
        return FALSE;
    }
  for (guint i = 0; i < steps->len; i++)
    {
      const double place = g_array_index (steps, double, i);

      if (!(place >= (double) step && place <= (double) run->snapshot->step)
          || (i == 0 && place != 0))
        return FALSE;
      for (guint k = 0; k < model->n_parameters; k++)
        values[k] = round_to (run->spec.dtype, g_array_index (lists_of[k], double, i));
      do
        {
          if (ag_trace_is_due (run->trace, step))
            ag_trace_push (run->trace, step, values);
          step++;
        }
      while (i + 1 < steps->len && (double) step < g_array_index (steps, double, i + 1));
    }
  return TRUE;
}

/* An older file has none, and what is none does not matter. */
static void
read_clock (AgKeptRun *run,
            const Members *members)
{
  const GArray *steps = find_list (members, "@step");
  const GArray *times = find_list (members, "@microseconds");
  double last = 0;

  run->clock = ag_clock_new ();
  if (steps == NULL || times == NULL || steps->len != times->len)
    return;
  for (guint i = 0; i < steps->len; i++)
    {
      const double step = g_array_index (steps, double, i), time = g_array_index (times, double, i);

      if (!(step >= 0 && step <= (double) run->snapshot->step) || !(time >= last) || !isfinite (time))
        return;
      ag_clock_mark (run->clock, (gint64) step, time);
      last = time;
    }
}

static gboolean
read_snapshot (AgKeptRun *run,
               const Members *members)
{
  const AgDType dtype = run->spec.dtype;
  const guint n = run->spec.program->model->n_parameters;
  g_autofree double *coefficients = find_numbers (members, "coefficients", dtype, n);
  g_autofree double *gradients = find_numbers (members, "gradients", dtype, n);
  const char *state = g_hash_table_lookup (members->words, "state");
  AgSnapshot snapshot = {
    .serial = 1,
    .step = find_whole (members, "steps_taken", -1),
    .loss = find_number (members, "loss"),
    .final_loss = find_number (members, "final_loss"),
    .steps_per_second = find_number (members, "steps_per_second"),
    .elapsed = find_number (members, "seconds"),
    .diverged_step = find_whole (members, "diverged_step", -1),
    .n_coefficients = n,
    .coefficients = coefficients,
    .gradients = gradients,
  };

  if (coefficients == NULL || gradients == NULL || state == NULL || snapshot.step < 0
      || snapshot.step > AG_RUN_MAX_STEPS || !ag_run_file_find_state (state, &snapshot.state))
    return FALSE;
  /* Nobody goes on with it. */
  if (snapshot.state < AG_TRAINER_DONE)
    snapshot.state = AG_TRAINER_STOPPED;
  run->snapshot = ag_snapshot_copy (&snapshot);
  return TRUE;
}

/* A run branches off at a step that it has. */
static gboolean
is_last_change_reached (const AgKeptRun *run)
{
  const guint n = ag_rates_n_optimizers (run->rates);

  return n == 0 || ag_rates_nth_optimizer (run->rates, n - 1)->step <= run->snapshot->step;
}

static AgKeptRun *
make_run (const char *path,
          Members *members,
          GError **error)
{
  g_autoptr (AgKeptRun) run = ag_kept_run_new ();
  const char *name = g_hash_table_lookup (members->words, "name");

  if (!ag_run_file_apply_settings (path, members->settings, &run->spec, error))
    return NULL;
  run->name = g_strdup (name != NULL ? name : "");
  run->color = (guint) CLAMP (find_whole (members, "color", 0), 0, 100000);
  run->is_shown = find_flag (members, "shown");
  run->is_pinned = find_flag (members, "pinned");
  run->initial = find_numbers (members, "initial", run->spec.dtype,
                               run->spec.program->model->n_parameters);
  run->rates = g_steal_pointer (&members->changes);
  if (run->initial == NULL || !read_snapshot (run, members) || !is_last_change_reached (run)
      || !read_losses (run, members) || !read_trace (run, members))
    {
      refuse (path, _ ("a part of a run is missing, or is of another run."), error);
      return NULL;
    }
  read_clock (run, members);
  if (ag_run_spec_has_file (&run->spec))
    run->data = ag_run_spec_data (&run->spec, NULL);
  return g_steal_pointer (&run);
}

static gboolean
take_run (const char **c,
          const char *name,
          guint depth,
          gpointer user_data)
{
  Reading *reading = user_data;
  Members members = {
    .settings = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .words = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free),
    .numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref),
    .changes = ag_rates_new (),
  };
  AgKeptRun *run = NULL;
  const gboolean is_understood
    = ag_json_take (c, '{') && ag_json_take_members (c, '}', depth, take_part, &members);

  if (is_understood)
    run = make_run (reading->path, &members, &reading->error);
  if (run != NULL)
    g_ptr_array_add (reading->runs, run);
  g_hash_table_unref (members.settings);
  g_hash_table_unref (members.words);
  g_hash_table_unref (members.numbers);
  g_clear_pointer (&members.changes, ag_rates_free);
  return run != NULL;
}

static gboolean
take_top (const char **c,
          const char *name,
          guint depth,
          gpointer user_data)
{
  if (strcmp (name, "runs") == 0)
    return ag_json_take (c, '[') && ag_json_take_members (c, ']', depth, take_run, user_data);
  return ag_json_take_value (c, depth);
}

/**
 * ag_session_file_read:
 * @path: path of a file that ag_session_file_write() wrote, or of any other
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Reads runs, with the bits that they were written with. Of those whose points are from a file,
 * that is read too, if it is still there.
 *
 * Returns: (transfer full) (nullable) (element-type AgKeptRun): the runs, %NULL if the file has
 *   anything else
 */
GPtrArray *
ag_session_file_read (const char *path,
                      GError **error)
{
  g_autoptr (GPtrArray) runs
    = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_kept_run_unref);
  Reading reading = { path, runs, NULL };
  int code;
  g_autofree char *text = ag_json_read_file (path, ag_memory_available ("/") / MEMORY_SHARE, &code);
  const char *c;

  if (text == NULL && code == 0)
    {
      refuse (path, _ ("it is no file, or too large."), error);
      return NULL;
    }
  if (text == NULL)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("“%s” cannot be read: %s. Give the path of a file that Converge saved."),
                   path, g_strerror (code));
      return NULL;
    }
  c = text;
  if (g_utf8_validate (text, -1, NULL) && ag_json_take (&c, '{')
      && ag_json_take_members (&c, '}', 0, take_top, &reading) && runs->len > 0)
    return g_steal_pointer (&runs);
  if (reading.error != NULL)
    g_propagate_error (error, reading.error);
  else
    refuse (path, runs->len > 0 || *text == '{' ? _ ("it is damaged, or empty.") : _ ("it is no JSON."), error);
  return NULL;
}
