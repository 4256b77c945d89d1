/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "data/expression-script.h"
#include "script/script-file.h"
#include "script/script.h"

#include <string.h>

/* Whether PyTorch prints the run's lines is seen by tests/parity/scripts.py. */

static void
test_formula (void)
{
  static const struct
  {
    const char *formula;
    const char *python;
  } cases[] = {
    { "sin(x)", "torch.sin(x)" },
    { "  x ^ 2+1 ", "x**2 + 1" },
    { "-x²·2 − x³/.5", "-x**2 * 2 - x**3 / 0.5" },
    { "2^-x - -1", "2**-x - -1" },
    { "x - (1 - x) - (x*2)/(x*3)", "x - (1 - x) - x * 2 / (x * 3)" },
    { "(x^2)^3 + 2^x^2 + (-x)^2", "(x**2)**3 + 2**x**2 + (-x)**2" },
    { "maximum(x, -1)", "torch.maximum(x, torch.tensor(-1, dtype=x.dtype))" },
    { "cube(x+1)*pi", "(x + 1)**3 * math.pi" },
    { "(x + π) * (1 - e)", "(x + math.pi) * (1 - math.e)" },
    { "exp(1)*x", "torch.exp(torch.tensor(1, dtype=x.dtype)) * x" },
    { "exp(0) + 1", "torch.full_like(x, 2)" },
    { "1e300*x", "1e+300 * x" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AgExpression) expression
        = ag_expression_parse (cases[i].formula, AG_EXPRESSION_OF_X, NULL);
      g_autofree char *python = ag_expression_script (expression, NULL);

      g_assert_cmpstr (python, ==, cases[i].python);
    }
}

static char *
join_parts (const AgScript *script)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < script->parts->len; i++)
    g_string_append (text, g_array_index (script->parts, AgScriptPart, i).text);
  return g_string_free (text, FALSE);
}

static char *
write_text (const AgRunSpec *spec,
            const AgRates *rates)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgScript) script = ag_script_new (spec, rates, 10, &error);

  g_assert_no_error (error);
  return join_parts (script);
}

static void
assert_has (const char *text,
            const char *part)
{
  if (strstr (text, part) == NULL)
    g_error ("“%s” is missing in:\n%s", part, text);
}

/* A parameter is called as in the formula, unless Python or the script has that word. */
static void
test_model (void)
{
  g_autofree char *text = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  g_assert_true (ag_run_spec_set_model (&spec, "lambda*exp(-e*x) + t", NULL));
  text = write_text (&spec, NULL);
  assert_has (text, "lambda_ = torch.randn(())\n");
  assert_has (text, "parameters = [lambda_, e, t_]\n");
  assert_has (text, "    return lambda_ * torch.exp(-e * x) + t_\n");
  assert_has (text, "{bracket(e.item())}");
}

/* What is PyTorch's default is not said, and the two decays are one argument there. */
static void
test_options (void)
{
  AgRunSpec spec;
  g_autofree char *plain = NULL;
  g_autofree char *text = NULL;

  ag_run_spec_init (&spec, ag_program_class_find ("module"));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
  plain = write_text (&spec, NULL);
  assert_has (plain, "torch.optim.Adam(parameters, lr=0.05)\n");

  spec.options[ag_optimizer_class_find_option (spec.optimizer, "beta2")] = 0.5;
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "weight-decay")] = 0.25;
  spec.options[ag_optimizer_class_find_option (spec.optimizer, "amsgrad")] = 1;
  text = write_text (&spec, NULL);
  assert_has (text, "lr=0.05, betas=(0.9, 0.5), weight_decay=0.25, amsgrad=True)\n");
}

static void
test_rates (void)
{
  g_autoptr (AgRates) rates = ag_rates_new ();
  g_autofree char *text = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  ag_rates_push (rates, 50, 2e-6);
  ag_rates_push (rates, 120, 5e-7);
  text = write_text (&spec, rates);
  assert_has (text, "rates = {\n    50: 2e-06,\n    120: 5e-07,\n}\n");
  assert_has (text, "rates.get(t, group[\"lr\"])");
  assert_has (text, "if t % 10 == 9:\n");
}

static void
test_versions (void)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("dynamic"));
  second = write_text (&spec, NULL);
  assert_has (second, "zero_grad(set_to_none=True)");
  assert_has (second, "random.seed(0)");
  spec.pytorch = AG_PYTORCH_1;
  first = write_text (&spec, NULL);
  assert_has (first, "zero_grad(set_to_none=False)");
}

/* A script has the points of a file in it. */
static void
test_file (void)
{
  g_autofree char *plain = NULL;
  g_autofree char *standardized = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  g_assert_true (ag_run_spec_set_data (&spec, "sample:kinetics", NULL));
  plain = write_text (&spec, NULL);
  assert_has (plain, "x = torch.tensor([\n    0.02, 0.02, 0.06, 0.06, 0.11,\n");
  assert_has (plain, " 1.1,\n])\ny = torch.tensor([\n");
  spec.scale = AG_SCALING_STANDARD;
  standardized = write_text (&spec, NULL);
  assert_has (standardized, "# standardized: (x - 0.345)/0.38165");
}

/* A formula that was typed cannot end a comment of the script. */
static void
test_foreign (void)
{
  g_autoptr (AgScript) script = NULL;
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.target = "sin(x)\nimport os";
  script = ag_script_new (&spec, NULL, 1, &error);
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_null (script);
}

static void
test_names (void)
{
  static const char *const good[] = { "run.py", "a/b/Run.IPYNB", "numpy.ipynb", "numpy-run.py" };
  static const char *const bad[] = { "run", "run.txt", "py", "torch.py", "a/numpy.py" };
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (good); i++)
    {
      g_assert_true (ag_script_file_check_name (good[i], &error));
      g_assert_no_error (error);
    }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_assert_false (ag_script_file_check_name (bad[i], &error));
      g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
      g_clear_error (&error);
    }
}

/* A run whose optimizer was changed says so at the steps where it was: another one begins anew, the
 * same goes on with other options. */
static void
test_optimizer_changes (void)
{
  g_autoptr (AgRates) rates = ag_rates_new ();
  g_autofree char *text = NULL;
  const AgOptimizerClass *sgd = ag_optimizer_class_find ("sgd");
  double options[AG_OPTIMIZER_MAX_OPTIONS] = { 0 };
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  ag_rates_push_optimizer (rates, 40, sgd, options);
  ag_rates_push (rates, 90, 0.01);
  options[ag_optimizer_class_find_option (sgd, "momentum")] = 0.5;
  ag_rates_push_optimizer (rates, 90, sgd, options);
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_find ("adam"));
  spec.lr = 1e-6;
  text = write_text (&spec, rates);
  assert_has (text, "optimizer = torch.optim.SGD(parameters, lr=1e-06)\n");
  assert_has (text, "    if t == 40:\n        optimizer.param_groups[0].update(momentum=0.5, ");
  assert_has (text, "    if t == 90:\n        optimizer = torch.optim.Adam(parameters, lr=0.01)\n");
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/script/formula", test_formula);
  g_test_add_func ("/script/model", test_model);
  g_test_add_func ("/script/options", test_options);
  g_test_add_func ("/script/rates", test_rates);
  g_test_add_func ("/script/versions", test_versions);
  g_test_add_func ("/script/foreign", test_foreign);
  g_test_add_func ("/script/file", test_file);
  g_test_add_func ("/script/names", test_names);
  g_test_add_func ("/script/optimizer-changes", test_optimizer_changes);
  return g_test_run ();
}
