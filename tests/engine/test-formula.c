/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "../common.h"
#include "fixture.h"

#include "base/error.h"
#include "model/formula-model.h"
#include "program/formula.h"
#include "train/failure.h"
#include "train/initial.h"
#include "train/setting.h"
#include "train/trainer.h"

#include <math.h>
#include <string.h>

static void
test_classes (void)
{
  const AgProgramClass *program = ag_formula_program_class ("a*exp(-b*x)+c", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (ag_formula_program_class (" a*exp(-b*x)+c ", NULL) == program);
  g_assert_true (ag_formula_program_class ("a*exp(-b*x) + c", NULL) != program);
  g_assert_cmpstr (program->id, ==, "formula");
  g_assert_cmpstr (ag_formula_model_text (program->model), ==, "a*exp(-b*x)+c");
  g_assert_null (ag_formula_model_text (ag_program_class_find ("autograd")->model));
  g_assert_null (ag_formula_model_expression (ag_program_class_find ("mlp")->model));
  g_assert_null (ag_formula_program_class ("a*", &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
}

static gpointer
make_classes (gpointer data)
{
  const AgProgramClass **made = data;

  for (guint i = 0; i < 100; i++)
    {
      g_autofree char *text = g_strdup_printf ("a%u*x", i);

      made[i] = ag_formula_program_class (text, NULL);
    }
  return NULL;
}

/* Any thread may ask, and gets what the others get. */
static void
test_threads (void)
{
  const AgProgramClass *made[4][100];
  GThread *threads[4];

  for (guint i = 0; i < 4; i++)
    threads[i] = g_thread_new ("classes", make_classes, made[i]);
  for (guint i = 0; i < 4; i++)
    g_thread_join (threads[i]);
  for (guint i = 1; i < 4; i++)
    g_assert_cmpmem (made[i], sizeof made[i], made[0], sizeof made[0]);
}

static char *
write_number (double number)
{
  return g_strdup_printf ("%g", number);
}

/* A formula that was printed can be typed again: a negative value has parentheses where it needs
 * them. */
static void
test_format (void)
{
  const AgModelClass *model = ag_formula_model_class ("a*x^2 - k*(x - x0)^a", NULL);
  g_autofree char *text = ag_model_class_format (model, (double[]){ -1.5, 2, -3 }, write_number);

  g_assert_cmpstr (text, ==, "y = -1.5*x^2 - 2*(x - (-3))^(-1.5)");
}

/* Random formulas */

#define N_FORMULAS 200

static const char *const functions[] = {
  "sin",
  "cos",
  "tanh",
  "atan",
  "arctan",
  "exp",
  "sigmoid",
  "square",
  "cube",
  "abs",
  "relu",
  "log",
  "sqrt",
};
static const char *const binary[] = { "maximum", "minimum", "xlogy", "pow" };
static const char *const leaves[] = { "x", "a", "b", "β", "c1", "0.5", "2", "pi" };

static void
append_formula (GString *text,
                GRand *random,
                guint depth)
{
  const gint kind = depth == 0 ? 0 : g_rand_int_range (random, 0, 8);

  switch (kind)
    {
    case 0:
      g_string_append (text, leaves[g_rand_int_range (random, 0, G_N_ELEMENTS (leaves))]);
      break;
    case 1:
    case 2:
      g_string_append_printf (text, "%s(",
                              functions[g_rand_int_range (random, 0, G_N_ELEMENTS (functions))]);
      append_formula (text, random, depth - 1);
      g_string_append_c (text, ')');
      break;
    case 3:
      g_string_append_printf (text, "%s(",
                              binary[g_rand_int_range (random, 0, G_N_ELEMENTS (binary))]);
      append_formula (text, random, depth - 1);
      g_string_append (text, ", ");
      append_formula (text, random, depth - 1);
      g_string_append_c (text, ')');
      break;
    case 4:
      g_string_append (text, "(-");
      append_formula (text, random, depth - 1);
      g_string_append (text, g_rand_boolean (random) ? "^2)" : ")^3");
      break;
    default:
      g_string_append_c (text, '(');
      append_formula (text, random, depth - 1);
      g_string_append_printf (text, " %c ", "+-*/"[kind == 5 ? 3 : g_rand_int_range (random, 0, 3)]);
      append_formula (text, random, depth - 1);
      g_string_append_c (text, ')');
    }
}

static double
loss_with (AgProgram *program,
           const double *coefficients,
           guint parameter,
           double change)
{
  g_autofree double *changed = g_memdup2 (coefficients, sizeof (double)
                                                          * program->model->klass->n_parameters);
  double loss;

  changed[parameter] += change;
  g_assert_true (ag_program_write (program, changed, NULL));
  g_assert_true (ag_program_evaluate_loss (program, &loss, NULL));
  return loss;
}

/* Fourth order: what is left of the error is of rounding. */
static double
difference (AgProgram *program,
            const double *coefficients,
            guint parameter,
            double h)
{
  const double one = loss_with (program, coefficients, parameter, h)
                     - loss_with (program, coefficients, parameter, -h);
  const double two = loss_with (program, coefficients, parameter, 2 * h)
                     - loss_with (program, coefficients, parameter, -2 * h);

  return (8 * one - two) / (12 * h);
}

/* Returns whether the formula is one whose differences say something: with two distances
 * they are the same, which they are not across a kink or where the loss is wild. */
static gboolean
check_gradients (const char *text,
                 AgData *data)
{
  const AgProgramClass *klass = ag_formula_program_class (text, NULL);
  g_autoptr (AgProgram) program = NULL;
  double coefficients[8], gradients[8], loss;

  if (klass == NULL)
    return FALSE;
  program = ag_program_new (klass, AG_DTYPE_FLOAT64, data, 1, NULL);
  g_assert_nonnull (program);
  g_assert_true (ag_program_read (program, coefficients, NULL));
  ag_program_step (program);
  g_assert_true (ag_graph_end_step (ag_graph_current (), NULL));
  g_assert_true (ag_program_read_gradients (program, gradients, NULL));
  g_assert_true (ag_program_evaluate_loss (program, &loss, NULL));
  if (!isfinite (loss) || loss > 1e6)
    return FALSE;
  for (guint i = 0; i < klass->model->n_parameters; i++)
    {
      const double rough = difference (program, coefficients, i, 4e-4);
      const double fine = difference (program, coefficients, i, 1e-4);
      const double scale = fmax (fmax (fabs (fine), loss), 1);

      if (!(fabs (rough - fine) <= 1e-8 * scale) || isnan (gradients[i]))
        return FALSE;
      if (fabs (gradients[i] - fine) > 1e-7 * scale)
        g_error ("%s: the derivative by %s is %.12g, and by differences %.12g", text,
                 klass->model->parameters[i], gradients[i], fine);
    }
  return TRUE;
}

static void
test_gradients (void)
{
  g_autoptr (AgData) data = ag_data_new_formula ("cos(x)", 0.1, 2, 25, NULL);
  GRand *random = g_rand_new_with_seed (15);
  guint n_checked = 0, n_tried = 0;

  fixture_enter (1);
  while (n_checked < N_FORMULAS && n_tried++ < 20 * N_FORMULAS)
    {
      g_autoptr (GString) text = g_string_new (NULL);

      append_formula (text, random, 4);
      n_checked += check_gradients (text->str, data);
    }
  g_test_message ("%u formulas of %u", n_checked, n_tried);
  g_assert_cmpuint (n_checked, ==, N_FORMULAS);
  fixture_leave ();
  g_rand_free (random);
}

/* Runs */

static AgRunSpec
make_spec (const char *model)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  fixture_set (&spec, "model", model);
  spec.points = 200;
  spec.steps = 500;
  return spec;
}

static AgTrainer *
run (const AgRunSpec *spec,
     AgSnapshot *snapshot)
{
  g_autoptr (GError) error = NULL;
  AgTrainer *trainer = ag_trainer_new (spec, &error);

  g_assert_no_error (error);
  ag_trainer_start (trainer);
  g_assert_true (ag_trainer_wait (trainer, -1));
  ag_trainer_take_snapshot (trainer, snapshot);
  return trainer;
}

/* A model keeps what was set of the parameters that it has, and nothing else. */
static void
test_settings (void)
{
  AgRunSpec spec = make_spec ("a*x + b"), other;
  g_autoptr (GError) error = NULL;
  g_autofree char *command = NULL;

  fixture_set (&spec, "init", "a=2");
  fixture_set (&spec, "hold", "b=-1");
  g_assert_cmpstr (spec.init, ==, "a=2,b=-1");
  g_assert_cmpstr (spec.hold, ==, "b");
  command = ag_run_spec_to_command (&spec);
  g_assert_nonnull (strstr (command, "train formula --model 'a*x + b'"));
  g_assert_nonnull (strstr (command, "--init a=2,b=-1 --hold b"));

  fixture_set (&spec, "model", "a*x^2 + b");
  g_assert_cmpstr (spec.init, ==, "a=2,b=-1");
  fixture_set (&spec, "model", "k*x");
  g_assert_cmpstr (spec.init, ==, "seed");
  g_assert_cmpstr (spec.hold, ==, "");

  ag_run_spec_init (&other, ag_program_class_find ("autograd"));
  g_assert_null (ag_setting_find (&other, "model"));
  g_assert_false (ag_run_spec_set_model (&other, "a*x", &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_assert_null (ag_setting_find (&other, "delta"));
  fixture_set (&other, "loss", "HuberLoss");
  fixture_set (&other, "delta", "0.5");
  ag_run_spec_init (&other, ag_program_class_find ("numpy"));
  g_assert_null (ag_setting_find (&other, "loss"));
}

/* Units are of the model's parameters, in its order, and change nothing but what is told. */
static void
test_units (void)
{
  static const struct
  {
    const char *text;
    const char *says;
  } wrong[] = {
    { "d=m", "“d” cannot have a unit" },
    { "a", "“a” says no unit of “a”" },
    { "a=,b=1/s", "“a=” says no unit of “a”" },
    { "a=m,,b=1/s", "“” cannot have a unit" },
    { "a=\n", "says no unit" },
  };
  g_autofree char *unit = NULL, *none = NULL, *command = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("formula"));
  fixture_set (&spec, "model", "a*exp(-b*x)+b2");
  fixture_set (&spec, "units", " b2 = counts , b=1/s");
  g_assert_cmpstr (spec.units, ==, "b=1/s,b2=counts");
  unit = ag_run_spec_unit (&spec, 1);
  g_assert_cmpstr (unit, ==, "1/s");
  none = ag_run_spec_unit (&spec, 0);
  g_assert_null (none);
  command = ag_run_spec_to_command (&spec);
  g_assert_nonnull (strstr (command, " --units 'b=1/s,b2=counts'"));
  fixture_set (&spec, "model", "a*exp(-b*x)+b2*x");
  g_assert_cmpstr (spec.units, ==, "b=1/s,b2=counts");
  fixture_set (&spec, "model", "a*b*x");
  g_assert_cmpstr (spec.units, ==, "");
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_false (ag_run_spec_set_units (&spec, wrong[i].text, &error));
      g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
      if (strstr (error->message, wrong[i].says) == NULL)
        g_error ("“%s” gives: %s", wrong[i].text, error->message);
    }
  fixture_set (&spec, "units", "");
  g_assert_cmpstr (spec.units, ==, "");
}

/* A parameter that is held keeps its bits, whatever finds the gradients and whatever the optimizer
 * adds to them, and steps are recorded no more often for it. */
static void
test_hold (void)
{
  static const char *const programs[] = { "numpy", "tensors", "autograd", "module", "dynamic" };

  for (guint p = 0; p < G_N_ELEMENTS (programs); p++)
    for (AgPyTorch pytorch = AG_PYTORCH_1; pytorch <= AG_PYTORCH_2; pytorch++)
      {
        g_autoptr (AgTrainer) trainer = NULL;
        AgSnapshot snapshot;
        AgRunSpec spec;

        ag_run_spec_init (&spec, ag_program_class_find (programs[p]));
        fixture_set (&spec, "hold", "a, c=0.25");
        fixture_set (&spec, "weight-decay", "0.1");
        spec.pytorch = pytorch;
        spec.steps = 200;
        trainer = run (&spec, &snapshot);
        g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
        g_assert_cmpfloat (snapshot.coefficients[0], ==, ag_trainer_initial (trainer)[0]);
        g_assert_cmpfloat (snapshot.coefficients[2], ==, 0.25);
        g_assert_cmpfloat (snapshot.coefficients[1], !=, ag_trainer_initial (trainer)[1]);
        g_assert_true (isnan (snapshot.gradients[0]));
      }
}

static void
test_wrong_hold (void)
{
  g_autoptr (GError) error = NULL;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("nn"));
  g_assert_false (ag_run_spec_set_hold (&spec, "z", &error));
  g_assert_error (error, AG_ERROR, AG_ERROR_ARGUMENT);
  g_clear_error (&error);
  fixture_set (&spec, "hold", "b");
  g_assert_false (ag_run_spec_check (&spec, &error));
  g_assert_nonnull (strstr (error->message, "3 elements of “weight”"));
  g_clear_error (&error);
  fixture_set (&spec, "hold", "b,c,d");
  g_assert_true (ag_run_spec_check (&spec, &error));
  fixture_set (&spec, "hold", "a,b,c,d");
  g_assert_false (ag_run_spec_check (&spec, &error));
  g_assert_nonnull (strstr (error->message, "nothing to train"));
}

static double
first_loss (const AgRunSpec *spec)
{
  AgRunSpec one = *spec;
  AgSnapshot snapshot;
  g_autoptr (AgTrainer) trainer = NULL;

  one.steps = 1;
  trainer = run (&one, &snapshot);
  return snapshot.loss;
}

/* The best of some seeds is one of them, and the run is that seed's. */
static void
test_tries (void)
{
  const guint n_tries = 20;
  AgRunSpec spec = make_spec ("a*exp(b*x) + c"), best;
  double tried[3], initial[3];
  double least = INFINITY;

  spec.seed = 7;
  for (best = spec; best.seed < spec.seed + n_tries; best.seed++)
    {
      const double loss = first_loss (&best);

      if (loss < least)
        {
          least = loss;
          g_assert_true (ag_run_spec_initial (&best, initial, NULL));
        }
    }
  spec.tries = n_tries;
  g_assert_cmpfloat (first_loss (&spec), ==, least);
  g_assert_true (ag_run_spec_initial (&spec, tried, NULL));
  g_assert_cmpmem (tried, sizeof tried, initial, sizeof initial);
}

static char *
explain (const char *model,
         const char *init,
         double from,
         double to)
{
  AgRunSpec spec = make_spec (model);
  g_autoptr (AgTrainer) trainer = NULL;
  AgSnapshot snapshot;

  fixture_set (&spec, "init", init);
  spec.from = from;
  spec.to = to;
  spec.points = 101;
  trainer = run (&spec, &snapshot);
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DIVERGED);
  return ag_run_spec_explain_failure (&spec, ag_trainer_data (trainer), &snapshot);
}

static void
test_failure (void)
{
  static const struct
  {
    const char *model;
    const char *init;
    double from;
    double to;
    const char *part;
  } cases[] = {
    { "a*exp(b*x) + c", "a=1,b=1,c=0", 0, 100,
      "“exp(b*x)” overflowed at x = 89 (row 90) with b = 1. " },
    { "a*log(b*x)", "a=1,b=1", -50, 50, "“log(b*x)” has no value at x = -50 (row 1) with b = 1. A log" },
    { "sqrt(a - b*x)", "a=10,b=1", 0, 100, "“sqrt(a - b*x)” has no value at x = 11 (row 12) with a = 10, b = 1." },
    { "a*x/(x - b)", "a=1,b=4", 0, 100, "“a*x/(x - b)” overflowed at x = 4 (row 5) with a = 1, b = 4. Keep" },
    { "1/(1 + exp(-k*(x - x0)))", "k=1,x0=200", 0, 100, "“exp(-k*(x - x0))” overflowed at x = 0 (row 1) with k = 1, x0 = 200." },
    { "a*x", "a=1e20", 0, 1, "The prediction at x = 0.19 (row 20) was 1.9e+19, too much" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = explain (cases[i].model, cases[i].init, cases[i].from, cases[i].to);

      if (strstr (text, cases[i].part) == NULL)
        g_error ("“%s” is not in “%s”", cases[i].part, text);
    }
}

/* For points from a file the sentence names the line, as an editor shows it, whether or not they
 * were standardized. */
static void
test_failure_of_file (void)
{
  g_autofree char *folder = g_dir_make_tmp ("converge-formula-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "points.csv", NULL);

  g_assert_true (g_file_set_contents (path, "# of Monday\nt,y\n-1,1\nx,2\n\n1,0\n", -1, NULL));
  for (guint scale = AG_SCALING_NONE; scale <= AG_SCALING_STANDARD; scale++)
    {
      g_autoptr (AgTrainer) trainer = NULL;
      g_autofree char *text = NULL;
      AgSnapshot snapshot;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_find ("formula"));
      g_assert_true (ag_run_spec_set_model (&spec, "a*log(-x)", NULL));
      g_assert_true (ag_run_spec_set_data (&spec, path, NULL));
      spec.scale = scale;
      trainer = run (&spec, &snapshot);
      g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DIVERGED);
      text = ag_run_spec_explain_failure (&spec, ag_trainer_data (trainer), &snapshot);
      if (strstr (text, "“log(-x)” has no value at x = 1 (line 6 of the file) with") == NULL)
        g_error ("%s", text);
    }
  common_remove (folder);
}

/* The fixed programs say where the prediction was too large. */
static void
test_failure_of_program (void)
{
  g_autoptr (AgTrainer) trainer = NULL;
  g_autofree char *text = NULL;
  AgSnapshot snapshot;
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.lr = 1e-3;
  trainer = run (&spec, &snapshot);
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DIVERGED);
  text = ag_run_spec_explain_failure (&spec, ag_trainer_data (trainer), &snapshot);
  g_assert_nonnull (strstr (text, "The prediction at x = -3.14159 (row 1) was "));
  g_assert_nonnull (strstr (text, "float32, with a = "));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/formula/classes", test_classes);
  g_test_add_func ("/formula/threads", test_threads);
  g_test_add_func ("/formula/format", test_format);
  g_test_add_func ("/formula/gradients", test_gradients);
  g_test_add_func ("/formula/settings", test_settings);
  g_test_add_func ("/formula/hold", test_hold);
  g_test_add_func ("/formula/wrong-hold", test_wrong_hold);
  g_test_add_func ("/formula/tries", test_tries);
  g_test_add_func ("/formula/failure", test_failure);
  g_test_add_func ("/formula/units", test_units);
  g_test_add_func ("/formula/failure-of-program", test_failure_of_program);
  g_test_add_func ("/formula/failure-of-file", test_failure_of_file);
  return g_test_run ();
}
