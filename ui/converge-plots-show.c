/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plots-private.h"

#include "converge-optima.h"
#include "converge-tooltip.h"
#include "plot/run-text.h"

#include "data/nearest.h"
#include "train/initial.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The plots are brought up to date with the selected run and the moment. */

/**
 * converge_plots_clear:
 * @self: the plots
 *
 * Lets go of what they show.
 */
void
converge_plots_clear (ConvergePlots *self)
{
  g_clear_pointer (&self->data, ag_data_unref);
  g_clear_pointer (&self->predictor, ag_predictor_free);
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      if (self->shown[i].view != NULL)
        converge_plot_view_set_plot (self->shown[i].view, NULL, NULL, NULL);
      g_clear_pointer (&self->shown[i].plot, converge_plot_free);
    }
}

/* Only what is drawn is brought up to date. */
static void
prepare_plot (ConvergePlot *plot,
              double width,
              gpointer user_data)
{
  ShownPlot *shown = user_data;
  ConvergeRunView view;

  if (!converge_plots_get_view (shown->plots, &view))
    return;
  view.optimum = converge_optima_find (converge_optima_get_default (), view.spec);
  if (shown->kind == &converge_sharpness_plot)
    converge_plots_find_sharpness (shown->plots, &view);
  if (shown->kind->needs_updates && view.snapshot != NULL)
    converge_plots_find_updates (shown->plots, &view);
  shown->kind->update (plot, &view, width);
}

/**
 * converge_plots_make_plot:
 * @shown: one of the plots
 *
 * Makes it anew, with nothing in it yet. Where there is no run, there are axes.
 */
void
converge_plots_make_plot (ShownPlot *shown)
{
  ConvergePlots *self = shown->plots;
  ConvergeRunView view
    = converge_plots_view_run (self, converge_runs_get_selected (self->runs));

  view.spec = self->has_run ? &self->spec : NULL;
  view.data = self->data;
  converge_plot_view_set_plot (shown->view, NULL, NULL, NULL);
  g_clear_pointer (&shown->plot, converge_plot_free);
  shown->plot = shown->kind->create (self->has_run ? &view : NULL);
  converge_plot_view_set_plot (shown->view, shown->plot, prepare_plot, shown);
  converge_visibility_apply (self->visibility, shown->plot);
}

/**
 * converge_plots_update_views:
 * @self: the plots
 *
 * Lets all of them be drawn anew.
 */
void
converge_plots_update_views (ConvergePlots *self)
{
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (self->shown[i].plot != NULL)
      converge_plot_view_update (self->shown[i].view);
}

/* Lets the point of the data be looked at that is nearest to @x, which has the units of the plot.
 * Returns where it is, NaN if there are no data. */
double
converge_plots_look_at_point (ConvergePlots *self,
                              double x)
{
  const AgScale *scale = self->data != NULL ? ag_data_scale (self->data) : NULL;
  double found_x, found_y;
  gint64 index;

  if (self->data == NULL || isnan (x))
    {
      converge_graph_view_set_point (self->graph_view, -1);
      return NAN;
    }
  if (scale != NULL)
    x = (x - scale->x_mean) / scale->x_deviation;
  index = ag_data_nearest (self->data, x);
  ag_data_read (self->data, index, 1, &found_x, &found_y);
  if (scale != NULL)
    found_x = scale->x_mean + scale->x_deviation * found_x;
  converge_graph_view_set_point (self->graph_view, index);
  return found_x;
}

/**
 * converge_plots_apply_visibility:
 * @self: the plots
 *
 * Shows and hides series as people want it.
 */
void
converge_plots_apply_visibility (ConvergePlots *self)
{
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (self->shown[i].plot != NULL)
      {
        converge_visibility_apply (self->visibility, self->shown[i].plot);
        converge_plot_view_update (self->shown[i].view);
      }
}

static void
show_formula (ConvergePlots *self,
              const AgRunSpec *spec,
              const double *coefficients)
{
  g_autofree char *formula = converge_run_text_formula (spec, coefficients);

  gtk_label_set_text (self->formula, formula);
}

/**
 * converge_plots_set_wanted:
 * @self: the plots
 * @spec: (nullable): what the next run will do
 *
 * Shows its program, as long as there is no run.
 */
void
converge_plots_set_wanted (ConvergePlots *self,
                           const AgRunSpec *spec)
{
  converge_code_view_set_spec (self->code_view, spec);
}

/**
 * converge_plots_set_start:
 * @self: plots that were prepared
 * @spec: the run that is to be seen, which may begin elsewhere than before
 *
 * Shows what the run begins with.
 */
void
converge_plots_set_start (ConvergePlots *self,
                          const AgRunSpec *spec)
{
  const char *note = spec->program->model->formula_note;

  self->spec = *spec;
  converge_plots_set_wanted (self, spec);
  gtk_label_set_text (self->formula_note, note != NULL ? _ (note) : "");
  gtk_widget_set_visible (GTK_WIDGET (self->formula_note), note != NULL);
  g_free (self->initial);
  self->initial = g_new0 (double, spec->program->model->n_parameters);
  self->has_initial = ag_run_spec_initial (spec, self->initial, NULL);
  if (self->has_initial)
    show_formula (self, spec, self->initial);
  else
    gtk_label_set_text (self->formula, "");
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    converge_plot_view_update (self->shown[i].view);
  converge_surface_view_update (self->surface_view);
  converge_plots_describe (self);
}

/* Nothing is to be seen, also by those who are read to. */
static void
show_nothing (ConvergePlots *self)
{
  self->has_initial = FALSE;
  gtk_label_set_text (self->formula, "");
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      converge_plot_view_update (self->shown[i].view);
      converge_plot_view_describe (self->shown[i].view, "");
    }
}

/**
 * converge_plots_prepare:
 * @self: the plots
 * @spec: (nullable): the run that is to be seen
 *
 * Makes plots for a run, with nothing in them yet but what it begins with; without a
 * run, with nothing but axes.
 */
void
converge_plots_prepare (ConvergePlots *self,
                        const AgRunSpec *spec)
{
  converge_plots_clear (self);
  if (spec != NULL)
    {
      self->data = ag_run_spec_data (spec, NULL);
      self->predictor = ag_predictor_new (spec->program->model, NULL);
    }
  /* Another run may fit other points. */
  self->point = converge_plots_look_at_point (self, self->point);
  self->has_run = spec != NULL;
  if (spec != NULL)
    self->spec = *spec;
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    converge_plots_make_plot (&self->shown[i]);
  if (spec != NULL)
    converge_plots_set_start (self, spec);
  else
    show_nothing (self);
  converge_plots_apply_visibility (self);
}

/**
 * converge_plots_set_caption:
 * @self: the plots
 * @caption: the run in words
 * @is_notable: whether that is not what one would expect
 *
 * Says below the fit which run is to be seen.
 */
void
converge_plots_set_caption (ConvergePlots *self,
                            const char *caption,
                            gboolean is_notable)
{
  gtk_label_set_text (self->caption, caption);
  converge_tooltip_set (GTK_WIDGET (self->caption), caption);
  /* The tooltip is for what has no room; to a reader it would be the same twice. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->caption),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("The run to be seen"), -1);
  gtk_widget_set_css_classes (GTK_WIDGET (self->caption),
                              is_notable ? (const char *[]){ "caption", "accent", NULL }
                                         : (const char *[]){ "caption", "dim-label", NULL });
}

/**
 * converge_plots_update:
 * @self: the plots
 *
 * Shows what the selected run has come to.
 */
void
converge_plots_update (ConvergePlots *self)
{
  ConvergeRunView view;

  converge_step_view_update (self->step_view);
  converge_graph_view_update (self->graph_view);
  converge_surface_view_update (self->surface_view);
  converge_code_view_update (self->code_view);
  if (!converge_plots_get_view (self, &view) || view.snapshot == NULL)
    return;
  show_formula (self, view.spec, converge_run_view_coefficients (&view));
  converge_plots_update_views (self);
}

/**
 * converge_plots_describe:
 * @self: the plots
 *
 * Says in words what they show, for those who cannot see it. Not to be done in
 * every frame: a reader would never come to an end.
 */
void
converge_plots_describe (ConvergePlots *self)
{
  ConvergeRunView view;

  if (!converge_plots_get_view (self, &view))
    return;
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      g_autofree char *description = self->shown[i].kind->describe (&view);

      converge_plot_view_describe (self->shown[i].view, description);
    }
}
