/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/script.h"

#include "base/error.h"
#include "model/formula-model.h"
#include "script/script-private.h"
#include "train/initial.h"

#include <glib/gi18n-lib.h>

/* Here, in script-data.c, script-model.c and script-steps.c a script is put together of what
 * differs from run to run. A model, its loss and its gradients by hand stand in Python beside
 * what they are in C. */

/* A script with the values of more points than this is too large to be opened in an editor. */
#define MAX_POINTS 100000

static char *
write_imports (const AgScriptWriter *writer)
{
  const AgRunSpec *spec = writer->spec;
  const gboolean has_numpy = spec->program->generator == AG_GENERATOR_NUMPY;
  GString *python = g_string_new ("import math\n");

  if (spec->program->choose_structure != NULL)
    g_string_append (python, "import random\n");
  g_string_append_printf (python, "\n%simport torch\n\n", has_numpy ? "import numpy\n" : "");
  g_string_append_printf (python, "torch.set_default_dtype(torch.%s)\n",
                          ag_dtype_name (spec->dtype));
  if (spec->program->choose_structure != NULL)
    g_string_append_printf (python, "random.seed(%" G_GUINT64_FORMAT ")\n", writer->seed);
  g_string_append_printf (python, "%s(%" G_GUINT64_FORMAT ")\n",
                          has_numpy ? "numpy.random.seed" : "torch.manual_seed", writer->seed);
  return g_string_free (python, FALSE);
}

/* Text that somebody typed may have what ends a line of Python. */
static char *
write_introduction (const AgRunSpec *spec)
{
  g_autofree char *command = ag_run_spec_to_command (spec);

  for (char *c = command; *c != '\0'; c++)
    if (g_ascii_iscntrl (*c))
      *c = '?';
  return g_strdup_printf ("A run of Converge " AG_VERSION " as a program for PyTorch 1.13 or 2:\n"
                          "\n"
                          "    %s\n"
                          "\n"
                          "It begins with the same values, takes the same steps and prints the "
                          "same lines.\n"
                          "The numbers are those of PyTorch %s. Another version, or another "
                          "processor, may\n"
                          "round some last digits in another way.%s",
                          command, spec->pytorch == AG_PYTORCH_1 ? "1" : "2",
                          spec->rounding == AG_ROUNDING_FAST
                            ? " So did the run, which rounded products\n"
                              "together with the sums that follow them (--rounding fast)."
                            : "");
}

/* Takes @text. */
static void
add (AgScript *script,
     const char *title,
     char *text)
{
  const AgScriptPart part = { title, text };

  g_array_append_val (script->parts, part);
}

static void
clear_part (gpointer part)
{
  g_free (((AgScriptPart *) part)->text);
}

/**
 * ag_script_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @rates: (nullable): the changes of the learning rate under way
 * @log_every: a line is printed for step @log_every − 1, 2 @log_every − 1, …
 * @error: return location for an %AG_ERROR_ARGUMENT
 *
 * Says a run in the words of PyTorch: a program that begins with the same values and
 * prints the same lines as `converge train`, up to what another order of rounding does. It
 * always computes on the processor.
 *
 * Returns: (transfer full) (nullable): the script, or %NULL with @error set if the model
 *   cannot be said so
 */
AgScript *
ag_script_new (const AgRunSpec *spec,
               const AgRates *rates,
               gint64 log_every,
               GError **error)
{
  g_autoptr (AgExpression) target = NULL;
  g_autoptr (AgData) data = NULL;
  AgScript *script;
  AgScriptWriter writer = { .spec = spec, .rates = rates, .log_every = log_every };

  if (spec->program->model->script == NULL
      && ag_formula_model_expression (spec->program->model) == NULL)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("The program “%s” cannot be written for PyTorch. Choose another one."),
                   spec->program->id);
      return NULL;
    }
  if (ag_run_spec_has_file (spec))
    data = ag_run_spec_data (spec, error);
  else
    target = ag_expression_parse (spec->target, AG_EXPRESSION_OF_X, error);
  if ((data == NULL && target == NULL) || !ag_run_spec_find_seed (spec, &writer.seed, error))
    return NULL;
  if (data != NULL && ag_data_n_points (data) > MAX_POINTS)
    {
      g_set_error (error, AG_ERROR, AG_ERROR_ARGUMENT,
                   _ ("A script has all points in it, and “%s” has more than %d. Fit fewer rows."),
                   ag_data_origin (data), MAX_POINTS);
      return NULL;
    }
  writer.target = target;
  writer.data = data;
  writer.tensors = ag_script_name_tensors (spec->program->model);
  script = g_new0 (AgScript, 1);
  script->introduction = write_introduction (spec);
  script->parts = g_array_new (FALSE, FALSE, sizeof (AgScriptPart));
  g_array_set_clear_func (script->parts, clear_part);
  add (script, "Numbers", write_imports (&writer));
  add (script, "Data", ag_script_write_data (&writer));
  add (script, "Model", ag_script_write_model (&writer));
  add (script, "Optimizer", ag_script_write_optimizer (&writer));
  add (script, "Steps", ag_script_write_steps (&writer));
  add (script, "Result", ag_script_write_result (&writer));
  g_strfreev (writer.tensors);
  return script;
}

/**
 * ag_script_free:
 * @script: (transfer full): a script
 *
 * Frees it.
 */
void
ag_script_free (AgScript *script)
{
  g_array_unref (script->parts);
  g_free (script->introduction);
  g_free (script);
}
