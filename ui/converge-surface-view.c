/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-surface-view-private.h"

#include "converge-export.h"
#include "converge-optima.h"
#include "converge-tooltip.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The loss around the moment that is looked at, as contours over two parameters. */

/* Two pictures need so many pixels. */
#define WIDE 640

/* Digits of the values that a run is started with, beside the first, and how small beside the others is
 * nothing. */
#define N_DIGITS 4
#define NOTHING 1e-9

G_DEFINE_FINAL_TYPE (ConvergeSurfaceView, converge_surface_view, GTK_TYPE_WIDGET)

static void
clear_shown (ShownSurface *shown)
{
  if (shown->view != NULL)
    converge_plot_view_set_plot (shown->view, NULL, NULL, NULL);
  g_clear_pointer (&shown->plot, converge_plot_free);
  g_clear_pointer (&shown->field, ag_field_free);
  g_clear_pointer (&shown->axes, g_free);
}

static void
show_nothing (ConvergeSurfaceView *self,
              const char *why)
{
  for (guint i = 0; i < CONVERGE_MAX_SURFACES; i++)
    clear_shown (&self->shown[i]);
  self->n_shown = 0;
  memset (&self->asked, 0, sizeof self->asked);
  gtk_label_set_text (self->nothing, why);
  gtk_label_set_text (self->sentence, "");
  gtk_stack_set_visible_child_name (self->stack, "nothing");
}

/* In a narrow window there is room for one picture. */
static gboolean
has_room (ConvergeSurfaceView *self)
{
  return gtk_widget_get_width (GTK_WIDGET (self->plots)) >= WIDE;
}

static void
show_second (ConvergeSurfaceView *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->shown[1].view), self->n_shown > 1 && has_room (self));
}

static gboolean
look_again (gpointer data)
{
  ConvergeSurfaceView *self = data;

  self->zoomed = 0;
  show_second (self);
  converge_surface_view_update (self);
  return G_SOURCE_REMOVE;
}

/* Where it was zoomed, the loss is looked at anew; not while it is drawn, since the plot may go by
 * that. */
static void
prepare_plot (ConvergePlot *plot,
              double width,
              gpointer user_data)
{
  ConvergeSurfaceView *self = user_data;
  gboolean is_other
    = self->n_shown > 1 && gtk_widget_get_visible (GTK_WIDGET (self->shown[1].view)) != has_room (self);

  for (guint i = 0; i < self->n_shown; i++)
    is_other = is_other || converge_surface_view_is_zoomed (self, i);
  if (is_other && self->zoomed == 0)
    self->zoomed = g_idle_add (look_again, self);
}

/* A plot that is over something else is another one, with its own zoom. */
static void
show_survey (ConvergeSurfaceView *self,
             guint index,
             const AgSurvey *survey)
{
  ShownSurface *shown = &self->shown[index];
  g_autofree char *x = converge_surface_axis_title (survey, 0);
  g_autofree char *y = converge_surface_axis_title (survey, 1);
  const AgPlaneKind kind = survey->field->plane->kind;
  g_autofree char *axes = kind == AG_PLANE_PATH
                            ? g_strdup_printf ("path %s", survey->spec.program->id)
                            : g_strdup_printf ("%s %s %s", x, y, survey->spec.program->id);

  if (g_strcmp0 (axes, shown->axes) != 0)
    {
      clear_shown (shown);
      shown->axes = g_steal_pointer (&axes);
      shown->plot = converge_surface_plot_new (survey);
    }
  else if (strcmp (x, shown->plot->x.label) != 0 || strcmp (y, shown->plot->y.label) != 0)
    {
      g_free (shown->plot->x.label);
      g_free (shown->plot->y.label);
      shown->plot->x.label = g_steal_pointer (&x);
      shown->plot->y.label = g_steal_pointer (&y);
      converge_plot_view_set_plot (shown->view, shown->plot, prepare_plot, self);
    }
  converge_surface_plot_update (shown->plot, survey, self->runs_shown->len,
                                (const ConvergeSurfaceRun *) (gpointer) self->runs_shown->data,
                                self->step);
  if (converge_plot_view_get_plot (shown->view) != shown->plot)
    converge_plot_view_set_plot (shown->view, shown->plot, prepare_plot, self);
  g_clear_pointer (&shown->field, ag_field_free);
  shown->field = ag_field_copy (survey->field);
  converge_plot_view_update (shown->view);
}

/* While a run goes on, a reader would never come to an end. */
static void
describe (ConvergeSurfaceView *self,
          guint index,
          const AgSurvey *survey)
{
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  g_autofree char *description = NULL;

  if ((run != NULL && converge_run_is_active (run)) || !ag_survey_is_complete (survey))
    return;
  description = converge_surface_describe (survey);
  converge_plot_view_describe (self->shown[index].view, description);
}

/* More is found as long as somebody sees it. */
static void
go_on (ConvergeSurfaceView *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && !converge_surface_is_busy (self->surface))
    converge_surface_go_on (self->surface);
}

static void
found (ConvergeSurfaceView *self)
{
  const guint n = converge_surface_get_n (self->surface);

  if (n > 0)
    {
      const AgSurvey *first = converge_surface_get (self->surface, 0);

      self->spec = first->spec;
      self->least = first->least;
      for (guint i = n; i < CONVERGE_MAX_SURFACES; i++)
        clear_shown (&self->shown[i]);
      self->n_shown = n;
      for (guint i = 0; i < n; i++)
        {
          show_survey (self, i, converge_surface_get (self->surface, i));
          describe (self, i, converge_surface_get (self->surface, i));
        }
      show_second (self);
      gtk_label_set_text (self->sentence, self->shown[0].plot->note);
      converge_tooltip_set (GTK_WIDGET (self->sentence), self->shown[0].plot->note);
      converge_surface_view_show_kind (self, first->field->plane->kind);
      gtk_stack_set_visible_child_name (self->stack, "plots");
    }
  else if (self->n_shown == 0)
    {
      gtk_label_set_text (self->nothing, _ ("The loss cannot be computed here."));
    }
  if (self->is_stale)
    converge_surface_view_update (self);
  go_on (self);
}

/**
 * converge_surface_view_update:
 * @self: the view
 *
 * Finds out what is to be seen of the moment that is looked at, if it can be seen and is not that
 * which is shown.
 */
void
converge_surface_view_update (ConvergeSurfaceView *self)
{
  ConvergeSurfaceWish wish;
  ConvergeSurfaceKey key;
  ConvergeRunView view;

  if (self->runs == NULL || !gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (!self->source (self->source_data, &view))
    {
      show_nothing (self, _ ("There is nothing to see of a run that cannot be made."));
      return;
    }
  if (!converge_surface_view_fill (self, view.spec))
    {
      show_nothing (self, _ ("A surface needs two parameters that are not held."));
      return;
    }
  if (!converge_surface_view_make_key (self, &view, &key))
    {
      show_nothing (self, _ ("The loss cannot be computed here."));
      return;
    }
  if (memcmp (&key, &self->asked, sizeof key) == 0)
    return;
  self->is_stale = converge_surface_is_busy (self->surface);
  if (self->is_stale)
    {
      converge_surface_hurry (self->surface);
      return;
    }
  self->asked = key;
  self->step = key.step;
  converge_surface_view_make_wish (self, &view, &key, &wish);
  converge_surface_ask (self->surface, &wish);
}

static void
kind_chosen (ConvergeSurfaceView *self)
{
  if (self->is_filling)
    return;
  self->has_kind = TRUE;
  converge_surface_view_update (self);
}

/* The same parameter twice is no plane: the other one gives way. */
static void
parameter_chosen (ConvergeSurfaceView *self,
                  GParamSpec *pspec,
                  GtkDropDown *choice)
{
  GtkDropDown *other = choice == self->across ? self->up : self->across;
  const guint chosen = gtk_drop_down_get_selected (choice);

  if (self->is_filling || self->free->len < 2)
    return;
  if (gtk_drop_down_get_selected (other) == chosen)
    {
      self->is_filling = TRUE;
      gtk_drop_down_set_selected (other, chosen == 0 ? 1 : 0);
      self->is_filling = FALSE;
    }
  converge_surface_view_update (self);
}

static double
round_to (double value,
          double size)
{
  /* To divide by a power of ten gives the number that is written with so few digits. */
  const double units = pow (10, N_DIGITS - floor (log10 (size)));
  const double rounded = round (value * units) / units;

  return size > 0 && isfinite (rounded) ? rounded : value;
}

/* Numbers that people can read: what is shown to less than a pixel, the others to some digits, and what
 * is nothing but rounding beside them is 0. */
static void
round_place (const AgPlane *plane,
             double *coefficients)
{
  double most = 0;

  for (guint i = 0; i < plane->n; i++)
    most = fmax (most, fabs (coefficients[i]));
  for (guint i = 0; i < plane->n; i++)
    {
      double size = fabs (coefficients[i]);

      for (guint k = 0; k < 2; k++)
        if (plane->kind != AG_PLANE_PATH && plane->parameters[k] == i)
          size = plane->range[k][1] - plane->range[k][0];
      coefficients[i] = fabs (coefficients[i]) < NOTHING * most ? 0 : round_to (coefficients[i], size);
    }
}

/* A run begins where the surface is, so that its first loss is what is to be seen there. */
static gboolean
start_run (gpointer data)
{
  ConvergeSurfaceView *self = data;
  const AgField *field = self->shown[self->start_picture].field;
  g_autofree double *coefficients = NULL;
  AgRunSpec spec = self->spec;

  self->start = 0;
  if (field == NULL)
    return G_SOURCE_REMOVE;
  coefficients = g_new (double, spec.program->model->n_parameters);
  ag_field_coefficients (field, self->start_place[0], self->start_place[1], coefficients);
  round_place (field->plane, coefficients);
  for (guint i = 0; i < spec.program->model->n_parameters; i++)
    ag_run_spec_set_init_value (&spec, i, coefficients[i]);
  if (converge_settings_spec (self->settings)->program != spec.program)
    converge_settings_take_over (self->settings, &spec);
  else
    converge_settings_set_text (self->settings, "init", spec.init);
  if (!gtk_widget_activate_action (GTK_WIDGET (self), "win.new-run", NULL)
      || converge_runs_get_selected (self->runs) == NULL)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.train", NULL);
  return G_SOURCE_REMOVE;
}

static void
give_up (guint *source)
{
  if (*source != 0)
    g_source_remove (*source);
  *source = 0;
}

/* A click may become a double click, which means something else. */
static void
place_chosen (ConvergeSurfaceView *self,
              double x,
              double y,
              ConvergePlotView *view)
{
  gint time_ms;

  give_up (&self->start);
  self->start_picture = view == self->shown[1].view;
  self->start_place[0] = x;
  self->start_place[1] = y;
  g_object_get (gtk_widget_get_settings (GTK_WIDGET (self)), "gtk-double-click-time", &time_ms, NULL);
  self->start = g_timeout_add ((guint) time_ms, start_run, self);
}

static void
pressed (ConvergeSurfaceView *self,
         int n_presses)
{
  if (n_presses > 1)
    give_up (&self->start);
}

static void
converge_surface_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (converge_surface_view_parent_class)->map (widget);
  converge_surface_view_update (CONVERGE_SURFACE_VIEW (widget));
  go_on (CONVERGE_SURFACE_VIEW (widget));
}

static void
converge_surface_view_unmap (GtkWidget *widget)
{
  converge_surface_hurry (CONVERGE_SURFACE_VIEW (widget)->surface);
  GTK_WIDGET_CLASS (converge_surface_view_parent_class)->unmap (widget);
}

static void
converge_surface_view_dispose (GObject *object)
{
  ConvergeSurfaceView *self = CONVERGE_SURFACE_VIEW (object);
  GtkWidget *child;

  give_up (&self->start);
  give_up (&self->zoomed);
  for (guint i = 0; i < CONVERGE_MAX_SURFACES; i++)
    {
      clear_shown (&self->shown[i]);
      self->shown[i].view = NULL;
    }
  g_clear_object (&self->surface);
  g_clear_object (&self->settings);
  g_clear_object (&self->runs);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_surface_view_parent_class)->dispose (object);
}

static void
converge_surface_view_finalize (GObject *object)
{
  ConvergeSurfaceView *self = CONVERGE_SURFACE_VIEW (object);

  g_array_unref (self->runs_shown);
  g_array_unref (self->free);
  G_OBJECT_CLASS (converge_surface_view_parent_class)->finalize (object);
}

static void
converge_surface_view_class_init (ConvergeSurfaceViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_surface_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = converge_surface_view_finalize;
  widget_class->map = converge_surface_view_map;
  widget_class->unmap = converge_surface_view_unmap;
  gtk_widget_class_set_css_name (widget_class, "surfaceview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-surface-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, stack);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, nothing);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, plots);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, kinds);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, across);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, up);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, sentence);
  gtk_widget_class_bind_template_child (widget_class, ConvergeSurfaceView, export);
  gtk_widget_class_bind_template_callback (widget_class, kind_chosen);
  gtk_widget_class_bind_template_callback (widget_class, parameter_chosen);
}

/* The button in a drop-down is reached by keys. */
static void
name_choices (ConvergeSurfaceView *self)
{
  const struct
  {
    GtkDropDown *choice;
    const char *name;
  } choices[] = {
    { self->kinds, _ ("Where the other parameters are") },
    { self->across, _ ("Parameter across") },
    { self->up, _ ("Parameter up") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    {
      GtkWidget *button = gtk_widget_get_first_child (GTK_WIDGET (choices[i].choice));

      converge_tooltip_set (GTK_WIDGET (choices[i].choice), choices[i].name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (choices[i].choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      choices[i].name, -1);
      gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      choices[i].name, -1);
    }
}

static void
converge_surface_view_init (ConvergeSurfaceView *self)
{
  g_autoptr (GMenuModel) menu = converge_export_surface_menu ();

  self->runs_shown = g_array_new (FALSE, FALSE, sizeof (ConvergeSurfaceRun));
  self->free = g_array_new (FALSE, FALSE, sizeof (guint));
  self->surface = converge_surface_new ();
  g_signal_connect_object (self->surface, "found", G_CALLBACK (found), self, G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_menu_model (self->export, menu);
  name_choices (self);
  for (guint i = 0; i < CONVERGE_MAX_SURFACES; i++)
    {
      GtkWidget *view = converge_plot_view_new (i == 0 ? _ ("Loss surface")
                                                       : _ ("Loss surface of the other parameters"));
      GtkGesture *click = gtk_gesture_click_new ();

      self->shown[i].view = CONVERGE_PLOT_VIEW (view);
      gtk_box_append (self->plots, view);
      g_signal_connect_swapped (view, "chosen", G_CALLBACK (place_chosen), self);
      gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (click), GTK_PHASE_CAPTURE);
      g_signal_connect_swapped (click, "pressed", G_CALLBACK (pressed), self);
      gtk_widget_add_controller (view, GTK_EVENT_CONTROLLER (click));
    }
}

/**
 * converge_surface_view_new:
 *
 * Returns: (transfer floating): a view of the loss
 */
GtkWidget *
converge_surface_view_new (void)
{
  return g_object_new (CONVERGE_TYPE_SURFACE_VIEW, NULL);
}

/**
 * converge_surface_view_set_up:
 * @self: the view, not set up so far
 * @settings: what runs are made of
 * @runs: of which the selected one is shown
 * @source: says what is to be seen
 * @user_data: given to @source
 */
void
converge_surface_view_set_up (ConvergeSurfaceView *self,
                              ConvergeSettings *settings,
                              ConvergeRuns *runs,
                              ConvergeSurfaceSource source,
                              gpointer user_data)
{
  g_return_if_fail (self->runs == NULL);

  self->settings = g_object_ref (settings);
  self->runs = g_object_ref (runs);
  self->source = source;
  self->source_data = user_data;
  g_signal_connect_object (runs, "moment", G_CALLBACK (converge_surface_view_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (converge_surface_view_update), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (converge_optima_get_default (), "found",
                           G_CALLBACK (converge_surface_view_update), self, G_CONNECT_SWAPPED);
}

/**
 * converge_surface_view_get_plots:
 * @self: the view
 * @plots: (out caller-allocates): room for %CONVERGE_MAX_SURFACES plots
 * @spec: (out): the run that is in them
 * @field: (out) (nullable): the loss in the first
 * @least: (out): the least loss
 *
 * Returns: how many plots are to be seen
 */
guint
converge_surface_view_get_plots (ConvergeSurfaceView *self,
                                 ConvergePlot **plots,
                                 const AgRunSpec **spec,
                                 const AgField **field,
                                 double *least)
{
  for (guint i = 0; i < self->n_shown; i++)
    plots[i] = self->shown[i].plot;
  *spec = &self->spec;
  *field = self->shown[0].field;
  *least = self->least;
  return self->n_shown;
}
