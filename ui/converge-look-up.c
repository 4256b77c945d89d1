/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-look-up.h"

/**
 * Request:
 * @look_up: who wants it; may be gone by then
 * @moments: the moments of a run
 * @step: which of them; −1 to give back the memory that looking them up took
 * @work: what cancels it
 * @moment: (nullable): the result
 *
 * What the thread is asked to do. It is given from the main loop to the thread and back.
 */
typedef struct
{
  GWeakRef look_up;
  AgMoments *moments;
  gint64 step;
  AgWork work;
  AgMoment *moment;
} Request;

/**
 * ConvergeLookUp:
 * @pool: one thread, always the same, which keeps the run's data at hand
 * @moments: (nullable): of the run that is looked at
 * @wanted: the step that is wanted
 * @is_wanted: whether it is not being looked up so far
 * @request: (nullable): what is being looked up
 * @moment: (nullable): what was found last
 *
 * Looks moments of a run up, so that the window does not wait for them. If steps are
 * wanted faster than they are found, some are left out, and the last one never is.
 */
struct _ConvergeLookUp
{
  GObject parent_instance;

  GThreadPool *pool;
  AgMoments *moments;
  gint64 wanted;
  gboolean is_wanted;
  Request *request;
  AgMoment *moment;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeLookUp, converge_look_up, G_TYPE_OBJECT)

static void
request_free (gpointer data)
{
  Request *request = data;

  g_weak_ref_clear (&request->look_up);
  ag_moments_unref (request->moments);
  g_clear_pointer (&request->moment, ag_moment_unref);
  g_free (request);
}

static Request *
request_new (ConvergeLookUp *self,
             gint64 step)
{
  Request *request = g_new0 (Request, 1);

  g_weak_ref_init (&request->look_up, self);
  request->moments = ag_moments_ref (self->moments);
  request->step = step;
  return request;
}

static void
begin (ConvergeLookUp *self)
{
  self->is_wanted = FALSE;
  self->request = request_new (self, self->wanted);
  g_thread_pool_push (self->pool, self->request, NULL);
}

/* In the main loop. */
static gboolean
end (gpointer data)
{
  Request *request = data;
  g_autoptr (ConvergeLookUp) self = g_weak_ref_get (&request->look_up);
  gboolean is_found;

  if (self == NULL || request != self->request)
    return G_SOURCE_REMOVE;
  self->request = NULL;
  is_found = request->moment != NULL;
  if (is_found)
    {
      g_clear_pointer (&self->moment, ag_moment_unref);
      self->moment = g_steal_pointer (&request->moment);
    }
  if (self->is_wanted)
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

  if (request->step < 0)
    ag_moments_rest (request->moments);
  else
    request->moment = ag_moments_at (request->moments, request->step, &request->work, NULL);
  g_idle_add_full (G_PRIORITY_DEFAULT, end, request, request_free);
}

static void
converge_look_up_dispose (GObject *object)
{
  ConvergeLookUp *self = CONVERGE_LOOK_UP (object);

  converge_look_up_forget (self);
  G_OBJECT_CLASS (converge_look_up_parent_class)->dispose (object);
}

static void
converge_look_up_finalize (GObject *object)
{
  ConvergeLookUp *self = CONVERGE_LOOK_UP (object);

  g_thread_pool_free (self->pool, FALSE, FALSE);
  G_OBJECT_CLASS (converge_look_up_parent_class)->finalize (object);
}

static void
converge_look_up_class_init (ConvergeLookUpClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_look_up_dispose;
  object_class->finalize = converge_look_up_finalize;

  /**
   * ConvergeLookUp::found:
   * @self: the look-up
   *
   * There is another moment.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_look_up_init (ConvergeLookUp *self)
{
  self->pool = g_thread_pool_new (work, NULL, 1, FALSE, NULL);
}

/**
 * converge_look_up_new:
 *
 * Returns: (transfer full): a look-up
 */
ConvergeLookUp *
converge_look_up_new (void)
{
  return g_object_new (CONVERGE_TYPE_LOOK_UP, NULL);
}

/**
 * converge_look_up_go:
 * @self: the look-up
 * @moments: the moments of a run; held
 * @step: which of them, as in ag_moments_at()
 *
 * Looks a moment up; “found” tells of it. What else was wanted before is not wanted any
 * more.
 */
void
converge_look_up_go (ConvergeLookUp *self,
                     AgMoments *moments,
                     gint64 step)
{
  g_return_if_fail (moments != NULL && step >= 0);

  if (moments != self->moments)
    {
      converge_look_up_forget (self);
      self->moments = ag_moments_ref (moments);
    }
  self->wanted = step;
  self->is_wanted = TRUE;
  if (self->request == NULL)
    begin (self);
}

/**
 * converge_look_up_forget:
 * @self: the look-up
 *
 * Gives up what is being looked up, forgets what was found, and gives back the memory
 * that it took.
 */
void
converge_look_up_forget (ConvergeLookUp *self)
{
  if (self->request != NULL)
    ag_work_set_cancelled (&self->request->work, TRUE);
  self->request = NULL;
  self->is_wanted = FALSE;
  if (self->moments != NULL)
    g_thread_pool_push (self->pool, request_new (self, -1), NULL);
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_clear_pointer (&self->moment, ag_moment_unref);
}

/**
 * converge_look_up_get_moment:
 * @self: the look-up
 *
 * Returns: (transfer none) (nullable): what was found last
 */
AgMoment *
converge_look_up_get_moment (ConvergeLookUp *self)
{
  return self->moment;
}
