/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/settings.h"

#include "base/number.h"

#include <limits.h>
#include <math.h>
#include <string.h>

#define SUFFIX ".run.json"

/* Members of one JSON object, the comma before each but the first. */
typedef struct
{
  FILE *stream;
  const char *separator;
} Object;

static Object
open_object (FILE *stream)
{
  fputc ('{', stream);
  return (Object){ stream, "" };
}

static void
add_name (Object *object,
          const char *name)
{
  fprintf (object->stream, "%s\n  \"%s\": ", object->separator, name);
  object->separator = ",";
}

/* Our own words, and formulas that were understood: letters, digits, blanks and
 * signs, nothing to escape. */
static void
add_word (Object *object,
          const char *name,
          const char *word)
{
  add_name (object, name);
  fprintf (object->stream, "\"%s\"", word);
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

static void
add_options (Object *object,
             const AgRunSpec *spec)
{
  const char *separator = "";

  add_name (object, "options");
  fputc ('{', object->stream);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    {
      const AgOptimizerOption *option = &spec->optimizer->options[i];
      g_autofree char *number = ag_number_to_string (spec->options[i]);
      const char *truth = spec->options[i] != 0 ? "true" : "false";

      fprintf (object->stream, "%s\"%s\": %s", separator, option->id,
               option->is_switch ? truth : number);
      separator = ", ";
    }
  fputc ('}', object->stream);
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
      g_autofree char *rate = ag_number_to_string (change.learning_rate);

      fprintf (object->stream, "%s{\"step\": %" G_GINT64_FORMAT ", \"learning_rate\": %s}",
               i > 0 ? ", " : "", change.step, rate);
    }
  fputc (']', object->stream);
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

static const char *
init_name (AgInit init)
{
  static const char *const names[] = {
    [AG_INIT_SEED] = "seed",
    [AG_INIT_PUBLISHED] = "published",
    [AG_INIT_VALUES] = "values",
  };

  return names[init];
}

/**
 * ag_settings_path_beside:
 * @path: path of a file of a run's numbers
 *
 * Returns: (transfer full): path of the file of its settings, which is beside it:
 *   “loss.csv.run.json”. Of a name so long that this would be too long, the
 *   beginning is taken.
 */
char *
ag_settings_path_beside (const char *path)
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
 * ag_settings_write:
 * @transaction: what the file is part of
 * @path: path of the file
 * @spec: the run
 * @snapshot: how far it came
 * @rates: the changes of its learning rate under way
 * @error: return location for a #GError
 *
 * Writes what a run's numbers depend on, as JSON: its settings, the version,
 * the command line that makes it again, the changes of the rate, which are not in
 * that command, each with its first step, and the last loss, before and after the last
 * step's update.
 *
 * Returns: whether the transaction has the file
 */
gboolean
ag_settings_write (AgTransaction *transaction,
                   const char *path,
                   const AgRunSpec *spec,
                   const AgSnapshot *snapshot,
                   const AgRates *rates,
                   GError **error)
{
  FILE *stream = ag_transaction_open (transaction, path, error);
  g_autofree char *command = ag_run_spec_to_command (spec);
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, spec->seed);
  Object object;

  if (stream == NULL)
    return FALSE;

  object = open_object (stream);
  add_word (&object, "converge", AG_VERSION);
  add_word (&object, "command", command);
  add_word (&object, "program", spec->program->id);
  add_word (&object, "optimizer", spec->optimizer->id);
  add_number (&object, "learning_rate", spec->learning_rate);
  add_rate_changes (&object, rates);
  add_options (&object, spec);
  add_whole (&object, "steps", spec->steps);
  add_word (&object, "target", spec->target);
  add_number (&object, "x_minimum", spec->x_minimum);
  add_number (&object, "x_maximum", spec->x_maximum);
  add_whole (&object, "points", spec->points);
  /* As text: readers that take numbers as doubles would round it. */
  add_word (&object, "seed", seed);
  add_word (&object, "dtype", ag_dtype_name (spec->dtype));
  add_word (&object, "init", init_name (spec->init));
  add_word (&object, "device", spec->device);
  add_word (&object, "state", state_name (snapshot->state));
  add_whole (&object, "steps_taken", snapshot->step);
  add_number (&object, "loss", snapshot->loss);
  add_number (&object, "final_loss", snapshot->final_loss);
  add_number (&object, "seconds", snapshot->elapsed);
  fputs ("\n}\n", object.stream);
  return TRUE;
}
