/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-follower.h"

/**
 * Request:
 * @errand: what it is the beginning of
 * @kind: what is to be found
 * @spec: a run
 * @data: its points
 * @moments: its moments
 * @step: the moment that is looked at
 * @detail: which detail is wanted
 * @maker: (nullable): what finds it, if something was found about this run before
 * @found: (nullable): the result
 *
 * The work that the thread is asked to do.
 */
typedef struct
{
  ConvergeErrand errand;
  const ConvergeFollowerKind *kind;
  AgRunSpec spec;
  AgData *data;
  AgMoments *moments;
  gint64 step;
  gint64 detail;
  gpointer maker;
  gpointer found;
} Request;

/**
 * ConvergeFollower:
 * @kind: what it finds
 * @next: (nullable): what the thread is to do when it has done what it is doing
 * @asked: (nullable): the moments of the run that was asked for last
 * @asked_step: which of them
 * @detail: which detail of the steps is wanted, −1 for none: what that is, its kind knows
 * @moments: (nullable): those of the run that @maker is for
 * @maker: (nullable): what finds something about that run, unless a request has it
 * @found: (nullable): what was found last
 *
 * Finds something about the step that is looked at. If steps are looked at faster than that,
 * some are left out, and the last one never is.
 */
struct _ConvergeFollower
{
  ConvergeFinder parent_instance;

  const ConvergeFollowerKind *kind;
  Request *next;
  AgMoments *asked;
  gint64 asked_step;
  gint64 detail;
  AgMoments *moments;
  gpointer maker;
  gpointer found;
};

G_DEFINE_FINAL_TYPE (ConvergeFollower, converge_follower, CONVERGE_TYPE_FINDER)

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  if (request->maker == NULL)
    request->maker = request->kind->make (&request->spec, request->data, request->moments,
                                          &errand->work);
  if (request->maker != NULL)
    request->found = request->kind->find (request->maker, request->step, request->detail, &errand->work);
}

static void
forget_maker (ConvergeFollower *self)
{
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_clear_pointer (&self->maker, self->kind->free_maker);
}

static void
begin (ConvergeFollower *self)
{
  if (self->next == NULL)
    return;
  if (self->next->moments == self->moments)
    self->next->maker = g_steal_pointer (&self->maker);
  converge_finder_ask (CONVERGE_FINDER (self), g_steal_pointer (&self->next));
}

static gboolean
take (ConvergeFinder *finder,
      ConvergeErrand *errand)
{
  ConvergeFollower *self = CONVERGE_FOLLOWER (finder);
  Request *request = (Request *) errand;
  const gboolean is_found = request->found != NULL;

  forget_maker (self);
  self->moments = ag_moments_ref (request->moments);
  self->maker = g_steal_pointer (&request->maker);
  if (is_found)
    {
      g_clear_pointer (&self->found, self->kind->free_found);
      self->found = g_steal_pointer (&request->found);
    }
  begin (self);
  return is_found;
}

static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_data_unref (request->data);
  ag_moments_unref (request->moments);
  g_clear_pointer (&request->maker, request->kind->free_maker);
  g_clear_pointer (&request->found, request->kind->free_found);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = converge_finder_end,
  .clear = clear,
};

static void
forget (ConvergeFinder *finder)
{
  ConvergeFollower *self = CONVERGE_FOLLOWER (finder);

  g_clear_pointer (&self->next, converge_errand_free);
  g_clear_pointer (&self->found, self->kind->free_found);
  g_clear_pointer (&self->asked, ag_moments_unref);
  forget_maker (self);
}

static void
converge_follower_class_init (ConvergeFollowerClass *klass)
{
  ConvergeFinderClass *finder_class = CONVERGE_FINDER_CLASS (klass);

  finder_class->take = take;
  finder_class->forget = forget;
}

static void
converge_follower_init (ConvergeFollower *self)
{
  self->detail = -1;
}

/**
 * converge_follower_new:
 * @kind: what is to be found about steps; static
 *
 * Returns: (transfer full): a follower
 */
ConvergeFollower *
converge_follower_new (const ConvergeFollowerKind *kind)
{
  ConvergeFollower *self = g_object_new (CONVERGE_TYPE_FOLLOWER, NULL);

  self->kind = kind;
  return self;
}

static void
ask (ConvergeFollower *self,
     ConvergeRun *run,
     gint64 step)
{
  Request *request = converge_errand_new (&request_kind, self);

  request->kind = self->kind;
  request->spec = *converge_run_spec (run);
  request->data = ag_data_ref ((AgData *) converge_run_data (run));
  request->moments = ag_moments_ref (converge_run_moments (run));
  request->step = step;
  request->detail = self->detail;
  g_clear_pointer (&self->next, converge_errand_free);
  self->next = request;
  if (!converge_finder_is_busy (CONVERGE_FINDER (self)))
    begin (self);
}

/**
 * converge_follower_follow:
 * @self: the follower
 * @runs: of which a moment of the selected one is looked at
 *
 * Finds what is to be found about the step that led to that moment, unless that was asked
 * before; “found” tells of it.
 *
 * Returns: whether there is a step
 */
gboolean
converge_follower_follow (ConvergeFollower *self,
                          ConvergeRuns *runs)
{
  ConvergeRun *run = converge_runs_get_selected (runs);
  const AgSnapshot *snapshot = run != NULL ? converge_run_snapshot (run) : NULL;
  const gint64 n_steps = snapshot != NULL ? snapshot->step : 0;
  gint64 step = converge_runs_get_step (runs);

  if (n_steps == 0 || converge_run_moments (run) == NULL)
    {
      converge_finder_forget (CONVERGE_FINDER (self));
      return FALSE;
    }
  step = step == CONVERGE_LIVE ? n_steps : MIN (step, n_steps);
  if (self->asked == converge_run_moments (run) && self->asked_step == step)
    return TRUE;
  g_clear_pointer (&self->asked, ag_moments_unref);
  self->asked = ag_moments_ref (converge_run_moments (run));
  self->asked_step = step;
  ask (self, run, step);
  return TRUE;
}

/**
 * converge_follower_set_detail:
 * @self: the follower
 * @detail: a detail of the steps that is wanted besides, −1 for none
 *
 * Findings that are asked for from now on are about that detail too.
 */
void
converge_follower_set_detail (ConvergeFollower *self,
                              gint64 detail)
{
  if (self->detail == detail)
    return;
  self->detail = detail;
  g_clear_pointer (&self->asked, ag_moments_unref);
}

/**
 * converge_follower_get_found:
 * @self: the follower
 *
 * Returns: (transfer none) (nullable): what was found last
 */
gconstpointer
converge_follower_get_found (ConvergeFollower *self)
{
  return self->found;
}
