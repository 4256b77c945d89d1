/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/script.h"

#include "base/error.h"
#include "base/number.h"
#include "data/expression-script.h"
#include "model/formula-model.h"
#include "train/initial.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Here a script is put together of what differs from run to run. A model, its loss and its
 * gradients by hand stand in Python beside what they are in C. */

/* Of a file, more points would make a script that nobody opens. */
#define MAX_POINTS 100000
#define VALUES_IN_A_LINE 5

/**
 * Writer:
 * @spec: the run
 * @target: (nullable): the function that its data are of
 * @data: (nullable): without @target, its points
 * @seed: what its initial values are drawn with
 * @tensors: (array zero-terminated=1): the variable of each trainable tensor
 */
typedef struct
{
  const AgRunSpec *spec;
  const AgExpression *target;
  const AgData *data;
  guint64 seed;
  GStrv tensors;
} Writer;

/* Names that already mean something in a script: the words of Python, and the script's own. */
static const char *const taken[] = {
  "and", "as", "assert", "async", "await", "bracket", "break", "class", "continue", "def", "del",
  "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
  "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield", "None",
  "True", "False", "SystemExit", "all", "figure", "finite", "fitted", "group", "left", "loss",
  "losses", "math", "numpy", "optimizer", "order", "parameter", "parameters", "plt", "predict",
  "prediction", "print", "random", "range", "rates", "right", "t", "torch", "x", "y", NULL
};

static void
append_lines (GString *python,
              const char *lines,
              const char *indent)
{
  g_auto (GStrv) each = g_strsplit (lines, "\n", -1);

  for (gsize i = 0; each[i] != NULL; i++)
    g_string_append_printf (python, "%s%s\n", each[i][0] != '\0' ? indent : "", each[i]);
}

static char *
list_tensors (const Writer *writer)
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

/* The interval's ends are multiples of π more often than not. */
static char *
write_end (double x)
{
  if (fabs (x) == G_PI)
    return g_strdup (x < 0 ? "-math.pi" : "math.pi");
  return ag_number_to_string (x);
}

static char *
write_imports (const Writer *writer)
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

static void
append_values (GString *python,
               const char *name,
               gsize n,
               const double *values)
{
  g_string_append_printf (python, "%s = torch.tensor([", name);
  for (gsize i = 0; i < n; i++)
    {
      g_autofree char *value = ag_number_to_string (values[i]);

      g_string_append_printf (python, "%s%s,", i % VALUES_IN_A_LINE == 0 ? "\n    " : " ", value);
    }
  g_string_append (python, "\n])\n");
}

/* The points of a file, so that the script stands for itself. */
static char *
write_points (const AgData *data)
{
  const gsize n = (gsize) ag_data_n_points (data);
  const AgScale *scale = ag_data_scale (data);
  g_autofree double *x = g_new (double, n);
  g_autofree double *y = g_new (double, n);
  GString *python = g_string_new (NULL);

  ag_data_read (data, 0, n, x, y);
  if (scale != NULL)
    {
      g_autofree char *x_mean = ag_number_to_string (scale->x_mean);
      g_autofree char *x_deviation = ag_number_to_string (scale->x_deviation);
      g_autofree char *y_mean = ag_number_to_string (scale->y_mean);
      g_autofree char *y_deviation = ag_number_to_string (scale->y_deviation);

      g_string_append_printf (python,
                              "# standardized: (x - %s)/%s and (y - %s)/%s of the file's x and y\n",
                              x_mean, x_deviation, y_mean, y_deviation);
    }
  append_values (python, "x", n, x);
  append_values (python, "y", n, y);
  return g_string_free (python, FALSE);
}

static char *
write_target (const Writer *writer)
{
  const AgRunSpec *spec = writer->spec;
  g_autofree char *from = write_end (spec->from);
  g_autofree char *to = write_end (spec->to);
  g_autofree char *target = ag_expression_script (writer->target, NULL);

  return g_strdup_printf ("x = torch.linspace(%s, %s, %" G_GINT64_FORMAT ")\n"
                          "y = %s\n",
                          from, to, spec->points, target);
}

static char *
write_data (const Writer *writer)
{
  return writer->data != NULL ? write_points (writer->data) : write_target (writer);
}

/* A scalar each, drawn or given. */
static void
append_scalars (GString *python,
                const Writer *writer)
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

/* Those that are not drawn. */
static void
append_given (GString *python,
              const Writer *writer)
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

/* Of a typed model the formula itself is written down. */
static void
append_predict (GString *python,
                const Writer *writer)
{
  const AgModelClass *model = writer->spec->program->model;
  const AgExpression *expression = ag_formula_model_expression (model);
  g_autofree char *value = NULL;

  g_string_append (python, "\n\ndef predict(x):\n");
  if (expression == NULL)
    {
      append_lines (python, model->script->predict, "    ");
      return;
    }
  value = ag_expression_script (expression, (const char *const *) writer->tensors);
  g_string_append_printf (python, "    return %s\n", value);
}

static gboolean
is_held (const Writer *writer,
         guint tensor)
{
  const AgModelClass *model = writer->spec->program->model;

  return ag_run_spec_is_held (writer->spec, ag_model_class_tensor (model, tensor).first);
}

static void
append_held (GString *python,
             const Writer *writer)
{
  for (guint i = 0; i < ag_model_class_n_tensors (writer->spec->program->model); i++)
    if (is_held (writer, i))
      g_string_append_printf (python, "%s.requires_grad_(False)  # held\n", writer->tensors[i]);
}

static char *
write_model (const Writer *writer)
{
  const AgProgramClass *program = writer->spec->program;
  static const AgModelScript plain = { NULL };
  const AgModelScript *script = program->model->script != NULL ? program->model->script : &plain;
  g_autofree char *tensors = list_tensors (writer);
  GString *python = g_string_new (NULL);

  if (script->definitions != NULL)
    g_string_append_printf (python, "%s\n\n\n", script->definitions);
  if (script->make != NULL)
    append_lines (python, script->make, "");
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

/* PyTorch has the two decays of Adam and its kin in one. */
static void
append_option (GString *arguments,
               const AgRunSpec *spec,
               guint option)
{
  const AgSetting *setting = &spec->optimizer->options[option];
  const double value = spec->options[option];
  g_autofree char *number = ag_number_to_string (value);
  g_autofree char *name = g_strdelimit (g_strdup (setting->id), "-", '_');
  const gint second = ag_optimizer_class_find_option (spec->optimizer, "beta2");

  if (strcmp (setting->id, "beta1") == 0)
    {
      g_autofree char *beta2 = ag_number_to_string (spec->options[second]);

      if (value != setting->value
          || spec->options[second] != spec->optimizer->options[second].value)
        g_string_append_printf (arguments, ", betas=(%s, %s)", number, beta2);
    }
  else if (option != (guint) second && value != setting->value)
    {
      if (setting->kind == AG_SETTING_FLAG)
        g_string_append_printf (arguments, ", %s=%s", name, value != 0 ? "True" : "False");
      else
        g_string_append_printf (arguments, ", %s=%s", name, number);
    }
}

static char *
write_optimizer (const Writer *writer,
                 const AgRates *rates)
{
  const AgRunSpec *spec = writer->spec;
  const guint n_changes = rates != NULL ? ag_rates_n (rates) : 0;
  g_autofree char *rate = ag_number_to_string (spec->lr);
  GString *python = g_string_new (NULL);

  if (spec->optimizer->script != NULL)
    g_string_append_printf (python, "%s\n", spec->optimizer->script);
  g_string_append_printf (python, "optimizer = torch.optim.%s(parameters, lr=%s",
                          spec->optimizer->title, rate);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    append_option (python, spec, i);
  g_string_append (python, ")\n");
  if (n_changes > 0)
    g_string_append (python, "\n# The steps from which on there was another learning rate\n"
                             "rates = {\n");
  for (guint i = 0; i < n_changes; i++)
    {
      const AgRateChange change = ag_rates_nth (rates, i);
      g_autofree char *changed = ag_number_to_string (change.lr);

      g_string_append_printf (python, "    %" G_GINT64_FORMAT ": %s,\n", change.step, changed);
    }
  if (n_changes > 0)
    g_string_append (python, "}\n");
  return g_string_free (python, FALSE);
}

static void
append_gradient (GString *python,
                 const Writer *writer)
{
  const AgRunSpec *spec = writer->spec;

  if (spec->program->by_hand != NULL)
    {
      append_lines (python, spec->program->by_hand_script, "    ");
      for (guint i = 0; i < ag_model_class_n_tensors (spec->program->model); i++)
        if (is_held (writer, i))
          g_string_append_printf (python, "    %s.grad = None  # held\n", writer->tensors[i]);
    }
  else
    g_string_append_printf (python,
                            "    optimizer.zero_grad(set_to_none=%s)  # as PyTorch %s does\n"
                            "    loss.backward()\n",
                            spec->pytorch == AG_PYTORCH_1 ? "False" : "True",
                            spec->pytorch == AG_PYTORCH_1 ? "1" : "2");
}

static char *
write_steps (const Writer *writer,
             const AgRates *rates,
             gint64 log_every)
{
  const AgRunSpec *spec = writer->spec;
  g_autofree char *delta = ag_number_to_string (spec->delta);
  GString *python = g_string_new (NULL);

  if (spec->loss->kind == AG_LOSS_HUBER)
    g_string_append_printf (python, "delta = %s\n", delta);
  g_string_append (python, "losses = []\n");

  g_string_append_printf (python, "for t in range(%" G_GINT64_FORMAT "):\n", spec->steps);
  if (rates != NULL && ag_rates_n (rates) > 0)
    g_string_append (python, "    for group in optimizer.param_groups:\n"
                             "        group[\"lr\"] = rates.get(t, group[\"lr\"])\n\n");
  g_string_append (python, "    # predict\n"
                           "    prediction = predict(x)\n\n"
                           "    # loss\n");
  g_string_append_printf (python, "    loss = %s\n", spec->loss->script);
  g_string_append (python, "    losses.append(loss.item())\n");
  g_string_append_printf (python, "    if t %% %" G_GINT64_FORMAT " == %" G_GINT64_FORMAT ":\n",
                          log_every, log_every - 1);
  g_string_append (python, "        print(t, losses[-1])\n"
                           "    if not math.isfinite(losses[-1]):\n"
                           "        break\n\n"
                           "    # gradient\n");
  append_gradient (python, writer);
  g_string_append (python, "\n    # optimizer and update\n"
                           "    optimizer.step()\n");
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
write_formula (const Writer *writer)
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

static char *
write_result (const Writer *writer)
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
                          "round some last digits in another way.",
                          command, spec->pytorch == AG_PYTORCH_1 ? "1" : "2");
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

static GStrv
name_tensors (const AgModelClass *model)
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
  Writer writer = { .spec = spec };

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
  writer.tensors = name_tensors (spec->program->model);
  script = g_new0 (AgScript, 1);
  script->introduction = write_introduction (spec);
  script->parts = g_array_new (FALSE, FALSE, sizeof (AgScriptPart));
  g_array_set_clear_func (script->parts, clear_part);
  add (script, "Numbers", write_imports (&writer));
  add (script, "Data", write_data (&writer));
  add (script, "Model", write_model (&writer));
  add (script, "Optimizer", write_optimizer (&writer, rates));
  add (script, "Steps", write_steps (&writer, rates, log_every));
  add (script, "Result", write_result (&writer));
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
