/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/failure.h"

#include "data/expression-fault.h"
#include "model/formula-model.h"
#include "model/predictor.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Why a run's numbers stopped being finite, found out afterwards: the model is computed
 * once more with the last coefficients that were finite. */

/* At most this many points, taken evenly from the data, are looked at, so that it takes less
 * than a frame. */
#define MAX_ROWS 65536

#define POINTS_AT_A_TIME 512

/* A sentence has the values of so many parameters at most. */
#define MOST_NAMED 6

/**
 * Fault:
 * @row: number of the first point where that is, from 0; −1 if there is none
 * @x: where that is
 * @prediction: what is predicted there, if @is_part does not hold
 * @is_part: whether a part of the model's formula is to blame
 * @part: which
 *
 * The part of the formula that was not finite, or the loss, if all of the formula was finite.
 */
typedef struct
{
  gint64 row;
  double x;
  double prediction;
  gboolean is_part;
  AgExpressionFault part;
} Fault;

static char *
write_number (double value)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  return g_strdup (g_ascii_formatd (buffer, sizeof buffer, "%.6g", value));
}

/* The values of those parameters that count, as "b = 1.3, c = 0.2"; of very many, the
 * greatest. */
static char *
write_parameters (const AgModelClass *model,
                  const double *coefficients,
                  const gboolean *uses)
{
  GString *text = g_string_new (NULL);
  guint n = 0, greatest = 0;

  for (guint i = 0; i < model->n_parameters; i++)
    {
      n += uses == NULL || uses[i];
      if (fabs (coefficients[i]) > fabs (coefficients[greatest]))
        greatest = i;
    }
  for (guint i = 0; i < model->n_parameters; i++)
    {
      g_autofree char *value = write_number (coefficients[i]);

      if (n > MOST_NAMED ? i == greatest : uses == NULL || uses[i])
        g_string_append_printf (text, "%s%s = %s", text->len > 0 ? ", " : "",
                                model->parameters[i], value);
    }
  return g_string_free (text, FALSE);
}

/* Computes the loss of one point in the run's numbers. */
static double
loss_of (const AgRunSpec *spec,
         double prediction,
         double y)
{
  const double residual = ag_dtype_round (spec->dtype, prediction - y);

  return spec->loss->kind == AG_LOSS_MSE ? ag_dtype_round (spec->dtype, residual * residual)
                                         : residual;
}

/* Rounded as the run's tensors are. */
static void
read_points (const AgRunSpec *spec,
             const AgData *data,
             gint64 first,
             gint64 stride,
             gsize n,
             double *x,
             double *y)
{
  for (gsize i = 0; i < n; i++)
    {
      ag_data_read (data, (first + (gint64) i) * stride, 1, &x[i], &y[i]);
      x[i] = ag_dtype_round (spec->dtype, x[i]);
      y[i] = ag_dtype_round (spec->dtype, y[i]);
    }
}

/* Looks at a point that was predicted. A part of the formula says more than the loss that it
 * made too large, so it is what is looked for once a loss was found. */
static void
look_at (const AgRunSpec *spec,
         const double *coefficients,
         gint64 row,
         double x,
         double y,
         double prediction,
         Fault *fault)
{
  const AgExpression *expression = ag_formula_model_expression (spec->program->model);

  if (expression != NULL
      && ag_expression_find_overflow (expression, spec->dtype, x, coefficients, &prediction,
                                      &fault->part))
    *fault = (Fault){ row, x, prediction, TRUE, fault->part };
  prediction = ag_dtype_round (spec->dtype, prediction);
  if (fault->row < 0 && !isfinite (loss_of (spec, prediction, y)))
    *fault = (Fault){ .row = row, .x = x, .prediction = prediction };
}

/* Returns whether the model could be computed. */
static gboolean
find_fault (const AgRunSpec *spec,
            const AgData *data,
            const double *coefficients,
            AgPredictor *predictor,
            Fault *fault)
{
  const gint64 n_points = ag_data_n_points (data);
  const gint64 stride = (n_points + MAX_ROWS - 1) / MAX_ROWS;
  const gint64 n_rows = (n_points + stride - 1) / stride;
  double x[POINTS_AT_A_TIME], y[POINTS_AT_A_TIME], predictions[POINTS_AT_A_TIME] = { 0 };

  for (gint64 first = 0; first < n_rows; first += POINTS_AT_A_TIME)
    {
      const gsize n = (gsize) MIN (n_rows - first, POINTS_AT_A_TIME);

      read_points (spec, data, first, stride, n, x, y);
      if (predictor != NULL
          && !ag_predictor_evaluate (predictor, coefficients, n, x, predictions, NULL))
        return FALSE;
      for (gsize i = 0; i < n && !fault->is_part; i++)
        look_at (spec, coefficients, (first + (gint64) i) * stride, x[i], y[i], predictions[i],
                 fault);
    }
  return TRUE;
}

/* Returns what would help where the result of that operation is not finite. */
static const char *
advise (const AgRunSpec *spec,
        const AgExpressionFault *fault)
{
  const double last = fault->operands[ag_op_info (fault->op)->n_operands - 1];

  if (fault->op == AG_OP_div && last == 0)
    return _ ("Keep what is divided by away from 0, or leave that point out.");
  if (fault->op == AG_OP_log && last <= 0)
    return _ ("A logarithm needs something positive: take that of a square or of exp(…).");
  if (fault->op == AG_OP_sqrt || (fault->op == AG_OP_pow && isnan (fault->result)))
    return _ ("It needs something that is not negative, such as a square or exp(…).");
  return spec->dtype == AG_DTYPE_FLOAT32
           ? _ ("Begin with other values, scale x, or compute in float64.")
           : _ ("Begin with other values, or scale x.");
}

/* People look into a file by its lines, of which some have no point. */
static char *
write_place (const AgData *data,
             gint64 row)
{
  const AgTable *table = ag_data_table (data);
  const gint64 line = table != NULL ? ag_table_lines_nth (table->lines, row) : 0;

  return line > 0 ? g_strdup_printf (_ ("line %lld of the file"), (long long) line)
                  : g_strdup_printf (_ ("row %lld"), (long long) row + 1);
}

static char *
explain_formula (const AgRunSpec *spec,
                 const AgData *data,
                 const double *coefficients,
                 const Fault *fault)
{
  const AgModelClass *model = spec->program->model;
  const AgExpressionFault *part = &fault->part;
  g_autofree char *text = g_strndup (ag_formula_model_text (model) + part->begin,
                                     part->end - part->begin);
  g_autofree char *x = write_number (fault->x);
  g_autofree char *values = write_parameters (model, coefficients, part->uses);
  g_autofree char *place = write_place (data, fault->row);

  if (isnan (part->result))
    return g_strdup_printf (_ ("“%s” has no value at x = %s (%s) with %s. %s"), text, x, place,
                            values, advise (spec, part));
  return g_strdup_printf (_ ("“%s” overflowed at x = %s (%s) with %s. %s"), text, x, place, values,
                          advise (spec, part));
}

static char *
explain_prediction (const AgRunSpec *spec,
                    const AgData *data,
                    const double *coefficients,
                    const Fault *fault)
{
  g_autofree char *x = write_number (fault->x);
  g_autofree char *prediction = write_number (fault->prediction);
  g_autofree char *values = write_parameters (spec->program->model, coefficients, NULL);
  g_autofree char *place = write_place (data, fault->row);

  if (!isfinite (fault->prediction))
    return g_strdup_printf (_ ("The prediction overflowed at x = %s (%s) with %s."), x, place,
                            values);
  return g_strdup_printf (_ ("The prediction at x = %s (%s) was %s, too much for its loss in "
                             "%s, with %s."),
                          x, place, prediction, ag_dtype_name (spec->dtype),
                          values);
}

/**
 * ag_run_spec_explain_failure:
 * @spec: a run that diverged
 * @data: its points
 * @snapshot: its last snapshot, with the last coefficients that were finite
 *
 * Finds out where a run's numbers stopped being finite: the first part of a model's
 * formula, or the prediction, at which point and with which values of the parameters. It
 * computes the model once more, at some ten thousands of points at most.
 *
 * Returns: (transfer full) (nullable): a sentence or two, %NULL if the model could not be
 *   computed
 */
char *
ag_run_spec_explain_failure (const AgRunSpec *spec,
                             const AgData *data,
                             const AgSnapshot *snapshot)
{
  const AgModelClass *model = spec->program->model;
  g_autoptr (AgPredictor) predictor = NULL;
  g_autofree char *values = NULL;
  Fault fault = { .row = -1 };

  if (ag_formula_model_expression (model) == NULL)
    {
      predictor = ag_predictor_new (model, NULL);
      if (predictor == NULL)
        return NULL;
    }
  if (!find_fault (spec, data, snapshot->coefficients, predictor, &fault))
    return NULL;
  if (fault.row >= 0 && fault.is_part)
    return explain_formula (spec, data, snapshot->coefficients, &fault);
  if (fault.row >= 0)
    return explain_prediction (spec, data, snapshot->coefficients, &fault);
  values = write_parameters (model, snapshot->coefficients, NULL);
  return g_strdup_printf (_ ("Its last finite values are %s: the prediction was finite there, and the "
                             "step from there too long."),
                          values);
}
