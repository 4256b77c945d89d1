/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-surface-view-private.h"

#include "converge-optima.h"
#include "plot/run-others.h"

#include <string.h>

/* Collects what the view of a surface asks for: the moment of the selected run, the chosen plane,
 * and the paths of all visible runs with the same loss. */

/* The paths of more runs than these would cover the picture. */
#define MOST_OTHERS 11

static guint64
mix (guint64 hash,
     guint64 number)
{
  hash = (hash ^ number) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ hash >> 32;
}

/* Whether both have the same loss for the same coefficients. */
static gboolean
has_same_loss (const ConvergeRunView *view,
               const ConvergeRunView *other)
{
  const AgRunSpec *a = view->spec, *b = other->spec;

  return a->program->model == b->program->model && a->loss == b->loss && a->delta == b->delta
         && a->points == b->points && converge_run_others_has_same_points (view, other);
}

/* Before there is a run, a picture is another one as soon as it would begin with other
 * coefficients. */
static guint64
hash_start (const ConvergeRunView *view)
{
  const guint n = view->spec->program->model->n_parameters;
  guint64 hash = 1;

  for (guint i = 0; i < n; i++)
    {
      guint64 bits;

      memcpy (&bits, &view->initial[i], sizeof bits);
      hash = mix (hash, bits);
    }
  hash = mix (hash, (guint64) view->spec->points);
  return mix (hash, g_str_hash (view->spec->hold));
}

static gboolean
find_zoom (const ShownSurface *shown,
           double range[2][2])
{
  const ConvergePlot *plot = shown->plot;

  if (plot == NULL || (!plot->x.has_view && !plot->y.has_view))
    return FALSE;
  converge_plot_get_range (plot, &range[0][0], &range[0][1], &range[1][0], &range[1][1]);
  return TRUE;
}

/**
 * converge_surface_view_is_zoomed:
 * @self: a view
 * @index: which of its pictures
 *
 * Returns: whether it is to show something else than was asked for
 */
gboolean
converge_surface_view_is_zoomed (ConvergeSurfaceView *self,
                                 guint index)
{
  double range[2][2] = { 0 };
  const gboolean has_range = find_zoom (&self->shown[index], range);

  return has_range != self->asked.has_range[index]
         || memcmp (range, self->asked.range[index], sizeof range) != 0;
}

/**
 * converge_surface_view_make_key:
 * @self: a view whose choices are for the run
 * @view: the run
 * @key: (out): what the picture of it depends on
 *
 * Returns: whether there can be a picture
 */
gboolean
converge_surface_view_make_key (ConvergeSurfaceView *self,
                                const ConvergeRunView *view,
                                ConvergeSurfaceKey *key)
{
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  const gint64 step = converge_runs_get_step (self->runs);
  gboolean has_kind;
  AgPlaneKind kind;
  guint parameters[2];

  memset (key, 0, sizeof *key);
  if (view->snapshot != NULL)
    {
      key->moments = converge_run_moments (run);
      key->n_steps = view->snapshot->step;
      key->step = step == CONVERGE_LIVE ? key->n_steps : MIN (step, key->n_steps);
    }
  else if (view->initial != NULL)
    {
      key->start = hash_start (view);
    }
  converge_surface_view_chosen (self, &has_kind, &kind, parameters);
  key->has_kind = has_kind;
  key->kind = kind;
  for (guint i = 0; i < 2; i++)
    key->parameters[i] = parameters[i];
  for (guint i = 0; i < self->n_shown; i++)
    key->has_range[i] = find_zoom (&self->shown[i], key->range[i]);
  for (guint i = 0; i < view->n_others; i++)
    if (has_same_loss (view, &view->others[i]))
      key->others = mix (mix (key->others, view->others[i].id), view->others[i].snapshot->serial);
  key->program = view->spec->program;
  key->optimum = converge_optima_find (converge_optima_get_default (), view->spec);
  return view->snapshot != NULL ? key->moments != NULL : view->initial != NULL;
}

static void
clear_run (gpointer data)
{
  g_free (((ConvergeSurfaceRun *) data)->name);
}

static void
add_run (ConvergeSurfaceView *self,
         const ConvergeRunView *view,
         gboolean has_name,
         GPtrArray *paths)
{
  ConvergeSurfaceRun run = { .id = view->id,
                             .color = view->color,
                             .name = has_name ? g_strdup (view->name) : NULL };

  g_array_append_val (self->runs_shown, run);
  g_ptr_array_add (paths, ag_survey_path_new (view->id, view->spec, view->trace, view->history,
                                              view->snapshot));
}

/**
 * converge_surface_view_make_wish:
 * @self: a view
 * @view: the run
 * @key: what the picture depends on
 * @wish: (out): what is to be found out for it
 */
void
converge_surface_view_make_wish (ConvergeSurfaceView *self,
                                 const ConvergeRunView *view,
                                 const ConvergeSurfaceKey *key,
                                 ConvergeSurfaceWish *wish)
{
  const AgOptimum *optimum = key->optimum;
  guint n_others = 0;

  memset (wish, 0, sizeof *wish);
  wish->spec = *view->spec;
  wish->data = view->data != NULL ? ag_data_ref ((AgData *) view->data) : NULL;
  wish->optimum = optimum != NULL ? ag_optimum_ref ((AgOptimum *) optimum) : NULL;
  wish->moments = key->moments != NULL ? ag_moments_ref ((AgMoments *) key->moments) : NULL;
  wish->step = key->step;
  wish->kind = (AgPlaneKind) key->kind;
  wish->has_kind = (gboolean) key->has_kind;
  for (guint i = 0; i < 2; i++)
    wish->parameters[i] = (guint) key->parameters[i];
  for (guint i = 0; i < CONVERGE_MAX_SURFACES; i++)
    wish->has_range[i] = (gboolean) key->has_range[i];
  memcpy (wish->range, key->range, sizeof wish->range);
  wish->paths = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_survey_path_free);
  g_array_set_clear_func (self->runs_shown, clear_run);
  g_array_set_size (self->runs_shown, 0);
  if (view->snapshot == NULL)
    return;
  for (guint i = 0; i < view->n_others; i++)
    n_others += has_same_loss (view, &view->others[i]);
  add_run (self, view, n_others > 0, wish->paths);
  n_others = 0;
  for (guint i = 0; i < view->n_others && n_others < MOST_OTHERS; i++)
    if (has_same_loss (view, &view->others[i]))
      {
        add_run (self, &view->others[i], TRUE, wish->paths);
        n_others++;
      }
}
