/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/run-spec.h"

#include "base/error.h"
#include "data/expression.h"
#include "program/formula.h"

#include "data/sample.h"
#include <glib/gi18n-lib.h>

#include <glib/gi18n-lib.h>
#include <string.h>

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
    return program->lr;
  for (gsize i = 0; rates[i] != NULL; i++)
    if (g_str_has_prefix (rates[i], name))
      return g_ascii_strtod (rates[i] + strlen (name), NULL);
  if (optimizer->rates_of != NULL)
    return ag_run_spec_default_rate (program, ag_optimizer_class_find (optimizer->rates_of));
  return optimizer->lr;
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
  spec->lr = ag_run_spec_default_rate (spec->program, optimizer);
  memset (spec->options, 0, sizeof spec->options);
  for (guint i = 0; i < optimizer->n_options; i++)
    spec->options[i] = optimizer->options[i].value;
}

/**
 * ag_run_spec_option:
 * @spec: a specification
 * @id: an option of optimizers: "momentum"
 *
 * Returns: the value of the option; 0 where the optimizer has none of that name
 */
double
ag_run_spec_option (const AgRunSpec *spec,
                    const char *id)
{
  const gint index = ag_optimizer_class_find_option (spec->optimizer, id);

  return index >= 0 ? spec->options[index] : 0;
}

/**
 * ag_run_spec_set_model:
 * @spec: a specification of the program “formula”
 * @formula: a formula in x and parameters
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets the model that is trained. If initial values are of parameters that it does not
 * have, all are drawn; if held ones or units are, none is held or has a unit.
 *
 * Returns: whether @formula was understood; else @spec stays as it was
 */
gboolean
ag_run_spec_set_model (AgRunSpec *spec,
                       const char *formula,
                       GError **error)
{
  const AgProgramClass *program;

  if (strcmp (spec->program->id, ag_formula_program_default ()->id) != 0)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The program “%s” has a model of its own. Choose the program “%s” to type "
                      "one."),
                   spec->program->id, ag_formula_program_default ()->id);
      return FALSE;
    }
  program = ag_formula_program_class (formula, error);
  if (program == NULL)
    return FALSE;
  spec->program = program;
  if (!ag_run_spec_set_init (spec, spec->init, NULL))
    ag_run_spec_set_init (spec, "seed", NULL);
  if (!ag_run_spec_set_hold (spec, spec->hold, NULL))
    ag_run_spec_set_hold (spec, "", NULL);
  if (!ag_run_spec_set_units (spec, spec->units, NULL))
    ag_run_spec_set_units (spec, "", NULL);
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
  g_autoptr (AgExpression) target = ag_expression_parse (formula, AG_EXPRESSION_OF_X, error);
  g_autofree char *stripped = g_strstrip (g_strdup (formula));

  if (target == NULL)
    return FALSE;
  spec->target = g_intern_string (stripped);
  return TRUE;
}

/**
 * ag_run_spec_set_data:
 * @spec: a specification
 * @path: path of a file, “sample:” and a sample's id, or nothing for the data of the target
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Sets where the points come from. A path is kept as an absolute one, so that the run is
 * the same from another folder. Whether there is such a file says ag_run_spec_check().
 *
 * Returns: whether @path can be one; else @spec stays as it was
 */
gboolean
ag_run_spec_set_data (AgRunSpec *spec,
                      const char *path,
                      GError **error)
{
  const gboolean is_path = *path != '\0' && !g_str_has_prefix (path, AG_SAMPLE_PREFIX);
  g_autofree char *absolute = is_path ? g_canonicalize_filename (path, NULL) : g_strdup (path);
  g_autofree char *shown = NULL;

  if (g_utf8_validate (absolute, -1, NULL))
    {
      spec->data = g_intern_string (absolute);
      return TRUE;
    }
  shown = g_filename_display_name (absolute);
  g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
               _ ("The name of “%s” is not in UTF-8, so that no run can note it. Rename the file."),
               shown);
  return FALSE;
}

/**
 * ag_run_spec_has_file:
 * @spec: a specification
 *
 * Returns: whether its points are from a file, and not those of its target
 */
gboolean
ag_run_spec_has_file (const AgRunSpec *spec)
{
  return *spec->data != '\0';
}

/**
 * ag_run_spec_wish:
 * @spec: a specification
 *
 * Returns: what is to be read of its file, and how
 */
AgTableWish
ag_run_spec_wish (const AgRunSpec *spec)
{
  return (AgTableWish){ spec->delimiter, spec->decimal, spec->x, spec->y,
                        spec->scale == AG_SCALING_STANDARD };
}

/**
 * ag_run_spec_find_data:
 * @spec: a specification
 *
 * Does not wait for the disk.
 *
 * Returns: (transfer full) (nullable): the points of its file, if they were read before
 */
AgData *
ag_run_spec_find_data (const AgRunSpec *spec)
{
  const AgTableWish wish = ag_run_spec_wish (spec);

  return ag_run_spec_has_file (spec) ? ag_data_file_find (spec->data, &wish) : NULL;
}

/**
 * ag_run_spec_has_newest_data:
 * @spec: a specification
 * @data: (nullable): points that were made for it, %NULL where it has no file
 *
 * Returns: whether they still are the points of its file, which may have been read anew since
 */
gboolean
ag_run_spec_has_newest_data (const AgRunSpec *spec,
                             const AgData *data)
{
  g_autoptr (AgData) newest = ag_run_spec_find_data (spec);

  return newest == NULL || newest == data;
}

/**
 * ag_run_spec_data:
 * @spec: a specification
 * @error: return location for a #GError
 *
 * Makes the data that a run of it fits, or finds those of a file that was read before.
 *
 * Returns: (transfer full) (nullable): the data, or %NULL with @error set
 */
AgData *
ag_run_spec_data (const AgRunSpec *spec,
                  GError **error)
{
  const AgTableWish wish = ag_run_spec_wish (spec);

  if (ag_run_spec_has_file (spec))
    return ag_data_file_read (spec->data, &wish, NULL, error);
  return ag_data_new_formula (spec->target, spec->from, spec->to, spec->points, error);
}
