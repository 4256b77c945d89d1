/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-look-up.h"

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
 * @moments: (nullable): of the run that is looked at
 * @wanted: the step that is wanted
 * @is_wanted: whether it is not being looked up so far
 * @moment: (nullable): what was found last
 *
 * Looks moments of a run up. If steps are wanted faster than they are found, some are left out,
 * and the last one never is. The thread keeps the run's data at hand.
 */
struct _ConvergeLookUp
{
  ConvergeFinder parent_instance;

  AgMoments *moments;
  gint64 wanted;
  gboolean is_wanted;
  AgMoment *moment;
};

G_DEFINE_FINAL_TYPE (ConvergeLookUp, converge_look_up, CONVERGE_TYPE_FINDER)

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
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_moments_unref (request->moments);
  g_clear_pointer (&request->moment, ag_moment_unref);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = converge_finder_end,
  .clear = clear,
};

static Request *
request_new (ConvergeLookUp *self,
             gint64 step)
{
  Request *request = converge_errand_new (&request_kind, self);

  request->moments = ag_moments_ref (self->moments);
  request->step = step;
  return request;
}

static void
begin (ConvergeLookUp *self)
{
  self->is_wanted = FALSE;
  converge_finder_ask (CONVERGE_FINDER (self), request_new (self, self->wanted));
}

static gboolean
take (ConvergeFinder *finder,
      ConvergeErrand *errand)
{
  ConvergeLookUp *self = CONVERGE_LOOK_UP (finder);
  Request *request = (Request *) errand;
  const gboolean is_found = request->moment != NULL;

  if (is_found)
    {
      g_clear_pointer (&self->moment, ag_moment_unref);
      self->moment = g_steal_pointer (&request->moment);
    }
  if (self->is_wanted)
    begin (self);
  return is_found;
}

/* The memory that looking up took is given back as well. */
static void
forget (ConvergeFinder *finder)
{
  ConvergeLookUp *self = CONVERGE_LOOK_UP (finder);

  self->is_wanted = FALSE;
  if (self->moments != NULL)
    converge_finder_send (finder, request_new (self, -1));
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_clear_pointer (&self->moment, ag_moment_unref);
}

static void
converge_look_up_class_init (ConvergeLookUpClass *klass)
{
  ConvergeFinderClass *finder_class = CONVERGE_FINDER_CLASS (klass);

  finder_class->take = take;
  finder_class->forget = forget;
}

static void
converge_look_up_init (ConvergeLookUp *self)
{
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
      converge_finder_forget (CONVERGE_FINDER (self));
      self->moments = ag_moments_ref (moments);
    }
  self->wanted = step;
  self->is_wanted = TRUE;
  if (!converge_finder_is_busy (CONVERGE_FINDER (self)))
    begin (self);
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
