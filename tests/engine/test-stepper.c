/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/create.h"
#include "graph/tape.h"
#include "train/run-spec.h"
#include "train/stepper.h"

#include "graph/ops.h"

#include <math.h>

/* Steps that are played from a tape, by loops built into the library, leave the
 * same bits as recorded ones that are interpreted. */

#define N_STEPS 120

typedef struct
{
  AgDevice *device;
  AgGraph *graph;
  AgProgram *program;
  AgOptimizer *optimizer;
  AgStepper *stepper;
} Fixture;

static void
set_up (Fixture *fixture,
        const AgRunSpec *spec)
{
  g_autoptr (AgData) data = ag_run_spec_data (spec, NULL);
  g_autoptr (GError) error = NULL;

  fixture->device = ag_device_open ("cpu", spec->n_threads, &error);
  g_assert_no_error (error);
  fixture->graph = ag_graph_new (fixture->device);
  ag_graph_set_pytorch (fixture->graph, spec->pytorch);
  ag_graph_enter (fixture->graph);
  fixture->program = ag_program_new (spec->program, spec->dtype, data, spec->seed, &error);
  g_assert_no_error (error);
  ag_graph_set_rounding (fixture->graph, spec->rounding);
  fixture->optimizer = ag_optimizer_new (spec->optimizer, fixture->program->model->n_tensors,
                                         fixture->program->model->tensors);
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    ag_optimizer_set_option (fixture->optimizer, i, spec->options[i]);
  ag_optimizer_set_lr (fixture->optimizer, spec->lr);
  fixture->stepper = ag_stepper_new (fixture->graph, fixture->program, fixture->optimizer);
}

static void
tear_down (Fixture *fixture)
{
  ag_stepper_free (fixture->stepper);
  ag_optimizer_free (fixture->optimizer);
  ag_program_free (fixture->program);
  ag_graph_leave (fixture->graph);
  ag_graph_free (fixture->graph);
  ag_device_unref (fixture->device);
}

static double
take_step (Fixture *fixture,
           gboolean is_recorded)
{
  g_autoptr (GError) error = NULL;
  AgTensor *loss;
  double value;

  if (is_recorded)
    {
      ag_optimizer_zero_grad (fixture->optimizer);
      loss = ag_tensor_ref (ag_program_step (fixture->program));
      ag_optimizer_step (fixture->optimizer);
      ag_graph_end_step (fixture->graph, &error);
    }
  else
    {
      loss = ag_stepper_take (fixture->stepper, &error);
    }
  g_assert_no_error (error);
  g_assert_true (ag_tensor_item (loss, &value, &error));
  ag_tensor_unref (loss);
  return value;
}

/* Losses, coefficients and gradients of all steps, one after the other. The
 * learning rate changes on the way. */
static GArray *
take_steps (const AgRunSpec *spec,
            gboolean is_recorded)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (double));
  const guint n = spec->program->model->n_parameters;
  g_autofree double *values = g_new (double, n);
  Fixture fixture;

  set_up (&fixture, spec);
  for (gint i = 0; i < N_STEPS; i++)
    {
      double loss;

      if (i == N_STEPS / 2)
        ag_optimizer_set_lr (fixture.optimizer, spec->lr / 2);
      loss = take_step (&fixture, is_recorded);
      g_array_append_val (numbers, loss);
      g_assert_true (ag_program_read (fixture.program, values, NULL));
      g_array_append_vals (numbers, values, n);
      g_assert_true (ag_program_read_gradients (fixture.program, values, NULL));
      g_array_append_vals (numbers, values, n);
    }
  tear_down (&fixture);
  return numbers;
}

/* Steps that are taken many at a time have the losses of those that were taken one by one, and
 * leave the same coefficients and gradients, also those that are remembered. */
static void
compare_many (const AgRunSpec *spec,
              GArray *one_by_one)
{
  const double *expected = (const double *) one_by_one->data;
  const guint n = spec->program->model->n_parameters, row = 1 + 2 * n;
  g_autofree double *values = g_new (double, n);
  double losses[N_STEPS];
  Fixture fixture;
  gint64 wanted = 1;

  set_up (&fixture, spec);
  for (gint64 step = 0; step < N_STEPS;)
    {
      const gint64 end = step < N_STEPS / 2 ? N_STEPS / 2 : N_STEPS;
      g_autoptr (GError) error = NULL;
      gint64 n_taken;

      if (step == N_STEPS / 2)
        ag_optimizer_set_lr (fixture.optimizer, spec->lr / 2);
      n_taken = ag_stepper_take_many (fixture.stepper, MIN (wanted, end - step), losses, &error);
      g_assert_no_error (error);
      g_assert_cmpint (n_taken, >=, 1);
      g_assert_cmpint (n_taken, <=, MIN (wanted, end - step));
      for (gint64 i = 0; i < n_taken; i++)
        g_assert_cmpmem (&losses[i], sizeof (double), &expected[(step + i) * row], sizeof (double));
      step += n_taken;
      g_assert_true (ag_program_read (fixture.program, values, NULL));
      g_assert_cmpmem (values, n * sizeof (double), &expected[(step - 1) * row + 1],
                       n * sizeof (double));
      g_assert_true (ag_program_read_gradients (fixture.program, values, NULL));
      g_assert_cmpmem (values, n * sizeof (double), &expected[(step - 1) * row + 1 + n],
                       n * sizeof (double));
      for (guint n_back = 1; n_back <= 2 && n_back < step; n_back++)
        {
          g_assert_true (ag_past_values_read (fixture.program->past, n_back, values, NULL));
          g_assert_cmpmem (values, n * sizeof (double), &expected[(step - 1 - n_back) * row + 1],
                           n * sizeof (double));
        }
      wanted = wanted % 23 + 2;
    }
  tear_down (&fixture);
}

static void
compare (const AgRunSpec *spec)
{
  g_autoptr (GArray) recorded = NULL, played = NULL;

  ag_loop_engine_set_only (AG_LOOP_ENGINE_INTERPRETER);
  recorded = take_steps (spec, TRUE);
  ag_loop_engine_set_only (AG_LOOP_ENGINE_BUILT_IN);
  played = take_steps (spec, FALSE);
  g_assert_cmpmem (recorded->data, recorded->len * sizeof (double), played->data,
                   played->len * sizeof (double));
  compare_many (spec, played);
}

/* With the optimizer's defaults, and with each of its options turned on. */
static void
test_program (gconstpointer data)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, data);
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (i));
        spec.lr = fmin (spec.lr, 1e-6);
        spec.points = 200;
        spec.n_threads = 1;
        spec.dtype = dtype;
        spec.pytorch = AG_PYTORCH_1;
        compare (&spec);
        spec.pytorch = AG_PYTORCH_2;
        compare (&spec);
        spec.rounding = AG_ROUNDING_FAST;
        compare (&spec);
        spec.rounding = AG_ROUNDING_EXACT;
        for (guint k = 0; k < spec.optimizer->n_options; k++)
          if (spec.options[k] == 0)
            {
              spec.options[k] = spec.optimizer->options[k].kind == AG_SETTING_FLAG ? 1 : 0.25;
              compare (&spec);
            }
      }
}

/* Steps come to the same with the instructions of any processor. */
static void
test_isas (void)
{
  static const char *const isas[] = { "baseline", "avx2", "avx512" };

  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      g_autoptr (GArray) first = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_nth (i));
      spec.lr = fmin (spec.lr, 1e-6);
      spec.n_threads = 1;
      spec.rounding = i % 2 == 0 ? AG_ROUNDING_EXACT : AG_ROUNDING_FAST;
      for (guint k = 0; k < G_N_ELEMENTS (isas); k++)
        {
          g_autoptr (GArray) numbers = NULL;

          g_setenv ("CONVERGE_ISA", isas[k], TRUE);
          numbers = take_steps (&spec, FALSE);
          if (first == NULL)
            first = g_steal_pointer (&numbers);
          else
            g_assert_cmpmem (first->data, first->len * sizeof (double), numbers->data,
                             numbers->len * sizeof (double));
        }
    }
  g_unsetenv ("CONVERGE_ISA");
}

/* Products that are rounded with the sums that follow them give other numbers, which are near. */
static void
test_rounding (void)
{
  AgRunSpec spec;
  gboolean any = FALSE;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.n_threads = 1;
  g_autoptr (GArray) exact = take_steps (&spec, FALSE);
  spec.rounding = AG_ROUNDING_FAST;
  g_autoptr (GArray) fast = take_steps (&spec, FALSE);
  g_assert_cmpuint (exact->len, ==, fast->len);
  for (guint i = 0; i < exact->len; i++)
    {
      const double one = g_array_index (exact, double, i), other = g_array_index (fast, double, i);

      any |= one != other;
      g_assert_cmpfloat (fabs (one - other), <, 1e-3 * (1 + fabs (one)));
    }
  g_assert_true (any);
}

/* However many threads share a loop. */
static void
test_threads (void)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      g_autoptr (GArray) one = NULL;
      AgRunSpec spec;

      ag_run_spec_init (&spec, ag_program_class_nth (i));
      /* With values of its own for each point, fewer points are as much to share. */
      spec.points = spec.program->model->n_intermediates > 0 ? 10000 : 100000;
      spec.lr = fmin (spec.lr, 1e-8);
      spec.n_threads = 1;
      one = take_steps (&spec, FALSE);
      for (spec.n_threads = 2; spec.n_threads <= 3; spec.n_threads++)
        {
          g_autoptr (GArray) more = take_steps (&spec, FALSE);

          g_assert_cmpmem (one->data, one->len * sizeof (double), more->data,
                           more->len * sizeof (double));
        }
    }
}

/* A step is played after two recordings that were alike: the plans stay. */
static void
test_plays (void)
{
  Fixture fixture;
  AgTensor *grad;
  AgRunSpec spec;
  double old, now;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.n_threads = 1;
  set_up (&fixture, &spec);
  for (gint i = 0; i < 5; i++)
    take_step (&fixture, FALSE);

  /* A gradient that is held keeps its value when the next step has another. */
  grad = ag_tensor_ref (ag_tensor_grad (fixture.program->model->tensors[0]));
  g_assert_true (ag_tensor_item (grad, &old, NULL));
  take_step (&fixture, FALSE);
  g_assert_true (ag_tensor_item (grad, &now, NULL));
  g_assert_cmpfloat (old, ==, now);
  g_assert_true (ag_tensor_grad (fixture.program->model->tensors[0]) != grad);
  g_assert_true (ag_tensor_item (ag_tensor_grad (fixture.program->model->tensors[0]), &now, NULL));
  g_assert_cmpfloat (old, !=, now);
  ag_tensor_unref (grad);
  tear_down (&fixture);
}

/* Most steps are taken many at a time, and a loss that is not finite is the last. */
static void
test_many (void)
{
  double losses[100], expected = 0;
  Fixture fixture;
  AgRunSpec spec;
  gint64 n, step = 0;

  ag_run_spec_init (&spec, ag_program_class_find ("autograd"));
  spec.n_threads = 1;
  set_up (&fixture, &spec);
  /* The first steps are recorded, and how long one takes is not known before some were taken. */
  do
    n = ag_stepper_take_many (fixture.stepper, 100, losses, NULL);
  while (n == 1);
  g_assert_cmpint (n, >=, 4);
  tear_down (&fixture);

  spec.lr = 5e-6;
  set_up (&fixture, &spec);
  do
    {
      n = ag_stepper_take_many (fixture.stepper, 100, losses, NULL);
      step += n;
      for (gint64 i = 0; i + 1 < n; i++)
        g_assert_true (isfinite (losses[i]));
    }
  while (isfinite (losses[n - 1]));
  tear_down (&fixture);

  set_up (&fixture, &spec);
  for (gint64 i = 0; i < step; i++)
    {
      g_assert_true (isfinite (expected));
      expected = take_step (&fixture, FALSE);
    }
  g_assert_false (isfinite (expected));
  tear_down (&fixture);
}

static AgTape *
record_scaled (AgGraph *graph,
               AgTensor *parameter,
               AgTensor *factor)
{
  g_autoptr (GError) error = NULL;
  AgTape *tape = NULL;
  AgTensor *result = ag_mul (parameter, factor);

  ag_assign (parameter, result);
  g_assert_true (ag_graph_end_step_taped (graph, result, &tape, &error));
  g_assert_no_error (error);
  return tape;
}

/* Numbers that are not read from a place of their own must not change. */
static void
test_numbers (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgDevice) device = ag_device_open ("cpu", 1, &error);
  AgGraph *graph = ag_graph_new (device);
  double factor = 2, value;
  AgTensor *parameter, *result;
  AgTape *one, *same, *other;

  ag_graph_enter (graph);
  parameter = ag_tensor_ref (ag_full (AG_DTYPE_FLOAT64, AG_SHAPE (1), 1));
  g_assert_true (ag_graph_end_step (graph, &error));
  one = record_scaled (graph, parameter, ag_scalar (2));
  same = record_scaled (graph, parameter, ag_scalar (2));
  other = record_scaled (graph, parameter, ag_scalar (3));
  g_assert_nonnull (one);
  g_assert_true (ag_tape_equal (one, same));
  g_assert_false (ag_tape_equal (one, other));
  ag_tape_free (one);
  ag_tape_free (same);
  ag_tape_free (other);

  one = record_scaled (graph, parameter, ag_scalar_at (&factor));
  same = record_scaled (graph, parameter, ag_scalar_at (&factor));
  g_assert_true (ag_tape_equal (one, same));
  factor = 0.5;
  for (gint i = 0; i < 3; i++)
    {
      result = ag_tape_play (same, &error);
      g_assert_no_error (error);
      g_assert_true (ag_tensor_item (result, &value, &error));
      ag_tensor_unref (result);
      g_assert_cmpfloat (value, ==, 48 * pow (0.5, i + 1));
    }
  g_assert_true (ag_tensor_item (parameter, &value, &error));
  g_assert_cmpfloat (value, ==, 6);
  ag_tape_free (one);
  ag_tape_free (same);
  ag_tensor_unref (parameter);
  ag_graph_leave (graph);
  ag_graph_free (graph);
}

/* A tensor that is held beyond the step, and is neither its result nor assigned nor a gradient,
 * could not be made again. */
static void
test_no_tape (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AgDevice) device = ag_device_open ("cpu", 1, &error);
  AgGraph *graph = ag_graph_new (device);
  AgTensor *x, *held;
  AgTape *tape;

  ag_graph_enter (graph);
  x = ag_tensor_ref (ag_linspace (AG_DTYPE_FLOAT64, 0, 1, 10));
  held = ag_tensor_ref (ag_square (x));
  g_assert_true (ag_graph_end_step_taped (graph, ag_sum (held), &tape, &error));
  g_assert_null (tape);
  ag_tensor_unref (held);
  ag_tensor_unref (x);
  ag_graph_leave (graph);
  ag_graph_free (graph);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  /* Before there are threads, for it sets the environment. */
  g_test_add_func ("/stepper/isas", test_isas);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      g_autofree char *path = g_strdup_printf ("/stepper/programs/%s", program->id);

      g_test_add_data_func (path, program, test_program);
    }
  g_test_add_func ("/stepper/threads", test_threads);
  g_test_add_func ("/stepper/plays", test_plays);
  g_test_add_func ("/stepper/many", test_many);
  g_test_add_func ("/stepper/rounding", test_rounding);
  g_test_add_func ("/stepper/numbers", test_numbers);
  g_test_add_func ("/stepper/no-tape", test_no_tape);
  return g_test_run ();
}
