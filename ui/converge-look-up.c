/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-look-up.h"

#include "converge-errand.h"

/**
 * Request:
 * @errand: what it is the beginning of
 * @moments: the moments of a run
 * @step: which of them; −1 to give back the memory that looking them up took
 * @moment: (nullable): the result
 *
 * The work that the thread is asked to do.
 */
typedef struct
{
  ConvergeErrand errand;
  AgMoments *moments;
  gint64 step;
  AgMoment *moment;
} Request;

/**
 * ConvergeLookUp:
 * @runner: a thread, always the same, which keeps the run's data at hand
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

  GThreadPool *runner;
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

static void begin (ConvergeLookUp *self);

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  if (request->step < 0)
    ag_moments_rest (request->moments);
  else
    request->moment = ag_moments_at (request->moments, request->step, &errand->work, NULL);
}

static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeLookUp *self = owner;
  Request *request = (Request *) errand;
  const gboolean is_found = request->moment != NULL;

  if (request != self->request)
    return;
  self->request = NULL;
  if (is_found)
    {
      g_clear_pointer (&self->moment, ag_moment_unref);
      self->moment = g_steal_pointer (&request->moment);
    }
  if (self->is_wanted)
    begin (self);
  if (is_found)
    g_signal_emit (self, signals[FOUND], 0);
}

static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_moments_unref (request->moments);
  g_clear_pointer (&request->moment, ag_moment_unref);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = end,
  .clear = clear,
};

static Request *
send (ConvergeLookUp *self,
      gint64 step)
{
  Request *request = converge_errand_new (&request_kind, self);

  request->moments = ag_moments_ref (self->moments);
  request->step = step;
  converge_errand_send (request, self->runner);
  return request;
}

static void
begin (ConvergeLookUp *self)
{
  self->is_wanted = FALSE;
  self->request = send (self, self->wanted);
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

  g_thread_pool_free (self->runner, FALSE, FALSE);
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
  self->runner = converge_errand_runner_new ();
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
  g_clear_pointer (&self->request, converge_errand_cancel);
  self->is_wanted = FALSE;
  if (self->moments != NULL)
    send (self, -1);
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
