/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sweep.h"

#include <math.h>
#include <string.h>

/* How many values a range has, of one setting and of each of two. */
#define N_VALUES 200
#define N_VALUES_OF_TWO 64

#define MAX_CURVES 16

/**
 * ConvergeSweep:
 * @settings: what its runs are made of
 * @runs: those for which it makes room
 * @n_axes: of how many settings it goes through the values
 * @subjects: what they are
 * @ranges: (nullable): what was typed for each range; %NULL for what is suggested
 * @suggested: of those, what that was last
 * @has_all: whether it has a curve for each optimizer
 * @look: how it is looked at
 * @is_active: whether somebody sees it
 * @made_for: the settings that @results are for
 * @results: (nullable): the sweep under way, or done
 * @n_seen: how many of its runs were seen
 * @error: (nullable): why there is none
 *
 * A sweep that follows the settings: when they change, it gives up what it did and begins
 * anew, as long as somebody sees it. It leaves a core to each run that is under way.
 */
struct _ConvergeSweep
{
  GObject parent_instance;

  ConvergeSettings *settings;
  ConvergeRuns *runs;
  guint n_axes;
  char *subjects[AG_SWEEP_MAX_AXES];
  char *ranges[AG_SWEEP_MAX_AXES];
  char *suggested[AG_SWEEP_MAX_AXES];
  gboolean has_all;
  ConvergeSweepLook look;
  gboolean is_active;
  AgRunSpec made_for;
  AgSweep *results;
  guint n_seen;
  char *error;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* All that there are, in the order in which they were made. */
static GPtrArray *sweeps;

G_DEFINE_FINAL_TYPE (ConvergeSweep, converge_sweep, G_TYPE_OBJECT)

static gpointer
say_farewell (gpointer data)
{
  ag_sweep_unref (data);
  return NULL;
}

/* Steps that are being taken may take a while: elsewhere, so that the window never
 * waits. It does where no thread can be had. */
static void
let_go (ConvergeSweep *self)
{
  AgSweep *results = g_steal_pointer (&self->results);
  GThread *thread;

  if (results == NULL)
    return;
  ag_sweep_cancel (results);
  thread = g_thread_try_new ("farewell", say_farewell, results, NULL);
  if (thread != NULL)
    g_thread_unref (thread);
  else
    say_farewell (results);
}

static void
converge_sweep_dispose (GObject *object)
{
  ConvergeSweep *self = CONVERGE_SWEEP (object);

  let_go (self);
  g_ptr_array_remove (sweeps, self);
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

/* Whether the results are those of the settings as they are now: what is swept, and what
 * no loss depends on, may be anything. */
static gboolean
is_made_for (ConvergeSweep *self,
             const AgRunSpec *spec)
{
  const AgRunSpec *before = &self->made_for;

  if (self->results == NULL || before->program != spec->program
      || before->optimizer != spec->optimizer || !has_same_start (self, before, spec))
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
      axes[i] = ag_sweep_axis_new (spec, self->subjects[i], converge_sweep_get_range (self, i),
                                   n_values, error);
      if (axes[i] == NULL)
        return FALSE;
    }
  return TRUE;
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
begin (ConvergeSweep *self,
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
                                  MAX (count_threads (self), 1), manner, error);
  for (guint i = 0; i < self->n_axes; i++)
    g_clear_pointer (&axes[i], ag_sweep_axis_free);
  self->made_for = *spec;
}

/* What no optimizer or program has any more gives way to the learning rate. */
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

/* What was suggested stays as long as it suits, so that a value that is taken over does
 * not move the range it was taken from. */
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

static void
restart (ConvergeSweep *self)
{
  g_autoptr (GError) error = NULL;

  let_go (self);
  g_clear_pointer (&self->error, g_free);
  self->n_seen = 0;
  mend_subjects (self, converge_settings_spec (self->settings));
  renew_suggestions (self, converge_settings_spec (self->settings));
  if (self->is_active && converge_settings_error (self->settings) == NULL)
    begin (self, &error);
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
  if (converge_settings_error (self->settings) != NULL || !is_made_for (self, spec))
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
  mend_subjects (self, converge_settings_spec (settings));
  renew_suggestions (self, converge_settings_spec (settings));
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
  return self->ranges[axis] != NULL ? self->ranges[axis] : self->suggested[axis];
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
 * Returns: (transfer none) (nullable): a sentence on why it cannot be made
 */
const char *
converge_sweep_get_error (ConvergeSweep *self)
{
  return self->error;
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
