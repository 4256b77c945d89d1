/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "explain/sharpness-curve.h"

#include <string.h>

/* The steps of the points are multiples of a power of two, at most so many. A run that goes on
 * keeps those of its points that it had. */
#define MOST_POINTS 128

/* First the points of so many times the distance are found, then those in between. */
#define COARSEST 32

/**
 * AgSharpnessCurve:
 * @spec: the run
 * @data: its points
 * @moments: its moments
 * @landscape: (nullable): its landscape, once it is needed
 * @points: (element-type AgSharpnessPoint): what was found, by step
 */
struct _AgSharpnessCurve
{
  AgRunSpec spec;
  AgData *data;
  AgMoments *moments;
  AgLandscape *landscape;
  GArray *points;
};

/**
 * ag_sharpness_curve_new:
 * @spec: a run; copied
 * @data: its points; held
 * @moments: its moments; held
 *
 * Returns: (transfer full): its curve, without points so far
 */
AgSharpnessCurve *
ag_sharpness_curve_new (const AgRunSpec *spec,
                        AgData *data,
                        AgMoments *moments)
{
  AgSharpnessCurve *curve = g_new0 (AgSharpnessCurve, 1);

  curve->spec = *spec;
  curve->data = ag_data_ref (data);
  curve->moments = ag_moments_ref (moments);
  curve->points = g_array_new (FALSE, FALSE, sizeof (AgSharpnessPoint));
  return curve;
}

/**
 * ag_sharpness_curve_free:
 * @curve: (transfer full): a curve
 *
 * Frees it.
 */
void
ag_sharpness_curve_free (AgSharpnessCurve *curve)
{
  g_clear_pointer (&curve->landscape, ag_landscape_free);
  g_array_unref (curve->points);
  ag_moments_unref (curve->moments);
  ag_data_unref (curve->data);
  g_free (curve);
}

/* Where a point of a step is, or would be. */
static guint
find_place (const AgSharpnessCurve *curve,
            gint64 step)
{
  guint low = 0, high = curve->points->len;

  while (low < high)
    {
      const guint middle = (low + high) / 2;

      if (g_array_index (curve->points, AgSharpnessPoint, middle).step < step)
        low = middle + 1;
      else
        high = middle;
    }
  return low;
}

static gboolean
has_point (const AgSharpnessCurve *curve,
           gint64 step)
{
  const guint place = find_place (curve, step);

  return place < curve->points->len
         && g_array_index (curve->points, AgSharpnessPoint, place).step == step;
}

/* The step of the point that is to be found next; 0 if there is none. */
static gint64
find_next (const AgSharpnessCurve *curve,
           gint64 n_steps)
{
  gint64 distance = 1;

  while (n_steps / distance > MOST_POINTS)
    distance *= 2;
  for (gint64 wide = distance * COARSEST; wide >= distance; wide /= 2)
    for (gint64 step = wide; step <= n_steps; step += wide)
      if (!has_point (curve, step))
        return step;
  return 0;
}

/**
 * ag_sharpness_curve_is_complete:
 * @curve: a curve
 * @n_steps: how many steps the run has taken
 *
 * Returns: whether it has all of its points
 */
gboolean
ag_sharpness_curve_is_complete (const AgSharpnessCurve *curve,
                                gint64 n_steps)
{
  return find_next (curve, n_steps) == 0;
}

static gboolean
find_point (AgSharpnessCurve *curve,
            gint64 step,
            AgWork *work,
            GError **error)
{
  const gboolean needs_before = strcmp (curve->spec.optimizer->id, "sgd") != 0;
  g_autoptr (AgMoment) before
    = ag_moments_at (curve->moments, needs_before ? step - 1 : step, work, error);
  g_autoptr (AgMoment) after = before != NULL ? ag_moments_at (curve->moments, step, work, error)
                                              : NULL;
  AgSharpnessPoint point = { .step = step };

  if (after == NULL
      || !ag_sharpness_find (&curve->spec, curve->landscape, before, after, &point.sharpness,
                             error))
    return FALSE;
  g_array_insert_val (curve->points, find_place (curve, step), point);
  return TRUE;
}

/**
 * ag_sharpness_curve_extend:
 * @curve: a curve
 * @n_steps: how many steps the run has taken
 * @time_us: for how long, in microseconds; at least one point is found
 * @work: (nullable): what cancels this, from another thread
 * @error: return location for a #GError
 *
 * Finds points of the curve, those far apart first.
 *
 * Returns: whether all went well
 */
gboolean
ag_sharpness_curve_extend (AgSharpnessCurve *curve,
                           gint64 n_steps,
                           gint64 time_us,
                           AgWork *work,
                           GError **error)
{
  const gint64 begin = g_get_monotonic_time ();
  gboolean success = TRUE;
  gint64 step;

  if (curve->landscape == NULL)
    curve->landscape = ag_landscape_new (&curve->spec, curve->data, work, error);
  if (curve->landscape == NULL)
    return FALSE;
  ag_landscape_set_work (curve->landscape, work);
  while (success && (step = find_next (curve, n_steps)) > 0)
    {
      success = find_point (curve, step, work, error);
      if (g_get_monotonic_time () - begin >= time_us)
        break;
    }
  ag_landscape_set_work (curve->landscape, NULL);
  return success;
}

/**
 * ag_sharpness_curve_points:
 * @curve: a curve
 * @n_points: (out): how many points were found
 *
 * Returns: (transfer none): the points, by step
 */
const AgSharpnessPoint *
ag_sharpness_curve_points (const AgSharpnessCurve *curve,
                           gsize *n_points)
{
  *n_points = curve->points->len;
  return (const AgSharpnessPoint *) (gpointer) curve->points->data;
}
