/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sweep-private.h"

#include "converge-farewell.h"

#include <string.h>

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* All that there are, in the order in which they were made. */
static GPtrArray *sweeps;

G_DEFINE_FINAL_TYPE (ConvergeSweep, converge_sweep, G_TYPE_OBJECT)

static void
let_go (AgSweep *results)
{
  if (results == NULL)
    return;
  ag_sweep_cancel (results);
  converge_bid_farewell ((GDestroyNotify) ag_sweep_unref, results);
}

static void
converge_sweep_dispose (GObject *object)
{
  ConvergeSweep *self = CONVERGE_SWEEP (object);

  let_go (g_steal_pointer (&self->results));
  g_ptr_array_remove (sweeps, self);
  g_clear_pointer (&self->data, ag_data_unref);
  g_clear_object (&self->settings);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_sweep_parent_class)->dispose (object);
}

static void
converge_sweep_finalize (GObject *object)
{
  ConvergeSweep *self = CONVERGE_SWEEP (object);

  for (guint i = 0; i < AG_SWEEP_MAX_AXES; i++)
    {
      g_free (self->subjects[i]);
      g_free (self->ranges[i]);
      g_free (self->suggested[i]);
    }
  g_free (self->error);
  G_OBJECT_CLASS (converge_sweep_parent_class)->finalize (object);
}

static void
converge_sweep_class_init (ConvergeSweepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_sweep_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_sweep_finalize;

  /**
   * ConvergeSweep::changed:
   * @self: a sweep
   *
   * It has other results, or none, or is looked at in another way.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_sweep_init (ConvergeSweep *self)
{
  if (sweeps == NULL)
    sweeps = g_ptr_array_new ();
  g_ptr_array_add (sweeps, self);
  self->look = (ConvergeSweepLook) CONVERGE_SWEEP_LOOK_INIT;
}

static gboolean
is_busy (ConvergeSweep *self)
{
  return self->is_active && self->results != NULL && !ag_sweep_is_over (self->results);
}

/* Sweeps that are seen at the same time share what there is; where that does not come out
 * even, the one that was made first has more. */
static guint
share_threads (ConvergeSweep *self,
               guint n_threads)
{
  guint n_busy = 0, before = 0;

  for (guint i = 0; i < sweeps->len; i++)
    {
      ConvergeSweep *other = g_ptr_array_index (sweeps, i);

      if (other == self)
        before = n_busy;
      n_busy += other == self || is_busy (other);
    }
  return n_threads / n_busy + (before < n_threads % n_busy);
}

/* A core for each run that is under way, and the rest for sweeps. */
static guint
count_threads (ConvergeSweep *self)
{
  const guint n_cores = g_get_num_processors ();
  guint n_running = 0;

  if (!self->is_active)
    return 0;
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (self->runs)); i++)
    {
      g_autoptr (ConvergeRun) run = g_list_model_get_item (G_LIST_MODEL (self->runs), i);
      const AgSnapshot *snapshot = converge_run_snapshot (run);

      n_running += snapshot != NULL && snapshot->state == AG_TRAINER_RUNNING;
    }
  return share_threads (self, n_cores - MIN (n_running, n_cores));
}

static void
restart (ConvergeSweep *self)
{
  AgSweep *before = g_steal_pointer (&self->results);
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->error, g_free);
  self->n_seen = 0;
  converge_sweep_suggest (self);
  if (self->is_active && converge_settings_error (self->settings) == NULL)
    converge_sweep_begin (self, MAX (count_threads (self), 1), &error);
  /* Not before, so that the new results are at another address than those that are shown. */
  let_go (before);
  self->error = g_strdup (error != NULL ? error->message : converge_settings_error (self->settings));
  converge_sweep_poll (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
follow_settings (ConvergeSweep *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);

  if (!self->is_active)
    return;
  if (converge_settings_error (self->settings) != NULL || !converge_sweep_is_made_for (self, spec))
    restart (self);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * converge_sweep_new:
 * @settings: what its runs are made of
 * @runs: those for which it makes room
 * @n_axes: of how many settings it goes through the values, 1 or 2
 *
 * Returns: (transfer full): a sweep, at rest
 */
ConvergeSweep *
converge_sweep_new (ConvergeSettings *settings,
                    ConvergeRuns *runs,
                    guint n_axes)
{
  ConvergeSweep *self = g_object_new (CONVERGE_TYPE_SWEEP, NULL);

  self->settings = g_object_ref (settings);
  self->runs = g_object_ref (runs);
  self->n_axes = n_axes;
  self->subjects[0] = g_strdup ("lr");
  self->subjects[1] = g_strdup ("momentum");
  converge_sweep_suggest (self);
  g_signal_connect_object (settings, "changed", G_CALLBACK (follow_settings), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * converge_sweep_n_axes:
 * @self: a sweep
 *
 * Returns: of how many settings it goes through the values
 */
guint
converge_sweep_n_axes (ConvergeSweep *self)
{
  return self->n_axes;
}

/**
 * converge_sweep_get_subject:
 * @self: a sweep
 * @axis: which axis
 *
 * Returns: (transfer none): what takes the values, as ag_sweep_subjects() has it
 */
const char *
converge_sweep_get_subject (ConvergeSweep *self,
                            guint axis)
{
  return self->subjects[axis];
}

/**
 * converge_sweep_get_range:
 * @self: a sweep
 * @axis: which axis
 *
 * Returns: (transfer none): from where to where the values go
 */
const char *
converge_sweep_get_range (ConvergeSweep *self,
                          guint axis)
{
  return converge_sweep_find_range (self, axis);
}

/**
 * converge_sweep_set_subject:
 * @self: a sweep
 * @axis: which axis
 * @id: one of ag_sweep_subjects()
 *
 * Lets something else take the values, in the range that is suggested for it. Two axes
 * with the same one exchange theirs.
 */
void
converge_sweep_set_subject (ConvergeSweep *self,
                            guint axis,
                            const char *id)
{
  if (strcmp (self->subjects[axis], id) == 0)
    return;
  for (guint i = 0; i < self->n_axes; i++)
    if (i != axis && strcmp (self->subjects[i], id) == 0)
      {
        g_free (self->subjects[i]);
        g_free (self->ranges[i]);
        self->subjects[i] = g_strdup (self->subjects[axis]);
        self->ranges[i] = g_steal_pointer (&self->ranges[axis]);
      }
  g_free (self->subjects[axis]);
  self->subjects[axis] = g_strdup (id);
  g_clear_pointer (&self->ranges[axis], g_free);
  restart (self);
}

/**
 * converge_sweep_set_range:
 * @self: a sweep
 * @axis: which axis
 * @range: (nullable): what was typed; %NULL for what is suggested
 */
void
converge_sweep_set_range (ConvergeSweep *self,
                          guint axis,
                          const char *range)
{
  if (g_strcmp0 (range, converge_sweep_get_range (self, axis)) == 0)
    return;
  g_free (self->ranges[axis]);
  self->ranges[axis] = g_strdup (range);
  restart (self);
}

/**
 * converge_sweep_get_has_all:
 * @self: a sweep
 *
 * Returns: whether it has a curve for each optimizer
 */
gboolean
converge_sweep_get_has_all (ConvergeSweep *self)
{
  return self->has_all;
}

/**
 * converge_sweep_set_has_all:
 * @self: a sweep
 * @has_all: whether it is to have a curve for each optimizer that has what is swept
 */
void
converge_sweep_set_has_all (ConvergeSweep *self,
                            gboolean has_all)
{
  if (self->has_all == has_all)
    return;
  self->has_all = has_all;
  restart (self);
}

/**
 * converge_sweep_get_look:
 * @self: a sweep
 *
 * Returns: (transfer none): how it is looked at; what is set now is known while it has
 *   results
 */
const ConvergeSweepLook *
converge_sweep_get_look (ConvergeSweep *self)
{
  for (guint i = 0; i < self->n_axes && self->results != NULL; i++)
    self->look.now[i] = ag_sweep_axis_now (ag_sweep_axis (self->results, i),
                                           converge_settings_spec (self->settings));
  return &self->look;
}

/**
 * converge_sweep_set_look:
 * @self: a sweep
 * @look: how it is to be looked at
 */
void
converge_sweep_set_look (ConvergeSweep *self,
                         const ConvergeSweepLook *look)
{
  const gboolean is_searched = self->look.quantity == CONVERGE_SWEEP_STEPS;

  self->look = *look;
  /* Only for the steps to the least loss it is looked for. */
  if (look->quantity == CONVERGE_SWEEP_STEPS && !is_searched
      && !ag_run_spec_has_exact_optimum (converge_settings_spec (self->settings)))
    restart (self);
  else
    g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * converge_sweep_set_active:
 * @self: a sweep
 * @is_active: whether somebody sees it
 *
 * Lets it begin, go on, or rest.
 */
void
converge_sweep_set_active (ConvergeSweep *self,
                           gboolean is_active)
{
  if (self->is_active == is_active)
    return;
  self->is_active = is_active;
  if (is_active)
    follow_settings (self);
  if (self->results != NULL)
    ag_sweep_set_n_threads (self->results, count_threads (self));
}

/**
 * converge_sweep_poll:
 * @self: a sweep
 *
 * Looks whether there are more results, once a frame, and how many cores it may have.
 *
 * Returns: whether there are
 */
gboolean
converge_sweep_poll (ConvergeSweep *self)
{
  guint n_seen = self->n_seen;

  if (self->results == NULL)
    return FALSE;
  ag_sweep_set_n_threads (self->results, count_threads (self));
  self->n_seen = ag_sweep_n_done (self->results);
  return self->n_seen != n_seen;
}

/**
 * converge_sweep_get_results:
 * @self: a sweep
 *
 * Returns: (transfer none) (nullable): what there is so far
 */
AgSweep *
converge_sweep_get_results (ConvergeSweep *self)
{
  return self->results;
}

/**
 * converge_sweep_get_error:
 * @self: a sweep
 *
 * Returns: (transfer none) (nullable): a sentence on why it cannot be made, or not to the end
 */
const char *
converge_sweep_get_error (ConvergeSweep *self)
{
  const GError *error = self->results != NULL && ag_sweep_is_over (self->results)
                          ? ag_sweep_error (self->results)
                          : NULL;

  return error != NULL ? error->message : self->error;
}

static void
take_over_value (ConvergeSweep *self,
                 const AgSweepAxis *axis,
                 const char *value,
                 double number)
{
  AgRunSpec spec = *converge_settings_spec (self->settings);

  if (axis->setting != NULL)
    {
      converge_settings_set_text (self->settings, axis->id, value);
      return;
    }
  ag_run_spec_set_init_value (&spec, axis->parameter, number);
  converge_settings_set_text (self->settings, "init", spec.init);
}

/**
 * converge_sweep_take_over:
 * @self: a sweep
 * @run: number of one of its runs
 *
 * Sets what was swept to the values of that run, its optimizer first, which brings settings
 * of its own.
 */
void
converge_sweep_take_over (ConvergeSweep *self,
                          guint run)
{
  const AgOptimizerClass *optimizer = ag_sweep_run_spec (self->results, run)->optimizer;
  AgSweepAxis *axes[AG_SWEEP_MAX_AXES] = { NULL };
  char *values[AG_SWEEP_MAX_AXES] = { NULL };
  double numbers[AG_SWEEP_MAX_AXES];

  /* The results may go with the first of these changes. */
  for (guint i = 0; i < self->n_axes; i++)
    {
      axes[i] = ag_sweep_axis_copy (ag_sweep_axis (self->results, i));
      values[i] = ag_sweep_format_value (self->results, run, i);
      numbers[i] = ag_sweep_value (self->results, run, i);
    }
  if (optimizer != converge_settings_spec (self->settings)->optimizer)
    converge_settings_set_text (self->settings, "optimizer", optimizer->id);
  for (guint i = 0; i < self->n_axes; i++)
    {
      take_over_value (self, axes[i], values[i], numbers[i]);
      ag_sweep_axis_free (axes[i]);
      g_free (values[i]);
    }
}
