/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source-cases.h"

#include "graph/create.h"
#include "graph/graph.h"
#include "graph/ops.h"
#include "program/program.h"

#include <math.h>

/* The expressions and runs whose source is tested: test-source.c runs it, and
 * test-nvrtc.c compiles it for GPUs. */

/* Calls @func with every row of the table of operations, in both dtypes. */
void
source_foreach_op (SourceExpressionFunc func)
{
  for (AgOp op = AG_OP_identity; op < AG_N_OPS; op++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        const SourceExpression expression = {
          .dtype = dtype,
          .n_operands = op == AG_OP_identity ? 1 : ag_op_info (op)->n_operands,
          .n = 100,
          .n_results = 100,
          .scale = 1,
          .op = op,
        };

        func (&expression);
      }
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

  /* A loop reads its operands from memory, so they are stored before. */
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

/* Calls @func with sums over one block and over several, views, and products of
 * all shapes. */
void
source_foreach_stage (SourceExpressionFunc func)
{
  static const SourceExpression expressions[] = {
    { .n_operands = 2, .n = 1000, .n_results = 1, .scale = 1000, .record = record_sum },
    { .n_operands = 2, .n = 100000, .n_results = 1, .scale = 100000, .record = record_sum },
    { .n_operands = 2, .n = 60, .n_results = 1, .scale = 3600, .record = record_strided },
    { .n_operands = 2, .n = 1000, .n_results = 3, .scale = 1000, .record = record_powers },
    { .n_operands = 2, .n = 100000, .n_results = 3, .scale = 100000, .record = record_powers },
    { .n_operands = 2, .n = 1000, .n_results = 3, .scale = 1e11, .record = record_columns },
    { .n_operands = 2, .n = 1000, .n_results = 400, .scale = 50, .record = record_product },
    { .n_operands = 1, .n = 1000, .n_results = 50, .scale = 20, .record = record_dims_sum },
  };

  for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
    for (guint i = 0; i < G_N_ELEMENTS (expressions); i++)
      {
        SourceExpression expression = expressions[i];

        expression.dtype = dtype;
        func (&expression);
      }
}

/* Calls @func with runs of the program by every optimizer, in both dtypes. */
void
source_foreach_run (const AgProgramClass *program,
                    SourceRunFunc func)
{
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    for (AgDType dtype = AG_DTYPE_FLOAT32; dtype <= AG_DTYPE_FLOAT64; dtype++)
      {
        AgRunSpec spec;

        ag_run_spec_init (&spec, program);
        ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (i));
        spec.lr = fmin (spec.lr, 1e-3);
        if (i == 0)
          spec.lr = program->lr < 1e-4 ? program->lr : 1e-6;
        /* From zeros, as Legendre's, gradients are what rounding left, and an
         * optimizer that divides by their size makes steps of it. Further ones are
         * drawn. */
        spec.init = program->model->n_parameters > 4 ? "a=0.3,b=-0.7,c=0.2,d=0.15,e=0.01"
                                                     : "a=0.3,b=-0.7,c=0.2,d=0.15";
        spec.dtype = dtype;
        spec.steps = 60;
        spec.points = dtype == AG_DTYPE_FLOAT32 ? 2000 : 20000;
        /* A net computes many values for each point, so fewer fill as many blocks. */
        if (program->model->n_parameters > 8)
          spec.points /= 10;
        if (dtype == AG_DTYPE_FLOAT64 && i == 0)
          spec.lr /= 10;
        func (&spec);
      }
}

/* A run that diverges. */
void
source_init_divergence (AgRunSpec *spec)
{
  ag_run_spec_init (spec, ag_program_class_find ("autograd"));
  spec->lr = 4e-6;
}

/* A run in the midst of which a GPU may fail. */
void
source_init_failure (AgRunSpec *spec)
{
  ag_run_spec_init (spec, ag_program_class_find ("autograd"));
  spec->steps = 20;
  spec->points = 20000;
  spec->lr = 1e-7;
}

/* Evaluates an expression on a device. @values takes SOURCE_MAX_RESULTS elements. */
void
source_evaluate (const char *device_id,
                 const SourceExpression *expression,
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
  for (guint i = 0; i < expression->n_operands; i++)
    operands[i] = ag_linspace (expression->dtype, -2.5 + 0.75 * i, 3.25 - 1.5 * i, expression->n);
  result = expression->record != NULL ? expression->record (operands)
                                      : ag_op_record (expression->op, operands);
  g_assert_cmpint (ag_tensor_n_elements (result), ==, expression->n_results);
  g_assert_cmpint (expression->n_results, <=, SOURCE_MAX_RESULTS);
  g_assert_true (ag_tensor_read (result, AG_DTYPE_FLOAT64, values, &error));
  g_assert_no_error (error);
  ag_graph_leave (graph);
  ag_graph_free (graph);
  ag_device_unref (device);
}
