/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-what-if.h"

#include "converge-farewell.h"

/**
 * ConvergeWhatIf:
 * @settings: what the run would be made of
 * @runs: of which the selected one would go on, where it can
 * @widget: (nullable): whose frames it takes what was found in; a weak pointer
 * @finder: (nullable): what finds it; there while it is wanted
 * @future: (nullable): what was found
 * @tick: what is called in each frame, while something is to be found; else 0
 *
 * What the run would do that Train, Resume or Continue makes of the settings, for as long as
 * that is wanted. Whatever is changed, a slider that moves say, it is found anew.
 */
struct _ConvergeWhatIf
{
  GObject parent_instance;

  ConvergeSettings *settings;
  ConvergeRuns *runs;
  GtkWidget *widget;
  AgWhatIf *finder;
  AgFuture *future;
  guint tick;
};

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeWhatIf, converge_what_if, G_TYPE_OBJECT)

static void
stop_ticking (ConvergeWhatIf *self)
{
  if (self->tick != 0 && self->widget != NULL)
    gtk_widget_remove_tick_callback (self->widget, self->tick);
  self->tick = 0;
}

static void
let_go (ConvergeWhatIf *self)
{
  stop_ticking (self);
  g_clear_pointer (&self->future, ag_future_unref);
  if (self->finder != NULL)
    converge_bid_farewell ((GDestroyNotify) ag_what_if_free, g_steal_pointer (&self->finder));
}

static void
converge_what_if_dispose (GObject *object)
{
  ConvergeWhatIf *self = CONVERGE_WHAT_IF (object);

  let_go (self);
  g_clear_weak_pointer (&self->widget);
  g_clear_object (&self->settings);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_what_if_parent_class)->dispose (object);
}

static void
converge_what_if_class_init (ConvergeWhatIfClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_what_if_dispose;

  /**
   * ConvergeWhatIf::changed:
   * @self: what a run would do
   *
   * More is known of it, or nothing any more.
   */
  signals[CHANGED] = g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                   NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_what_if_init (ConvergeWhatIf *self)
{
}

static gboolean
take_frame (GtkWidget *widget,
            GdkFrameClock *clock,
            gpointer user_data)
{
  ConvergeWhatIf *self = user_data;
  AgFuture *future = ag_what_if_take (self->finder);
  const gboolean is_busy = ag_what_if_is_busy (self->finder);

  if (!is_busy)
    self->tick = 0;
  /* It was asked for before the settings were wrong. */
  if (future != NULL && converge_settings_error (self->settings) != NULL)
    g_clear_pointer (&future, ag_future_unref);
  if (future != NULL)
    {
      g_clear_pointer (&self->future, ag_future_unref);
      self->future = future;
    }
  if (future != NULL || !is_busy)
    g_signal_emit (self, signals[CHANGED], 0);
  return is_busy ? G_SOURCE_CONTINUE : G_SOURCE_REMOVE;
}

/* Whether the button that trains would let a run go on rather than make a new one. */
static gboolean
goes_on (ConvergeRun *run,
         const AgRunSpec *wanted)
{
  const AgSnapshot *snapshot = run != NULL ? converge_run_snapshot (run) : NULL;

  return snapshot != NULL && snapshot->state != AG_TRAINER_DIVERGED
         && snapshot->state != AG_TRAINER_FAILED && snapshot->step > 0
         && snapshot->step < wanted->steps
         && ag_run_spec_can_become (converge_run_spec (run), wanted);
}

static void
forget (ConvergeWhatIf *self)
{
  if (self->future == NULL)
    return;
  g_clear_pointer (&self->future, ag_future_unref);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
ask (ConvergeWhatIf *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  ConvergeRun *run = converge_runs_get_selected (self->runs);

  if (self->finder == NULL)
    return;
  if (converge_settings_error (self->settings) != NULL)
    {
      forget (self);
      return;
    }
  if (goes_on (run, spec))
    ag_what_if_ask (self->finder, spec, converge_run_moments (run), converge_run_snapshot (run)->step);
  else
    ag_what_if_ask (self->finder, spec, NULL, 0);
  if (self->tick == 0 && self->widget != NULL)
    self->tick = gtk_widget_add_tick_callback (self->widget, take_frame, self, NULL);
}

/* A run that was given up does not go on. */
static void
run_changed (ConvergeWhatIf *self,
             ConvergeRun *run)
{
  if (run == converge_runs_get_selected (self->runs) && converge_run_snapshot (run) == NULL
      && !converge_run_is_preparing (run, NULL))
    ask (self);
}

/**
 * converge_what_if_new:
 * @widget: whose frames it takes what was found in
 * @settings: what the run would be made of
 * @runs: of which the selected one may go on
 *
 * Returns: (transfer full): what a run would do, which nobody wants to know so far
 */
ConvergeWhatIf *
converge_what_if_new (GtkWidget *widget,
                      ConvergeSettings *settings,
                      ConvergeRuns *runs)
{
  ConvergeWhatIf *self = g_object_new (CONVERGE_TYPE_WHAT_IF, NULL);

  g_set_weak_pointer (&self->widget, widget);
  self->settings = g_object_ref (settings);
  self->runs = g_object_ref (runs);
  g_signal_connect_object (settings, "changed", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "notify::selected", G_CALLBACK (ask), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (run_changed), self, G_CONNECT_SWAPPED);
  return self;
}

/**
 * converge_what_if_get_active:
 * @self: what a run would do
 *
 * Returns: whether it is wanted
 */
gboolean
converge_what_if_get_active (ConvergeWhatIf *self)
{
  return self->finder != NULL;
}

/**
 * converge_what_if_set_active:
 * @self: what a run would do
 * @is_active: whether it is wanted
 *
 * Begins to find it out, or lets go of what it takes to do so.
 */
void
converge_what_if_set_active (ConvergeWhatIf *self,
                             gboolean is_active)
{
  if (is_active == (self->finder != NULL))
    return;
  if (is_active)
    {
      self->finder = ag_what_if_new ();
      ask (self);
      return;
    }
  let_go (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/**
 * converge_what_if_get_future:
 * @self: what a run would do
 *
 * Returns: (transfer none) (nullable): what is known of it
 */
const AgFuture *
converge_what_if_get_future (ConvergeWhatIf *self)
{
  return self->future;
}

/**
 * converge_what_if_is_busy:
 * @self: what a run would do
 *
 * Returns: whether more will be known in one of the next frames
 */
gboolean
converge_what_if_is_busy (ConvergeWhatIf *self)
{
  return self->tick != 0;
}
