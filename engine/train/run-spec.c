/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-spec.h"

#include "base/error.h"
#include "base/number.h"
#include "data/expression.h"
#include "data/target.h"
#include "train/suggest.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

#define DEFAULT_POINTS 2000

/* A class's options are our own text, so nothing is checked but by a test. */
static void
set_options (AgRunSpec *spec,
             const char *text)
{
  g_auto (GStrv) items = g_strsplit (text, ",", -1);

  for (gsize i = 0; items[i] != NULL; i++)
    {
      char *value = strchr (items[i], '=');
      gint option;

      *value = '\0';
      option = ag_optimizer_class_find_option (spec->optimizer, items[i]);
      g_return_if_fail (option >= 0);
      spec->options[option] = g_ascii_strtod (value + 1, NULL);
    }
}

/**
 * ag_run_spec_default_rate:
 * @program: a program
 * @optimizer: an algorithm
 *
 * Returns: the learning rate to begin with: the tutorial's if @optimizer is the
 *   program's own, else the one that was found for both, else that of the optimizer
 *   whose rates suit @optimizer too, else the optimizer's
 */
double
ag_run_spec_default_rate (const AgProgramClass *program,
                          const AgOptimizerClass *optimizer)
{
  g_auto (GStrv) rates = g_strsplit (program->rates != NULL ? program->rates : "", ",", -1);
  g_autofree char *name = g_strconcat (optimizer->id, "=", NULL);

  if (strcmp (program->optimizer, optimizer->id) == 0)
    return program->learning_rate;
  for (gsize i = 0; rates[i] != NULL; i++)
    if (g_str_has_prefix (rates[i], name))
      return g_ascii_strtod (rates[i] + strlen (name), NULL);
  if (optimizer->rates_of != NULL)
    return ag_run_spec_default_rate (program, ag_optimizer_class_find (optimizer->rates_of));
  return optimizer->learning_rate;
}

/**
 * ag_run_spec_set_optimizer:
 * @spec: a specification
 * @optimizer: an algorithm
 *
 * Chooses the optimizer, with PyTorch's defaults of its options and the learning rate
 * of ag_run_spec_default_rate().
 */
void
ag_run_spec_set_optimizer (AgRunSpec *spec,
                           const AgOptimizerClass *optimizer)
{
  spec->optimizer = optimizer;
  spec->learning_rate = ag_run_spec_default_rate (spec->program, optimizer);
  memset (spec->options, 0, sizeof spec->options);
  for (guint i = 0; i < optimizer->n_options; i++)
    spec->options[i] = optimizer->options[i].value;
}

/**
 * ag_run_spec_init:
 * @spec: a specification
 * @program: a program
 *
 * Fills a run with the program's defaults, which are the tutorial's.
 */
void
ag_run_spec_init (AgRunSpec *spec,
                  const AgProgramClass *program)
{
  memset (spec, 0, sizeof *spec);
  spec->program = program;
  spec->steps = program->steps;
  spec->target = AG_TARGET_SINE;
  spec->x_minimum = -G_PI;
  spec->x_maximum = G_PI;
  spec->points = DEFAULT_POINTS;
  spec->dtype = program->dtype;
  spec->init = AG_INIT_SEED;
  for (guint i = 0; i < AG_PROGRAM_MAX_PARAMETERS; i++)
    spec->values[i] = NAN;
  spec->device = "cpu";
  ag_run_spec_set_optimizer (spec, ag_optimizer_class_find (program->optimizer));
  if (program->options != NULL)
    set_options (spec, program->options);
}

static char *
list_parameters (const AgModelClass *model)
{
  GString *names = g_string_new (model->parameters[0]);

  for (guint i = 1; i < model->n_parameters; i++)
    g_string_append_printf (names, ", %s", model->parameters[i]);
  return g_string_free (names, FALSE);
}

static gboolean
parse_value (AgRunSpec *spec,
             const char *item,
             GError **error)
{
  g_autofree char *names = list_parameters (spec->program->model);
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
  parameter = ag_model_class_find_parameter (spec->program->model, name);
  if (parameter < 0)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The program “%s” has no parameter “%s”. Its parameters are %s."),
                   spec->program->id, name, names);
      return FALSE;
    }
  if (!isnan (spec->values[parameter]))
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The initial value of “%s” is given twice. Give it once."), name);
      return FALSE;
    }
  if (!ag_number_parse (equals + 1, &spec->values[parameter]))
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The initial value of “%s”, “%s”, is not a number. Write it as “0.5” or "
                      "“-1e-3”."),
                   name, equals + 1);
      return FALSE;
    }
  return TRUE;
}

/**
 * ag_run_spec_parse_init:
 * @spec: a specification, its program set
 * @text: "seed", "published", or values as "a=0.5,b=-1"
 * @error: return location for a #GError
 *
 * Reads where the initial values come from.
 *
 * Returns: whether @text was understood
 */
gboolean
ag_run_spec_parse_init (AgRunSpec *spec,
                        const char *text,
                        GError **error)
{
  static const char *const words[] = { "seed", "published", NULL };
  g_auto (GStrv) items = NULL;

  for (guint i = 0; i < AG_PROGRAM_MAX_PARAMETERS; i++)
    spec->values[i] = NAN;
  if (strcmp (text, "seed") == 0)
    {
      spec->init = AG_INIT_SEED;
      return TRUE;
    }
  if (strcmp (text, "published") == 0)
    {
      spec->init = AG_INIT_PUBLISHED;
      return TRUE;
    }

  if (strchr (text, '=') == NULL)
    {
      const char *meant = ag_suggest (text, words);

      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("Initial values cannot come from “%s”.%s%s%s Write “seed”, “published”, or "
                      "values as “a=0.5,b=-1”."),
                   text, meant != NULL ? " Did you mean “" : "", meant != NULL ? meant : "",
                   meant != NULL ? "”?" : "");
      return FALSE;
    }
  spec->init = AG_INIT_VALUES;
  items = g_strsplit (text, ",", -1);
  for (gsize i = 0; items[i] != NULL; i++)
    if (!parse_value (spec, items[i], error))
      return FALSE;
  return TRUE;
}

/**
 * ag_run_spec_set_target:
 * @spec: a specification
 * @formula: a formula in x
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets what to fit.
 *
 * Returns: whether @formula was understood; else @spec stays as it was
 */
gboolean
ag_run_spec_set_target (AgRunSpec *spec,
                        const char *formula,
                        GError **error)
{
  g_autoptr (AgExpression) target = ag_expression_parse (formula, error);
  g_autofree char *stripped = g_strstrip (g_strdup (formula));

  if (target == NULL)
    return FALSE;
  spec->target = g_intern_string (stripped);
  return TRUE;
}

/**
 * ag_run_spec_data:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Makes the data that a run of it fits.
 *
 * Returns: (transfer full) (nullable): the data, or %NULL with @error set
 */
AgData *
ag_run_spec_data (const AgRunSpec *spec,
                  GError **error)
{
  return ag_data_new_formula (spec->target, spec->x_minimum, spec->x_maximum, spec->points, error);
}
