/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-surface.h"

#include "converge-errand.h"

#include "train/initial.h"

#include <string.h>

/* Less than a frame, so that what follows a run that goes on keeps up with it. */
#define PATIENCE_US 8000

/**
 * Request:
 * @errand: what it is the beginning of
 * @wish: what is to be found out
 * @surface: (nullable): the loss, if something was found about the same before
 * @n_surveys: number of @surveys
 * @surveys: what was found so far
 * @has_failed: whether no more can be found
 *
 * The work that the thread is asked to do: to begin, or to go on.
 */
typedef struct
{
  ConvergeErrand errand;
  ConvergeSurfaceWish wish;
  AgSurface *surface;
  guint n_surveys;
  AgSurvey *surveys[CONVERGE_MAX_SURFACES];
  gboolean has_failed;
} Request;

/**
 * ConvergeSurface:
 * @runner: a thread
 * @running: (nullable): what it is doing
 * @is_beginning: whether that is the beginning, which is waited for
 * @wish: what was asked last
 * @has_wish: whether anything was
 * @surface: (nullable): the loss, unless a request has it
 * @n_surveys: number of @surveys
 * @surveys: what was found, unless a request has it
 * @has_failed: whether no more can be found
 *
 * Finds out what is to be seen of a surface, on a thread, so that the window does not wait: what is
 * coarse at once, and what is fine as long as nothing else is asked for.
 */
struct _ConvergeSurface
{
  GObject parent_instance;

  GThreadPool *runner;
  Request *running;
  gboolean is_beginning;
  ConvergeSurfaceWish wish;
  gboolean has_wish;
  AgSurface *surface;
  guint n_surveys;
  AgSurvey *surveys[CONVERGE_MAX_SURFACES];
  gboolean has_failed;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeSurface, converge_surface, G_TYPE_OBJECT)

/**
 * converge_surface_wish_clear:
 * @wish: a wish
 *
 * Lets go of all that it has.
 */
void
converge_surface_wish_clear (ConvergeSurfaceWish *wish)
{
  g_clear_pointer (&wish->data, ag_data_unref);
  g_clear_pointer (&wish->optimum, ag_optimum_unref);
  g_clear_pointer (&wish->moments, ag_moments_unref);
  g_clear_pointer (&wish->paths, g_ptr_array_unref);
}

static void
clear_surveys (guint *n_surveys,
               AgSurvey **surveys)
{
  for (guint i = 0; i < *n_surveys; i++)
    g_clear_pointer (&surveys[i], ag_survey_free);
  *n_surveys = 0;
}

static gboolean
make_surface (Request *request)
{
  ConvergeSurfaceWish *wish = &request->wish;

  if (wish->data == NULL)
    wish->data = ag_run_spec_data (&wish->spec, NULL);
  if (request->surface == NULL && wish->data != NULL)
    request->surface = ag_surface_new (&wish->spec, wish->data, wish->optimum, 0,
                                       &request->errand.work, NULL);
  return request->surface != NULL;
}

/* The moment, and the step from there; where it has taken none, the last one. */
static gboolean
find_moments (const Request *request,
              AgSurveyWish *survey)
{
  const ConvergeSurfaceWish *wish = &request->wish;
  AgWork *work = (AgWork *) &request->errand.work;

  if (wish->moments == NULL)
    {
      survey->initial = g_new (double, wish->spec.program->model->n_parameters);
      return ag_run_spec_initial (&wish->spec, survey->initial, NULL);
    }
  survey->at = ag_moments_at (wish->moments, wish->step, work, NULL);
  if (survey->at == NULL)
    return FALSE;
  survey->next = ag_moments_at (wish->moments, wish->step + 1, work, NULL);
  if (survey->next != NULL && survey->next->step == survey->at->step && survey->at->step > 0)
    survey->before = ag_moments_at (wish->moments, survey->at->step - 1, work, NULL);
  return TRUE;
}

static AgSurvey *
begin (Request *request,
       guint index)
{
  const ConvergeSurfaceWish *wish = &request->wish;
  const guint n = wish->spec.program->model->n_parameters;
  g_autoptr (AgSurveyWish) survey = ag_survey_wish_new ();

  survey->kind = wish->kind;
  if (!wish->has_kind)
    survey->kind = ag_surface_quadratic (request->surface) != NULL ? AG_PLANE_PROFILE : AG_PLANE_SLICE;
  memcpy (survey->parameters, index == 0 ? wish->parameters : request->surveys[0]->others,
          sizeof survey->parameters);
  survey->has_range = wish->has_range[index];
  memcpy (survey->range, wish->range[index], sizeof survey->range);
  for (guint i = 0; i < wish->paths->len; i++)
    g_ptr_array_add (survey->paths, ag_survey_path_copy (g_ptr_array_index (wish->paths, i), n));
  return find_moments (request, survey)
           ? ag_survey_new (request->surface, &wish->spec, survey, NULL)
           : NULL;
}

static void
refine (Request *request)
{
  for (guint i = 0; i < request->n_surveys; i++)
    if (!ag_survey_is_complete (request->surveys[i]))
      request->has_failed |= !ag_survey_refine (request->surveys[i], request->surface, NULL)
                             && !ag_work_is_cancelled (&request->errand.work);
}

static gboolean
is_complete (const Request *request)
{
  for (guint i = 0; i < request->n_surveys; i++)
    if (!ag_survey_is_complete (request->surveys[i]))
      return FALSE;
  return TRUE;
}

/* The first picture is as fine as it can be while nobody would notice that it comes later. */
static void
refine_for_a_while (Request *request,
                    gint64 until_us)
{
  while (!is_complete (request) && !request->has_failed && g_get_monotonic_time () < until_us)
    refine (request);
}

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;
  const gint64 begun_us = g_get_monotonic_time ();

  if (!make_surface (request))
    return;
  ag_surface_set_work (request->surface, &errand->work);
  if (request->n_surveys > 0)
    {
      refine (request);
    }
  else
    {
      request->surveys[0] = begin (request, 0);
      request->n_surveys = request->surveys[0] != NULL;
      if (request->n_surveys > 0 && request->surveys[0]->splits)
        request->surveys[1] = begin (request, 1);
      request->n_surveys += request->surveys[1] != NULL;
      refine_for_a_while (request, begun_us + PATIENCE_US);
    }
  ag_surface_set_work (request->surface, NULL);
}

static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeSurface *self = owner;
  Request *request = (Request *) errand;

  if (request != self->running)
    return;
  self->running = NULL;
  g_clear_pointer (&self->surface, ag_surface_free);
  self->surface = g_steal_pointer (&request->surface);
  clear_surveys (&self->n_surveys, self->surveys);
  for (guint i = 0; i < request->n_surveys; i++)
    self->surveys[i] = g_steal_pointer (&request->surveys[i]);
  self->n_surveys = request->n_surveys;
  self->has_failed = request->has_failed;
  request->n_surveys = 0;
  g_signal_emit (self, signals[FOUND], 0);
}

static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  converge_surface_wish_clear (&request->wish);
  g_clear_pointer (&request->surface, ag_surface_free);
  clear_surveys (&request->n_surveys, request->surveys);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = end,
  .clear = clear,
};

static void
converge_surface_dispose (GObject *object)
{
  ConvergeSurface *self = CONVERGE_SURFACE (object);

  g_clear_pointer (&self->running, converge_errand_cancel);
  converge_surface_wish_clear (&self->wish);
  g_clear_pointer (&self->surface, ag_surface_free);
  clear_surveys (&self->n_surveys, self->surveys);
  G_OBJECT_CLASS (converge_surface_parent_class)->dispose (object);
}

static void
converge_surface_finalize (GObject *object)
{
  g_thread_pool_free (CONVERGE_SURFACE (object)->runner, FALSE, FALSE);
  G_OBJECT_CLASS (converge_surface_parent_class)->finalize (object);
}

static void
converge_surface_class_init (ConvergeSurfaceClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_surface_dispose;
  object_class->finalize = converge_surface_finalize;

  /**
   * ConvergeSurface::found:
   * @self: the surface
   *
   * Something was found, or it turned out that nothing can be.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_surface_init (ConvergeSurface *self)
{
  self->runner = converge_errand_runner_new ();
}

/**
 * converge_surface_new:
 *
 * Returns: (transfer full): who finds out what is to be seen of surfaces
 */
ConvergeSurface *
converge_surface_new (void)
{
  return g_object_new (CONVERGE_TYPE_SURFACE, NULL);
}

/**
 * converge_surface_is_busy:
 * @self: the surface
 *
 * Returns: whether something is being found
 */
gboolean
converge_surface_is_busy (ConvergeSurface *self)
{
  return self->running != NULL;
}

/**
 * converge_surface_hurry:
 * @self: a surface
 *
 * Ends what is being found, unless it is a beginning, since something else is to be asked or nobody
 * sees it.
 */
void
converge_surface_hurry (ConvergeSurface *self)
{
  if (self->running != NULL && !self->is_beginning)
    converge_errand_cancel (self->running);
}

/* Whether the loss is the same function of the same coefficients. */
static gboolean
is_same_loss (const ConvergeSurfaceWish *a,
              const ConvergeSurfaceWish *b)
{
  return a->spec.program == b->spec.program && a->spec.loss == b->spec.loss && a->spec.delta == b->spec.delta
         && a->spec.pytorch == b->spec.pytorch && g_strcmp0 (a->spec.hold, b->spec.hold) == 0
         && ag_run_spec_has_same_data (&a->spec, &b->spec)
         && (a->optimum != NULL) == (b->optimum != NULL)
         && (a->optimum == NULL || a->optimum->loss == b->optimum->loss);
}

static void
send (ConvergeSurface *self,
      gboolean is_beginning)
{
  Request *request = converge_errand_new (&request_kind, self);

  request->wish.spec = self->wish.spec;
  request->surface = g_steal_pointer (&self->surface);
  self->is_beginning = is_beginning;
  if (is_beginning)
    {
      request->wish = self->wish;
      if (self->wish.data != NULL)
        ag_data_ref (self->wish.data);
      if (self->wish.optimum != NULL)
        ag_optimum_ref (self->wish.optimum);
      if (self->wish.moments != NULL)
        ag_moments_ref (self->wish.moments);
      request->wish.paths = g_steal_pointer (&self->wish.paths);
    }
  else
    {
      request->wish.data = self->wish.data != NULL ? ag_data_ref (self->wish.data) : NULL;
      for (guint i = 0; i < self->n_surveys; i++)
        request->surveys[i] = g_steal_pointer (&self->surveys[i]);
      request->n_surveys = self->n_surveys;
      self->n_surveys = 0;
    }
  self->running = request;
  converge_errand_send (request, self->runner);
}

/**
 * converge_surface_ask:
 * @self: a surface that is not busy
 * @wish: what is to be found out; what it has is taken from it
 *
 * Begins to find that out; “found” tells of it.
 */
void
converge_surface_ask (ConvergeSurface *self,
                      ConvergeSurfaceWish *wish)
{
  g_return_if_fail (self->running == NULL);

  if (self->has_wish && !is_same_loss (&self->wish, wish))
    g_clear_pointer (&self->surface, ag_surface_free);
  converge_surface_wish_clear (&self->wish);
  self->wish = *wish;
  self->has_wish = TRUE;
  memset (wish, 0, sizeof *wish);
  send (self, TRUE);
}

/**
 * converge_surface_go_on:
 * @self: a surface that is not busy
 *
 * Finds out more of what was asked for; “found” tells of it, and until then nothing is there.
 *
 * Returns: whether there is more
 */
gboolean
converge_surface_go_on (ConvergeSurface *self)
{
  for (guint i = 0; i < self->n_surveys && !self->has_failed; i++)
    if (!ag_survey_is_complete (self->surveys[i]))
      {
        send (self, FALSE);
        return TRUE;
      }
  return FALSE;
}

/**
 * converge_surface_get_n:
 * @self: the surface
 *
 * Returns: how many pictures there are; 0 while something is being found
 */
guint
converge_surface_get_n (ConvergeSurface *self)
{
  return self->running == NULL ? self->n_surveys : 0;
}

/**
 * converge_surface_get:
 * @self: a surface that is not busy
 * @index: which picture
 *
 * Returns: (transfer none): what was found
 */
const AgSurvey *
converge_surface_get (ConvergeSurface *self,
                      guint index)
{
  return self->surveys[index];
}
