/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sharpness.h"

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
 * @moments: (nullable): those of the run whose curve it is
 * @curve: (nullable): the curve, unless a request has it
 * @points: (element-type AgSharpnessPoint): what was found so far
 *
 * Finds how curved the loss was over the steps of a run, as long as somebody looks at it.
 */
struct _ConvergeSharpness
{
  ConvergeFinder parent_instance;

  AgMoments *moments;
  AgSharpnessCurve *curve;
  GArray *points;
};

G_DEFINE_FINAL_TYPE (ConvergeSharpness, converge_sharpness, CONVERGE_TYPE_FINDER)

static void
run (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  ag_sharpness_curve_extend (request->curve, request->n_steps, SLICE_US, &errand->work, NULL);
}

static gboolean
take (ConvergeFinder *finder,
      ConvergeErrand *errand)
{
  ConvergeSharpness *self = CONVERGE_SHARPNESS (finder);
  Request *request = (Request *) errand;
  const AgSharpnessPoint *points;
  gsize n_points;

  self->curve = g_steal_pointer (&request->curve);
  points = ag_sharpness_curve_points (self->curve, &n_points);
  if (n_points == self->points->len)
    return FALSE;
  g_array_set_size (self->points, 0);
  g_array_append_vals (self->points, points, (guint) n_points);
  return TRUE;
}

static void
clear (ConvergeErrand *errand)
{
  g_clear_pointer (&((Request *) errand)->curve, ag_sharpness_curve_free);
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
  ConvergeSharpness *self = CONVERGE_SHARPNESS (finder);

  g_clear_pointer (&self->curve, ag_sharpness_curve_free);
  g_clear_pointer (&self->moments, ag_moments_unref);
  g_array_set_size (self->points, 0);
}

static void
converge_sharpness_finalize (GObject *object)
{
  g_array_unref (CONVERGE_SHARPNESS (object)->points);
  G_OBJECT_CLASS (converge_sharpness_parent_class)->finalize (object);
}

static void
converge_sharpness_class_init (ConvergeSharpnessClass *klass)
{
  ConvergeFinderClass *finder_class = CONVERGE_FINDER_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = converge_sharpness_finalize;
  finder_class->take = take;
  finder_class->forget = forget;
}

static void
converge_sharpness_init (ConvergeSharpness *self)
{
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
      converge_finder_forget (CONVERGE_FINDER (self));
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
      Request *request = converge_errand_new (&request_kind, self);

      request->curve = g_steal_pointer (&self->curve);
      request->n_steps = snapshot->step;
      converge_finder_ask (CONVERGE_FINDER (self), request);
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
