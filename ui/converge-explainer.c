/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-explainer.h"

/**
 * Request:
 * @explainer: who wants it; may be gone by then
 * @spec: a run
 * @data: its points
 * @moments: its moments
 * @step: which of its steps
 * @work: what cancels it
 * @account: (nullable): the result
 *
 * What the thread is asked to do. It is given from the main loop to the thread and back.
 */
typedef struct
{
  GWeakRef explainer;
  AgRunSpec spec;
  AgData *data;
  AgMoments *moments;
  gint64 step;
  AgWork work;
  AgAccount *account;
} Request;

/**
 * ConvergeExplainer:
 * @pool: a thread
 * @running: (nullable): what it is doing
 * @next: (nullable): what it is to do then
 * @account: (nullable): what was found last
 *
 * Explains steps of a run, so that the window does not wait for that. If steps are wanted
 * faster than they are explained, some are left out, and the last one never is.
 */
struct _ConvergeExplainer
{
  GObject parent_instance;

  GThreadPool *pool;
  Request *running;
  Request *next;
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
request_free (gpointer data)
{
  Request *request = data;

  g_weak_ref_clear (&request->explainer);
  ag_data_unref (request->data);
  ag_moments_unref (request->moments);
  g_clear_pointer (&request->account, ag_account_free);
  g_free (request);
}

static void
begin (ConvergeExplainer *self)
{
  self->running = g_steal_pointer (&self->next);
  if (self->running != NULL)
    g_thread_pool_push (self->pool, self->running, NULL);
}

/* In the main loop. */
static gboolean
end (gpointer data)
{
  Request *request = data;
  g_autoptr (ConvergeExplainer) self = g_weak_ref_get (&request->explainer);
  gboolean is_found;

  if (self == NULL || request != self->running)
    return G_SOURCE_REMOVE;
  is_found = request->account != NULL;
  if (is_found)
    {
      g_clear_pointer (&self->account, ag_account_free);
      self->account = g_steal_pointer (&request->account);
    }
  begin (self);
  if (is_found)
    g_signal_emit (self, signals[FOUND], 0);
  return G_SOURCE_REMOVE;
}

/* On the thread. */
static void
work (gpointer data,
      gpointer user_data)
{
  Request *request = data;
  AgLandscape *landscape = ag_landscape_new (&request->spec, request->data, &request->work, NULL);

  if (landscape != NULL)
    {
      request->account = ag_account_new (&request->spec, request->moments, landscape,
                                         request->step, &request->work, NULL);
      ag_landscape_free (landscape);
    }
  g_idle_add_full (G_PRIORITY_DEFAULT, end, request, request_free);
}

static void
converge_explainer_dispose (GObject *object)
{
  converge_explainer_forget (CONVERGE_EXPLAINER (object));
  G_OBJECT_CLASS (converge_explainer_parent_class)->dispose (object);
}

static void
converge_explainer_finalize (GObject *object)
{
  g_thread_pool_free (CONVERGE_EXPLAINER (object)->pool, FALSE, FALSE);
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
  self->pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
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
 * converge_explainer_go:
 * @self: the explainer
 * @spec: a run; copied
 * @data: its points; held
 * @moments: its moments; held
 * @step: which of its steps, counted from 1, or 0
 *
 * Explains a step; “found” tells of it.
 */
void
converge_explainer_go (ConvergeExplainer *self,
                       const AgRunSpec *spec,
                       const AgData *data,
                       AgMoments *moments,
                       gint64 step)
{
  Request *request = g_new0 (Request, 1);

  g_weak_ref_init (&request->explainer, self);
  request->spec = *spec;
  request->data = ag_data_ref ((AgData *) data);
  request->moments = ag_moments_ref (moments);
  request->step = step;
  g_clear_pointer (&self->next, request_free);
  self->next = request;
  if (self->running == NULL)
    begin (self);
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
    ag_work_set_cancelled (&self->running->work, TRUE);
  self->running = NULL;
  g_clear_pointer (&self->next, request_free);
  g_clear_pointer (&self->account, ag_account_free);
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
