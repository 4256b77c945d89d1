/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-runs.h"

#include "converge-look-up.h"
#include "converge-run-colors.h"

/**
 * ConvergeRuns:
 * @rows: (element-type ConvergeRun): the runs
 * @blank: a run that is never prepared and in no row
 * @selected: the one that is looked at: one of @rows, or @blank
 * @colors: how many runs there are of each colour, with those that are out of the list and
 *   may come back
 * @step: which of its moments, or %CONVERGE_LIVE
 * @look_up: what finds that moment
 * @moments: (nullable): of the run that @step is one of
 *
 * The runs that the window has, as a list model, those that are pinned before the others.
 * One of them is selected, and one of its moments is shown: the newest, or a past one.
 */
struct _ConvergeRuns
{
  GObject parent_instance;

  GPtrArray *rows;
  ConvergeRun *blank;
  ConvergeRun *selected;
  GArray *colors;
  gint64 step;
  ConvergeLookUp *look_up;
  AgMoments *moments;
};

enum
{
  PROP_0,
  PROP_SELECTED,
  PROP_STEP,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

enum
{
  MOMENT,
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static GType
converge_runs_get_item_type (GListModel *model)
{
  return CONVERGE_TYPE_RUN;
}

static guint
converge_runs_get_n_items (GListModel *model)
{
  return CONVERGE_RUNS (model)->rows->len;
}

static gpointer
converge_runs_get_item (GListModel *model,
                        guint position)
{
  GPtrArray *rows = CONVERGE_RUNS (model)->rows;

  return position < rows->len ? g_object_ref (g_ptr_array_index (rows, position)) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = converge_runs_get_item_type;
  interface->get_n_items = converge_runs_get_n_items;
  interface->get_item = converge_runs_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (ConvergeRuns, converge_runs, G_TYPE_OBJECT, G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
converge_runs_get_property (GObject *object,
                            guint id,
                            GValue *value,
                            GParamSpec *pspec)
{
  ConvergeRuns *self = CONVERGE_RUNS (object);

  switch (id)
    {
    case PROP_SELECTED:
      g_value_set_object (value, self->selected);
      break;
    case PROP_STEP:
      g_value_set_int64 (value, self->step);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
converge_runs_set_property (GObject *object,
                            guint id,
                            const GValue *value,
                            GParamSpec *pspec)
{
  ConvergeRuns *self = CONVERGE_RUNS (object);

  switch (id)
    {
    case PROP_SELECTED:
      converge_runs_set_selected (self, g_value_get_object (value));
      break;
    case PROP_STEP:
      converge_runs_set_step (self, g_value_get_int64 (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
go_live (ConvergeRuns *self)
{
  if (self->step == CONVERGE_LIVE)
    return;
  self->step = CONVERGE_LIVE;
  converge_finder_forget (CONVERGE_FINDER (self->look_up));
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
  g_signal_emit (self, signals[MOMENT], 0);
}

/* A row that got another run, or lost its own, has no longer that moment. One that is over and
 * not looked at needs neither thread nor tensors. */
static void
run_changed (ConvergeRuns *self,
             ConvergeRun *run)
{
  if (run != self->selected)
    converge_run_lay_down (run);
  else if (converge_run_moments (run) != self->moments)
    go_live (self);
  g_signal_emit (self, signals[CHANGED], 0, run);
}

static void
moment_found (ConvergeRuns *self)
{
  g_signal_emit (self, signals[MOMENT], 0);
}

static void
converge_runs_dispose (GObject *object)
{
  ConvergeRuns *self = CONVERGE_RUNS (object);

  g_clear_object (&self->selected);
  g_clear_object (&self->blank);
  g_clear_object (&self->look_up);
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_ptr_array_set_size (self->rows, 0);
  G_OBJECT_CLASS (converge_runs_parent_class)->dispose (object);
}

static void
converge_runs_finalize (GObject *object)
{
  g_ptr_array_unref (CONVERGE_RUNS (object)->rows);
  g_array_unref (CONVERGE_RUNS (object)->colors);
  G_OBJECT_CLASS (converge_runs_parent_class)->finalize (object);
}

static void
converge_runs_class_init (ConvergeRunsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = converge_runs_get_property;
  object_class->set_property = converge_runs_set_property;
  object_class->dispose = converge_runs_dispose;
  object_class->finalize = converge_runs_finalize;

  /**
   * ConvergeRuns:selected:
   *
   * The run that is looked at; where none is, one that was never prepared.
   */
  properties[PROP_SELECTED]
    = g_param_spec_object ("selected", NULL, NULL, CONVERGE_TYPE_RUN,
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * ConvergeRuns:step:
   *
   * Which of its moments is looked at: after how many steps, or %CONVERGE_LIVE.
   */
  properties[PROP_STEP]
    = g_param_spec_int64 ("step", NULL, NULL, CONVERGE_LIVE, G_MAXINT64, CONVERGE_LIVE,
                          G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  /**
   * ConvergeRuns::moment:
   * @self: the runs
   *
   * Another moment is to be shown: one was found, or it is the newest again.
   */
  signals[MOMENT] = g_signal_new ("moment", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                  NULL, NULL, G_TYPE_NONE, 0);

  /**
   * ConvergeRuns::changed:
   * @self: the runs
   * @run: one of them
   *
   * A run has a new snapshot, or another name, colour or place in plots.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 1, CONVERGE_TYPE_RUN);
}

static void
converge_runs_init (ConvergeRuns *self)
{
  self->rows = g_ptr_array_new_with_free_func (g_object_unref);
  self->blank = converge_run_new ();
  self->selected = g_object_ref (self->blank);
  self->colors = converge_run_colors_new ();
  self->step = CONVERGE_LIVE;
  self->look_up = converge_look_up_new ();
  g_signal_connect_object (self->look_up, "found", G_CALLBACK (moment_found), self,
                           G_CONNECT_SWAPPED);
}

/**
 * converge_runs_new:
 *
 * Returns: (transfer full): a list of no runs
 */
ConvergeRuns *
converge_runs_new (void)
{
  return g_object_new (CONVERGE_TYPE_RUNS, NULL);
}

/**
 * converge_runs_n:
 * @self: the runs
 *
 * Returns: how many there are
 */
guint
converge_runs_n (ConvergeRuns *self)
{
  return self->rows->len;
}

/**
 * converge_runs_nth:
 * @self: the runs
 * @position: which one, below converge_runs_n()
 *
 * Returns: (transfer none): the run
 */
ConvergeRun *
converge_runs_nth (ConvergeRuns *self,
                   guint position)
{
  g_return_val_if_fail (position < self->rows->len, NULL);

  return g_ptr_array_index (self->rows, position);
}

/**
 * converge_runs_next_color:
 * @self: the runs
 *
 * Returns: index of the colour that the next new run gets
 */
guint
converge_runs_next_color (ConvergeRuns *self)
{
  return converge_run_colors_next (self->colors);
}

/**
 * converge_runs_find:
 * @self: the runs
 * @run: a run
 *
 * Returns: its position, past the end if it is not one of them
 */
guint
converge_runs_find (ConvergeRuns *self,
                    ConvergeRun *run)
{
  guint position;

  return g_ptr_array_find (self->rows, run, &position) ? position : self->rows->len;
}

/* How many rows there are above those that are not pinned. */
static guint
count_pinned (ConvergeRuns *self)
{
  guint n = 0;

  while (n < self->rows->len && converge_run_get_pinned (g_ptr_array_index (self->rows, n)))
    n++;
  return n;
}

static void
run_looks_different (ConvergeRuns *self,
                     GParamSpec *pspec,
                     ConvergeRun *run)
{
  g_signal_emit (self, signals[CHANGED], 0, run);
}

static void
pinned_changed (ConvergeRuns *self,
                GParamSpec *pspec,
                ConvergeRun *run)
{
  const guint n_pinned = count_pinned (self);

  /* The last of those that are, or the first of the others. */
  converge_runs_move (self, run, n_pinned);
}

/**
 * converge_runs_insert:
 * @self: the runs
 * @position: where; the end for more than there are
 * @run: a run that is not among them; held
 *
 * Adds a run, as near to a position as may be: those that are pinned are above the others.
 */
void
converge_runs_insert (ConvergeRuns *self,
                      guint position,
                      ConvergeRun *run)
{
  const guint n_pinned = count_pinned (self);

  g_return_if_fail (converge_runs_find (self, run) == self->rows->len);

  position = converge_run_get_pinned (run) ? MIN (position, n_pinned)
                                           : CLAMP (position, n_pinned, self->rows->len);
  converge_run_colors_take (self->colors, run);
  g_ptr_array_insert (self->rows, (gint) position, g_object_ref (run));
  g_signal_connect_object (run, "snapshot", G_CALLBACK (run_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify", G_CALLBACK (run_looks_different), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (run, "notify::pinned", G_CALLBACK (pinned_changed), self,
                           G_CONNECT_SWAPPED);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 0, 1);
}

/**
 * converge_runs_add:
 * @self: the runs
 * @run: a run that is not among them; held
 *
 * Appends a run. The first one is selected.
 */
void
converge_runs_add (ConvergeRuns *self,
                   ConvergeRun *run)
{
  converge_runs_insert (self, G_MAXUINT, run);
  if (self->rows->len == 1)
    converge_runs_set_selected (self, run);
}

/**
 * converge_runs_move:
 * @self: the runs
 * @run: one of them
 * @position: where it is to be; as near to that as may be, since those that are pinned are
 *   above the others
 */
void
converge_runs_move (ConvergeRuns *self,
                    ConvergeRun *run,
                    guint position)
{
  guint from, n_pinned;

  g_return_if_fail (g_ptr_array_find (self->rows, run, &from));

  g_ptr_array_steal_index (self->rows, from);
  n_pinned = count_pinned (self);
  position = converge_run_get_pinned (run) ? MIN (position, n_pinned)
                                           : CLAMP (position, n_pinned, self->rows->len);
  g_ptr_array_insert (self->rows, (gint) position, run);
  if (position == from)
    return;
  g_list_model_items_changed (G_LIST_MODEL (self), MIN (from, position),
                              MAX (from, position) - MIN (from, position) + 1,
                              MAX (from, position) - MIN (from, position) + 1);
}

static ConvergeRun *
find_neighbour (ConvergeRuns *self,
                guint position)
{
  if (position + 1 < self->rows->len)
    return g_ptr_array_index (self->rows, position + 1);
  return position > 0 ? g_ptr_array_index (self->rows, position - 1) : NULL;
}

/**
 * converge_runs_remove:
 * @self: the runs
 * @run: one of them
 *
 * Removes a run. If it was selected the one that follows is, or else the one before.
 */
void
converge_runs_remove (ConvergeRuns *self,
                      ConvergeRun *run)
{
  g_autoptr (ConvergeRun) removed = g_object_ref (run);
  guint position;

  g_return_if_fail (g_ptr_array_find (self->rows, run, &position));

  /* Followers of the list never find that the selected run is not in it. */
  if (self->selected == removed)
    converge_runs_set_selected (self, find_neighbour (self, position));
  g_signal_handlers_disconnect_by_data (removed, self);
  g_ptr_array_remove_index (self->rows, position);
  g_list_model_items_changed (G_LIST_MODEL (self), position, 1, 0);
}

/**
 * converge_runs_get_selected:
 * @self: the runs
 *
 * Returns: (transfer none): the run that is looked at; where none is, one that was never
 *   prepared and is in no row
 */
ConvergeRun *
converge_runs_get_selected (ConvergeRuns *self)
{
  return self->selected;
}

/**
 * converge_runs_set_selected:
 * @self: the runs
 * @run: (nullable): one of them, %NULL for none
 *
 * Looks at a run, at its newest moment.
 */
void
converge_runs_set_selected (ConvergeRuns *self,
                            ConvergeRun *run)
{
  if (run == NULL)
    run = self->blank;
  g_return_if_fail (run == self->blank || g_ptr_array_find (self->rows, run, NULL));

  if (run == self->selected)
    return;
  converge_run_lay_down (self->selected);
  g_set_object (&self->selected, run);
  g_object_freeze_notify (G_OBJECT (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SELECTED]);
  go_live (self);
  g_object_thaw_notify (G_OBJECT (self));
}

/**
 * converge_runs_get_step:
 * @self: the runs
 *
 * Returns: which moment of the selected run is looked at: after how many steps, or
 *   %CONVERGE_LIVE
 */
gint64
converge_runs_get_step (ConvergeRuns *self)
{
  return self->step;
}

/**
 * converge_runs_set_step:
 * @self: the runs
 * @step: after how many steps, or %CONVERGE_LIVE; what the run has not come to is its
 *   newest moment
 *
 * Looks at a moment of the selected run. A past one is there when “moment” tells of it;
 * until then the one before is.
 */
void
converge_runs_set_step (ConvergeRuns *self,
                        gint64 step)
{
  AgMoments *moments = converge_run_moments (self->selected);

  g_return_if_fail (step >= CONVERGE_LIVE);

  if (step == CONVERGE_LIVE || moments == NULL)
    {
      go_live (self);
      return;
    }
  if (moments != self->moments)
    {
      g_clear_pointer (&self->moments, ag_moments_unref);
      self->moments = ag_moments_ref (moments);
    }
  if (step == self->step)
    return;
  self->step = step;
  converge_look_up_go (self->look_up, moments, step);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
}

/**
 * converge_runs_go_to:
 * @self: the runs
 * @step: any number
 *
 * Looks at the nearest moment of the selected run that there is. The newest one is live: the
 * moments that follow it are looked at as they come.
 */
void
converge_runs_go_to (ConvergeRuns *self,
                     gint64 step)
{
  const AgSnapshot *snapshot = converge_run_snapshot (self->selected);
  const gint64 newest = snapshot != NULL ? snapshot->step : 0;

  converge_runs_set_step (self, step >= newest ? CONVERGE_LIVE : MAX (step, 0));
}

/**
 * converge_runs_get_moment:
 * @self: the runs
 *
 * Returns: (transfer none) (nullable): the past moment to be shown; %NULL where it is the
 *   newest, which the run's snapshot has
 */
AgMoment *
converge_runs_get_moment (ConvergeRuns *self)
{
  return self->step == CONVERGE_LIVE ? NULL : converge_look_up_get_moment (self->look_up);
}
