/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-step-view.h"

#include "explain/words.h"
#include "plot/step-bars.h"
#include "plot/step-recent.h"
#include "plot/step-text.h"

#include <adwaita.h>
#include <glib/gi18n-lib.h>

/* This view shows what one step did, at its five stops, with the numbers of the moment that is
 * looked at. */

/* As wide as most lines are, and so narrow that three columns go beside each other. */
#define COLUMN_CHARS 32

/* The steps that are shown of a net that changes by chance. */
#define N_RECENT 3

struct _ConvergeStepView
{
  GtkWidget parent_instance;

  ConvergeRuns *runs;
  ConvergeFollower *explainer;
  GtkLabel *sentence;
  GtkFlowBox *stops;
  GtkLabel *bodies[AG_N_STOPS];
  GtkFlowBox *recent;
  GtkLabel *steps[N_RECENT];
  GtkWidget *comparison;
  GtkDrawingArea *bars;
  ConvergeStepBars changes;
};

G_DEFINE_FINAL_TYPE (ConvergeStepView, converge_step_view, GTK_TYPE_WIDGET)

static void
show_nothing (ConvergeStepView *self)
{
  gtk_label_set_text (self->sentence, _ ("Once a step is taken, this is what it did."));
  gtk_widget_set_visible (GTK_WIDGET (self->stops), FALSE);
  gtk_widget_set_visible (GTK_WIDGET (self->recent), FALSE);
}

/* Labels whose text is set anew lose what was selected in them. */
static void
set_text (GtkLabel *label,
          const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

/* The last steps of a net that changes by chance stand side by side. */
static void
show_recent (ConvergeStepView *self,
             const AgAccount *account)
{
  gboolean has_any = FALSE;

  for (guint i = 0; i < N_RECENT; i++)
    {
      g_autofree char *text = converge_step_recent_text (account, i);
      GtkWidget *child = gtk_widget_get_parent (GTK_WIDGET (self->steps[i]));

      has_any |= text != NULL;
      gtk_widget_set_visible (child, text != NULL);
      if (text != NULL)
        set_text (self->steps[i], text);
    }
  gtk_widget_set_visible (GTK_WIDGET (self->recent), has_any);
}

/* An optimizer other than plain SGD is shown beside plain SGD, so that one sees what it does
 * differently. */
static void
show_comparison (ConvergeStepView *self,
                 const AgRunSpec *spec,
                 const AgAccount *account)
{
  const gboolean has_any = converge_step_bars_init (&self->changes, spec, account);
  g_autofree char *text = NULL;

  gtk_widget_set_visible (self->comparison, has_any);
  if (!has_any)
    return;
  text = converge_step_bars_describe (&self->changes);
  gtk_drawing_area_set_content_height (self->bars, converge_step_bars_height (&self->changes));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bars), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self->bars));
}

static void
draw_bars (GtkDrawingArea *area,
           cairo_t *cr,
           int width,
           int height,
           gpointer data)
{
  ConvergeStepView *self = data;
  AdwStyleManager *manager = adw_style_manager_get_default ();
  ConvergePlotStyle style;

  converge_plot_style_init (&style, adw_style_manager_get_dark (manager),
                            adw_style_manager_get_high_contrast (manager));
  converge_step_bars_draw (&self->changes, cr, width, &style);
}

static void
show_account (ConvergeStepView *self)
{
  const AgAccount *account = converge_explainer_get_account (self->explainer);
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  const AgRunSpec *spec = run != NULL ? converge_run_spec (run) : NULL;
  g_autofree char *sentence = NULL, *text = NULL;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || account == NULL || spec == NULL || spec->program != account->after->program)
    return;
  sentence = ag_account_say (account);
  /* While the run goes on the account is behind it. */
  text = g_strdup_printf (_ ("Step %lld. %s"), (long long) account->after->step, sentence);
  set_text (self->sentence, text);
  for (guint i = 0; i < AG_N_STOPS; i++)
    {
      g_autofree char *body = converge_step_text (spec, account, (AgStop) i);

      set_text (self->bodies[i], body);
    }
  show_recent (self, account);
  show_comparison (self, spec, account);
  gtk_widget_set_visible (GTK_WIDGET (self->stops), TRUE);
}

/**
 * converge_step_view_update:
 * @self: the view
 *
 * Explains the step that is looked at, if it can be seen and was not explained before.
 */
void
converge_step_view_update (ConvergeStepView *self)
{
  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (!converge_follower_follow (self->explainer, self->runs))
    show_nothing (self);
}

static void
converge_step_view_map (GtkWidget *widget)
{
  ConvergeStepView *self = CONVERGE_STEP_VIEW (widget);

  GTK_WIDGET_CLASS (converge_step_view_parent_class)->map (widget);
  if (self->runs == NULL)
    return;
  converge_step_view_update (self);
  show_account (self);
}

static void
converge_step_view_dispose (GObject *object)
{
  ConvergeStepView *self = CONVERGE_STEP_VIEW (object);
  GtkWidget *child;

  g_clear_object (&self->explainer);
  g_clear_object (&self->runs);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_step_view_parent_class)->dispose (object);
}

static void
converge_step_view_class_init (ConvergeStepViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_step_view_dispose;
  widget_class->map = converge_step_view_map;
  gtk_widget_class_set_css_name (widget_class, "stepview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-step-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, sentence);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, stops);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, recent);
}

static GtkLabel *
add_label (GtkWidget *box,
           const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (GTK_BOX (box), label);
  return GTK_LABEL (label);
}

static GtkWidget *
add_column (ConvergeStepView *self)
{
  GtkWidget *child = gtk_flow_box_child_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), box);
  gtk_widget_set_focusable (child, FALSE);
  gtk_flow_box_append (self->stops, child);
  return box;
}

static void
add_stop (ConvergeStepView *self,
          GtkWidget *column,
          AgStop stop)
{
  add_label (column, ag_stop_title (stop), "heading");
  self->bodies[stop] = add_label (column, "", "numeric");
  gtk_label_set_selectable (self->bodies[stop], TRUE);
  gtk_label_set_max_width_chars (self->bodies[stop], COLUMN_CHARS);
  /* The name of a label is its text. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bodies[stop]),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, ag_stop_title (stop), -1);
}

static void
add_recent (ConvergeStepView *self)
{
  for (guint i = 0; i < N_RECENT; i++)
    {
      GtkWidget *child = gtk_flow_box_child_new ();

      self->steps[i] = GTK_LABEL (gtk_label_new (NULL));
      gtk_label_set_xalign (self->steps[i], 0);
      gtk_label_set_selectable (self->steps[i], TRUE);
      gtk_widget_add_css_class (GTK_WIDGET (self->steps[i]), "numeric");
      if (i == N_RECENT - 1)
        gtk_widget_add_css_class (GTK_WIDGET (self->steps[i]), "heading");
      gtk_flow_box_child_set_child (GTK_FLOW_BOX_CHILD (child), GTK_WIDGET (self->steps[i]));
      gtk_widget_set_focusable (child, FALSE);
      gtk_widget_add_css_class (child, "card");
      gtk_widget_add_css_class (child, "recent-step");
      gtk_flow_box_append (self->recent, child);
    }
}

/* Stands below the gradients. */
static void
add_comparison (ConvergeStepView *self,
                GtkWidget *column)
{
  self->comparison = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  add_label (self->comparison, _ ("Beside plain SGD"), "heading");
  self->bars = GTK_DRAWING_AREA (gtk_drawing_area_new ());
  gtk_drawing_area_set_draw_func (self->bars, draw_bars, self, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->bars), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Beside plain SGD"), -1);
  gtk_box_append (GTK_BOX (self->comparison), GTK_WIDGET (self->bars));
  gtk_box_append (GTK_BOX (column), self->comparison);
}

static void
converge_step_view_init (ConvergeStepView *self)
{
  GtkWidget *column = NULL;

  gtk_widget_init_template (GTK_WIDGET (self));
  /* Short sections share a column. */
  for (guint i = 0; i < AG_N_STOPS; i++)
    {
      if (i == AG_STOP_PREDICT || i > AG_STOP_GRADIENT)
        column = add_column (self);
      add_stop (self, column, (AgStop) i);
      if (i == AG_STOP_GRADIENT)
        add_comparison (self, column);
    }
  add_recent (self);
  show_nothing (self);
}

/**
 * converge_step_view_new:
 *
 * Returns: (transfer floating): a view of a step
 */
GtkWidget *
converge_step_view_new (void)
{
  return g_object_new (CONVERGE_TYPE_STEP_VIEW, NULL);
}

/**
 * converge_step_view_set_up:
 * @self: the view, not set up so far
 * @runs: of which it explains a step of the selected one
 * @explainer: who finds out what the step did
 */
void
converge_step_view_set_up (ConvergeStepView *self,
                           ConvergeRuns *runs,
                           ConvergeFollower *explainer)
{
  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
  self->explainer = g_object_ref (explainer);
  g_signal_connect_object (explainer, "found", G_CALLBACK (show_account), self, G_CONNECT_SWAPPED);
}
