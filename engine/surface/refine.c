/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "surface/surface-private.h"

#include "surface/profile.h"

#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

/* A field is found from coarse to fine, by several threads. */

/* Fields that were completed are kept, so that to go back to them takes no time. */
#define MOST_KEPT 24

/* A thread takes so many nodes at a time. */
#define NODES_AT_A_TIME 8

/* Where nodes are closer than this, the mean of those nearby is so near that few steps lead from
 * there. */
#define FINE_STRIDE 4
#define MOST_ITERATIONS 20
#define FEW_ITERATIONS 0

/**
 * Refinement:
 * @surface: whose
 * @field: what is refined
 * @stride: from one node to the next afterwards
 * @n: number of nodes in each direction then
 * @next: the next node that nobody has taken
 * @is_failed: whether it cannot be ended
 * @mutex: for @error
 * @error: why
 *
 * A field while it is refined by several threads.
 */
typedef struct
{
  AgSurface *surface;
  AgField *field;
  guint stride;
  guint n;
  atomic_uint next;
  atomic_int is_failed;
  pthread_mutex_t mutex;
  GError *error;
} Refinement;

/**
 * Helper:
 * @refinement: what it helps with
 * @worker: what it has
 *
 * One of the threads.
 */
typedef struct
{
  Refinement *refinement;
  AgSurfaceWorker *worker;
} Helper;

/**
 * Search:
 * @refinement: what it is part of
 * @worker: who does it
 * @places: the parameters of the plane at the node
 * @trial: (array): coefficients that are tried
 * @start: (array): the best of those so far
 * @loss: the loss there
 *
 * A search for where the others are best at a node.
 */
typedef struct
{
  const Refinement *refinement;
  AgSurfaceWorker *worker;
  double places[2];
  double *trial;
  double *start;
  double loss;
} Search;

static gboolean
try_start (Search *search,
           GError **error)
{
  const AgPlane *plane = search->refinement->field->plane;
  double loss;

  for (guint i = 0; i < 2; i++)
    search->trial[plane->parameters[i]] = search->places[i];
  if (!ag_landscape_loss (search->worker->landscape, search->trial, &loss, error))
    return FALSE;
  if (isfinite (loss) && !(loss >= search->loss))
    {
      search->loss = loss;
      memcpy (search->start, search->trial, sizeof (double) * plane->n);
    }
  return TRUE;
}

/* The optimum, and the moment. */
static gboolean
try_first_starts (Search *search,
                  GError **error)
{
  const AgPlane *plane = search->refinement->field->plane;
  const AgOptimum *optimum = search->refinement->surface->optimum;

  memcpy (search->trial, plane->base, sizeof (double) * plane->n);
  if (!try_start (search, error))
    return FALSE;
  if (optimum == NULL)
    return TRUE;
  memcpy (search->trial, optimum->coefficients, sizeof (double) * plane->n);
  return try_start (search, error);
}

/* Where the others are best at the nodes around that were known before, and the mean of these. */
static gboolean
try_starts_around (Search *search,
                   guint column,
                   guint row,
                   GError **error)
{
  const AgField *field = search->refinement->field;
  const guint n = field->plane->n, before = 2 * search->refinement->stride;
  const guint right = column % before != 0 ? before : 0, up = row % before != 0 ? before : 0;
  g_autofree double *mean = g_new0 (double, n);
  guint n_around = 0;

  for (guint i = 0; i < 4; i++)
    {
      const gsize node = (gsize) (row - row % before + i / 2 * up) * AG_FIELD_NODES + column
                         - column % before + i % 2 * right;

      if (!isfinite (field->values[node]))
        continue;
      memcpy (search->trial, field->others + node * n, sizeof (double) * n);
      n_around++;
      for (guint k = 0; k < n; k++)
        mean[k] += (search->trial[k] - mean[k]) / n_around;
      if (!try_start (search, error))
        return FALSE;
    }
  memcpy (search->trial, mean, sizeof (double) * n);
  return n_around == 0 ? try_first_starts (search, error) : try_start (search, error);
}

/* From the best start it goes on to where the others are best. */
static gboolean
settle (Search *search,
        double *value,
        double *others,
        GError **error)
{
  const AgPlane *plane = search->refinement->field->plane;
  const gboolean is_fine = search->refinement->stride < FINE_STRIDE;
  double loss = search->loss;
  gboolean is_found;

  *value = loss;
  memcpy (others, search->start, sizeof (double) * plane->n);
  if (isnan (loss))
    return TRUE;
  memcpy (search->trial, search->start, sizeof (double) * plane->n);
  is_found = ag_profile_settle (search->worker->profile, is_fine ? FEW_ITERATIONS : MOST_ITERATIONS,
                                search->trial);
  if (!ag_landscape_loss (search->worker->landscape, search->trial, &loss, error))
    return FALSE;
  if (is_found && loss < *value)
    {
      *value = loss;
      memcpy (others, search->trial, sizeof (double) * plane->n);
    }
  return TRUE;
}

static gboolean
search_node (const Refinement *refinement,
             AgSurfaceWorker *worker,
             guint column,
             guint row,
             double *trial,
             GError **error)
{
  AgField *field = refinement->field;
  const gsize node = (gsize) row * AG_FIELD_NODES + column;
  g_autofree double *start = g_new (double, field->plane->n);
  Search search = { .refinement = refinement,
                    .worker = worker,
                    .places = { ag_field_coordinate (field, 0, column),
                                ag_field_coordinate (field, 1, row) },
                    .trial = trial,
                    .start = start,
                    .loss = NAN };

  if (refinement->stride == AG_FIELD_FIRST_STRIDE ? !try_first_starts (&search, error)
                                                  : !try_starts_around (&search, column, row, error))
    return FALSE;
  return settle (&search, &field->values[node], field->others + node * field->plane->n, error);
}

static gboolean
find_node (const Refinement *refinement,
           AgSurfaceWorker *worker,
           guint column,
           guint row,
           double *at,
           GError **error)
{
  AgField *field = refinement->field;

  if (field->others != NULL)
    return search_node (refinement, worker, column, row, at, error);
  ag_plane_at (field->plane, ag_field_coordinate (field, 0, column),
               ag_field_coordinate (field, 1, row), at);
  return ag_landscape_loss (worker->landscape, at,
                            &field->values[(gsize) row * AG_FIELD_NODES + column], error);
}

static gboolean
prepare (Refinement *refinement,
         AgSurfaceWorker *worker,
         GError **error)
{
  AgSurface *surface = refinement->surface;

  if (!ag_surface_ensure_landscape (surface, worker, error))
    return FALSE;
  if (refinement->field->others != NULL && worker->profile == NULL)
    worker->profile = ag_profile_new (&surface->spec, surface->data,
                                      refinement->field->plane, surface->work, error);
  return refinement->field->others == NULL || worker->profile != NULL;
}

/* Nodes of the coarser field were found before. */
static gboolean
is_known (const Refinement *refinement,
          guint column,
          guint row)
{
  return refinement->stride < AG_FIELD_FIRST_STRIDE && column % 2 == 0 && row % 2 == 0;
}

static gboolean
take_part (Refinement *refinement,
           AgSurfaceWorker *worker,
           double *at,
           GError **error)
{
  const guint n = refinement->n, n_nodes = n * n;
  guint first;

  if (!prepare (refinement, worker, error))
    return FALSE;
  while ((first = atomic_fetch_add (&refinement->next, NODES_AT_A_TIME)) < n_nodes)
    for (guint i = first; i < MIN (first + NODES_AT_A_TIME, n_nodes); i++)
      if (!is_known (refinement, i % n, i / n)
          && (atomic_load (&refinement->is_failed)
              || !find_node (refinement, worker, i % n * refinement->stride,
                             i / n * refinement->stride, at, error)))
        return FALSE;
  return TRUE;
}

static gpointer
help (gpointer data)
{
  Helper *helper = data;
  Refinement *refinement = helper->refinement;
  g_autofree double *at = g_new (double, refinement->field->plane->n);
  GError *error = NULL;

  if (take_part (refinement, helper->worker, at, &error))
    return NULL;
  atomic_store (&refinement->is_failed, 1);
  pthread_mutex_lock (&refinement->mutex);
  if (refinement->error == NULL)
    refinement->error = g_steal_pointer (&error);
  pthread_mutex_unlock (&refinement->mutex);
  g_clear_error (&error);
  return NULL;
}

static void
share (Refinement *refinement)
{
  AgSurface *surface = refinement->surface;
  GThread *threads[AG_SURFACE_MOST_THREADS] = { NULL };
  Helper helpers[AG_SURFACE_MOST_THREADS];

  for (guint i = 0; i < surface->n_workers; i++)
    helpers[i] = (Helper){ refinement, &surface->workers[i] };
  for (guint i = 1; i < surface->n_workers; i++)
    threads[i] = g_thread_try_new ("surface", help, &helpers[i], NULL);
  help (&helpers[0]);
  for (guint i = 1; i < surface->n_workers; i++)
    if (threads[i] != NULL)
      g_thread_join (threads[i]);
}

static void
keep (AgSurface *surface,
      const AgField *field)
{
  g_queue_push_head (&surface->kept, ag_field_copy (field));
  if (surface->kept.length > MOST_KEPT)
    ag_field_free (g_queue_pop_tail (&surface->kept));
}

/**
 * ag_surface_refine:
 * @surface: a surface
 * @field: a field that it began
 * @error: return location for a #GError
 *
 * Finds twice as many nodes in each direction as are known, or the first ones; the last of these
 * refinements completes the field.
 *
 * Returns: whether all went well; else as much is known as before
 */
gboolean
ag_surface_refine (AgSurface *surface,
                   AgField *field,
                   GError **error)
{
  Refinement refinement = { .surface = surface, .field = field, .stride = field->stride / 2 };

  if (field->stride == 1)
    return TRUE;
  refinement.n = (AG_FIELD_NODES - 1) / refinement.stride + 1;
  if (field->others != NULL
      && memcmp (surface->profiled, field->plane->parameters, sizeof surface->profiled) != 0)
    {
      ag_surface_forget_profiles (surface);
      memcpy (surface->profiled, field->plane->parameters, sizeof surface->profiled);
    }
  pthread_mutex_init (&refinement.mutex, NULL);
  share (&refinement);
  pthread_mutex_destroy (&refinement.mutex);
  if (atomic_load (&refinement.is_failed))
    {
      g_propagate_error (error, refinement.error);
      return FALSE;
    }
  field->stride = refinement.stride;
  if (field->stride == 1)
    keep (surface, field);
  return TRUE;
}
