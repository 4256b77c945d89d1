/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/plane.h"

#include "explain/eigen.h"

#include <math.h>
#include <string.h>

static const char *const ids[AG_N_PLANE_KINDS] = {
  [AG_PLANE_PROFILE] = "profile",
  [AG_PLANE_SLICE] = "slice",
  [AG_PLANE_PATH] = "path",
};

/**
 * ag_plane_kind_id:
 * @kind: a kind of plane
 *
 * Returns: (transfer none): its name on the command line and in files
 */
const char *
ag_plane_kind_id (AgPlaneKind kind)
{
  return ids[kind];
}

/**
 * ag_plane_kind_find:
 * @id: a name
 *
 * Returns: the kind of that name, −1 if there is none
 */
gint
ag_plane_kind_find (const char *id)
{
  for (guint i = 0; i < AG_N_PLANE_KINDS; i++)
    if (strcmp (ids[i], id) == 0)
      return (gint) i;
  return -1;
}

static AgPlane *
make (AgPlaneKind kind,
      guint n)
{
  AgPlane *plane = g_new0 (AgPlane, 1);

  plane->kind = kind;
  plane->n = n;
  plane->base = g_new0 (double, 3 * (gsize) n);
  plane->axes[0] = plane->base + n;
  plane->axes[1] = plane->axes[0] + n;
  plane->range[0][1] = plane->range[1][1] = 1;
  return plane;
}

/* The base is what a place has that is along neither direction. */
static void
lead_through (AgPlane *plane,
              const double *through)
{
  double place[2];

  ag_plane_find (plane, through, place);
  for (guint i = 0; i < plane->n; i++)
    plane->base[i] = through[i] - place[0] * plane->axes[0][i] - place[1] * plane->axes[1][i];
}

/**
 * ag_plane_new:
 * @kind: %AG_PLANE_PROFILE or %AG_PLANE_SLICE
 * @n: number of coefficients, at least 2
 * @parameters: two of them
 * @through: (array length=n): what the others are; of a profile, where they are looked for from
 *
 * Returns: (transfer full): the plane over two parameters, with no range yet
 */
AgPlane *
ag_plane_new (AgPlaneKind kind,
              guint n,
              const guint parameters[2],
              const double *through)
{
  AgPlane *plane = make (kind, n);

  for (guint i = 0; i < 2; i++)
    {
      plane->parameters[i] = parameters[i];
      plane->axes[i][parameters[i]] = 1;
    }
  lead_through (plane, through);
  return plane;
}

static void
find_covariance (guint n,
                 gsize n_points,
                 const double *points,
                 double *covariance)
{
  g_autofree double *mean = g_new0 (double, n);

  for (gsize k = 0; k < n_points; k++)
    for (guint i = 0; i < n; i++)
      mean[i] += points[k * n + i] / (double) n_points;
  memset (covariance, 0, sizeof (double) * n * n);
  for (gsize k = 0; k < n_points; k++)
    for (guint i = 0; i < n; i++)
      for (guint j = 0; j < n; j++)
        covariance[i * n + j] += (points[k * n + i] - mean[i]) * (points[k * n + j] - mean[j]);
}

/* An axis may point either way. It is turned so that its largest component is positive, which keeps
 * the picture from turning around between two steps. */
static void
set_axis (double *axis,
          guint n,
          const double *vector)
{
  guint largest = 0;

  for (guint i = 1; i < n; i++)
    if (fabs (vector[i]) > fabs (vector[largest]) * (1 + 1e-9))
      largest = i;
  for (guint i = 0; i < n; i++)
    axis[i] = vector[largest] < 0 ? -vector[i] : vector[i];
}

/**
 * ag_plane_new_along:
 * @n: number of coefficients, at least 2
 * @n_points: number of points
 * @points: (array length=n_points*n): a path, the coefficients of one point after the other
 * @through: (array length=n): a place that the plane goes through
 *
 * Makes the plane of the first two principal components of a path. However random a path in many
 * dimensions is, its first components look like arcs; see Antognini and Sohl-Dickstein, "PCA of
 * high dimensional random walks with comparison to neural network training", 2018,
 * <https://arxiv.org/abs/1806.08805>.
 *
 * Returns: (transfer full): the plane, with no range yet
 */
AgPlane *
ag_plane_new_along (guint n,
                    gsize n_points,
                    const double *points,
                    const double *through)
{
  AgPlane *plane = make (AG_PLANE_PATH, n);
  g_autofree double *covariance = g_new (double, (gsize) n *n);
  g_autofree double *values = g_new (double, n);
  g_autofree double *vectors = g_new (double, (gsize) n *n);
  double all = 0;

  find_covariance (n, n_points, points, covariance);
  ag_eigen_symmetric (n, covariance, values, vectors);
  for (guint i = 0; i < n; i++)
    all += fmax (values[i], 0);
  for (guint i = 0; i < 2; i++)
    {
      const guint k = n - 1 - i;

      plane->share[i] = all > 0 ? fmax (values[k], 0) / all : 0;
      set_axis (plane->axes[i], n, vectors + (gsize) k * n);
    }
  lead_through (plane, through);
  return plane;
}

/**
 * ag_plane_copy:
 * @plane: a plane
 *
 * Returns: (transfer full): another one like it
 */
AgPlane *
ag_plane_copy (const AgPlane *plane)
{
  AgPlane *copy = make (plane->kind, plane->n);

  memcpy (copy->parameters, plane->parameters, sizeof copy->parameters);
  memcpy (copy->share, plane->share, sizeof copy->share);
  memcpy (copy->range, plane->range, sizeof copy->range);
  memcpy (copy->base, plane->base, sizeof (double) * 3 * plane->n);
  return copy;
}

/**
 * ag_plane_free:
 * @plane: (transfer full): a plane
 */
void
ag_plane_free (AgPlane *plane)
{
  g_free (plane->base);
  g_free (plane);
}

/**
 * ag_plane_equal:
 * @a: a plane
 * @b: another one, with as many coefficients
 *
 * Returns: whether the same is to be seen on both
 */
gboolean
ag_plane_equal (const AgPlane *a,
                const AgPlane *b)
{
  /* A profile does not depend on where its search begins, so that its coefficients are not
   * compared. */
  const gsize n_numbers = a->kind == AG_PLANE_PROFILE ? 0 : 3 * (gsize) a->n;

  return a->kind == b->kind && a->n == b->n
         && memcmp (a->parameters, b->parameters, sizeof a->parameters) == 0
         && memcmp (a->range, b->range, sizeof a->range) == 0
         && (n_numbers == 0 || memcmp (a->base, b->base, sizeof (double) * n_numbers) == 0);
}

/**
 * ag_plane_find:
 * @plane: a plane
 * @coefficients: (array length=n): a value for each
 * @place: (out): where on the plane that is, or what is nearest to it
 */
void
ag_plane_find (const AgPlane *plane,
               const double *coefficients,
               double place[2])
{
  place[0] = place[1] = 0;
  /* The others do not matter, even where the plane is tilted towards them. */
  if (plane->kind != AG_PLANE_PATH)
    {
      place[0] = coefficients[plane->parameters[0]];
      place[1] = coefficients[plane->parameters[1]];
      return;
    }
  for (guint i = 0; i < plane->n; i++)
    {
      place[0] += plane->axes[0][i] * coefficients[i];
      place[1] += plane->axes[1][i] * coefficients[i];
    }
}

/**
 * ag_plane_at:
 * @plane: a plane
 * @x: a place on it
 * @y: and its other coordinate
 * @coefficients: (out caller-allocates) (array length=n): those of the place
 */
void
ag_plane_at (const AgPlane *plane,
             double x,
             double y,
             double *coefficients)
{
  for (guint i = 0; i < plane->n; i++)
    coefficients[i] = plane->base[i] + x * plane->axes[0][i] + y * plane->axes[1][i];
}
