/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-file.h"

#include "base/number.h"
#include "train/scale.h"
#include "train/setting.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define SUFFIX ".run.json"

/* Members of one JSON object, the comma before each but the first. */
typedef struct
{
  FILE *stream;
  gint indent;
  const char *separator;
} Object;

static Object
open_object (FILE *stream,
             gint indent)
{
  fputc ('{', stream);
  return (Object){ stream, indent, "" };
}

static void
close_object (Object *object)
{
  fprintf (object->stream, "\n%*s}", object->indent, "");
}

static void
add_name (Object *object,
          const char *name)
{
  fprintf (object->stream, "%s\n%*s\"%s\": ", object->separator, object->indent + 2, "", name);
  object->separator = ",";
}

static void
add_word (Object *object,
          const char *name,
          const char *word)
{
  add_name (object, name);
  fputc ('"', object->stream);
  for (const char *c = word; *c != '\0'; c++)
    {
      if ((guchar) *c < 0x20)
        fprintf (object->stream, "\\u%04x", (guint) *c);
      else
        fprintf (object->stream, "%s%c", *c == '"' || *c == '\\' ? "\\" : "", *c);
    }
  fputc ('"', object->stream);
}

static void
add_whole (Object *object,
           const char *name,
           gint64 value)
{
  add_name (object, name);
  fprintf (object->stream, "%" G_GINT64_FORMAT, value);
}

/* JSON knows neither NaN nor infinity. */
static void
add_number (Object *object,
            const char *name,
            double value)
{
  g_autofree char *text = isfinite (value) ? ag_number_to_string (value) : g_strdup ("null");

  add_name (object, name);
  fputs (text, object->stream);
}

/* A setting as what JSON has for its kind. Of a seed readers that take numbers as doubles
 * would lose the last digits, so it is text. */
static void
add_setting (Object *object,
             const AgSetting *setting,
             const AgRunSpec *spec)
{
  g_autofree char *value = ag_setting_write (setting, spec);

  if (setting->kind == AG_SETTING_NUMBER || setting->kind == AG_SETTING_COUNT)
    {
      add_name (object, setting->id);
      fputs (value, object->stream);
    }
  else if (setting->kind == AG_SETTING_FLAG)
    {
      add_name (object, setting->id);
      fputs (value[0] == '0' ? "false" : "true", object->stream);
    }
  else
    {
      add_word (object, setting->id, value);
    }
}

static void
add_settings (Object *object,
              const AgRunSpec *spec)
{
  Object settings;

  add_name (object, "settings");
  settings = open_object (object->stream, object->indent + 2);
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);

      if (setting->mention != AG_SETTING_NEVER && ag_setting_is_used (setting, spec))
        add_setting (&settings, setting, spec);
    }
  close_object (&settings);
}

/* Notes how many points the file had when the run was made, since it may have others later. */
static void
add_data (Object *object,
          const AgRunSpec *spec)
{
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  g_autofree char *digest = NULL;

  if (data == NULL)
    return;
  digest = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", ag_data_digest (data));
  add_whole (object, "data_points", ag_data_n_points (data));
  add_whole (object, "data_left_out", ag_data_table (data)->n_left_out);
  add_word (object, AG_RUN_FILE_DIGEST, digest);
}

/* The command keeps to one rate; a run that had others is not made again by it. */
static void
add_rate_changes (Object *object,
                  const AgRates *rates)
{
  const guint n_changes = ag_rates_n (rates);

  add_name (object, "rate_changes");
  fputc ('[', object->stream);
  for (guint i = 0; i < n_changes; i++)
    {
      const AgRateChange change = ag_rates_nth (rates, i);
      g_autofree char *rate = ag_number_to_string (change.lr);

      fprintf (object->stream, "%s{\"step\": %" G_GINT64_FORMAT ", \"lr\": %s}",
               i > 0 ? ", " : "", change.step, rate);
    }
  fputc (']', object->stream);
}

static void
add_parameters (Object *object,
                const char *name,
                const AgModelClass *model,
                const double *values)
{
  Object parameters;

  add_name (object, name);
  parameters = open_object (object->stream, object->indent + 2);
  for (guint i = 0; i < model->n_parameters; i++)
    add_number (&parameters, model->parameters[i], values[i]);
  close_object (&parameters);
}

static void
add_optimum (Object *object,
             const AgModelClass *model,
             const AgOptimum *optimum)
{
  Object members;

  add_name (object, "optimum");
  members = open_object (object->stream, object->indent + 2);
  add_name (&members, "is_exact");
  fputs (optimum->is_exact ? "true" : "false", object->stream);
  add_number (&members, "loss", optimum->loss);
  add_number (&members, "r_squared", optimum->r_squared);
  add_number (&members, "residual_deviation", optimum->residual_deviation);
  add_number (&members, "condition", ag_optimum_condition (optimum));
  add_parameters (&members, "coefficients", model, optimum->coefficients);
  add_parameters (&members, "standard_errors", model, optimum->standard_errors);
  close_object (&members);
}

/* Of standardized points all other numbers are in other units than the file's; here is the way back,
 * and, where the model allows, what comes out. */
static void
add_original (Object *object,
              const AgRunSpec *spec,
              const double *coefficients,
              const AgOptimum *optimum)
{
  const AgModelClass *model = spec->program->model;
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  const AgScale *scale = data != NULL ? ag_data_scale (data) : NULL;
  g_autofree double *original = g_new (double, model->n_parameters);
  g_autoptr (AgOptimum) expanded = NULL;
  Object members;

  if (scale == NULL)
    return;
  add_name (object, "standardized");
  members = open_object (object->stream, object->indent + 2);
  add_number (&members, "x_mean", scale->x_mean);
  add_number (&members, "x_deviation", scale->x_deviation);
  add_number (&members, "y_mean", scale->y_mean);
  add_number (&members, "y_deviation", scale->y_deviation);
  close_object (&members);
  if (!ag_scale_expand (scale, model, coefficients, original))
    return;
  add_name (object, "original_units");
  members = open_object (object->stream, object->indent + 2);
  add_parameters (&members, "coefficients", model, original);
  if (optimum != NULL)
    {
      expanded = ag_optimum_expand (optimum, scale, model);
      add_parameters (&members, "optimum", model, expanded->coefficients);
      add_parameters (&members, "standard_errors", model, expanded->standard_errors);
    }
  close_object (&members);
}

static const char *
state_name (AgTrainerState state)
{
  static const char *const names[] = {
    [AG_TRAINER_IDLE] = "idle",
    [AG_TRAINER_RUNNING] = "running",
    [AG_TRAINER_PAUSED] = "paused",
    [AG_TRAINER_DONE] = "done",
    [AG_TRAINER_STOPPED] = "stopped",
    [AG_TRAINER_DIVERGED] = "diverged",
    [AG_TRAINER_FAILED] = "failed",
  };

  return names[state];
}

/**
 * ag_run_file_beside:
 * @path: path of a file of a run's numbers
 *
 * Returns: (transfer full): path of its run file, which is beside it:
 *   “loss.csv.run.json”. Of a name so long that this would be too long, the
 *   beginning is taken.
 */
char *
ag_run_file_beside (const char *path)
{
  const char *slash = strrchr (path, '/');
  const gsize n_folder = slash != NULL ? (gsize) (slash + 1 - path) : 0;
  gsize length = strlen (path);

  if (length - n_folder + strlen (SUFFIX) > NAME_MAX)
    {
      length = n_folder + NAME_MAX - strlen (SUFFIX);
      /* A character of several bytes goes as a whole. */
      while (length > n_folder && ((guchar) path[length] & 0xc0) == 0x80)
        length--;
    }
  return g_strdup_printf ("%.*s" SUFFIX, (int) length, path);
}

/**
 * ag_run_file_write:
 * @transaction: what the file is part of
 * @path: path of the file
 * @spec: the run
 * @snapshot: how far it came
 * @rates: the changes of its learning rate under way
 * @optimum: (nullable): where it converges to, if that is known
 * @error: return location for a #GError
 *
 * Writes what a run's numbers depend on, as JSON: its settings, of a file how many points
 * it had and a digest of them, the version,
 * the command line that makes it again, the changes of the rate, which are not in
 * that command, each with its first step, the last loss, before and after the last
 * step's update, and the optimum. Of standardized points it has mean and deviation, and what a
 * polynomial's coefficients are in the units of the file.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_run_file_write (AgTransaction *transaction,
                   const char *path,
                   const AgRunSpec *spec,
                   const AgSnapshot *snapshot,
                   const AgRates *rates,
                   const AgOptimum *optimum,
                   GError **error)
{
  FILE *stream = ag_transaction_open (transaction, path, error);
  g_autofree char *command = ag_run_spec_to_command (spec);
  Object object;

  if (stream == NULL)
    return FALSE;

  object = open_object (stream, 0);
  add_word (&object, "converge", AG_VERSION);
  add_word (&object, "command", command);
  add_settings (&object, spec);
  add_data (&object, spec);
  add_rate_changes (&object, rates);
  add_word (&object, "state", state_name (snapshot->state));
  add_whole (&object, "steps_taken", snapshot->step);
  add_number (&object, "loss", snapshot->loss);
  add_number (&object, "final_loss", snapshot->final_loss);
  add_number (&object, "seconds", snapshot->elapsed);
  if (optimum != NULL)
    add_optimum (&object, spec->program->model, optimum);
  add_original (&object, spec, snapshot->coefficients, optimum);
  close_object (&object);
  fputc ('\n', stream);
  return TRUE;
}
