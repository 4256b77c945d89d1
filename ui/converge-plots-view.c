/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plots-private.h"

#include "plot/plot-palette.h"

#include <math.h>

/* Runs as plots can show them. */

/* A what-if run with other data has no place in these plots. */
static const AgFuture *
get_future (ConvergePlots *self,
            const AgRunSpec *spec)
{
  const AgFuture *future = converge_what_if_get_future (self->what_if);

  return future != NULL && ag_run_spec_has_same_data (&future->spec, spec) ? future : NULL;
}

static guint
get_palette_color (guint color)
{
  return color != CONVERGE_RUN_NO_COLOR ? converge_palette_of_run (color) : CONVERGE_COLOR_FIT;
}

/* A run that goes on keeps its colour. */
static guint
get_future_color (ConvergePlots *self,
                  const AgFuture *future)
{
  ConvergeRun *run = converge_runs_get_selected (self->runs);

  return get_palette_color (future != NULL && future->first_step > 0
                              ? converge_run_get_color (run)
                              : converge_runs_next_color (self->runs));
}

/**
 * converge_plots_view_run:
 * @self: the plots
 * @run: a run that has begun
 *
 * Returns: what plots can show of it
 */
ConvergeRunView
converge_plots_view_run (ConvergePlots *self,
                         ConvergeRun *run)
{
  return (ConvergeRunView){
    .spec = converge_run_spec (run),
    .data = converge_run_data (run),
    .snapshot = converge_run_snapshot (run),
    .initial = converge_run_initial (run),
    .history = converge_run_history (run),
    .trace = converge_run_trace (run),
    .clock = converge_run_clock (run),
    .loss_over = self->loss_over,
    .rates = converge_run_rates (run),
    .lr = converge_run_lr (run),
    .id = converge_run_get_id (run),
    .color = get_palette_color (converge_run_get_color (run)),
    .name = converge_run_get_name (run),
  };
}

/* All runs of a model share the predictor that finds their curves. */
static AgPredictor *
find_predictor (ConvergePlots *self,
                const AgModelClass *model)
{
  AgPredictor *predictor = g_hash_table_lookup (self->predictors, model);

  if (predictor == NULL)
    {
      predictor = ag_predictor_new (model, NULL);
      if (predictor != NULL)
        g_hash_table_insert (self->predictors, (gpointer) model, predictor);
    }
  return predictor;
}

static void
find_others (ConvergePlots *self,
             ConvergeRun *selected)
{
  g_array_set_size (self->others, 0);
  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ConvergeRun *run = converge_runs_nth (self->runs, i);
      ConvergeRunView view;

      if (run == selected || !converge_run_get_shown (run))
        continue;
      view = converge_plots_view_run (self, run);
      if (view.snapshot == NULL || view.snapshot->step == 0
          || view.snapshot->state == AG_TRAINER_FAILED)
        continue;
      view.predictor = find_predictor (self, view.spec->program->model);
      view.updates = converge_updates_get (self->updates, converge_run_moments (run));
      view.sharpness = converge_sharpness_get_points (self->sharpness, run, &view.n_sharpness);
      g_array_append_val (self->others, view);
    }
}

/**
 * converge_plots_get_view:
 * @self: the plots
 * @view: (out): what they show
 *
 * Looks at the selected run, the runs beside it and what would become of it. Before there is a run
 * under way, what it would begin with can be seen.
 *
 * Returns: whether there is anything to be seen
 */
gboolean
converge_plots_get_view (ConvergePlots *self,
                         ConvergeRunView *view)
{
  ConvergeRun *run = converge_runs_get_selected (self->runs);

  find_others (self, run);
  *view = converge_plots_view_run (self, run);
  view->data = self->data;
  view->predictor = self->predictor;
  view->moment = converge_runs_get_moment (self->runs);
  view->sharpness = converge_sharpness_get_points (self->sharpness, run, &view->n_sharpness);
  view->n_others = self->others->len;
  view->others = (const ConvergeRunView *) (gpointer) self->others->data;
  if (view->snapshot == NULL)
    view->spec = &self->spec;
  view->future = get_future (self, view->spec);
  view->future_color = get_future_color (self, view->future);
  view->point = isnan (self->point) ? NULL : &self->point;
  if (view->snapshot != NULL)
    view->updates = converge_updates_get (self->updates, converge_run_moments (run));
  if (view->snapshot != NULL)
    return view->snapshot->state != AG_TRAINER_FAILED;
  view->initial = self->initial;
  view->lr = self->spec.lr;
  return self->has_initial;
}

/**
 * converge_plots_find_updates:
 * @self: the plots
 * @view: what they show of the selected run, which has begun
 *
 * Asks for the gradients and updates of the run that is looked at, and, one after the other when
 * nothing else is being found, of those beside it.
 */
void
converge_plots_find_updates (ConvergePlots *self,
                             ConvergeRunView *view)
{
  ConvergeRun *selected = converge_runs_get_selected (self->runs);

  view->updates = converge_updates_find (self->updates, converge_run_moments (selected),
                                         view->snapshot->step,
                                         view->snapshot->state == AG_TRAINER_RUNNING);
  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ConvergeRun *run = converge_runs_nth (self->runs, i);
      const AgSnapshot *snapshot = converge_run_snapshot (run);

      if (run != selected && converge_run_get_shown (run) && snapshot != NULL
          && snapshot->state != AG_TRAINER_FAILED && converge_run_moments (run) != NULL)
        converge_updates_find (self->updates, converge_run_moments (run), snapshot->step,
                               snapshot->state == AG_TRAINER_RUNNING);
    }
}

/**
 * converge_plots_find_sharpness:
 * @self: the plots
 * @view: what they show of the selected run
 *
 * Asks how curved the loss of the run that is looked at was, and, one after the other when nothing
 * else is being found, that of those beside it.
 */
void
converge_plots_find_sharpness (ConvergePlots *self,
                               ConvergeRunView *view)
{
  ConvergeRun *selected = converge_runs_get_selected (self->runs);

  view->sharpness = converge_sharpness_follow (self->sharpness, selected, &view->n_sharpness);
  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    {
      ConvergeRun *run = converge_runs_nth (self->runs, i);
      gsize n;

      if (run != selected && converge_run_get_shown (run) && converge_run_snapshot (run) != NULL)
        converge_sharpness_follow (self->sharpness, run, &n);
    }
}

static gboolean
has_moments (AgMoments *moments,
             gpointer user_data)
{
  ConvergePlots *self = user_data;

  for (guint i = 0; i < converge_runs_n (self->runs); i++)
    if (converge_run_moments (converge_runs_nth (self->runs, i)) == moments)
      return TRUE;
  return FALSE;
}

/**
 * converge_plots_forget_updates:
 * @self: the plots
 *
 * Forgets the gradients, updates and sharpness of runs that are gone.
 */
void
converge_plots_forget_updates (ConvergePlots *self)
{
  converge_sharpness_keep (self->sharpness, has_moments, self);
  converge_updates_keep (self->updates, has_moments, self);
}
