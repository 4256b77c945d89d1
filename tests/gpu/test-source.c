/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "graph/graph.h"
#include "graph/op.h"
#include "graph/ops.h"
#include "program/program.h"
#include "tensor/create.h"
#include "train/trainer.h"

#include <math.h>

/* The source that a GPU would run, run by loops on the host: what comes of it
 * is what the CPU's kernels give. */

#define N 5000

typedef AgTensor *(*Record) (AgTensor **x);

static void
evaluate (const char *device_id,
          AgDType dtype,
          guint n_operands,
          gint64 n,
          Record record,
          AgOp op,
          double *values)
{
  g_autoptr (GError) error = NULL;
  AgDevice *device = ag_device_open (device_id, 1, &error);
  AgTensor *operands[AG_OP_MAX_OPERANDS] = { NULL };
  AgTensor *result;
  AgGraph *graph;

  g_assert_no_error (error);
  graph = ag_graph_new (device);
  ag_graph_enter (graph);
  for (guint i = 0; i < n_operands; i++)
    operands[i] = ag_linspace (dtype, -2.5 + 0.75 * i, 3.25 - 1.5 * i, n);
  result = record != NULL ? record (operands) : ag_op_record (op, operands);
  g_assert_true (ag_tensor_read (result, AG_DTYPE_FLOAT64, values, &error));
  g_assert_no_error (error);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
}

/* @scale is the size of what is added up: where it cancels, what is left is not
 * more exact than that. */
static void
compare (AgDType dtype,
         guint n_operands,
         gint64 n,
         gint64 n_results,
         double scale,
         Record record,
         AgOp op)
{
  static double expected[N], values[N];
  double tolerance = dtype == AG_DTYPE_FLOAT32 ? 2e-6 : 1e-13;

  evaluate ("cpu", dtype, n_operands, n, record, op, expected);
  evaluate ("cuda", dtype, n_operands, n, record, op, values);
  for (gint64 i = 0; i < n_results; i++)
    if (!(isnan (expected[i]) && isnan (values[i])) && expected[i] != values[i])
      g_assert_cmpfloat_with_epsilon (values[i], expected[i],
                                      tolerance * fmax (scale, fabs (expected[i])));
}

/* Every row of the table, in both dtypes. */
static void
test_ops (void)
{
  for (AgOp op = AG_OP_identity; op < AG_N_OPS; op++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      compare (dtype, op == AG_OP_identity ? 1 : ag_op_info (op)->n_operands, 100, 100, 1,
               NULL, op);
}

static AgTensor *
record_sum (AgTensor **x)
{
  return ag_sum (ag_mul (x[0], ag_sin (x[1])));
}

static AgTensor *
record_strided (AgTensor **x)
{
  AgTensor *a = ag_unsqueeze (x[0], 0), *b = ag_unsqueeze (x[1], 1);

  return ag_sum (ag_mul (ag_sub (a, b), ag_transpose (ag_add (a, b), 0, 1)));
}

static AgTensor *
record_powers (AgTensor **x)
{
  static const gint64 exponents[] = { 1, 2, 3 };
  AgTensor *exponent = ag_from_data (AG_DTYPE_INT64, AG_SHAPE (3), exponents);
  AgTensor *powers = ag_pow (ag_unsqueeze (x[0], -1), exponent);

  return ag_matmul (ag_transpose (powers, 0, 1), ag_unsqueeze (x[1], -1));
}

/* The same with the powers as rows, which a loop takes in, and back. */
static AgTensor *
record_columns (AgTensor **x)
{
  static const gint64 exponents[] = { 1, 2, 3 };
  AgTensor *exponent = ag_from_data (AG_DTYPE_INT64, AG_SHAPE (3, 1), exponents);
  AgTensor *powers = ag_tensor_ref (ag_pow (ag_unsqueeze (x[0], 0), exponent));
  AgTensor *vector = ag_tensor_ref (x[1]);
  AgTensor *weights, *y;

  /* What a loop takes in is in memory. */
  g_assert_true (ag_graph_end_step (ag_graph_current (), NULL));
  weights = ag_matmul (powers, ag_unsqueeze (vector, -1));
  y = ag_matmul (ag_transpose (powers, 0, 1), weights);
  y = ag_matmul (powers, ag_square (y));
  ag_tensor_unref (powers);
  ag_tensor_unref (vector);
  return y;
}

static AgTensor *
record_product (AgTensor **x)
{
  AgTensor *a = ag_reshape (x[0], AG_SHAPE (20, 50)), *b = ag_reshape (x[1], AG_SHAPE (50, 20));

  return ag_matmul (a, b);
}

static AgTensor *
record_dims_sum (AgTensor **x)
{
  static const gint dims[] = { 1 };

  return ag_sum_dims (ag_reshape (x[0], AG_SHAPE (10, 20, 5)), 1, dims, FALSE);
}

/* Sums over one block and over several, views, products of all shapes. */
static void
test_stages (void)
{
  for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    {
      compare (dtype, 2, 1000, 1, 1000, record_sum, 0);
      compare (dtype, 2, 100000, 1, 100000, record_sum, 0);
      compare (dtype, 2, 60, 1, 3600, record_strided, 0);
      compare (dtype, 2, 1000, 3, 1000, record_powers, 0);
      compare (dtype, 2, 100000, 3, 100000, record_powers, 0);
      compare (dtype, 2, 1000, 3, 1e11, record_columns, 0);
      compare (dtype, 2, 1000, 400, 50, record_product, 0);
      compare (dtype, 1, 1000, 50, 20, record_dims_sum, 0);
    }
}

static void
train (const AgRun *run,
       const char *device,
       AgSnapshot *last,
       double *losses)
{
  g_autoptr (GError) error = NULL;
  AgRun on_device = *run;
  AgTrainer *trainer;
  AgHistoryEntry entry;

  on_device.device = device;
  trainer = ag_trainer_new (&on_device, &error);
  g_assert_no_error (error);
  ag_trainer_start (trainer);
  ag_trainer_wait (trainer, -1);
  g_assert_no_error (ag_trainer_error (trainer));
  g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DONE);
  g_assert_true (ag_trainer_take_snapshot (trainer, last));
  for (gint64 i = 0; i < run->steps; i++)
    {
      g_assert_cmpint (ag_history_read (ag_trainer_history (trainer), 0, i, i, 1, &entry), ==, 1);
      losses[i] = entry.loss;
    }
  ag_trainer_free (trainer);
}

/* Every program with every optimizer, in both dtypes. */
static void
test_program (gconstpointer data)
{
  static const double initial[AG_PROGRAM_MAX_PARAMETERS] = { 0.3, -0.7, 0.2, 0.15, 0.01 };
  const AgProgramClass *program = data;
  double expected[60], losses[60];
  AgSnapshot cpu, gpu;
  AgRun run;

  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        ag_run_init (&run, program);
        ag_run_set_optimizer (&run, ag_optimizer_class_nth (i));
        run.learning_rate = fmin (run.learning_rate, 1e-3);
        if (i == 0)
          run.learning_rate = program->learning_rate < 1e-4 ? program->learning_rate : 1e-6;
        /* From zeros, as Legendre's, gradients are what rounding left, and an
         * optimizer that divides by their size makes steps of it. */
        run.init = AG_INIT_VALUES;
        for (guint k = 0; k < program->n_parameters; k++)
          run.values[k] = initial[k];
        run.dtype = dtype;
        run.steps = 60;
        run.points = dtype == AG_DTYPE_FLOAT32 ? 2000 : 20000;
        if (run.points > 2000 && i == 0)
          run.learning_rate /= 10;
        train (&run, "cpu", &cpu, expected);
        train (&run, "cuda", &gpu, losses);
        for (gint64 k = 0; k < run.steps; k++)
          g_assert_cmpfloat_with_epsilon (losses[k] / expected[k], 1,
                                          dtype == AG_DTYPE_FLOAT32 ? 2e-4 : 1e-9);
        for (guint k = 0; k < program->n_parameters; k++)
          g_assert_cmpfloat_with_epsilon (gpu.coefficients[k], cpu.coefficients[k],
                                          dtype == AG_DTYPE_FLOAT32 ? 2e-4 : 1e-9);
      }
}

/* Though many steps were taken before the loss was looked at: the step is
 * named, and what comes after it is taken back. */
static void
test_divergence (void)
{
  AgSnapshot last[2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GError) error = NULL;
      AgTrainer *trainer;
      AgRun run;

      ag_run_init (&run, ag_program_class_find ("autograd"));
      run.learning_rate = 4e-6;
      run.device = i == 0 ? "cpu" : "cuda";
      trainer = ag_trainer_new (&run, &error);
      g_assert_no_error (error);
      ag_trainer_start (trainer);
      ag_trainer_wait (trainer, -1);
      g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_DIVERGED);
      g_assert_true (ag_trainer_take_snapshot (trainer, &last[i]));
      g_assert_cmpint (ag_history_n_steps (ag_trainer_history (trainer)), ==,
                       last[i].diverged_step + 1);
      ag_trainer_free (trainer);
    }
  g_assert_cmpint (last[0].diverged_step, ==, last[1].diverged_step);
  g_assert_cmpint (last[0].step, ==, last[1].step);
  /* The odd ones have grown, the even ones are what rounding left beside them. */
  for (guint k = 0; k < 4; k++)
    g_assert_true (isfinite (last[1].coefficients[k]));
  for (guint k = 1; k < 4; k += 2)
    g_assert_cmpfloat_with_epsilon (last[1].coefficients[k] / last[0].coefficients[k], 1, 1e-2);
}

/* A GPU that has no memory left or is lost, at any time: a sentence, nothing
 * more, and the CPU goes on in the same process. */
static void
test_failures (void)
{
  static const char *const variables[] = { "HOST_GPU_ALLOCATIONS", "HOST_GPU_LAUNCHES" };
  double losses[20];
  AgSnapshot last;
  AgRun run;

  ag_run_init (&run, ag_program_class_find ("autograd"));
  run.steps = G_N_ELEMENTS (losses);
  run.points = 20000;
  run.learning_rate = 1e-7;
  for (guint i = 0; i < G_N_ELEMENTS (variables); i++)
    for (guint n_calls = 0; n_calls < 40; n_calls++)
      {
        g_autofree char *text = g_strdup_printf ("%u", n_calls);
        g_autoptr (GError) error = NULL;
        AgTrainer *trainer;

        g_setenv (variables[i], text, TRUE);
        run.device = "cuda";
        trainer = ag_trainer_new (&run, &error);
        g_assert_no_error (error);
        ag_trainer_start (trainer);
        ag_trainer_wait (trainer, -1);
        if (ag_trainer_state (trainer) != AG_TRAINER_DONE)
          {
            g_assert_cmpint (ag_trainer_state (trainer), ==, AG_TRAINER_FAILED);
            g_assert_error (ag_trainer_error (trainer), AG_ERROR, AG_ERROR_DEVICE);
          }
        else
          {
            /* It had enough. */
            g_assert_cmpuint (n_calls, >, 2);
          }
        ag_trainer_free (trainer);
        g_unsetenv (variables[i]);
      }
  train (&run, "cpu", &last, losses);
  train (&run, "cuda", &last, losses);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/source/ops", test_ops);
  g_test_add_func ("/source/stages", test_stages);
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const AgProgramClass *program = ag_program_class_nth (i);
      g_autofree char *path = g_strdup_printf ("/source/programs/%s", program->id);

      g_test_add_data_func (path, program, test_program);
    }
  g_test_add_func ("/source/divergence", test_divergence);
  g_test_add_func ("/source/failures", test_failures);
  return g_test_run ();
}
