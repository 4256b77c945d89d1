/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-sharpness.h"

/* How long the search for the curve goes on before the curve is drawn again. */
#define SLICE_US 40000

/**
 * Request:
 * @errand: what it is the beginning of
 * @moments: those of the run
 * @curve: what is to be found more of
 * @n_steps: how many steps the run has taken
 *
 * A part of the work on a curve.
 */
typedef struct
{
  ConvergeErrand errand;
  AgMoments *moments;
  AgSharpnessCurve *curve;
  gint64 n_steps;
} Request;

/**
 * Curve:
 * @curve: (nullable): the curve, unless a request has it
 * @points: (element-type AgSharpnessPoint): what was found so far
 * @n_in_vain: how many steps the run had when nothing more was found, −1 if that was not so
 *
 * The part of a run's curve that is known.
 */
typedef struct
{
  AgSharpnessCurve *curve;
  GArray *points;
  gint64 n_in_vain;
} Curve;

/**
 * ConvergeSharpness:
 * @known: (element-type AgMoments Curve): what is known of the runs that were asked for
 *
 * Finds how curved the loss was over the steps of runs, as long as somebody looks at it, one run
 * after the other.
 */
struct _ConvergeSharpness
{
  ConvergeFinder parent_instance;

  GHashTable *known;
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
  Curve *known = g_hash_table_lookup (self->known, request->moments);
  const AgSharpnessPoint *points;
  gsize n_points;

  /* The run may be gone. */
  if (known == NULL)
    return TRUE;
  /* It was forgotten meanwhile, and is wanted again. */
  g_clear_pointer (&known->curve, ag_sharpness_curve_free);
  known->curve = g_steal_pointer (&request->curve);
  points = ag_sharpness_curve_points (known->curve, &n_points);
  known->n_in_vain = n_points == known->points->len ? request->n_steps : -1;
  g_array_set_size (known->points, 0);
  g_array_append_vals (known->points, points, (guint) n_points);
  return TRUE;
}

static void
clear (ConvergeErrand *errand)
{
  Request *request = (Request *) errand;

  g_clear_pointer (&request->curve, ag_sharpness_curve_free);
  ag_moments_unref (request->moments);
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
  g_hash_table_remove_all (CONVERGE_SHARPNESS (finder)->known);
}

static void
converge_sharpness_finalize (GObject *object)
{
  g_hash_table_unref (CONVERGE_SHARPNESS (object)->known);
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
free_curve (gpointer data)
{
  Curve *curve = data;

  g_clear_pointer (&curve->curve, ag_sharpness_curve_free);
  g_array_unref (curve->points);
  g_free (curve);
}

static void
converge_sharpness_init (ConvergeSharpness *self)
{
  self->known = g_hash_table_new_full (NULL, NULL, (GDestroyNotify) ag_moments_unref, free_curve);
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

static Curve *
find_curve (ConvergeSharpness *self,
            ConvergeRun *run,
            AgMoments *moments)
{
  Curve *known = g_hash_table_lookup (self->known, moments);

  if (known != NULL)
    return known;
  known = g_new (Curve, 1);
  known->curve = ag_sharpness_curve_new (converge_run_spec (run),
                                         (AgData *) converge_run_data (run), moments);
  known->n_in_vain = -1;
  known->points = g_array_new (FALSE, FALSE, sizeof (AgSharpnessPoint));
  g_hash_table_insert (self->known, ag_moments_ref (moments), known);
  return known;
}

/**
 * converge_sharpness_keep:
 * @self: the sharpness
 * @is_wanted: says of the moments of a run whether there is such a run
 * @user_data: for @is_wanted
 *
 * Forgets what is known of runs that are gone.
 */
void
converge_sharpness_keep (ConvergeSharpness *self,
                         gboolean (*is_wanted) (AgMoments *moments,
                                                gpointer user_data),
                         gpointer user_data)
{
  GHashTableIter iter;
  gpointer moments;

  g_hash_table_iter_init (&iter, self->known);
  while (g_hash_table_iter_next (&iter, &moments, NULL))
    if (!is_wanted (moments, user_data))
      g_hash_table_iter_remove (&iter);
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
  Curve *known = moments != NULL ? find_curve (self, run, moments) : NULL;

  if (known != NULL && known->curve != NULL && snapshot != NULL
      && !converge_finder_is_busy (CONVERGE_FINDER (self)) && known->n_in_vain != snapshot->step
      && !ag_sharpness_curve_is_complete (known->curve, snapshot->step))
    {
      Request *request = converge_errand_new (&request_kind, self);

      request->moments = ag_moments_ref (moments);
      request->curve = g_steal_pointer (&known->curve);
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
  const Curve *known = g_hash_table_lookup (self->known, converge_run_moments (run));

  *n_points = known != NULL ? known->points->len : 0;
  return known != NULL ? (const AgSharpnessPoint *) (gpointer) known->points->data : NULL;
}
