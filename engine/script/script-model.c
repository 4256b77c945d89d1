/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/script-private.h"

#include "base/number.h"
#include "data/expression-script.h"
#include "model/formula-model.h"
#include "train/initial.h"

#include <math.h>
#include <string.h>

/* Names that already mean something in a script: the words of Python, and the script's own. */
static const char *const taken[] = {
  "and", "as", "assert", "async", "await", "bracket", "break", "class", "continue", "def", "del",
  "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
  "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "None",
  "True", "False", "SystemExit", "all", "figure", "finite", "fitted", "group", "left", "loss",
  "losses", "math", "name", "numpy", "optimizer", "order", "parameter", "parameters", "plt", "predict",
  "prediction", "print", "random", "range", "rates", "right", "state", "t", "torch", "x", "y", NULL
};

/* Python's names have no subscripts. */
static char *
write_name (const char *parameter)
{
  GString *name = g_string_new (NULL);

  for (const char *c = parameter; *c != '\0'; c = g_utf8_next_char (c))
    {
      const gunichar character = g_utf8_get_char (c);

      if (character >= 0x2080 && character <= 0x2089)
        g_string_append_c (name, (char) ('0' + (character - 0x2080)));
      else
        g_string_append_unichar (name, character);
    }
  if (g_strv_contains (taken, name->str))
    g_string_append_c (name, '_');
  return g_string_free (name, FALSE);
}

/**
 * ag_script_name_tensors:
 * @model: a kind of model
 *
 * Returns: (transfer full): a variable of Python for each of its tensors
 */
GStrv
ag_script_name_tensors (const AgModelClass *model)
{
  GStrv names;

  if (model->script != NULL && model->script->tensors != NULL)
    return g_strsplit (model->script->tensors, ", ", -1);
  names = g_new0 (char *, model->n_parameters + 1);
  for (guint i = 0; i < model->n_parameters; i++)
    names[i] = write_name (model->parameters[i]);
  return names;
}

/**
 * ag_script_append_lines:
 * @python: what is written
 * @lines: lines of Python
 * @indent: what each of them begins with
 */
void
ag_script_append_lines (GString *python,
                        const char *lines,
                        const char *indent)
{
  g_auto (GStrv) each = g_strsplit (lines, "\n", -1);

  for (gsize i = 0; each[i] != NULL; i++)
    g_string_append_printf (python, "%s%s\n", each[i][0] != '\0' ? indent : "", each[i]);
}

static char *
list_tensors (const AgScriptWriter *writer)
{
  return g_strjoinv (", ", writer->tensors);
}

/* The tensor that has a parameter, and which of its elements that is. */
static guint
find_tensor (const AgModelClass *model,
             guint parameter,
             guint *element)
{
  guint tensor = 0;
  AgModelTensor info = ag_model_class_tensor (model, 0);

  while (parameter < info.first || parameter >= info.first + info.n_elements)
    info = ag_model_class_tensor (model, ++tensor);
  *element = parameter - info.first;
  return tensor;
}

/**
 * ag_script_is_held:
 * @writer: what the script is written of
 * @tensor: number of one of its model's tensors
 *
 * Returns: whether the run leaves the tensor as it is
 */
gboolean
ag_script_is_held (const AgScriptWriter *writer,
                   guint tensor)
{
  const AgModelClass *model = writer->spec->program->model;

  return ag_run_spec_is_held (writer->spec, ag_model_class_tensor (model, tensor).first);
}

/* A scalar each, drawn or given. */
static void
append_scalars (GString *python,
                const AgScriptWriter *writer)
{
  const AgModelClass *model = writer->spec->program->model;
  const char *draw = writer->spec->program->generator == AG_GENERATOR_NUMPY
                       ? "torch.tensor(numpy.random.randn())"
                       : "torch.randn(())";

  for (guint i = 0; i < model->n_parameters; i++)
    {
      g_autofree char *value = model->initial != NULL ? ag_number_to_string (model->initial[i])
                                                      : NULL;

      if (value != NULL)
        g_string_append_printf (python, "%s = torch.tensor(%s)\n", writer->tensors[i], value);
      else
        g_string_append_printf (python, "%s = %s\n", writer->tensors[i], draw);
    }
}

/* Appends the initial values that are given rather than drawn. */
static void
append_given (GString *python,
              const AgScriptWriter *writer)
{
  const AgModelClass *model = writer->spec->program->model;
  g_autofree double *values = ag_run_spec_init_values (writer->spec);

  if (values == NULL)
    return;
  g_string_append (python, "\n# Values that are given\nwith torch.no_grad():\n");
  for (guint i = 0; i < model->n_parameters; i++)
    {
      guint element;
      const guint tensor = find_tensor (model, i, &element);
      g_autofree char *value = ag_number_to_string (values[i]);

      if (isnan (values[i]))
        continue;
      if (ag_model_class_tensor (model, tensor).n_elements == 1)
        g_string_append_printf (python, "    %s.fill_(%s)\n", writer->tensors[tensor], value);
      else
        g_string_append_printf (python, "    %s.view(-1)[%u] = %s\n", writer->tensors[tensor],
                                element, value);
    }
}

/* A model that was typed is written as its formula. */
static void
append_predict (GString *python,
                const AgScriptWriter *writer)
{
  const AgModelClass *model = writer->spec->program->model;
  const AgExpression *expression = ag_formula_model_expression (model);
  g_autofree char *value = NULL;

  g_string_append (python, "\n\n# predict\ndef predict(x):\n");
  if (expression == NULL)
    {
      ag_script_append_lines (python, model->script->predict, "    ");
      return;
    }
  value = ag_expression_script (expression, (const char *const *) writer->tensors);
  g_string_append_printf (python, "    return %s\n", value);
}

static void
append_held (GString *python,
             const AgScriptWriter *writer)
{
  for (guint i = 0; i < ag_model_class_n_tensors (writer->spec->program->model); i++)
    if (ag_script_is_held (writer, i))
      g_string_append_printf (python, "%s.requires_grad_(False)  # held\n", writer->tensors[i]);
}

/**
 * ag_script_write_model:
 * @writer: what the script is written of
 *
 * Returns: (transfer full): what makes the model, with the values that it begins with
 */
char *
ag_script_write_model (const AgScriptWriter *writer)
{
  const AgProgramClass *program = writer->spec->program;
  static const AgModelScript plain = { NULL };
  const AgModelScript *script = program->model->script != NULL ? program->model->script : &plain;
  g_autofree char *tensors = list_tensors (writer);
  GString *python = g_string_new (NULL);

  if (script->definitions != NULL)
    g_string_append_printf (python, "%s\n\n\n", script->definitions);
  if (script->make != NULL)
    ag_script_append_lines (python, script->make, "");
  else
    append_scalars (python, writer);
  append_given (python, writer);
  g_string_append_printf (python, "%sparameters = [%s]\n", script->make == NULL ? "\n" : "",
                          tensors);
  if (script->make == NULL && program->by_hand == NULL)
    g_string_append (python, "for parameter in parameters:\n"
                             "    parameter.requires_grad_()\n");
  append_held (python, writer);
  append_predict (python, writer);
  g_string_append (python, "\n");
  return g_string_free (python, FALSE);
}

/* Takes and frees both. */
static void
replace (GString *text,
         char *place,
         char *python)
{
  g_string_replace (text, place, python, 0);
  g_free (place);
  g_free (python);
}

/* The class's formula as one of Python's f-strings. */
static char *
write_formula (const AgScriptWriter *writer)
{
  const AgModelClass *model = writer->spec->program->model;
  GString *text = g_string_new (model->formula);

  for (guint i = 0; i < model->n_parameters; i++)
    {
      guint element;
      const guint tensor = find_tensor (model, i, &element);
      const char *name = writer->tensors[tensor];
      g_autofree char *value = ag_model_class_tensor (model, tensor).n_elements == 1
                                 ? g_strdup_printf ("%s.item()", name)
                                 : g_strdup_printf ("%s.view(-1)[%u].item()", name, element);

      replace (text, g_strdup_printf ("{%s}", model->parameters[i]),
               g_strdup_printf ("{%s}", value));
      replace (text, g_strdup_printf ("{(%s)}", model->parameters[i]),
               g_strdup_printf ("{bracket(%s)}", value));
    }
  for (guint i = 0; i < ag_model_class_n_tensors (model); i++)
    replace (text, g_strdup_printf ("{|%s|}", ag_model_class_tensor (model, i).name),
             g_strdup_printf ("{math.hypot(*%s.view(-1).tolist())}", writer->tensors[i]));
  return g_string_free (text, FALSE);
}

/**
 * ag_script_write_result:
 * @writer: what the script is written of
 *
 * Returns: (transfer full): what prints the fit that the run came to
 */
char *
ag_script_write_result (const AgScriptWriter *writer)
{
  g_autofree char *formula = write_formula (writer);
  /* A number needs brackets where a sign stands before it or an exponent behind it. */
  const char *bracket = strstr (formula, "{bracket(") != NULL
                          ? "def bracket(value):\n"
                            "    return f\"({value})\" if value < 0 else f\"{value}\"\n"
                            "\n\n"
                          : "";

  return g_strdup_printf ("%sfinite = all(parameter.isfinite().all() for parameter in parameters)\n"
                          "if finite and math.isfinite(losses[-1]):\n"
                          "    print(f\"Result: %s\")\n"
                          "else:\n"
                          "    raise SystemExit(f\"The run diverged at step {t}: its numbers are "
                          "not finite any more.\")\n",
                          bracket, formula);
}
