/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plots-private.h"

#include "converge-optima.h"
#include "plot/loss-axis.h"
#include "plot/run-text.h"

#include <glib/gi18n-lib.h>
#include <math.h>

enum
{
  PROP_LOSS_OVER = 1,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (ConvergePlots, converge_plots, GTK_TYPE_WIDGET)

static void
converge_plots_dispose (GObject *object)
{
  ConvergePlots *self = CONVERGE_PLOTS (object);
  GtkWidget *child;

  converge_plots_clear (self);
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    self->shown[i].view = NULL;
  self->step_view = NULL;
  self->graph_view = NULL;
  self->surface_view = NULL;
  self->code_view = NULL;
  g_clear_object (&self->explainer);
  g_clear_object (&self->sharpness);
  g_clear_object (&self->runs);
  g_clear_object (&self->visibility);
  g_clear_object (&self->updates);
  g_clear_object (&self->what_if);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_plots_parent_class)->dispose (object);
}

static void
converge_plots_finalize (GObject *object)
{
  g_free (CONVERGE_PLOTS (object)->initial);
  g_array_unref (CONVERGE_PLOTS (object)->others);
  g_hash_table_unref (CONVERGE_PLOTS (object)->predictors);
  G_OBJECT_CLASS (converge_plots_parent_class)->finalize (object);
}

/* Beside what the fit is stands what it could be. */
static gboolean
show_optimum (ConvergePlots *self,
              int x,
              int y,
              gboolean is_by_keyboard,
              GtkTooltip *tooltip)
{
  g_autofree char *text = NULL;
  const AgOptimum *optimum;
  ConvergeRunView view;

  if (!converge_plots_get_view (self, &view))
    return FALSE;
  optimum = converge_optima_find (converge_optima_get_default (), view.spec);
  if (optimum == NULL)
    return FALSE;
  text = converge_run_text_optimum (view.spec, optimum);
  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static const ConvergeRunPlot *const loss_kind = &converge_loss_plot;

static ShownPlot *
get_loss_plot (ConvergePlots *self)
{
  return &self->shown[converge_run_plot_find (loss_kind->id)];
}

static void
set_loss_over (ConvergePlots *self,
               const char *id)
{
  for (guint over = 0; over < CONVERGE_N_LOSS_OVER; over++)
    if (g_strcmp0 (converge_loss_axis_id (over), id) == 0 && over != self->loss_over)
      {
        self->loss_over = over;
        if (get_loss_plot (self)->plot != NULL)
          converge_plots_make_plot (get_loss_plot (self));
        g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOSS_OVER]);
      }
}

static void
converge_plots_get_property (GObject *object,
                             guint id,
                             GValue *value,
                             GParamSpec *pspec)
{
  if (id == PROP_LOSS_OVER)
    g_value_set_string (value, converge_loss_axis_id (CONVERGE_PLOTS (object)->loss_over));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
converge_plots_set_property (GObject *object,
                             guint id,
                             const GValue *value,
                             GParamSpec *pspec)
{
  if (id == PROP_LOSS_OVER)
    set_loss_over (CONVERGE_PLOTS (object), g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
converge_plots_class_init (ConvergePlotsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_plots_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_plots_finalize;
  G_OBJECT_CLASS (klass)->get_property = converge_plots_get_property;
  G_OBJECT_CLASS (klass)->set_property = converge_plots_set_property;

  /**
   * ConvergePlots:loss-over:
   *
   * What losses are plotted over: "steps", "evaluations" or "time".
   */
  properties[PROP_LOSS_OVER]
    = g_param_spec_string ("loss-over", NULL, NULL, "steps",
                           G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (G_OBJECT_CLASS (klass), N_PROPERTIES, properties);
  gtk_widget_class_install_property_action (widget_class, "plots.loss-over", "loss-over");
  g_type_ensure (CONVERGE_TYPE_TABS);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-plots.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergePlots, paned);
  gtk_widget_class_bind_template_child (widget_class, ConvergePlots, upper);
  gtk_widget_class_bind_template_child (widget_class, ConvergePlots, formula);
  gtk_widget_class_bind_template_child (widget_class, ConvergePlots, formula_note);
  gtk_widget_class_bind_template_child (widget_class, ConvergePlots, caption);
  gtk_widget_class_bind_template_child (widget_class, ConvergePlots, tabs);
  gtk_widget_class_bind_template_callback (widget_class, show_optimum);
}

static void
series_toggled (ConvergePlots *self,
                const char *series,
                gboolean is_visible)
{
  converge_visibility_set (self->visibility, series, is_visible);
}

static void
moment_chosen (ShownPlot *shown,
               double place,
               gboolean is_click)
{
  ConvergePlots *self = shown->plots;
  ConvergeLossAxis axis;
  ConvergeRunView view;
  double step = place;

  if (is_click)
    self->step_before_click = converge_runs_get_step (self->runs);
  if (shown->kind == loss_kind && converge_plots_get_view (self, &view))
    {
      converge_loss_axis_init (&axis, &view, self->loss_over);
      step = converge_loss_axis_step (&axis, place);
    }
  if (!isnan (step))
    converge_runs_go_to (self->runs, (gint64) fmin (rint (step), 1e18));
}

static void
click_taken_back (ConvergePlots *self)
{
  converge_runs_set_step (self->runs, self->step_before_click);
}

/* A click in the fit picks the point of the data whose numbers the graph shows; the same again
 * lets go of it. */
static void
point_picked (ConvergePlots *self,
              double x,
              double y)
{
  const double before = self->point;

  self->point = converge_plots_look_at_point (self, x);
  if (self->point == before)
    self->point = converge_plots_look_at_point (self, NAN);
  converge_plots_update_views (self);
}

static void
copy_wanted (ConvergePlotView *view,
             ShownPlot *shown)
{
  const gint32 what = CONVERGE_EXPORT_PLOT + (gint32) (shown - shown->plots->shown);

  gtk_widget_activate_action (GTK_WIDGET (view), "win.copy-plot", "i", what);
}

static void
copy_of_sweep_wanted (ConvergePlotView *view,
                      gpointer sweep)
{
  const gint32 what = CONVERGE_EXPORT_SWEEP_PICTURE + (gint32) GPOINTER_TO_UINT (sweep);

  gtk_widget_activate_action (GTK_WIDGET (view), "win.copy-sweep", "i", what);
}

static void
add_sweeps (ConvergePlots *self)
{
  static const char *const ids[CONVERGE_N_SWEEPS] = { "sweep", "map" };
  const char *const titles[CONVERGE_N_SWEEPS] = { _ ("Sweep"), _ ("Map") };

  for (guint i = 0; i < CONVERGE_N_SWEEPS; i++)
    {
      GtkWidget *widget = converge_sweep_view_new (titles[i]);
      ConvergePlotView *view = converge_sweep_view_get_plot_view (CONVERGE_SWEEP_VIEW (widget));

      self->sweeps[i] = CONVERGE_SWEEP_VIEW (widget);
      g_signal_connect (view, "copy", G_CALLBACK (copy_of_sweep_wanted), GUINT_TO_POINTER (i));
      converge_tabs_add (self->tabs, widget, view, ids[i], titles[i]);
    }
}

/* More is known of gradients and updates. */
static void
updates_found (ConvergePlots *self)
{
  const AgSnapshot *snapshot
    = converge_run_snapshot (converge_runs_get_selected (self->runs));

  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    if (self->shown[i].kind->needs_updates)
      converge_plot_view_update (self->shown[i].view);
  if (snapshot != NULL && snapshot->state != AG_TRAINER_RUNNING)
    converge_plots_describe (self);
}

/* The line is marked where programs are shown, and that is opened only for those who want it. */
static void
show_line (ConvergePlots *self,
           guint stop,
           guint line,
           gboolean is_wanted)
{
  converge_code_view_show_line (self->code_view, (AgStop) stop, line);
  if (!is_wanted)
    return;
  converge_tabs_select (self->tabs, "code");
  converge_code_view_take_focus (self->code_view);
}

static GMenuModel *
make_loss_axes (void)
{
  GMenu *axes = g_menu_new ();

  for (guint over = 0; over < CONVERGE_N_LOSS_OVER; over++)
    {
      g_autofree char *action
        = g_strdup_printf ("plots.loss-over::%s", converge_loss_axis_id (over));

      g_menu_append (axes, converge_loss_axis_title (over), action);
    }
  return G_MENU_MODEL (axes);
}

/* In a race it also matters who is first by the clock. */
static void
add_loss_axes (ConvergePlots *self)
{
  g_autoptr (GMenuModel) axes = make_loss_axes ();

  converge_plot_view_add_choices (get_loss_plot (self)->view, _ ("Losses over"), axes);
  converge_race_view_add_choices (self->race_view, _ ("Losses over"), axes);
}

static void
converge_plots_init (ConvergePlots *self)
{
  self->point = NAN;
  self->others = g_array_new (FALSE, FALSE, sizeof (ConvergeRunView));
  self->predictors
    = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) ag_predictor_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  /* The name of a label is its text. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->formula),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, _ ("Formula of the fit"),
                                  -1);
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      const ConvergeRunPlot *kind = converge_run_plot_nth (i);
      GtkWidget *view = converge_plot_view_new (_ (kind->title));

      self->shown[i] = (ShownPlot){ self, kind, NULL, CONVERGE_PLOT_VIEW (view) };
      g_signal_connect_swapped (view, "toggled", G_CALLBACK (series_toggled), self);
      g_signal_connect_swapped (view, "moment", G_CALLBACK (moment_chosen), &self->shown[i]);
      g_signal_connect_swapped (view, "moment-back", G_CALLBACK (click_taken_back), self);
      g_signal_connect (view, "copy", G_CALLBACK (copy_wanted), &self->shown[i]);
      if (kind == &converge_fit_plot)
        g_signal_connect_swapped (view, "chosen", G_CALLBACK (point_picked), self);
      if (kind->place == CONVERGE_RUN_PLOT_ABOVE)
        gtk_box_prepend (self->upper, view);
      else
        converge_tabs_add (self->tabs, view, CONVERGE_PLOT_VIEW (view), kind->id, _ (kind->title));
    }
  self->updates = converge_updates_new ();
  g_signal_connect_object (self->updates, "found", G_CALLBACK (updates_found), self,
                           G_CONNECT_SWAPPED);
  self->step_view = CONVERGE_STEP_VIEW (converge_step_view_new ());
  converge_tabs_add (self->tabs, GTK_WIDGET (self->step_view), NULL, "step",
                     C_ ("of a run", "Step"));
  self->graph_view = CONVERGE_GRAPH_VIEW (converge_graph_view_new ());
  converge_tabs_add (self->tabs, GTK_WIDGET (self->graph_view), NULL, "graph",
                     C_ ("of a step", "Graph"));
  g_signal_connect_swapped (self->graph_view, "line", G_CALLBACK (show_line), self);
  self->surface_view = CONVERGE_SURFACE_VIEW (converge_surface_view_new ());
  converge_tabs_add (self->tabs, GTK_WIDGET (self->surface_view), NULL, "surface", _ ("Surface"));
  self->code_view = CONVERGE_CODE_VIEW (converge_code_view_new ());
  add_sweeps (self);
  self->race_view = CONVERGE_RACE_VIEW (converge_race_view_new ());
  add_loss_axes (self);
  converge_tabs_add (self->tabs, GTK_WIDGET (self->race_view), NULL, "race", _ ("Race"));
  converge_tabs_add_alone (self->tabs, GTK_WIDGET (self->code_view), "code", _ ("Code"));
}

static void
show_moment (ConvergePlots *self)
{
  converge_plots_update (self);
  converge_plots_describe (self);
}

/* It is put in words when there is time for them to be read. */
static void
show_future (ConvergePlots *self)
{
  converge_plots_update_views (self);
  if (!converge_what_if_is_busy (self->what_if))
    converge_plots_describe (self);
}

/* Whether more of it is found depends on whether it is drawn. */
static void
show_sharpness (ConvergePlots *self)
{
  const gint index = converge_run_plot_find (converge_sharpness_plot.id);

  if (self->shown[index].plot != NULL)
    converge_plot_view_update (self->shown[index].view);
}

static void
runs_changed (ConvergePlots *self)
{
  converge_plots_forget_updates (self);
  converge_plots_update_views (self);
}

/**
 * converge_plots_set_up:
 * @self: the plots, not set up so far
 * @settings: what sweeps are made of
 * @runs: of which they show the selected one
 * @visibility: which series are to be seen
 * @what_if: what a run would do
 */
void
converge_plots_set_up (ConvergePlots *self,
                       ConvergeSettings *settings,
                       ConvergeRuns *runs,
                       ConvergeVisibility *visibility,
                       ConvergeWhatIf *what_if)
{
  g_autoptr (ConvergeRace) race = NULL;

  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
  self->visibility = g_object_ref (visibility);
  self->what_if = g_object_ref (what_if);
  self->explainer = converge_explainer_new ();
  self->sharpness = converge_sharpness_new ();
  g_signal_connect_object (self->sharpness, "found", G_CALLBACK (show_sharpness), self,
                           G_CONNECT_SWAPPED);
  converge_step_view_set_up (self->step_view, runs, self->explainer);
  converge_surface_view_set_up (self->surface_view, settings, runs,
                                (ConvergeSurfaceSource) converge_plots_get_view, self);
  converge_graph_view_set_up (self->graph_view, runs);
  converge_code_view_set_up (self->code_view, runs, self->explainer);
  for (guint i = 0; i < CONVERGE_N_SWEEPS; i++)
    {
      g_autoptr (ConvergeSweep) sweep = converge_sweep_new (settings, runs, i + 1);

      converge_sweep_view_set_sweep (self->sweeps[i], sweep);
    }
  race = converge_race_new (GTK_WIDGET (self), settings, runs);
  converge_race_view_set_race (self->race_view, race);
  g_signal_connect_object (runs, "moment", G_CALLBACK (show_moment), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (what_if, "changed", G_CALLBACK (show_future), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (converge_plots_update_views), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "items-changed", G_CALLBACK (runs_changed), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (visibility, "changed", G_CALLBACK (converge_plots_apply_visibility), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (converge_optima_get_default (), "found", G_CALLBACK (converge_plots_update_views), self,
                           G_CONNECT_SWAPPED);
}

/**
 * converge_plots_get_spec:
 * @self: the plots
 *
 * Returns: (transfer none) (nullable): what they were prepared for
 */
const AgRunSpec *
converge_plots_get_spec (ConvergePlots *self)
{
  return self->has_run ? &self->spec : NULL;
}

/**
 * converge_plots_get_formula:
 * @self: the plots
 *
 * Returns: (transfer none): the formula under the fit, "y = …"
 */
const char *
converge_plots_get_formula (ConvergePlots *self)
{
  return gtk_label_get_text (self->formula);
}

/**
 * converge_plots_get_source:
 * @self: the plots
 * @source: (out): the run and its plots, for a file
 */
void
converge_plots_get_source (ConvergePlots *self,
                           ConvergeExportSource *source)
{
  converge_plots_get_view (self, &source->view);
  if (source->view.snapshot != NULL)
    source->view.updates
      = converge_updates_wait (self->updates,
                               converge_run_moments (converge_runs_get_selected (self->runs)),
                               source->view.snapshot->step);
  if (self->has_run)
    source->view.optimum = converge_optima_wait (converge_optima_get_default (), source->view.spec);
  source->n_surfaces = converge_surface_view_get_plots (self->surface_view, source->surfaces,
                                                        &source->surface_spec, &source->field,
                                                        &source->least);
  for (guint i = 0; i < CONVERGE_N_SWEEPS; i++)
    {
      ConvergeSweep *sweep = converge_sweep_view_get_sweep (self->sweeps[i]);

      source->sweeps[i] = converge_sweep_get_results (sweep);
      source->looks[i] = *converge_sweep_get_look (sweep);
    }
  for (guint i = 0; i < CONVERGE_N_RUN_PLOTS; i++)
    {
      source->plots[i] = self->shown[i].plot;
      source->is_seen[i] = self->shown[i].kind->place == CONVERGE_RUN_PLOT_ABOVE
                           || converge_tabs_shows (self->tabs, self->shown[i].view);
    }
}

/**
 * converge_plots_get_divider:
 * @self: the plots
 *
 * Returns: how many pixels the upper plot has
 */
int
converge_plots_get_divider (ConvergePlots *self)
{
  return gtk_paned_get_position (self->paned);
}

/**
 * converge_plots_set_divider:
 * @self: the plots
 * @position: how many pixels the upper plot is to have
 */
void
converge_plots_set_divider (ConvergePlots *self,
                            int position)
{
  gtk_paned_set_position (self->paned, position);
}

/**
 * converge_plots_get_tab:
 * @self: the plots
 *
 * Returns: (transfer none): id of the plot below
 */
const char *
converge_plots_get_tab (ConvergePlots *self)
{
  return converge_tabs_get_selected (self->tabs);
}

/**
 * converge_plots_set_tab:
 * @self: the plots
 * @id: id of the plot to be seen below
 *
 * Returns: whether there is one
 */
gboolean
converge_plots_set_tab (ConvergePlots *self,
                        const char *id)
{
  return converge_tabs_select (self->tabs, id);
}

/**
 * converge_plots_make_race_table:
 * @self: the plots
 * @separator: what is between two cells
 *
 * Returns: (transfer full): the board of the race, as converge_race_view_make_table() makes it
 */
char *
converge_plots_make_race_table (ConvergePlots *self,
                                char separator)
{
  return converge_race_view_make_table (self->race_view, separator);
}
