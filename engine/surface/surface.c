/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/surface-private.h"

#include "base/memory.h"
#include "surface/profile.h"

#include <math.h>
#include <string.h>

/* The square root of the rounding of double precision. */
#define ASIDE 1.5e-8

/* The landscapes of all threads take this share of the memory that there is. */
#define MEMORY_SHARE 2

/* Steps to where the others are best, from where they are at a node. */
#define MOST_ITERATIONS 10

/**
 * ag_surface_has_profile:
 * @spec: a run
 *
 * Returns: whether the others can be where they are best at each place of a plane over two
 *   parameters
 */
gboolean
ag_surface_has_profile (const AgRunSpec *spec)
{
  return spec->loss->kind == AG_LOSS_MSE
         && (spec->program->model->is_linear
             || spec->program->model->n_parameters <= AG_SURFACE_MOST_SEARCHED);
}

/**
 * ag_surface_ensure_landscape:
 * @surface: a surface
 * @worker: one of its workers
 * @error: return location for a #GError
 *
 * Returns: whether the worker has the loss
 */
gboolean
ag_surface_ensure_landscape (AgSurface *surface,
                             AgSurfaceWorker *worker,
                             GError **error)
{
  if (worker->landscape == NULL)
    worker->landscape = ag_landscape_new (&surface->spec, surface->data, surface->work, error);
  return worker->landscape != NULL;
}

/**
 * ag_surface_forget_profiles:
 * @surface: a surface
 *
 * Lets its workers make others, for other parameters or other work.
 */
void
ag_surface_forget_profiles (AgSurface *surface)
{
  for (guint i = 0; i < surface->n_workers; i++)
    g_clear_pointer (&surface->workers[i].profile, ag_least_squares_free);
}

static gboolean
know_least (AgSurface *surface,
            GError **error)
{
  AgLandscape *landscape = surface->workers[0].landscape;

  surface->least = NAN;
  if (surface->optimum == NULL)
    return TRUE;
  if (ag_landscape_is_quadratic (landscape))
    {
      surface->quadratic
        = ag_quadratic_new (landscape, &surface->spec, surface->optimum->coefficients, error);
      if (surface->quadratic == NULL)
        return FALSE;
      surface->least = surface->quadratic->loss;
      return TRUE;
    }
  return ag_landscape_loss (landscape, surface->optimum->coefficients, &surface->least, error);
}

/**
 * ag_surface_new:
 * @spec: a specification that ag_run_spec_check() finds no fault with
 * @data: its points
 * @optimum: (nullable): where it converges to; copied
 * @n_threads: how many threads share what takes long, 0 for as many as there are cores
 * @work: (nullable): what cancels it; lives until another is set
 * @error: return location for a #GError
 *
 * Returns: (transfer full) (nullable): the surface, or %NULL with @error set
 */
AgSurface *
ag_surface_new (const AgRunSpec *spec,
                AgData *data,
                const AgOptimum *optimum,
                guint n_threads,
                AgWork *work,
                GError **error)
{
  const guint64 n_fit = ag_memory_available ("/") / MEMORY_SHARE / MAX (ag_landscape_size (spec), 1);
  const guint n_wanted = n_threads > 0 ? n_threads : g_get_num_processors ();
  AgSurface *surface = g_new0 (AgSurface, 1);

  surface->spec = *spec;
  surface->data = ag_data_ref (data);
  surface->optimum = optimum != NULL ? ag_optimum_copy (optimum) : NULL;
  surface->work = work;
  surface->n_workers = (guint) CLAMP (MIN (n_wanted, n_fit), 1, AG_SURFACE_MOST_THREADS);
  g_queue_init (&surface->kept);
  if (ag_surface_ensure_landscape (surface, &surface->workers[0], error) && know_least (surface, error))
    return surface;
  ag_surface_free (surface);
  return NULL;
}

/**
 * ag_surface_free:
 * @surface: (transfer full): a surface
 */
void
ag_surface_free (AgSurface *surface)
{
  ag_surface_forget_profiles (surface);
  for (guint i = 0; i < surface->n_workers; i++)
    g_clear_pointer (&surface->workers[i].landscape, ag_landscape_free);
  g_queue_clear_full (&surface->kept, (GDestroyNotify) ag_field_free);
  g_clear_pointer (&surface->quadratic, ag_quadratic_free);
  g_clear_pointer (&surface->optimum, ag_optimum_unref);
  ag_data_unref (surface->data);
  g_free (surface);
}

/**
 * ag_surface_set_work:
 * @surface: a surface
 * @work: (nullable): what cancels what it does from now on; lives until another is set
 */
void
ag_surface_set_work (AgSurface *surface,
                     AgWork *work)
{
  surface->work = work;
  /* A problem keeps what it was made with. */
  ag_surface_forget_profiles (surface);
  for (guint i = 0; i < surface->n_workers; i++)
    if (surface->workers[i].landscape != NULL)
      ag_landscape_set_work (surface->workers[i].landscape, work);
}

/**
 * ag_surface_optimum:
 * @surface: a surface
 *
 * Returns: (transfer none) (nullable): where the run converges to
 */
const AgOptimum *
ag_surface_optimum (const AgSurface *surface)
{
  return surface->optimum;
}

/**
 * ag_surface_quadratic:
 * @surface: a surface
 *
 * Returns: (transfer none) (nullable): the loss, where it is quadratic and its least is known
 */
const AgQuadratic *
ag_surface_quadratic (const AgSurface *surface)
{
  return surface->quadratic;
}

/**
 * ag_surface_least:
 * @surface: a surface
 *
 * Returns: the loss of the optimum; NaN if that is not known
 */
double
ag_surface_least (const AgSurface *surface)
{
  return surface->least;
}

/**
 * ag_surface_loss:
 * @surface: a surface
 * @coefficients: a place
 * @loss: (out): the loss there
 * @error: return location for a #GError
 *
 * Returns: whether all went well
 */
gboolean
ag_surface_loss (AgSurface *surface,
                 const double *coefficients,
                 double *loss,
                 GError **error)
{
  return ag_landscape_loss (surface->workers[0].landscape, coefficients, loss, error);
}

/* If the loss is quadratic, the other coefficients are best on a plane as well. */
static void
tilt (const AgQuadratic *quadratic,
      AgPlane *plane)
{
  const guint n = plane->n;
  const double x = quadratic->center[plane->parameters[0]];
  const double y = quadratic->center[plane->parameters[1]];
  g_autofree double *response = g_new (double, 2 * n);

  ag_quadratic_respond (quadratic, plane->parameters, response);
  for (guint i = 0; i < n; i++)
    {
      plane->axes[0][i] = response[i];
      plane->axes[1][i] = response[n + i];
      plane->base[i] = quadratic->center[i] - x * response[i] - y * response[n + i];
    }
}

/* A field of a loss that is quadratic takes no longer than to write it down. */
static void
fill_quadratic (const AgQuadratic *quadratic,
                AgField *field)
{
  g_autofree double *at = g_new (double, quadratic->n);

  if (field->plane->kind == AG_PLANE_PROFILE)
    tilt (quadratic, field->plane);
  for (guint row = 0; row < AG_FIELD_NODES; row++)
    for (guint column = 0; column < AG_FIELD_NODES; column++)
      {
        ag_plane_at (field->plane, ag_field_coordinate (field, 0, column),
                     ag_field_coordinate (field, 1, row), at);
        field->values[row * AG_FIELD_NODES + column] = ag_quadratic_at (quadratic, at);
      }
  field->stride = 1;
}

/**
 * ag_surface_begin:
 * @surface: a surface
 * @plane: a plane with a range
 *
 * Returns: (transfer full): the field over that plane: complete if the loss is quadratic or the field
 *   was completed before, else to be refined
 */
AgField *
ag_surface_begin (AgSurface *surface,
                  const AgPlane *plane)
{
  const gboolean is_searched = plane->kind == AG_PLANE_PROFILE && surface->quadratic == NULL;
  AgField *field;

  for (GList *link = surface->kept.head; link != NULL; link = link->next)
    if (ag_plane_equal (((AgField *) link->data)->plane, plane))
      return ag_field_copy (link->data);
  field = ag_field_new (plane, is_searched);
  if (surface->quadratic != NULL)
    fill_quadratic (surface->quadratic, field);
  return field;
}

/**
 * ag_surface_at:
 * @surface: a surface
 * @field: a field of it of which something is known
 * @x: a place on its plane
 * @y: and its other coordinate
 * @coefficients: (out caller-allocates): those of the surface there
 * @loss: (out): its loss there, not interpolated
 * @error: return location for a #GError
 *
 * Returns: whether all went well
 */
gboolean
ag_surface_at (AgSurface *surface,
               const AgField *field,
               double x,
               double y,
               double *coefficients,
               double *loss,
               GError **error)
{
  ag_field_coefficients (field, x, y, coefficients);
  if (field->others != NULL && surface->workers[0].profile != NULL)
    ag_profile_settle (surface->workers[0].profile, MOST_ITERATIONS, coefficients);
  return ag_surface_loss (surface, coefficients, loss, error);
}

/* Finds how the gradient changes along a direction, from the slopes on both sides. @bend has an
 * element for each coefficient. */
static gboolean
find_bend (AgSurface *surface,
           const double *coefficients,
           const double *direction,
           double *bend,
           GError **error)
{
  const guint n = surface->spec.program->model->n_parameters;
  g_autofree double *at = g_new (double, n);
  g_autofree double *down = g_new (double, n);
  double size = 1, stride;

  for (guint i = 0; i < n; i++)
    size = fmax (size, fabs (coefficients[i]));
  stride = cbrt (ASIDE * ASIDE) * size;
  for (guint i = 0; i < n; i++)
    at[i] = coefficients[i] + stride * direction[i];
  if (!ag_landscape_slope (surface->workers[0].landscape, at, bend, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    at[i] = coefficients[i] - stride * direction[i];
  if (!ag_landscape_slope (surface->workers[0].landscape, at, down, error))
    return FALSE;
  for (guint i = 0; i < n; i++)
    bend[i] = (bend[i] - down[i]) / (2 * stride);
  return TRUE;
}

static double
multiply (guint n,
          const double *a,
          const double *b)
{
  double sum = 0;

  for (guint i = 0; i < n; i++)
    sum += a[i] * b[i];
  return sum;
}

/**
 * ag_surface_curvature:
 * @surface: a surface
 * @plane: a plane
 * @coefficients: a place on it
 * @curvature: (out): the second derivatives of the surface there by the plane's coordinates,
 *   (2, 2); of a profile with the others staying where they are best
 * @error: return location for a #GError
 *
 * Returns: whether all went well
 */
gboolean
ag_surface_curvature (AgSurface *surface,
                      const AgPlane *plane,
                      const double *coefficients,
                      double curvature[4],
                      GError **error)
{
  const guint n = plane->n;
  g_autofree double *bends = g_new (double, 2 * n);

  if (surface->quadratic != NULL || plane->kind == AG_PLANE_PROFILE)
    {
      g_autoptr (AgQuadratic) own = NULL;
      const AgQuadratic *quadratic = surface->quadratic;

      if (quadratic == NULL)
        quadratic = own = ag_quadratic_new (surface->workers[0].landscape, &surface->spec,
                                            coefficients, error);
      if (quadratic == NULL)
        return FALSE;
      if (plane->kind == AG_PLANE_PROFILE)
        ag_quadratic_respond (quadratic, plane->parameters, bends);
      ag_quadratic_curvature (quadratic, plane->kind == AG_PLANE_PROFILE ? bends : plane->axes[0],
                              plane->kind == AG_PLANE_PROFILE ? bends + n : plane->axes[1], curvature);
      return TRUE;
    }
  if (!find_bend (surface, coefficients, plane->axes[0], bends, error)
      || !find_bend (surface, coefficients, plane->axes[1], bends + n, error))
    return FALSE;
  curvature[0] = multiply (n, plane->axes[0], bends);
  curvature[1] = curvature[2] = multiply (n, plane->axes[0], bends + n);
  curvature[3] = multiply (n, plane->axes[1], bends + n);
  return TRUE;
}
