/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sweep-private.h"

#include <math.h>
#include <string.h>

/* A sweep of the window is made of the settings; these functions find out whether it still is of
 * those that there are now. */

/* How many values a range has, of one setting and of each of two. */
#define N_VALUES 200
#define N_VALUES_OF_TWO 64

#define MAX_CURVES 16

static gboolean
is_swept (ConvergeSweep *self,
          const char *id)
{
  for (guint i = 0; i < self->n_axes; i++)
    if (strcmp (self->subjects[i], id) == 0)
      return TRUE;
  return FALSE;
}

/* Whether two starts differ in nothing but the values that are swept. */
static gboolean
has_same_start (ConvergeSweep *self,
                const AgRunSpec *a,
                const AgRunSpec *b)
{
  const AgModelClass *model = a->program->model;
  g_autofree double *first = ag_run_spec_init_values (a);
  g_autofree double *second = ag_run_spec_init_values (b);

  for (guint i = 0; i < model->n_parameters; i++)
    {
      g_autofree char *id = g_strconcat (AG_SWEEP_INIT, model->parameters[i], NULL);
      const double one = first != NULL ? first[i] : NAN, other = second != NULL ? second[i] : NAN;

      if (!is_swept (self, id) && one != other && !(isnan (one) && isnan (other)))
        return FALSE;
    }
  return TRUE;
}

/**
 * converge_sweep_is_made_for:
 * @self: a sweep
 * @spec: the settings as they are now
 *
 * Returns: whether the results are those of such runs: what is swept, and what no loss
 *   depends on, may be anything
 */
gboolean
converge_sweep_is_made_for (ConvergeSweep *self,
                            const AgRunSpec *spec)
{
  const AgRunSpec *before = &self->made_for;

  if (self->results == NULL || before->program != spec->program
      || before->optimizer != spec->optimizer || !has_same_start (self, before, spec)
      || !ag_run_spec_has_newest_data (spec, self->data))
    return FALSE;
  for (guint i = 0; i < ag_setting_n (spec); i++)
    {
      const AgSetting *setting = ag_setting_nth (spec, i);

      if (setting->mention != AG_SETTING_NEVER && strcmp (setting->id, "init") != 0
          && !is_swept (self, setting->id) && !ag_setting_is_equal (setting, before, spec))
        return FALSE;
    }
  return TRUE;
}

/* A curve for the run that is set up, or one for each optimizer that has what is swept. */
static guint
find_curves (ConvergeSweep *self,
             const AgRunSpec *spec,
             AgSweepAxis *const *axes,
             AgRunSpec *specs)
{
  guint n = 0;

  specs[n++] = *spec;
  for (guint i = 0; self->has_all && i < ag_optimizer_n_classes () && n < MAX_CURVES; i++)
    {
      const AgOptimizerClass *optimizer = ag_optimizer_class_nth (i);
      gboolean has_subjects = optimizer != spec->optimizer;

      specs[n] = *spec;
      ag_run_spec_set_optimizer (&specs[n], optimizer);
      for (guint k = 0; k < self->n_axes; k++)
        has_subjects = has_subjects && ag_sweep_axis_is_of (axes[k], &specs[n], NULL);
      n += has_subjects;
    }
  return n;
}

static gboolean
make_axes (ConvergeSweep *self,
           const AgRunSpec *spec,
           AgSweepAxis **axes,
           GError **error)
{
  const guint n_values = self->n_axes > 1 ? N_VALUES_OF_TWO : N_VALUES;

  for (guint i = 0; i < self->n_axes; i++)
    {
      axes[i] = ag_sweep_axis_new (spec, self->subjects[i], converge_sweep_find_range (self, i),
                                   n_values, error);
      if (axes[i] == NULL)
        return FALSE;
    }
  return TRUE;
}

/**
 * converge_sweep_begin:
 * @self: a sweep without results
 * @n_threads: how many threads it may have at first
 * @error: return location for a #GError
 *
 * Begins to make the runs that its settings say.
 */
void
converge_sweep_begin (ConvergeSweep *self,
                      guint n_threads,
                      GError **error)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  const AgSweepManner manner
    = AG_SWEEP_BACKGROUND
      | (self->look.quantity == CONVERGE_SWEEP_STEPS ? AG_SWEEP_PLAIN : AG_SWEEP_WITHOUT_SEARCH);
  AgSweepAxis *axes[AG_SWEEP_MAX_AXES] = { NULL };
  AgRunSpec specs[MAX_CURVES];

  if (make_axes (self, spec, axes, error))
    self->results = ag_sweep_new (specs, find_curves (self, spec, axes, specs), axes, self->n_axes,
                                  n_threads, manner, error);
  for (guint i = 0; i < self->n_axes; i++)
    g_clear_pointer (&axes[i], ag_sweep_axis_free);
  self->made_for = *spec;
  g_clear_pointer (&self->data, ag_data_unref);
  self->data = ag_run_spec_find_data (spec);
}

/* A setting that no optimizer or program of the sweep has any more gives way to the learning
 * rate. */
static void
mend_subjects (ConvergeSweep *self,
               const AgRunSpec *spec)
{
  static const char *const standard[AG_SWEEP_MAX_AXES] = { "lr", "momentum" };
  g_autoptr (GPtrArray) ids = ag_sweep_subjects (spec);

  for (guint i = 0; i < self->n_axes; i++)
    {
      const char *instead = standard[i];

      if (g_ptr_array_find_with_equal_func (ids, self->subjects[i], g_str_equal, NULL))
        continue;
      if (!g_ptr_array_find_with_equal_func (ids, instead, g_str_equal, NULL))
        instead = "seed";
      g_free (self->subjects[i]);
      self->subjects[i] = g_strdup (instead);
      g_clear_pointer (&self->ranges[i], g_free);
    }
}

/* A suggested range stays as long as it suits: taking over a value from it must not move it. */
static void
renew_suggestions (ConvergeSweep *self,
                   const AgRunSpec *spec)
{
  AgRunSpec specs[MAX_CURVES] = { *converge_settings_defaults (self->settings) };
  guint n = 1;

  for (guint i = 0; self->has_all && i < ag_optimizer_n_classes () && n < MAX_CURVES; i++)
    {
      specs[n] = *spec;
      ag_run_spec_set_optimizer (&specs[n++], ag_optimizer_class_nth (i));
    }
  for (guint i = 0; i < self->n_axes; i++)
    {
      g_free (self->suggested[i]);
      self->suggested[i] = ag_sweep_suggest (specs, n, self->subjects[i]);
    }
}

/**
 * converge_sweep_suggest:
 * @self: a sweep
 *
 * Finds what its ranges are where nobody has typed them, and something else to sweep where
 * the run has not what was swept.
 */
void
converge_sweep_suggest (ConvergeSweep *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);

  mend_subjects (self, spec);
  renew_suggestions (self, spec);
}
