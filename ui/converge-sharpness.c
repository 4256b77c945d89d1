/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sharpness.h"

#include "converge-errand.h"

/* So much of the curve is found before it is drawn again. */
#define SLICE_US 40000

/**
 * Request:
 * @errand: what it is the beginning of
 * @curve: what is to be found more of
 * @n_steps: how many steps the run has taken
 *
 * A part of the work on a curve.
 */
typedef struct
{
  ConvergeErrand errand;
  AgSharpnessCurve *curve;
  gint64 n_steps;
} Request;

/**
 * ConvergeSharpness:
 * @runner: a thread
 * @moments: (nullable): those of the run whose curve it is
 * @curve: (nullable): the curve, unless a request has it
 * @request: (nullable): what is being done
 * @points: (element-type AgSharpnessPoint): what was found so far
 *
 * Finds how curved the loss was over the steps of a run, as long as somebody looks at it.
 */
struct _ConvergeSharpness
{
  GObject parent_instance;

  GThreadPool *runner;
  AgMoments *moments;
  AgSharpnessCurve *curve;
  Request *request;
  GArray *points;
};

enum
{
  FOUND,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeSharpness, converge_sharpness, G_TYPE_OBJECT)

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_sharpness_curve_extend (request->curve, request->n_steps, SLICE_US, &errand->work, NULL);
}

static void
end (ConvergeErrand *errand,
     gpointer owner)
{
  ConvergeSharpness *self = owner;
  Request *request = (Request *) errand;
  const AgSharpnessPoint *points;
  gsize n_points;

  if (request != self->request)
    return;
  self->request = NULL;
  self->curve = g_steal_pointer (&request->curve);
  points = ag_sharpness_curve_points (self->curve, &n_points);
  if (n_points == self->points->len)
    return;
  g_array_set_size (self->points, 0);
  g_array_append_vals (self->points, points, (guint) n_points);
  g_signal_emit (self, signals[FOUND], 0);
}

static void
clear (ConvergeErrand *errand)
{
  g_clear_pointer (&((Request *) errand)->curve, ag_sharpness_curve_free);
}

static const ConvergeErrandKind request_kind = {
  .size = sizeof (Request),
  .run = run,
  .end = end,
  .clear = clear,
};

static void
forget (ConvergeSharpness *self)
{
  g_clear_pointer (&self->request, converge_errand_cancel);
  g_clear_pointer (&self->curve, ag_sharpness_curve_free);
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_array_set_size (self->points, 0);
}

static void
converge_sharpness_dispose (GObject *object)
{
  forget (CONVERGE_SHARPNESS (object));
  G_OBJECT_CLASS (converge_sharpness_parent_class)->dispose (object);
}

static void
converge_sharpness_finalize (GObject *object)
{
  ConvergeSharpness *self = CONVERGE_SHARPNESS (object);

  g_thread_pool_free (self->runner, FALSE, FALSE);
  g_array_unref (self->points);
  G_OBJECT_CLASS (converge_sharpness_parent_class)->finalize (object);
}

static void
converge_sharpness_class_init (ConvergeSharpnessClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_sharpness_dispose;
  object_class->finalize = converge_sharpness_finalize;

  /**
   * ConvergeSharpness::found:
   * @self: the sharpness
   *
   * There are more points.
   */
  signals[FOUND] = g_signal_new ("found", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

static void
converge_sharpness_init (ConvergeSharpness *self)
{
  self->runner = converge_errand_runner_new ();
  self->points = g_array_new (FALSE, FALSE, sizeof (AgSharpnessPoint));
}

/**
 * converge_sharpness_new:
 *
 * Returns: (transfer full): what finds the sharpness of runs
 */
ConvergeSharpness *
converge_sharpness_new (void)
{
  return g_object_new (CONVERGE_TYPE_SHARPNESS, NULL);
}

/**
 * converge_sharpness_follow:
 * @self: the sharpness
 * @run: a run
 * @n_points: (out): how many points there are
 *
 * Finds more of the run's curve, if there is more; “found” tells of it. Whoever still looks at
 * the curve then asks again.
 *
 * Returns: (transfer none): what was found so far
 */
const AgSharpnessPoint *
converge_sharpness_follow (ConvergeSharpness *self,
                           ConvergeRun *run,
                           gsize *n_points)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  AgMoments *moments = converge_run_moments (run);

  if (moments != self->moments)
    {
      forget (self);
      if (moments != NULL)
        {
          self->moments = ag_moments_ref (moments);
          self->curve = ag_sharpness_curve_new (converge_run_spec (run),
                                                (AgData *) converge_run_data (run), moments);
        }
    }
  if (self->curve != NULL && snapshot != NULL
      && !ag_sharpness_curve_is_complete (self->curve, snapshot->step))
    {
      self->request = converge_errand_new (&request_kind, self);
      self->request->curve = g_steal_pointer (&self->curve);
      self->request->n_steps = snapshot->step;
      converge_errand_send (self->request, self->runner);
    }
  return converge_sharpness_get_points (self, run, n_points);
}

/**
 * converge_sharpness_get_points:
 * @self: the sharpness
 * @run: a run
 * @n_points: (out): how many points there are
 *
 * Returns: (transfer none) (nullable): what was found of the run's curve
 */
const AgSharpnessPoint *
converge_sharpness_get_points (ConvergeSharpness *self,
                               ConvergeRun *run,
                               gsize *n_points)
{
  const gboolean is_its = self->moments != NULL && converge_run_moments (run) == self->moments;

  *n_points = is_its ? self->points->len : 0;
  return is_its ? (const AgSharpnessPoint *) (gpointer) self->points->data : NULL;
}
