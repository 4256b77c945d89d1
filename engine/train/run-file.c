/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-file.h"

#include "base/json.h"
#include "train/changes-file.h"
#include "train/scale.h"
#include "train/setting.h"

#include <limits.h>
#include <string.h>

#define SUFFIX ".run.json"

/**
 * ag_run_file_add_settings:
 * @object: a JSON object that is being written
 * @spec: a run
 *
 * Adds the member "settings", which has all that the run's numbers depend on.
 */
void
ag_run_file_add_settings (AgJson *object,
                          const AgRunSpec *spec)
{
  AgJson settings;

  ag_json_name (object, "settings");
  settings = ag_json_object (object->stream, object->indent + 2);
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);

      if (setting->mention != AG_SETTING_NEVER && ag_setting_is_used (setting, spec))
        ag_setting_add_to_json (setting, spec, &settings);
    }
  ag_json_end (&settings);
}

/* Notes how many points the file had when the run was made, since it may have others later. */
static void
add_data (AgJson *object,
          const AgRunSpec *spec)
{
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  g_autofree char *digest = NULL;

  if (data == NULL)
    return;
  digest = g_strdup_printf ("%016" G_GINT64_MODIFIER "x", ag_data_digest (data));
  ag_json_add_whole (object, "data_points", ag_data_n_points (data));
  ag_json_add_whole (object, "data_left_out", ag_data_table (data)->n_left_out);
  ag_json_add_text (object, AG_RUN_FILE_DIGEST, digest);
}

static void
add_parameters (AgJson *object,
                const char *name,
                const AgModelClass *model,
                const double *values)
{
  AgJson parameters;

  ag_json_name (object, name);
  parameters = ag_json_object (object->stream, object->indent + 2);
  for (guint i = 0; i < model->n_parameters; i++)
    ag_json_add_number (&parameters, model->parameters[i], values[i]);
  ag_json_end (&parameters);
}

static void
add_optimum (AgJson *object,
             const AgModelClass *model,
             const AgOptimum *optimum)
{
  AgJson members;

  ag_json_name (object, "optimum");
  members = ag_json_object (object->stream, object->indent + 2);
  ag_json_add_flag (&members, "is_exact", optimum->is_exact);
  ag_json_add_number (&members, "loss", optimum->loss);
  ag_json_add_number (&members, "r_squared", optimum->r_squared);
  ag_json_add_number (&members, "residual_deviation", optimum->residual_deviation);
  ag_json_add_number (&members, "condition", ag_optimum_condition (optimum));
  add_parameters (&members, "coefficients", model, optimum->coefficients);
  add_parameters (&members, "standard_errors", model, optimum->standard_errors);
  ag_json_end (&members);
}

/* If the points were standardized, the file's other numbers are in the units of standardized
 * points. This adds how to convert them, and the converted coefficients where the model allows
 * it. */
static void
add_original (AgJson *object,
              const AgRunSpec *spec,
              const double *coefficients,
              const AgOptimum *optimum)
{
  const AgModelClass *model = spec->program->model;
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  const AgScale *scale = data != NULL ? ag_data_scale (data) : NULL;
  g_autofree double *original = g_new (double, model->n_parameters);
  g_autoptr (AgOptimum) expanded = NULL;
  AgJson members;

  if (scale == NULL)
    return;
  ag_json_name (object, "standardized");
  members = ag_json_object (object->stream, object->indent + 2);
  ag_json_add_number (&members, "x_mean", scale->x_mean);
  ag_json_add_number (&members, "x_deviation", scale->x_deviation);
  ag_json_add_number (&members, "y_mean", scale->y_mean);
  ag_json_add_number (&members, "y_deviation", scale->y_deviation);
  ag_json_end (&members);
  if (!ag_scale_expand (scale, model, coefficients, original))
    return;
  ag_json_name (object, "original_units");
  members = ag_json_object (object->stream, object->indent + 2);
  add_parameters (&members, "coefficients", model, original);
  if (optimum != NULL)
    {
      expanded = ag_optimum_expand (optimum, scale, model);
      add_parameters (&members, "optimum", model, expanded->coefficients);
      add_parameters (&members, "standard_errors", model, expanded->standard_errors);
    }
  ag_json_end (&members);
}

static const char *const state_names[] = {
  [AG_TRAINER_IDLE] = "idle",
  [AG_TRAINER_RUNNING] = "running",
  [AG_TRAINER_PAUSED] = "paused",
  [AG_TRAINER_DONE] = "done",
  [AG_TRAINER_STOPPED] = "stopped",
  [AG_TRAINER_DIVERGED] = "diverged",
  [AG_TRAINER_FAILED] = "failed",
};

/**
 * ag_run_file_state_name:
 * @state: a trainer's state
 *
 * Returns: what files call it
 */
const char *
ag_run_file_state_name (AgTrainerState state)
{
  return state_names[state];
}

/**
 * ag_run_file_find_state:
 * @name: what a file calls a state
 * @state: (out): the state
 *
 * Returns: whether there is one of that name
 */
gboolean
ag_run_file_find_state (const char *name,
                        AgTrainerState *state)
{
  for (guint i = 0; i < G_N_ELEMENTS (state_names); i++)
    if (strcmp (state_names[i], name) == 0)
      {
        *state = (AgTrainerState) i;
        return TRUE;
      }
  return FALSE;
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
 * the command line that makes it again, the changes of rate and optimizer, which are not in
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
  AgJson object;

  if (stream == NULL)
    return FALSE;

  object = ag_json_object (stream, 0);
  ag_json_add_text (&object, "converge", AG_VERSION);
  ag_json_add_text (&object, "command", command);
  ag_run_file_add_settings (&object, spec);
  add_data (&object, spec);
  ag_changes_file_add (&object, spec, rates);
  ag_json_add_text (&object, "state", ag_run_file_state_name (snapshot->state));
  ag_json_add_whole (&object, "steps_taken", snapshot->step);
  ag_json_add_number (&object, "loss", snapshot->loss);
  ag_json_add_number (&object, "final_loss", snapshot->final_loss);
  ag_json_add_number (&object, "seconds", snapshot->elapsed);
  if (optimum != NULL)
    add_optimum (&object, spec->program->model, optimum);
  add_original (&object, spec, snapshot->coefficients, optimum);
  ag_json_end (&object);
  fputc ('\n', stream);
  return TRUE;
}
