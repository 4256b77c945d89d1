/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "reference.h"

#include "data/expression.h"
#include "train/setting.h"

#include <math.h>
#include <string.h>

/* Models made of formulas, trained as PyTorch trained them (record-formulas.py): initial
 * values bit for bit, losses and final values within what another order of rounding does. */

#define TOLERANCE_FLOAT32 2e-4
#define TOLERANCE_FLOAT64 1e-9

/* The fields of a row, of which those before STEP are one run's. */
enum
{
  FORMULA,
  TARGET,
  FROM,
  TO,
  LOSS,
  REDUCTION,
  DELTA,
  SEED,
  DTYPE,
  OPTIMIZER,
  LR,
  STEP,
  NAME,
  VALUE,
};

#define HEADER \
  "formula,target,from,to,loss,reduction,delta,seed,dtype,optimizer,lr,step,name,value"

/* Settings by their fields, in an order in which they can be set. */
static const struct
{
  const char *id;
  guint field;
} settings[] = {
  { "model", FORMULA },
  { "loss", LOSS },
  { "reduction", REDUCTION },
  { "delta", DELTA },
  { "optimizer", OPTIMIZER },
  { "lr", LR },
  { "target", TARGET },
  { "from", FROM },
  { "to", TO },
  { "seed", SEED },
  { "dtype", DTYPE },
};

/**
 * Case:
 * @rows: (element-type GStrv): the rows of a run
 */
typedef struct
{
  GPtrArray *rows;
} Case;

static gboolean
is_same_run (char **a,
             char **b)
{
  for (guint i = 0; i < STEP; i++)
    if (strcmp (a[i], b[i]) != 0)
      return FALSE;
  return TRUE;
}

static void
free_case (gpointer data)
{
  Case *c = data;

  g_ptr_array_unref (c->rows);
  g_free (c);
}

/* The rows of a run are one behind the other. */
static void
read_row (char **fields,
          gpointer user_data)
{
  GPtrArray *cases = user_data;
  Case *c = cases->len > 0 ? g_ptr_array_index (cases, cases->len - 1) : NULL;

  if (c == NULL || !is_same_run (g_ptr_array_index (c->rows, 0), fields))
    {
      c = g_new0 (Case, 1);
      c->rows = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
      g_ptr_array_add (cases, c);
    }
  g_ptr_array_add (c->rows, g_strdupv (fields));
}

static void
set_up (AgRunSpec *spec,
        char **fields,
        gint64 steps)
{
  ag_run_spec_init (spec, ag_program_class_find ("formula"));
  for (guint i = 0; i < G_N_ELEMENTS (settings); i++)
    {
      const AgSetting *setting = ag_setting_find (spec, settings[i].id);
      g_autoptr (GError) error = NULL;

      /* Only Huber's loss has a δ. */
      if (setting == NULL)
        continue;
      ag_setting_parse (setting, fields[settings[i].field], spec, &error);
      g_assert_no_error (error);
    }
  spec->points = 200;
  spec->steps = steps;
}

static void
test_case (gconstpointer data)
{
  const Case *c = data;
  char **last_row = g_ptr_array_index (c->rows, c->rows->len - 1);
  const gint64 n_steps = g_ascii_strtoll (last_row[STEP], NULL, 10);
  g_autoptr (AgHistory) history = NULL;
  g_autoptr (AgSnapshot) last = NULL;
  double initial[AG_EXPRESSION_MAX_PARAMETERS], worst = 0, tolerance, scale = 0;
  AgRunSpec spec;

  set_up (&spec, last_row, n_steps);
  tolerance = spec.dtype == AG_DTYPE_FLOAT64 ? TOLERANCE_FLOAT64 : TOLERANCE_FLOAT32;
  reference_run (&spec, &last, initial, &history);
  for (guint i = 0; i < spec.program->model->n_parameters; i++)
    scale = fmax (scale, fabs (last->coefficients[i]));
  for (guint i = 0; i < c->rows->len; i++)
    {
      char **fields = g_ptr_array_index (c->rows, i);
      const gint64 step = g_ascii_strtoll (fields[STEP], NULL, 10);
      const double want = g_ascii_strtod (fields[VALUE], NULL);
      const gint parameter = ag_model_class_find_parameter (spec.program->model, fields[NAME]);
      double have, error;

      if (parameter >= 0 && step == 0)
        {
          g_assert_cmpfloat (ag_dtype_round (spec.dtype, want), ==, initial[parameter]);
          continue;
        }
      have = parameter >= 0 ? last->coefficients[parameter] : reference_loss (history, step);
      error = fabs (have - want) / (parameter >= 0 ? scale : fabs (want));
      worst = fmax (worst, error);
      if (!(error <= tolerance))
        g_test_fail_printf ("step %s: %s is %.12g instead of %.12g", fields[STEP], fields[NAME],
                            have, want);
    }
  g_test_message ("all within %.1e", worst);
}

int
main (int argc,
      char **argv)
{
  g_autoptr (GPtrArray) cases = g_ptr_array_new_with_free_func (free_case);

  g_test_init (&argc, &argv, NULL);
  if (!reference_set_up ())
    return 0;
  reference_foreach ("pytorch-2/formulas.csv", HEADER, read_row, cases);
  for (guint i = 0; i < cases->len; i++)
    {
      Case *c = g_ptr_array_index (cases, i);
      char **fields = g_ptr_array_index (c->rows, 0);
      g_autofree char *path = g_strdup_printf ("/formulas/%u/%s/%s", i, fields[DTYPE],
                                               fields[OPTIMIZER]);

      g_test_add_data_func (path, c, test_case);
    }
  return g_test_run ();
}
