/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "script/script-private.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

/* PyTorch has the two decays of Adam and its kin in one. Without @is_whole what has its default is
 * left out. */
static void
append_option (GString *arguments,
               const AgRunSpec *spec,
               guint option,
               gboolean is_whole)
{
  const AgSetting *setting = &spec->optimizer->options[option];
  const double value = spec->options[option];
  g_autofree char *number = ag_number_to_string (value);
  g_autofree char *name = g_strdelimit (g_strdup (setting->id), "-", '_');
  const gint second = ag_optimizer_class_find_option (spec->optimizer, "beta2");

  if (strcmp (setting->id, "beta1") == 0)
    {
      g_autofree char *beta2 = ag_number_to_string (spec->options[second]);

      if (is_whole || value != setting->value
          || spec->options[second] != spec->optimizer->options[second].value)
        g_string_append_printf (arguments, ", betas=(%s, %s)", number, beta2);
    }
  else if (option != (guint) second && (is_whole || value != setting->value))
    {
      if (setting->kind == AG_SETTING_FLAG)
        g_string_append_printf (arguments, ", %s=%s", name, value != 0 ? "True" : "False");
      else
        g_string_append_printf (arguments, ", %s=%s", name, number);
    }
}

static AgRunSpec
find_part (const AgScriptWriter *writer,
           guint index)
{
  return writer->rates != NULL ? ag_rates_part (writer->rates, writer->spec, index) : *writer->spec;
}

static void
append_optimizer (GString *python,
                  const AgRunSpec *spec,
                  double lr)
{
  g_autofree char *rate = ag_number_to_string (lr);

  g_string_append_printf (python, "optimizer = torch.optim.%s(parameters, lr=%s",
                          spec->optimizer->title, rate);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    append_option (python, spec, i, FALSE);
  g_string_append (python, ")\n");
}

/* From a step on there is another optimizer, which begins anew, or the same with other options. */
static void
append_change (GString *python,
               const AgScriptWriter *writer,
               guint index)
{
  const gint64 step = ag_rates_nth_optimizer (writer->rates, index)->step;
  const AgRunSpec before = find_part (writer, index), after = find_part (writer, index + 1);
  g_autoptr (GString) options = g_string_new (NULL);

  g_string_append_printf (python, "    if t == %" G_GINT64_FORMAT ":\n        ", step);
  if (before.optimizer != after.optimizer)
    {
      append_optimizer (python, &after, ag_rates_at (writer->rates, after.lr, step));
      return;
    }
  for (guint i = 0; i < after.optimizer->n_options; i++)
    append_option (options, &after, i, TRUE);
  g_string_append_printf (python, "optimizer.param_groups[0].update(%s)\n",
                          options->str + strlen (", "));
  g_string_append (python, "        # What the new options need begins with zeros\n"
                           "        for parameter, state in optimizer.state.items():\n"
                           "            for name in (");
  for (guint i = 0; i < after.optimizer->n_states; i++)
    g_string_append_printf (python, "\"%s\", ", after.optimizer->states[i]);
  g_string_append (python, "):\n"
                           "                if state.get(name) is None:\n"
                           "                    state[name] = torch.zeros_like(parameter)\n");
}

/**
 * ag_script_write_optimizer:
 * @writer: what the script is written of
 *
 * Returns: (transfer full): what makes the optimizer
 */
char *
ag_script_write_optimizer (const AgScriptWriter *writer)
{
  const AgRunSpec first = find_part (writer, 0);
  const guint n_changes = writer->rates != NULL ? ag_rates_n (writer->rates) : 0;
  const guint n_parts = writer->rates != NULL ? ag_rates_n_optimizers (writer->rates) + 1 : 1;
  GString *python = g_string_new (NULL);

  for (guint i = 0; i < n_parts; i++)
    {
      const AgRunSpec part = find_part (writer, i);

      if (part.optimizer->script != NULL && strstr (python->str, part.optimizer->script) == NULL)
        g_string_append_printf (python, "%s\n", part.optimizer->script);
    }
  append_optimizer (python, &first, first.lr);
  if (n_changes > 0)
    g_string_append (python, "\n# The steps from which on there was another learning rate\n"
                             "rates = {\n");
  for (guint i = 0; i < n_changes; i++)
    {
      const AgRateChange change = ag_rates_nth (writer->rates, i);
      g_autofree char *changed = ag_number_to_string (change.lr);

      g_string_append_printf (python, "    %" G_GINT64_FORMAT ": %s,\n", change.step, changed);
    }
  if (n_changes > 0)
    g_string_append (python, "}\n");
  return g_string_free (python, FALSE);
}

static void
append_gradient (GString *python,
                 const AgScriptWriter *writer)
{
  const AgRunSpec *spec = writer->spec;

  if (spec->program->by_hand != NULL)
    {
      ag_script_append_lines (python, spec->program->by_hand->script, "    ");
      for (guint i = 0; i < ag_model_class_n_tensors (spec->program->model); i++)
        if (ag_script_is_held (writer, i))
          g_string_append_printf (python, "    %s.grad = None  # held\n", writer->tensors[i]);
    }
  else
    g_string_append_printf (python,
                            "    optimizer.zero_grad(set_to_none=%s)  # as PyTorch %s does\n"
                            "    loss.backward()\n",
                            spec->pytorch == AG_PYTORCH_1 ? "False" : "True",
                            spec->pytorch == AG_PYTORCH_1 ? "1" : "2");
}

/**
 * ag_script_write_steps:
 * @writer: what the script is written of
 *
 * Returns: (transfer full): what takes the steps
 */
char *
ag_script_write_steps (const AgScriptWriter *writer)
{
  const AgRunSpec *spec = writer->spec;
  g_autofree char *delta = ag_number_to_string (spec->delta);
  GString *python = g_string_new (NULL);

  if (spec->loss->kind == AG_LOSS_HUBER)
    g_string_append_printf (python, "delta = %s\n", delta);
  g_string_append (python, "losses = []\n");

  g_string_append_printf (python, "for t in range(%" G_GINT64_FORMAT "):\n", spec->steps);
  for (guint i = 0; writer->rates != NULL && i < ag_rates_n_optimizers (writer->rates); i++)
    append_change (python, writer, i);
  if (writer->rates != NULL && ag_rates_n (writer->rates) > 0)
    g_string_append (python, "    for group in optimizer.param_groups:\n"
                             "        group[\"lr\"] = rates.get(t, group[\"lr\"])\n\n");
  g_string_append (python, "    # predict\n"
                           "    prediction = predict(x)\n\n"
                           "    # loss\n");
  g_string_append_printf (python, "    loss = %s\n", spec->loss->script);
  g_string_append (python, "    losses.append(loss.item())\n");
  g_string_append_printf (python, "    if t %% %" G_GINT64_FORMAT " == %" G_GINT64_FORMAT ":\n",
                          writer->log_every, writer->log_every - 1);
  g_string_append (python, "        print(t, losses[-1])\n"
                           "    if not math.isfinite(losses[-1]):\n"
                           "        break\n\n"
                           "    # gradient\n");
  append_gradient (python, writer);
  g_string_append (python, "\n    # optimizer and update\n"
                           "    optimizer.step()\n");
  return g_string_free (python, FALSE);
}
