/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-explainer.h"

#include "converge-errand.h"

/**
 * Request:
 * @errand: what it is the beginning of
 * @spec: a run
 * @data: its points
 * @moments: its moments
 * @step: which of its steps
 * @landscape: (nullable): the run's landscape, if a step of it was explained before; it is
 *   left there for the next one
 * @account: (nullable): the result
 *
 * The work that the thread is asked to do.
 */
typedef struct
{
  ConvergeErrand errand;
  AgRunSpec spec;
  AgData *data;
  AgMoments *moments;
  gint64 step;
  AgLandscape *landscape;
  AgAccount *account;
} Request;

/**
 * ConvergeExplainer:
 * @runner: a thread
 * @running: (nullable): what it is doing
 * @next: (nullable): what it is to do then
 * @asked: (nullable): the moments of the run that was asked for last
 * @asked_step: which of its steps
 * @moments: (nullable): those of the run whose step was explained last
 * @landscape: (nullable): that run's, unless a request has it
 * @account: (nullable): what was found last
 *
 * Explains steps of a run, so that the window does not wait for that. If steps are wanted
 * faster than they are explained, some are left out, and the last one never is.
 */
struct _ConvergeExplainer
{
  GObject parent_instance;

  GThreadPool *runner;
  Request *running;
  Request *next;
  AgMoments *asked;
  gint64 asked_step;
  AgMoments *moments;
  AgLandscape *landscape;
  AgAccount *account;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeExplainer, converge_explainer, G_TYPE_OBJECT)

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  if (request->landscape == NULL)
    request->landscape = ag_landscape_new (&request->spec, request->data, &errand->work, NULL);
  else
    ag_landscape_set_work (request->landscape, &errand->work);
  if (request->landscape == NULL)
    return;
  request->account = ag_account_new (&request->spec, request->moments, request->landscape,
                                     request->step, &errand->work, NULL);
  ag_landscape_set_work (request->landscape, NULL);
}

static void
forget_landscape (ConvergeExplainer *self)
{
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_clear_pointer (&self->landscape, ag_landscape_free);
}

static void
begin (ConvergeExplainer *self)
{
  self->running = g_steal_pointer (&self->next);
  if (self->running == NULL)
    return;
  if (self->running->moments == self->moments)
    self->running->landscape = g_steal_pointer (&self->landscape);
  converge_errand_send (self->running, self->runner);
}

/* A run's steps are explained with one landscape, which is slow to make of many points. */
static void
keep_landscape (ConvergeExplainer *self,
                Request *request)
{
  forget_landscape (self);
  self->moments = ag_moments_ref (request->moments);
  self->landscape = g_steal_pointer (&request->landscape);
}

static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeExplainer *self = owner;
  Request *request = (Request *) errand;
  const gboolean is_found = request->account != NULL;

  if (request != self->running)
    return;
  keep_landscape (self, request);
  if (is_found)
    {
      g_clear_pointer (&self->account, ag_account_free);
      self->account = g_steal_pointer (&request->account);
    }
  begin (self);
  if (is_found)
    g_signal_emit (self, signals[FOUND], 0);
}

static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_data_unref (request->data);
  ag_moments_unref (request->moments);
  g_clear_pointer (&request->landscape, ag_landscape_free);
  g_clear_pointer (&request->account, ag_account_free);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = end,
  .clear = clear,
};

static void
converge_explainer_dispose (GObject *object)
{
  converge_explainer_forget (CONVERGE_EXPLAINER (object));
  G_OBJECT_CLASS (converge_explainer_parent_class)->dispose (object);
}

static void
converge_explainer_finalize (GObject *object)
{
  g_thread_pool_free (CONVERGE_EXPLAINER (object)->runner, FALSE, FALSE);
  G_OBJECT_CLASS (converge_explainer_parent_class)->finalize (object);
}

static void
converge_explainer_class_init (ConvergeExplainerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_explainer_dispose;
  object_class->finalize = converge_explainer_finalize;

  /**
   * ConvergeExplainer::found:
   * @self: the explainer
   *
   * There is another account.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_explainer_init (ConvergeExplainer *self)
{
  self->runner = converge_errand_runner_new ();
}

/**
 * converge_explainer_new:
 *
 * Returns: (transfer full): an explainer
 */
ConvergeExplainer *
converge_explainer_new (void)
{
  return g_object_new (CONVERGE_TYPE_EXPLAINER, NULL);
}

/**
 * converge_explainer_forget:
 * @self: the explainer
 *
 * Gives up what is being explained, and forgets what was found.
 */
void
converge_explainer_forget (ConvergeExplainer *self)
{
  if (self->running != NULL)
    converge_errand_cancel (self->running);
  self->running = NULL;
  g_clear_pointer (&self->next, converge_errand_free);
  g_clear_pointer (&self->account, ag_account_free);
  g_clear_pointer (&self->asked, ag_moments_unref);
  forget_landscape (self);
}

static void
explain (ConvergeExplainer *self,
         ConvergeRun *run,
         gint64 step)
{
  Request *request = converge_errand_new (&request_kind, self);

  request->spec = *converge_run_spec (run);
  request->data = ag_data_ref ((AgData *) converge_run_data (run));
  request->moments = ag_moments_ref (converge_run_moments (run));
  request->step = step;
  g_clear_pointer (&self->next, converge_errand_free);
  self->next = request;
  if (self->running == NULL)
    begin (self);
}

/**
 * converge_explainer_follow:
 * @self: the explainer
 * @runs: of which a step of the selected one is looked at
 *
 * Explains the step that is looked at, unless that was asked before; “found” tells of it.
 *
 * Returns: whether there is a step
 */
gboolean
converge_explainer_follow (ConvergeExplainer *self,
                           ConvergeRuns *runs)
{
  ConvergeRun *run = converge_runs_get_selected (runs);
  const AgSnapshot *snapshot = run != NULL ? converge_run_snapshot (run) : NULL;
  const gint64 n_steps = snapshot != NULL ? snapshot->step : 0;
  gint64 step = converge_runs_get_step (runs);

  if (n_steps == 0 || converge_run_moments (run) == NULL)
    {
      converge_explainer_forget (self);
      return FALSE;
    }
  step = step == CONVERGE_LIVE ? n_steps : MIN (step, n_steps);
  if (self->asked == converge_run_moments (run) && self->asked_step == step)
    return TRUE;
  g_clear_pointer (&self->asked, ag_moments_unref);
  self->asked = ag_moments_ref (converge_run_moments (run));
  self->asked_step = step;
  explain (self, run, step);
  return TRUE;
}

/**
 * converge_explainer_get_account:
 * @self: the explainer
 *
 * Returns: (transfer none) (nullable): what was found last
 */
const AgAccount *
converge_explainer_get_account (ConvergeExplainer *self)
{
  return self->account;
}
