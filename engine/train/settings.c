/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/settings.h"

#include "tensor/number.h"
#include "train/atomic-file.h"

#include <math.h>

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
             const AgRun *run)
{
  const char *separator = "";

  add_name (object, "options");
  fputc ('{', object->stream);
  for (guint i = 0; i < run->optimizer->n_options; i++)
    {
      const AgOptimizerOption *option = &run->optimizer->options[i];
      g_autofree char *number = ag_number_to_string (run->options[i]);
      const char *truth = run->options[i] != 0 ? "true" : "false";

      fprintf (object->stream, "%s\"%s\": %s", separator, option->id,
               option->is_switch ? truth : number);
      separator = ", ";
    }
  fputc ('}', object->stream);
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
 * ag_settings_write:
 * @path: path of the file
 * @run: the run
 * @snapshot: how far it came
 * @error: return location for a #GError
 *
 * Writes what a run's numbers depend on, as JSON: its settings, the version,
 * and the command line that makes it again.
 *
 * Returns: whether the file is whole; else there is none
 */
gboolean
ag_settings_write (const char *path,
                   const AgRun *run,
                   const AgSnapshot *snapshot,
                   GError **error)
{
  AgAtomicFile *file = ag_atomic_file_begin (path, error);
  g_autofree char *command = ag_run_to_command (run);
  g_autofree char *seed = g_strdup_printf ("%" G_GUINT64_FORMAT, run->seed);
  Object object;

  if (file == NULL)
    return FALSE;

  object = open_object (ag_atomic_file_stream (file));
  add_word (&object, "converge", AG_VERSION);
  add_word (&object, "command", command);
  add_word (&object, "program", run->program->id);
  add_word (&object, "optimizer", run->optimizer->id);
  add_number (&object, "learning_rate", run->learning_rate);
  add_options (&object, run);
  add_whole (&object, "steps", run->steps);
  add_word (&object, "target", run->target);
  add_number (&object, "x_minimum", run->x_minimum);
  add_number (&object, "x_maximum", run->x_maximum);
  add_whole (&object, "points", run->points);
  /* As text: readers that take numbers as doubles would round it. */
  add_word (&object, "seed", seed);
  add_word (&object, "dtype", ag_dtype_name (run->dtype));
  add_word (&object, "init", init_name (run->init));
  add_word (&object, "device", run->device);
  add_word (&object, "state", state_name (snapshot->state));
  add_whole (&object, "steps_taken", snapshot->step);
  add_number (&object, "loss", snapshot->loss);
  add_number (&object, "seconds", snapshot->elapsed);
  fputs ("\n}\n", object.stream);
  return ag_atomic_file_commit (file, error);
}
