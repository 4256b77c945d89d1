/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-step-view.h"

#include "converge-explainer.h"
#include "explain/words.h"
#include "plot/step-text.h"

#include <glib/gi18n-lib.h>

/* This view shows what one step did, at its five stops, with the numbers of the moment that is
 * looked at. */

struct _ConvergeStepView
{
  GtkWidget parent_instance;

  ConvergeRuns *runs;
  ConvergeExplainer *explainer;
  ConvergeRun *explained;
  gint64 explained_step;
  gboolean is_showing;
  GtkAdjustment *adjustment;
  GtkSpinButton *step;
  GtkToggleButton *live;
  GtkLabel *sentence;
  GtkBox *stops;
  GtkLabel *bodies[AG_N_STOPS];
  GtkWidget *headings[AG_N_STOPS];
};

G_DEFINE_FINAL_TYPE (ConvergeStepView, converge_step_view, GTK_TYPE_WIDGET)

/* Which step is looked at, and how many there are. */
static gint64
find_step (ConvergeStepView *self,
           gint64 *n_steps)
{
  const AgSnapshot *snapshot = converge_run_snapshot (converge_runs_get_selected (self->runs));
  const gint64 step = converge_runs_get_step (self->runs);

  *n_steps = snapshot != NULL ? snapshot->step : 0;
  return step == CONVERGE_LIVE ? *n_steps : MIN (step, *n_steps);
}

static void
show_controls (ConvergeStepView *self)
{
  gint64 n_steps;
  const gint64 step = find_step (self, &n_steps);

  self->is_showing = TRUE;
  gtk_adjustment_configure (self->adjustment, (double) step, MIN (1, (double) n_steps),
                            (double) n_steps, 1, 100, 0);
  gtk_toggle_button_set_active (self->live, converge_runs_get_step (self->runs) == CONVERGE_LIVE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->step), n_steps > 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->live), n_steps > 0);
  self->is_showing = FALSE;
}

static void
show_nothing (ConvergeStepView *self)
{
  gtk_label_set_text (self->sentence, _ ("Once a step is taken, this is what it did."));
  for (guint i = 0; i < AG_N_STOPS; i++)
    {
      gtk_widget_set_visible (self->headings[i], FALSE);
      gtk_widget_set_visible (GTK_WIDGET (self->bodies[i]), FALSE);
    }
}

/* Labels whose text is set anew lose what was selected in them. */
static void
set_text (GtkLabel *label,
          const char *text)
{
  if (g_strcmp0 (gtk_label_get_text (label), text) != 0)
    gtk_label_set_text (label, text);
}

static void
show_account (ConvergeStepView *self)
{
  const AgAccount *account = converge_explainer_get_account (self->explainer);
  const AgRunSpec *spec = converge_run_spec (converge_runs_get_selected (self->runs));
  g_autofree char *sentence = NULL, *text = NULL;

  if (account == NULL || spec == NULL || spec->program != account->after->program)
    return;
  sentence = ag_account_say (account);
  /* While the run goes on the account is behind it. */
  text = g_strdup_printf (_ ("Step %lld. %s"), (long long) account->after->step, sentence);
  set_text (self->sentence, text);
  for (guint i = 0; i < AG_N_STOPS; i++)
    {
      g_autofree char *body = converge_step_text (spec, account, (AgStop) i);

      set_text (self->bodies[i], body);
      gtk_widget_set_visible (self->headings[i], TRUE);
      gtk_widget_set_visible (GTK_WIDGET (self->bodies[i]), TRUE);
    }
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
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  gint64 n_steps;
  const gint64 step = find_step (self, &n_steps);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  show_controls (self);
  if (n_steps == 0 || converge_run_moments (run) == NULL)
    {
      converge_explainer_forget (self->explainer);
      self->explained_step = -1;
      show_nothing (self);
      return;
    }
  if (self->explained == run && self->explained_step == step)
    return;
  self->explained = run;
  self->explained_step = step;
  converge_explainer_go (self->explainer, converge_run_spec (run), converge_run_data (run),
                         converge_run_moments (run), step);
}

static void
step_chosen (ConvergeStepView *self)
{
  if (!self->is_showing && self->runs != NULL)
    converge_runs_set_step (self->runs, (gint64) gtk_adjustment_get_value (self->adjustment));
}

static void
live_toggled (ConvergeStepView *self)
{
  gint64 n_steps;

  if (self->is_showing || self->runs == NULL)
    return;
  if (gtk_toggle_button_get_active (self->live))
    converge_runs_set_step (self->runs, CONVERGE_LIVE);
  else
    converge_runs_set_step (self->runs, find_step (self, &n_steps));
}

static void
converge_step_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (converge_step_view_parent_class)->map (widget);
  if (CONVERGE_STEP_VIEW (widget)->runs != NULL)
    converge_step_view_update (CONVERGE_STEP_VIEW (widget));
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
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, adjustment);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, step);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, live);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, sentence);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStepView, stops);
  gtk_widget_class_bind_template_callback (widget_class, step_chosen);
  gtk_widget_class_bind_template_callback (widget_class, live_toggled);
}

static GtkLabel *
add_label (ConvergeStepView *self,
           const char *text,
           const char *css_class)
{
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_widget_add_css_class (label, css_class);
  gtk_box_append (self->stops, label);
  return GTK_LABEL (label);
}

static void
converge_step_view_init (ConvergeStepView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->explained_step = -1;
  self->explainer = converge_explainer_new ();
  g_signal_connect_object (self->explainer, "found", G_CALLBACK (show_account), self,
                           G_CONNECT_SWAPPED);
  for (guint i = 0; i < AG_N_STOPS; i++)
    {
      const char *title = ag_stop_title ((AgStop) i);

      self->headings[i] = GTK_WIDGET (add_label (self, title, "heading"));
      self->bodies[i] = add_label (self, "", "numeric");
      gtk_label_set_selectable (self->bodies[i], TRUE);
      /* The name of a label is its text. */
      gtk_accessible_update_property (GTK_ACCESSIBLE (self->bodies[i]),
                                      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, title, -1);
    }
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
 */
void
converge_step_view_set_up (ConvergeStepView *self,
                           ConvergeRuns *runs)
{
  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
}
