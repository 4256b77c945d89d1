/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-status-bar.h"

#include "converge-tooltip.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* Few losses and no speeds take more room. */
#define LONG_LOSS 88.88
#define LONG_SPEED 888888

struct _ConvergeStatusBar
{
  GtkWidget parent_instance;

  GtkMenuButton *why;
  GtkInscription *why_beginning;
  GtkLabel *why_sentence;
  ConvergeQuestion *question;
  GtkLabel *step;
  GtkLabel *step_room;
  GtkLabel *loss;
  GtkLabel *loss_room;
  GtkLabel *detail;
  GtkLabel *detail_room;
  GtkLabel *state;
  GtkLabel *state_room;
};

G_DEFINE_FINAL_TYPE (ConvergeStatusBar, converge_status_bar, GTK_TYPE_WIDGET)

static void
converge_status_bar_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_status_bar_parent_class)->dispose (object);
}

static void
converge_status_bar_class_init (ConvergeStatusBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_status_bar_dispose;
  g_type_ensure (CONVERGE_TYPE_QUESTION);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, why);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, why_beginning);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, why_sentence);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, question);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, step);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, step_room);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, loss);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, loss_room);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, detail);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, detail_room);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, state);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, state_room);
}

/**
 * converge_state_title:
 * @state: a trainer's state
 *
 * Returns: (transfer none): the state in the user's language
 */
const char *
converge_state_title (AgTrainerState state)
{
  switch (state)
    {
    case AG_TRAINER_RUNNING:
      return _ ("running");
    case AG_TRAINER_PAUSED:
      return _ ("paused");
    case AG_TRAINER_DONE:
      return _ ("done");
    case AG_TRAINER_STOPPED:
      return _ ("stopped");
    case AG_TRAINER_DIVERGED:
      return _ ("diverged");
    case AG_TRAINER_FAILED:
      return _ ("failed");
    case AG_TRAINER_IDLE:
    default:
      return _ ("ready");
    }
}

/* A run that ended and waits for a choice does not look like one that only waits. */
static const char *
style_of (AgTrainerState state)
{
  switch (state)
    {
    case AG_TRAINER_PAUSED:
      return "accent";
    case AG_TRAINER_STOPPED:
      return "warning";
    case AG_TRAINER_DIVERGED:
    case AG_TRAINER_FAILED:
      return "error";
    default:
      return "dim-label";
    }
}

static void
show_state (ConvergeStatusBar *self,
            AgTrainerState state)
{
  const char *classes[] = { style_of (state), NULL };

  gtk_label_set_text (self->state, converge_state_title (state));
  gtk_widget_set_css_classes (GTK_WIDGET (self->state), classes);
}

/* Why one machine is faster than another is for those who ask. */
static const char *
explain_speed (AgLoopEngine engine)
{
  switch (engine)
    {
    case AG_LOOP_ENGINE_INTERPRETER:
      return _ ("The loops of a step are interpreted. Compiled ones would be faster: a C compiler "
                "on this computer is all it takes.");
    case AG_LOOP_ENGINE_COMPILED:
      return _ ("The loops of a step were compiled on this computer.");
    case AG_LOOP_ENGINE_BUILT_IN:
      return _ ("The loops of a step are built into Converge.");
    case AG_LOOP_ENGINE_GPU:
      return _ ("The steps are taken by the GPU.");
    case AG_LOOP_ENGINE_NONE:
    default:
      return NULL;
    }
}

/* Behind each label is one that nobody sees, with the longest of the texts that come
 * there, a line each: as wide as that, the label lets nothing beside it move. */
static void
reserve (GtkLabel *room,
         const char *text)
{
  g_autofree char *texts = g_strdup_printf ("%s\n%s", gtk_label_get_text (room), text);

  gtk_label_set_text (room, texts);
}

static char *
format_step (const AgRunSpec *spec,
             gint64 step)
{
  return g_strdup_printf (_ ("step %lld / %lld"), (long long) step, (long long) spec->steps);
}

static char *
format_preparation (double share)
{
  return g_strdup_printf (_ ("Preparing data %d %%"), (int) (100 * share));
}

/* A step's loss is that before its update. What the coefficients have come to is
 * known only where the run rests, and NaN elsewhere. */
static char *
format_loss (double loss,
             double final_loss)
{
  char before[32], after[32];

  converge_axis_format (loss, 4, before, sizeof before);
  converge_axis_format (final_loss, 4, after, sizeof after);
  return isnan (final_loss) ? g_strdup_printf (_ ("loss %s"), before)
                            : g_strdup_printf (_ ("loss %s → %s"), before, after);
}

static char *
format_speed (double steps_per_second)
{
  char number[32];

  converge_axis_format (rint (steps_per_second), 3, number, sizeof number);
  return g_strdup_printf (_ ("%s steps/s"), number);
}

/**
 * converge_status_bar_explain:
 * @self: the bar
 * @sentence: (nullable): why the run stands where it does
 *
 * Says as much of a sentence as there is room for, and all of it where that is asked for. There
 * is room for it before there is one.
 */
void
converge_status_bar_explain (ConvergeStatusBar *self,
                             const char *sentence)
{
  const char *text = sentence != NULL ? sentence : "";

  if (sentence == NULL)
    gtk_menu_button_popdown (self->why);
  /* Hidden it would take its height along. */
  gtk_widget_set_opacity (GTK_WIDGET (self->why), sentence != NULL ? 1 : 0);
  gtk_widget_set_sensitive (GTK_WIDGET (self->why), sentence != NULL);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self->why), GTK_ACCESSIBLE_STATE_HIDDEN,
                               sentence == NULL, -1);
  gtk_inscription_set_text (self->why_beginning, text);
  gtk_widget_set_can_target (GTK_WIDGET (self->why_beginning), sentence != NULL);
  gtk_label_set_text (self->why_sentence, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->why), GTK_ACCESSIBLE_PROPERTY_LABEL, text,
                                  -1);
}

/* While a question is asked it takes the place of the reason's beginning; the button that shows the
 * whole reason stays. */
static void
make_room (ConvergeStatusBar *self)
{
  const gboolean is_asked = converge_question_is_asked (self->question);

  gtk_widget_set_visible (GTK_WIDGET (self->question), is_asked);
  gtk_widget_set_visible (GTK_WIDGET (self->why_beginning), !is_asked);
}

/**
 * converge_status_bar_get_question:
 * @self: the bar
 *
 * Returns: (transfer none): what it asks before a run
 */
ConvergeQuestion *
converge_status_bar_get_question (ConvergeStatusBar *self)
{
  return self->question;
}

static void
converge_status_bar_init (ConvergeStatusBar *self)
{
  g_autofree char *loss = format_loss (LONG_LOSS, LONG_LOSS);
  g_autofree char *speed = format_speed (LONG_SPEED);

  gtk_widget_init_template (GTK_WIDGET (self));
  converge_status_bar_explain (self, NULL);
  g_signal_connect_object (self->question, "notify::asked", G_CALLBACK (make_room), self,
                           G_CONNECT_SWAPPED);
  reserve (self->loss_room, loss);
  reserve (self->detail_room, speed);
  reserve (self->detail_room, _ ("Continue or New Run"));
  for (AgTrainerState state = AG_TRAINER_IDLE; state <= AG_TRAINER_FAILED; state++)
    reserve (self->state_room, converge_state_title (state));
}

static void
show_loss (ConvergeStatusBar *self,
           double loss,
           double final_loss)
{
  g_autofree char *text = isnan (loss) ? g_strdup ("") : format_loss (loss, final_loss);

  gtk_label_set_text (self->loss, text);
  converge_tooltip_set (GTK_WIDGET (self->loss),
                        isnan (final_loss)
                          ? _ ("The loss before the last step's update.")
                          : _ ("The loss before and after the last step's update."));
}

static void
show_speed (ConvergeStatusBar *self,
            const AgSnapshot *snapshot)
{
  g_autofree char *text = format_speed (snapshot->steps_per_second);

  gtk_label_set_text (self->detail, text);
  converge_tooltip_set (GTK_WIDGET (self->detail), explain_speed (snapshot->loop_engine));
}

/* How fast it is, or, where it was stopped, what can be done. */
static void
show_detail (ConvergeStatusBar *self,
             const AgSnapshot *snapshot)
{
  if (snapshot->state == AG_TRAINER_STOPPED)
    {
      gtk_label_set_text (self->detail, _ ("Continue or New Run"));
      converge_tooltip_set (GTK_WIDGET (self->detail),
                            _ ("Continue goes on from where the run was stopped, New Run "
                               "begins another with the settings as they are now."));
    }
  else if (snapshot->steps_per_second > 0)
    {
      show_speed (self, snapshot);
    }
  else
    {
      gtk_label_set_text (self->detail, "");
      converge_tooltip_set (GTK_WIDGET (self->detail), NULL);
    }
}

/**
 * converge_status_bar_update:
 * @self: the bar
 * @spec: the run, or the one that is to come
 * @snapshot: (nullable): its state
 * @moment: (nullable): which of its moments is looked at, if that is a past one
 */
void
converge_status_bar_update (ConvergeStatusBar *self,
                            const AgRunSpec *spec,
                            const AgSnapshot *snapshot,
                            const AgMoment *moment)
{
  const gint64 taken = moment != NULL ? moment->step : snapshot != NULL ? snapshot->step
                                                                        : 0;
  g_autofree char *step = format_step (spec, taken);
  g_autofree char *last = format_step (spec, spec->steps);

  gtk_label_set_text (self->step_room, last);
  gtk_label_set_text (self->step, step);
  if (moment != NULL)
    show_loss (self, moment->loss, NAN);
  else if (snapshot != NULL)
    show_loss (self, snapshot->loss, snapshot->final_loss);
  else
    show_loss (self, NAN, NAN);
  show_detail (self, snapshot != NULL ? snapshot : &(AgSnapshot){ .state = AG_TRAINER_IDLE });
  show_state (self, snapshot != NULL ? snapshot->state : AG_TRAINER_IDLE);
}

/**
 * converge_status_bar_show_preparation:
 * @self: the bar
 * @share: how much of a run's data is prepared, from 0 to 1
 *
 * Shows what a run is at before its first snapshot.
 */
void
converge_status_bar_show_preparation (ConvergeStatusBar *self,
                                      double share)
{
  g_autofree char *text = format_preparation (share);

  gtk_label_set_text (self->step, text);
}
