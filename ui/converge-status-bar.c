/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-status-bar.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

struct _ConvergeStatusBar
{
  GtkWidget parent_instance;

  GtkProgressBar *progress;
  GtkLabel *step;
  GtkLabel *loss;
  GtkLabel *speed;
  GtkLabel *state;
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
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, progress);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, step);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, loss);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, speed);
  gtk_widget_class_bind_template_child (widget_class, ConvergeStatusBar, state);
}

static void
converge_status_bar_init (ConvergeStatusBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
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

/* Why one machine is faster than another is for those who ask. */
static const char *
explain_speed (AgEngine engine)
{
  switch (engine)
    {
    case AG_ENGINE_INTERPRETER:
      return _ ("The loops of a step are interpreted. Compiled ones would be faster: a C compiler "
                "on this computer is all it takes.");
    case AG_ENGINE_COMPILED:
      return _ ("The loops of a step were compiled on this computer.");
    case AG_ENGINE_BUILT_IN:
      return _ ("The loops of a step are built into Converge.");
    case AG_ENGINE_GPU:
      return _ ("The steps are taken by the GPU.");
    case AG_ENGINE_NONE:
    default:
      return NULL;
    }
}

static void
show_loss (ConvergeStatusBar *self,
           double loss)
{
  g_autofree char *text = NULL;
  char number[32];

  converge_axis_format (loss, 4, number, sizeof number);
  text = g_strdup_printf (_ ("loss %s"), number);
  gtk_label_set_text (self->loss, text);
}

static void
show_speed (ConvergeStatusBar *self,
            double steps_per_second)
{
  g_autofree char *text = NULL;
  char number[32];

  converge_axis_format (rint (steps_per_second), 3, number, sizeof number);
  text = g_strdup_printf (_ ("%s steps/s"), number);
  gtk_label_set_text (self->speed, text);
}

/**
 * converge_status_bar_update:
 * @self: the bar
 * @run: the run, or the one that is to come
 * @snapshot: (nullable): its state
 */
void
converge_status_bar_update (ConvergeStatusBar *self,
                            const AgRun *run,
                            const AgSnapshot *snapshot)
{
  gint64 taken = snapshot != NULL ? snapshot->step : 0;
  g_autofree char *steps = g_strdup_printf (_ ("step %lld / %lld"), (long long) taken,
                                            (long long) run->steps);

  gtk_progress_bar_set_fraction (self->progress, (double) taken / (double) run->steps);
  gtk_label_set_text (self->step, steps);
  if (snapshot != NULL && !isnan (snapshot->loss))
    show_loss (self, snapshot->loss);
  else
    gtk_label_set_text (self->loss, "");
  if (snapshot != NULL && snapshot->steps_per_second > 0)
    show_speed (self, snapshot->steps_per_second);
  else
    gtk_label_set_text (self->speed, "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->speed),
                               snapshot != NULL ? explain_speed (snapshot->engine) : NULL);
  gtk_label_set_text (self->state, converge_state_title (snapshot != NULL ? snapshot->state
                                                                          : AG_TRAINER_IDLE));
}
