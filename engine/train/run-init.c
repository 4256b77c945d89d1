/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-spec.h"

#include "base/error.h"
#include "base/number.h"
#include "base/suggest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Where a run's initial coefficients come from, which is one text: "seed", "published",
 * or some of the values, as "a=0.5,b=-1". */

#define SEED "seed"
#define PUBLISHED "published"

static gboolean
parse_value (const AgProgramClass *program,
             const char *item,
             double *values,
             GError **error)
{
  g_autofree char *names = ag_model_class_list_parameters (program->model);
  const char *equals = strchr (item, '=');
  g_autofree char *name = NULL;
  gint parameter;

  if (equals == NULL)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The initial value “%s” has no “=”. Write a name and a number each, as "
                      "“a=0.5,b=-1”, or “seed”, or “published”."),
                   item);
      return FALSE;
    }
  name = g_strstrip (g_strndup (item, (gsize) (equals - item)));
  parameter = ag_model_class_find_parameter (program->model, name);
  if (parameter < 0)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The program “%s” has no parameter “%s”. Its parameters are %s."),
                   program->id, name, names);
      return FALSE;
    }
  if (!isnan (values[parameter]))
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The initial value of “%s” is given twice. Give it once."), name);
      return FALSE;
    }
  if (!ag_number_parse (equals + 1, &values[parameter]))
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The initial value of “%s”, “%s”, is not a number. Write it as “0.5” or "
                      "“-1e-3”."),
                   name, equals + 1);
      return FALSE;
    }
  return TRUE;
}

static void
refuse_text (const char *text,
             GError **error)
{
  static const char *const words[] = { SEED, PUBLISHED, NULL };
  const char *meant = ag_suggest (text, words);
  g_autofree char *question = meant != NULL ? g_strdup_printf (_ ("Did you mean “%s”? "), meant)
                                            : g_strdup ("");

  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("Initial values cannot come from “%s”. %sWrite “seed”, “published”, or values as "
                  "“a=0.5,b=-1”."),
               text, question);
}

/* Returns the values that are given, NaN where one is to be drawn, or %NULL if @text is not
 * understood. */
static double *
parse (const AgProgramClass *program,
       const char *text,
       GError **error)
{
  g_autofree double *values = g_new (double, program->model->n_parameters);
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (guint i = 0; i < program->model->n_parameters; i++)
    values[i] = strcmp (text, PUBLISHED) == 0 ? ag_program_class_published (program, i) : NAN;
  if (strcmp (text, SEED) == 0 || strcmp (text, PUBLISHED) == 0)
    return g_steal_pointer (&values);
  if (strchr (text, '=') == NULL)
    {
      refuse_text (text, error);
      return NULL;
    }
  for (gsize i = 0; items[i] != NULL; i++)
    if (!parse_value (program, items[i], values, error))
      return NULL;
  return g_steal_pointer (&values);
}

/* Values are written in one way only, so that texts can be compared. */
static const char *
write_values (const AgProgramClass *program,
              const double *values)
{
  g_autoptr (GString) text = g_string_new (NULL);
  static const AgSetting number = { .kind = AG_SETTING_NUMBER };

  for (guint i = 0; i < program->model->n_parameters; i++)
    {
      g_autofree char *value = ag_setting_format_kind (&number, &values[i]);

      if (!isnan (values[i]))
        g_string_append_printf (text, "%s%s=%s", text->len > 0 ? "," : "",
                                program->model->parameters[i], value);
    }
  return g_intern_string (text->str);
}

/**
 * ag_run_spec_set_init:
 * @spec: a specification, its program set
 * @text: "seed", "published", or values as "a=0.5,b=-1"
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets where the initial values come from: drawn as PyTorch, NumPy or Python would draw
 * them, recovered from the tutorial's printed run, or given one by one; those that are
 * not given are drawn.
 *
 * Returns: whether @text was understood; else @spec stays as it was
 */
gboolean
ag_run_spec_set_init (AgRunSpec *spec,
                      const char *text,
                      GError **error)
{
  g_autofree char *stripped = g_strstrip (g_strdup (text));
  g_autofree double *values = parse (spec->program, stripped, error);

  if (values == NULL)
    return FALSE;
  spec->init = strchr (stripped, '=') == NULL ? g_intern_string (stripped)
                                              : write_values (spec->program, values);
  return TRUE;
}

/**
 * ag_run_spec_add_init:
 * @spec: a specification, its program set
 * @text: values as "a=0.5,b=-1"
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Gives initial values of some parameters; those of the others stay what they were.
 *
 * Returns: whether @text was understood; else @spec stays as it was
 */
gboolean
ag_run_spec_add_init (AgRunSpec *spec,
                      const char *text,
                      GError **error)
{
  g_autofree double *values = parse (spec->program, text, error);
  g_autofree double *before = ag_run_spec_init_values (spec);

  if (values == NULL)
    return FALSE;
  for (guint i = 0; before != NULL && i < spec->program->model->n_parameters; i++)
    if (isnan (values[i]))
      values[i] = before[i];
  spec->init = write_values (spec->program, values);
  return TRUE;
}

/**
 * ag_run_spec_init_values:
 * @spec: a specification
 *
 * Finds the initial values that the specification gives.
 *
 * Returns: (transfer full) (nullable): a value of each of the program's parameters, NaN
 *   where it is drawn; %NULL if all are
 */
double *
ag_run_spec_init_values (const AgRunSpec *spec)
{
  return strcmp (spec->init, SEED) == 0 ? NULL : parse (spec->program, spec->init, NULL);
}

/**
 * ag_run_spec_set_init_value:
 * @spec: a specification
 * @parameter: number of one of its program's parameters
 * @value: a finite number
 *
 * Lets a parameter begin at @value, and the others where they did.
 */
void
ag_run_spec_set_init_value (AgRunSpec *spec,
                            guint parameter,
                            double value)
{
  g_autofree double *values = ag_run_spec_init_values (spec);

  if (values == NULL)
    values = parse (spec->program, SEED, NULL);
  values[parameter] = value;
  spec->init = write_values (spec->program, values);
}
