/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/changes-file.h"

#include "base/number.h"
#include "train/json-read.h"
#include "train/setting.h"

#include <math.h>
#include <string.h>

/* The members of a file that say what was changed while a run was under way. A run.json has them,
 * and so has a file of runs. */

#define RATES "rate_changes"
#define OPTIMIZERS "optimizer_changes"

/* Each has the optimizer of the steps before it; that of the last ones is in the settings. */
static void
add_optimizers (AgJson *object,
                const AgRunSpec *spec,
                const AgRates *changes)
{
  AgJson list;

  ag_json_name (object, OPTIMIZERS);
  list = ag_json_array (object->stream, object->indent + 2);
  for (guint i = 0; i < ag_rates_n_optimizers (changes); i++)
    {
      const AgRunSpec before = ag_rates_part (changes, spec, i);
      AgJson members;

      ag_json_next (&list);
      members = ag_json_object (object->stream, object->indent + 4);
      ag_json_add_whole (&members, "step", ag_rates_nth_optimizer (changes, i)->step);
      ag_json_add_text (&members, "optimizer", before.optimizer->id);
      for (guint k = 0; k < before.optimizer->n_options; k++)
        ag_setting_add_to_json (&before.optimizer->options[k], &before, &members);
      ag_json_end (&members);
    }
  ag_json_end (&list);
}

static void
add_rates (AgJson *object,
           const AgRates *changes)
{
  ag_json_name (object, RATES);
  fputc ('[', object->stream);
  for (guint i = 0; i < ag_rates_n (changes); i++)
    {
      const AgRateChange change = ag_rates_nth (changes, i);
      g_autofree char *rate = ag_number_to_string (change.lr);

      fprintf (object->stream, "%s{\"step\": %" G_GINT64_FORMAT ", \"lr\": %s}",
               i > 0 ? ", " : "", change.step, rate);
    }
  fputc (']', object->stream);
}

/**
 * ag_changes_file_add:
 * @object: a JSON object that is being written
 * @spec: a run
 * @changes: what was changed while it was under way
 *
 * Adds a member for the changes of the learning rate and one for those of the optimizer. A run's
 * command has neither, since it can say only one rate and one optimizer.
 */
void
ag_changes_file_add (AgJson *object,
                     const AgRunSpec *spec,
                     const AgRates *changes)
{
  add_rates (object, changes);
  add_optimizers (object, spec, changes);
}

/**
 * Reading:
 * @changes: those that were read
 * @members: (element-type utf8 utf8): what the one has that is being read
 * @is_of_optimizer: whether it is one of the optimizer
 *
 * A list of changes that is being read.
 */
typedef struct
{
  AgRates *changes;
  GHashTable *members;
  gboolean is_of_optimizer;
} Reading;

static gboolean
take_member (const char **c,
             const char *name,
             guint depth,
             gpointer members)
{
  char *text = ag_json_take_scalar (c);

  if (text != NULL)
    g_hash_table_insert (members, g_strdup (name), text);
  return text != NULL;
}

/* The options do not depend on the program, so that any may stand for that of the run. */
static gboolean
push_optimizer (Reading *reading,
                gint64 step)
{
  const char *optimizer = g_hash_table_lookup (reading->members, "optimizer");
  AgRunSpec before;

  ag_run_spec_init (&before, ag_program_class_nth (0));
  if (optimizer == NULL
      || !ag_setting_parse (ag_setting_find (NULL, "optimizer"), optimizer, &before, NULL))
    return FALSE;
  for (guint i = 0; i < before.optimizer->n_options; i++)
    {
      const AgSetting *option = &before.optimizer->options[i];
      const char *text = g_hash_table_lookup (reading->members, option->id);

      if (text != NULL && !ag_setting_parse (option, text, &before, NULL))
        return FALSE;
    }
  ag_rates_push_optimizer (reading->changes, step, before.optimizer, before.options);
  return TRUE;
}

static gboolean
push_rate (Reading *reading,
           gint64 step,
           double rate)
{
  if (!(rate >= 0) || isinf (rate))
    return FALSE;
  ag_rates_push (reading->changes, step, rate);
  return TRUE;
}

/* Changes are in the order of their steps. */
static gboolean
may_follow (const AgRates *changes,
            gboolean is_of_optimizer,
            gint64 step)
{
  const guint n = is_of_optimizer ? ag_rates_n_optimizers (changes) : ag_rates_n (changes);

  if (step < 0 || step > AG_RUN_MAX_STEPS)
    return FALSE;
  if (n == 0)
    return TRUE;
  return is_of_optimizer ? step > ag_rates_nth_optimizer (changes, n - 1)->step
                         : step >= ag_rates_nth (changes, n - 1).step;
}

/* Files of runs that older versions wrote have step and rate as a list of two numbers. */
static gboolean
take_pair (const char **c,
           Reading *reading)
{
  g_autoptr (GArray) pair = g_array_new (FALSE, FALSE, sizeof (double));
  double step;

  if (!ag_json_take_numbers (c, pair) || pair->len != 2)
    return FALSE;
  step = g_array_index (pair, double, 0);
  return step >= 0 && step <= (double) AG_RUN_MAX_STEPS
         && may_follow (reading->changes, FALSE, (gint64) step)
         && push_rate (reading, (gint64) step, g_array_index (pair, double, 1));
}

static gboolean
take_change (const char **c,
             const char *name,
             guint depth,
             gpointer user_data)
{
  Reading *reading = user_data;
  const char *text, *rate;
  gint64 step;

  if (!ag_json_take (c, '{'))
    return !reading->is_of_optimizer && take_pair (c, reading);
  g_hash_table_remove_all (reading->members);
  if (!ag_json_take_members (c, '}', depth, take_member, reading->members))
    return FALSE;
  text = g_hash_table_lookup (reading->members, "step");
  step = text != NULL ? g_ascii_strtoll (text, NULL, 10) : -1;
  if (!may_follow (reading->changes, reading->is_of_optimizer, step))
    return FALSE;
  if (reading->is_of_optimizer)
    return push_optimizer (reading, step);
  rate = g_hash_table_lookup (reading->members, "lr");
  return rate != NULL && push_rate (reading, step, g_ascii_strtod (rate, NULL));
}

/**
 * ag_changes_file_has:
 * @name: name of a member of a file
 *
 * Returns: whether it is one of those that ag_changes_file_add() adds
 */
gboolean
ag_changes_file_has (const char *name)
{
  return strcmp (name, RATES) == 0 || strcmp (name, OPTIMIZERS) == 0;
}

/**
 * ag_changes_file_take:
 * @c: (inout): a place in a file, where the value of such a member begins
 * @name: the member's name
 * @depth: in how many objects and lists it is
 * @changes: what the changes that it says are added to
 *
 * Returns: whether it was understood
 */
gboolean
ag_changes_file_take (const char **c,
                      const char *name,
                      guint depth,
                      AgRates *changes)
{
  g_autoptr (GHashTable) members = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  Reading reading = { changes, members, strcmp (name, OPTIMIZERS) == 0 };

  return ag_json_take (c, '[') && ag_json_take_members (c, ']', depth, take_change, &reading);
}
