/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fixture.h"

#include "model/formula-model.h"
#include "optim/optimizer.h"
#include "program/program.h"
#include "train/least-squares.h"
#include "train/optimum.h"
#include "train/stepper.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Fits of NIST's reference sets, compared with the certified values. With --verbose each test
 * prints its row of the table in docs/nist.md. */

#define N_STARTS 2

/* The most parameters that a model has. */
#define MAX_PARAMETERS 9

/* NIST certifies so many digits. */
#define MOST_DIGITS 11.0

/* The heading of the data is in this line of each file or after it; before it there is another
 * of the same name, of what they are. */
#define FIRST_LINE_OF_DATA 50

#define LANCZOS "b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"
#define GAUSS "b1*exp(-b2*x) + b3*exp(-(x-b4)^2/b5^2) + b6*exp(-(x-b7)^2/b8^2)"
#define CUBIC_BY_CUBIC "(b1 + b2*x + b3*x^2 + b4*x^3) / (1 + b5*x + b6*x^2 + b7*x^3)"

/**
 * Source:
 * @name: the set's name and that of its file
 * @formula: its model
 *
 * Where a set is from.
 */
typedef struct
{
  const char *name;
  const char *formula;
} Source;

static const Source sources[] = {
  { "Misra1a", "b1*(1 - exp(-b2*x))" },
  { "Misra1b", "b1*(1 - (1 + b2*x/2)^(-2))" },
  { "Misra1c", "b1*(1 - (1 + 2*b2*x)^(-0.5))" },
  { "Misra1d", "b1*b2*x/(1 + b2*x)" },
  { "Chwirut1", "exp(-b1*x)/(b2 + b3*x)" },
  { "Chwirut2", "exp(-b1*x)/(b2 + b3*x)" },
  { "DanWood", "b1*x^b2" },
  { "Lanczos1", LANCZOS },
  { "Lanczos2", LANCZOS },
  { "Lanczos3", LANCZOS },
  { "Gauss1", GAUSS },
  { "Gauss2", GAUSS },
  { "Gauss3", GAUSS },
  { "Kirby2", "(b1 + b2*x + b3*x^2) / (1 + b4*x + b5*x^2)" },
  { "Hahn1", CUBIC_BY_CUBIC },
  { "MGH17", "b1 + b2*exp(-x*b4) + b3*exp(-x*b5)" },
  { "Roszman1", "b1 - b2*x - arctan(b3/(x - b4))/pi" },
  { "ENSO", "b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4)"
            " + b8*cos(2*pi*x/b7) + b9*sin(2*pi*x/b7)" },
  { "MGH09", "b1*(x^2 + x*b2)/(x^2 + x*b3 + b4)" },
  { "Thurber", CUBIC_BY_CUBIC },
  { "BoxBOD", "b1*(1 - exp(-b2*x))" },
  { "Rat42", "b1/(1 + exp(b2 - b3*x))" },
  { "MGH10", "b1*exp(b2/(x + b3))" },
  { "Eckerle4", "b1/b2*exp(-0.5*((x - b3)/b2)^2)" },
  { "Rat43", "b1/((1 + exp(b2 - b3*x))^(1/b4))" },
  { "Bennett5", "b1*(b2 + x)^(-1/b3)" },
};

/**
 * Set:
 * @name: its name
 * @model: its model
 * @starts: the two starts
 * @certified: the certified values
 * @deviations: their certified standard deviations
 * @sum: the certified residual sum of squares
 * @data: its data
 *
 * One of the sets.
 */
typedef struct
{
  const char *name;
  const AgModelClass *model;
  double starts[N_STARTS][MAX_PARAMETERS];
  double certified[MAX_PARAMETERS];
  double deviations[MAX_PARAMETERS];
  double sum;
  AgData *data;
} Set;

/* “b1 = 500 250 2.3894212918E+02 2.7070075241E+00”. Returns whether it is such a line. */
static gboolean
read_parameter (const char *line,
                Set *set)
{
  double first, second, certified, deviation;
  char name[8];
  gint i;

  if (sscanf (line, " %7s = %lf %lf %lf %lf", name, &first, &second, &certified, &deviation) != 5)
    return FALSE;
  i = ag_model_class_find_parameter (set->model, name);
  g_assert_cmpint (i, >=, 0);
  set->starts[0][i] = first;
  set->starts[1][i] = second;
  set->certified[i] = certified;
  set->deviations[i] = deviation;
  return TRUE;
}

static void
read_point (const char *line,
            GArray *x,
            GArray *y)
{
  double point_y, point_x;

  if (sscanf (line, " %lf %lf", &point_y, &point_x) != 2)
    return;
  g_array_append_val (x, point_x);
  g_array_append_val (y, point_y);
}

static void
read_set (const Source *source,
          Set *set)
{
  g_autofree char *name = g_strconcat (source->name, ".dat", NULL);
  g_autofree char *path = g_build_filename (NIST_FOLDER, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GArray) x = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) y = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (GStrv) lines = NULL;
  gboolean is_in_data = FALSE;
  guint n_parameters = 0;

  *set = (Set){ .name = source->name, .model = ag_formula_model_class (source->formula, NULL) };
  g_assert_nonnull (set->model);
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      n_parameters += read_parameter (lines[i], set);
      sscanf (lines[i], "Residual Sum of Squares: %lf", &set->sum);
      if (is_in_data)
        read_point (lines[i], x, y);
      is_in_data = is_in_data
                   || (i > FIRST_LINE_OF_DATA && g_str_has_prefix (lines[i], "Data:"));
    }
  g_assert_cmpuint (n_parameters, ==, set->model->n_parameters);
  set->data = ag_data_new_values (name, x->len, (const double *) (const void *) x->data,
                                  (const double *) (const void *) y->data);
}

/* How many digits of a number are right: the logarithm of the relative error, as NIST counts. */
static double
n_digits (double value,
          double certified)
{
  const double error = fabs (value - certified) / fabs (certified);

  return error > 0 ? fmin (MOST_DIGITS, -log10 (error)) : isnan (value) ? 0
                                                                        : MOST_DIGITS;
}

static double
least_digits (guint n,
              const double *values,
              const double *certified)
{
  double least = MOST_DIGITS;

  for (guint i = 0; i < n; i++)
    least = fmin (least, n_digits (values[i], certified[i]));
  return least;
}

static AgLeastSquares *
make_problem (const Set *set,
              const double *near)
{
  g_autoptr (GError) error = NULL;
  AgLeastSquares *problem = ag_least_squares_new (set->model, NULL, set->data, G_MAXINT64, NULL,
                                                  &error);

  g_assert_no_error (error);
  ag_least_squares_find_linear (problem, near);
  return problem;
}

/* Data and model are what NIST means: otherwise the certified values have another sum. */
static void
check_copy (const Set *set)
{
  g_autoptr (AgLeastSquares) problem = make_problem (set, set->certified);

  g_assert_nonnull (ag_least_squares_linearize (problem, set->certified));
  /* The data of the second have no more digits than its residuals need. */
  if (strcmp (set->name, "Lanczos1") != 0)
    g_assert_cmpfloat (n_digits (ag_least_squares_sum (problem), set->sum), >, 5.5);
}

/* From each start alone, without looking at any other. */
static void
check_descents (const Set *set,
                GString *row)
{
  const guint n = set->model->n_parameters;

  for (guint i = 0; i < N_STARTS; i++)
    {
      double coefficients[MAX_PARAMETERS];
      g_autoptr (AgLeastSquares) problem = make_problem (set, set->starts[i]);
      double digits;
      guint n_iterations;

      memcpy (coefficients, set->starts[i], sizeof coefficients);
      g_assert_true (ag_least_squares_descend (problem, coefficients, 1000, &n_iterations));
      digits = least_digits (n, coefficients, set->certified);
      g_string_append_printf (row, " %.1f | %u |", digits, n_iterations);
      g_assert_cmpfloat (digits, >=, 6);
    }
}

static void
check_optimum (const Set *set,
               GString *row)
{
  const guint n = set->model->n_parameters;
  const AgProgramClass program = { .model = set->model };
  const AgRunSpec spec = { .program = &program, .loss = &ag_sum_of_squares, .hold = "" };
  const double *const starts[] = { set->starts[0] };
  g_autoptr (AgOptimum) optimum = ag_optimum_new (&spec, set->data, G_N_ELEMENTS (starts),
                                                  starts, NULL);
  double digits;

  g_assert_nonnull (optimum);
  g_assert_false (optimum->is_exact);
  digits = least_digits (n, optimum->standard_errors, set->deviations);
  g_string_append_printf (row, " %.1f | %.1f |", digits, n_digits (optimum->loss, set->sum));
  g_assert_cmpfloat (least_digits (n, optimum->coefficients, set->certified), >=, 6);
  /* All 25 numbers of Lanczos1 are a sum of exponentials rounded to 13 digits: what is left of
   * them, 10⁻¹³, is as much the rounding of double precision. */
  if (strcmp (set->name, "Lanczos1") == 0)
    return;
  g_assert_cmpfloat (digits, >=, 4);
  g_assert_cmpfloat (n_digits (optimum->loss, set->sum), >=, 6);
}

static void
test_set (gconstpointer data)
{
  GString *row = g_string_new ("|");
  Set set;

  read_set (data, &set);
  check_copy (&set);
  g_string_append_printf (row, " %s | %u | %" G_GINT64_FORMAT " |", set.name,
                          set.model->n_parameters, ag_data_n_points (set.data));
  check_descents (&set, row);
  check_optimum (&set, row);
  g_test_message ("%s", row->str);
  g_string_free (row, TRUE);
  ag_data_unref (set.data);
}

/**
 * Training:
 * @set: name of a set
 * @start: number of a start, from 0
 * @lr: Adam's rate for the first steps, and a tenth of it for as many again
 *
 * A set that gradient descent fits, and how.
 */
typedef struct
{
  const char *set;
  guint start;
  double lr;
} Training;

#define N_STEPS 40000

static const Training trainings[] = {
  { "Chwirut2", 1, 1e-3 },
  { "MGH09", 1, 0.1 },
  { "BoxBOD", 0, 0.1 },
  { "Eckerle4", 0, 1 },
};

static void
take_steps (AgStepper *stepper,
            guint n_steps)
{
  for (guint i = 0; i < n_steps; i++)
    {
      AgTensor *loss = ag_stepper_take (stepper, NULL);

      g_assert_nonnull (loss);
      ag_tensor_unref (loss);
    }
}

static void
train (const Set *set,
       guint start,
       double lr,
       double *coefficients)
{
  const AgProgramClass klass = { .id = "nist", .model = set->model, .loss = &ag_mean_of_squares };
  AgProgram *program = ag_program_new (&klass, AG_DTYPE_FLOAT64, set->data, 0, NULL);
  AgOptimizer *optimizer = ag_optimizer_new (ag_optimizer_class_find ("adam"),
                                             program->model->n_tensors, program->model->tensors);
  AgStepper *stepper = ag_stepper_new (ag_graph_current (), program, optimizer);

  g_assert_true (ag_program_write (program, set->starts[start], NULL));
  for (guint i = 0; i < 2; i++)
    {
      ag_optimizer_set_lr (optimizer, lr);
      take_steps (stepper, N_STEPS);
      lr /= 10;
    }
  g_assert_true (ag_program_read (program, coefficients, NULL));
  ag_stepper_free (stepper);
  ag_optimizer_free (optimizer);
  ag_program_free (program);
}

/* By steps of an optimizer alone, as far as that goes: see the second table. */
static void
test_trained (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (trainings); i++)
    {
      const Training *training = &trainings[i];
      double coefficients[MAX_PARAMETERS];
      guint source = 0;
      Set set;

      while (strcmp (sources[source].name, training->set) != 0)
        source++;
      read_set (&sources[source], &set);
      fixture_enter (1);
      train (&set, training->start, training->lr, coefficients);
      fixture_leave ();
      g_assert_cmpfloat (least_digits (set.model->n_parameters, coefficients, set.certified), >=,
                         6);
      ag_data_unref (set.data);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (sources); i++)
    {
      g_autofree char *path = g_strconcat ("/nist/", sources[i].name, NULL);

      g_test_add_data_func (path, &sources[i], test_set);
    }
  g_test_add_func ("/nist/trained", test_trained);
  return g_test_run ();
}
