/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-question.h"

#include "plot/run-difference.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * Answer:
 * @ANSWER_NONE: nobody has answered
 * @ANSWER_FALL: the loss will fall
 * @ANSWER_OSCILLATE: it will go back and forth
 * @ANSWER_BLOW_UP: it will grow beyond all numbers
 *
 * An answer that people give when asked what they expect of a run.
 */
typedef enum
{
  ANSWER_NONE,
  ANSWER_FALL,
  ANSWER_OSCILLATE,
  ANSWER_BLOW_UP,
  N_ANSWERS
} Answer;

/* As the actions of the buttons say it. */
static const char *const answer_ids[N_ANSWERS] = { "", "fall", "oscillate", "blow-up" };

/**
 * ConvergeQuestion:
 * @settings: what the next run is made of
 * @runs: of which the selected one may still go on, and then nothing is asked
 * @answers: what was expected of each run, by its id
 * @answer: what is expected of the next one
 * @asks: whether people want to be asked
 * @is_changed: whether a setting was changed since that run was selected
 * @is_skipped: whether they do not for the next run
 * @is_asked: whether the question is to be seen
 * @off: the button with the menu to have no question
 * @whole: the one with all of the question in its menu, where there is little room
 *
 * Asks before a run what it will do: who says what they expect learns more from what they see.
 * It is in nobody's way: the button that trains does so whether there is an answer or not. Where
 * there was one, it is compared with what happened.
 */
struct _ConvergeQuestion
{
  GtkWidget parent_instance;

  ConvergeSettings *settings;
  ConvergeRuns *runs;
  GHashTable *answers;
  Answer answer;
  gboolean asks;
  gboolean is_changed;
  gboolean is_skipped;
  gboolean is_asked;
  GtkMenuButton *off;
  GtkMenuButton *whole;
};

enum
{
  PROP_ANSWER = 1,
  PROP_ASKS,
  PROP_ASKED,
  N_PROPERTIES
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (ConvergeQuestion, converge_question, GTK_TYPE_WIDGET)

/* A run that is done goes on where nothing but more steps is asked for. */
static gboolean
is_over (const AgRunSpec *spec,
         const AgSnapshot *snapshot,
         const AgRunSpec *wanted)
{
  if (snapshot == NULL)
    return FALSE;
  return snapshot->state == AG_TRAINER_DIVERGED
         || (snapshot->state == AG_TRAINER_DONE
             && !(wanted->steps > spec->steps && ag_run_spec_can_become (spec, wanted)));
}

/* Whether somebody thinks of a next run, and that is another one than that which is looked at:
 * what the same would do is known. */
static gboolean
has_next (ConvergeQuestion *self)
{
  const AgRunSpec *wanted = converge_settings_spec (self->settings);
  ConvergeRun *run = converge_runs_get_selected (self->runs);
  const AgRunSpec *spec = converge_run_spec (run);
  g_autofree char *difference = NULL;

  if (spec == NULL)
    return TRUE;
  if (!self->is_changed || !is_over (spec, converge_run_snapshot (run), wanted))
    return FALSE;
  difference = converge_run_text_difference (wanted, spec);
  return difference != NULL;
}

/* GTK 4.8 never frees a menu that is open when its button is hidden, nor what is around it. */
static void
close_menus (ConvergeQuestion *self)
{
  gtk_menu_button_popdown (self->off);
  gtk_menu_button_popdown (self->whole);
}

static void
update (ConvergeQuestion *self)
{
  const gboolean is_asked = self->runs != NULL && self->asks && !self->is_skipped && has_next (self);

  if (is_asked == self->is_asked)
    return;
  if (!is_asked)
    close_menus (self);
  self->is_asked = is_asked;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKED]);
}

static void
settings_changed (ConvergeQuestion *self)
{
  self->is_changed = TRUE;
  update (self);
}

/* Where another run is looked at, the status bar says why that one stands where it does, rather
 * than to ask. */
static void
selected_changed (ConvergeQuestion *self)
{
  self->is_changed = FALSE;
  update (self);
}

static void
run_changed (ConvergeQuestion *self,
             ConvergeRun *run)
{
  if (run == converge_runs_get_selected (self->runs))
    update (self);
}

static void
set_answer (ConvergeQuestion *self,
            Answer answer)
{
  if (answer == self->answer)
    return;
  self->answer = answer;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ANSWER]);
}

static void
set_asks (ConvergeQuestion *self,
          gboolean asks)
{
  if (asks == self->asks)
    return;
  self->asks = asks;
  self->is_skipped = FALSE;
  set_answer (self, ANSWER_NONE);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ASKS]);
  update (self);
}

static void
converge_question_dispose (GObject *object)
{
  ConvergeQuestion *self = CONVERGE_QUESTION (object);
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_object (&self->settings);
  g_clear_object (&self->runs);
  G_OBJECT_CLASS (converge_question_parent_class)->dispose (object);
}

static void
converge_question_finalize (GObject *object)
{
  g_hash_table_unref (CONVERGE_QUESTION (object)->answers);
  G_OBJECT_CLASS (converge_question_parent_class)->finalize (object);
}

static void
converge_question_get_property (GObject *object,
                                guint id,
                                GValue *value,
                                GParamSpec *pspec)
{
  ConvergeQuestion *self = CONVERGE_QUESTION (object);

  switch (id)
    {
    case PROP_ANSWER:
      g_value_set_string (value, answer_ids[self->answer]);
      break;
    case PROP_ASKS:
      g_value_set_boolean (value, self->asks);
      break;
    case PROP_ASKED:
      g_value_set_boolean (value, self->is_asked);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

/* The answer that there is, given again, is taken back. */
static void
choose_answer (ConvergeQuestion *self,
               const char *id)
{
  for (Answer answer = ANSWER_NONE; answer < N_ANSWERS; answer++)
    if (g_strcmp0 (id, answer_ids[answer]) == 0)
      set_answer (self, answer != self->answer ? answer : ANSWER_NONE);
}

static void
converge_question_set_property (GObject *object,
                                guint id,
                                const GValue *value,
                                GParamSpec *pspec)
{
  ConvergeQuestion *self = CONVERGE_QUESTION (object);

  switch (id)
    {
    case PROP_ANSWER:
      choose_answer (self, g_value_get_string (value));
      break;
    case PROP_ASKS:
      set_asks (self, g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
skip (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  ConvergeQuestion *self = CONVERGE_QUESTION (widget);

  self->is_skipped = TRUE;
  set_answer (self, ANSWER_NONE);
  update (self);
}

static void
turn_off (GtkWidget *widget,
          const char *name,
          GVariant *parameter)
{
  set_asks (CONVERGE_QUESTION (widget), FALSE);
}

static void
converge_question_class_init (ConvergeQuestionClass *klass)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = converge_question_dispose;
  object_class->finalize = converge_question_finalize;
  object_class->get_property = converge_question_get_property;
  object_class->set_property = converge_question_set_property;

  /**
   * ConvergeQuestion:answer:
   *
   * What is expected of the next run: "fall", "oscillate" or "blow-up"; nothing where it is not
   * answered.
   */
  properties[PROP_ANSWER] = g_param_spec_string ("answer", NULL, NULL, "", flags);
  /**
   * ConvergeQuestion:asks:
   *
   * Whether people want to be asked.
   */
  properties[PROP_ASKS] = g_param_spec_boolean ("asks", NULL, NULL, TRUE, flags);
  /**
   * ConvergeQuestion:asked:
   *
   * Whether it is time to ask: there is a run to come, and nobody said that they do not want to
   * say.
   */
  properties[PROP_ASKED]
    = g_param_spec_boolean ("asked", NULL, NULL, FALSE, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/converge-question.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeQuestion, off);
  gtk_widget_class_bind_template_child (widget_class, ConvergeQuestion, whole);
  gtk_widget_class_install_property_action (widget_class, "question.answer", "answer");
  gtk_widget_class_install_action (widget_class, "question.skip", NULL, skip);
  gtk_widget_class_install_action (widget_class, "question.turn-off", NULL, turn_off);
}

static void
converge_question_init (ConvergeQuestion *self)
{
  self->answers = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  self->asks = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * converge_question_set_up:
 * @self: a question that was not set up so far
 * @settings: what the next run is made of
 * @runs: of which the selected one is looked at
 */
void
converge_question_set_up (ConvergeQuestion *self,
                          ConvergeSettings *settings,
                          ConvergeRuns *runs)
{
  g_return_if_fail (self->runs == NULL);

  self->settings = g_object_ref (settings);
  self->runs = g_object_ref (runs);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "notify::selected", G_CALLBACK (selected_changed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (runs, "changed", G_CALLBACK (run_changed), self, G_CONNECT_SWAPPED);
  update (self);
}

/**
 * converge_question_is_asked:
 * @self: the question
 *
 * Returns: whether it is to be seen
 */
gboolean
converge_question_is_asked (ConvergeQuestion *self)
{
  return self->is_asked;
}

/**
 * converge_question_take:
 * @self: the question
 * @run: a run that was just made
 *
 * Keeps the answer there is for that run. The next one is asked for anew.
 */
void
converge_question_take (ConvergeQuestion *self,
                        ConvergeRun *run)
{
  const gint64 id = (gint64) converge_run_get_id (run);

  if (self->answer != ANSWER_NONE)
    g_hash_table_insert (self->answers, g_memdup2 (&id, sizeof id), GINT_TO_POINTER (self->answer));
  self->is_skipped = FALSE;
  set_answer (self, ANSWER_NONE);
  update (self);
}

static const char *const expectations[N_ANSWERS] = {
  [ANSWER_FALL] = N_ ("You expect it to fall."),
  [ANSWER_OSCILLATE] = N_ ("You expect it to oscillate."),
  [ANSWER_BLOW_UP] = N_ ("You expect it to blow up."),
};

/* The remark on each answer for each outcome; a run that has arrived has fallen. */
static const char *const remarks[N_ANSWERS][AG_WHY_STUCK + 1] = {
  [ANSWER_FALL] = {
    [AG_WHY_FALLING] = N_ ("It fell, as you expected."),
    [AG_WHY_SWINGING] = N_ ("You expected it to fall, and it oscillates."),
    [AG_WHY_DIVERGED] = N_ ("You expected it to fall, and it blew up."),
    [AG_WHY_STUCK] = N_ ("You expected it to fall, and it hardly does."),
  },
  [ANSWER_OSCILLATE] = {
    [AG_WHY_FALLING] = N_ ("You expected it to oscillate, and it fell."),
    [AG_WHY_SWINGING] = N_ ("It oscillates, as you expected."),
    [AG_WHY_DIVERGED] = N_ ("You expected it to oscillate, and it blew up."),
    [AG_WHY_STUCK] = N_ ("You expected it to oscillate, and it hardly moves."),
  },
  [ANSWER_BLOW_UP] = {
    [AG_WHY_FALLING] = N_ ("You expected it to blow up, and it fell."),
    [AG_WHY_SWINGING] = N_ ("You expected it to blow up, and it oscillates."),
    [AG_WHY_DIVERGED] = N_ ("It blew up, as you expected."),
    [AG_WHY_STUCK] = N_ ("You expected it to blow up, and it hardly moves."),
  },
};

static const char *
find_remark (Answer answer,
             AgWhyKind kind)
{
  const char *remark = remarks[answer][kind == AG_WHY_ARRIVED ? AG_WHY_FALLING : kind];

  return remark != NULL ? _ (remark) : NULL;
}

/**
 * converge_question_remark:
 * @self: the question
 * @run: the run that is looked at
 * @why: why that run stands where it does, if it is over
 *
 * Compares what was expected of a run with what it did, in front of the reason. As long as it
 * goes on, that is what was expected.
 *
 * Returns: (transfer full) (nullable): a sentence or more; %NULL where there is nothing to say
 */
char *
converge_question_remark (ConvergeQuestion *self,
                          ConvergeRun *run,
                          ConvergeWhy *why)
{
  const gint64 id = (gint64) converge_run_get_id (run);
  const Answer answer = GPOINTER_TO_INT (g_hash_table_lookup (self->answers, &id));
  const char *reason = converge_why_get_sentence (why);
  const char *remark;

  if (reason == NULL)
    return answer != ANSWER_NONE ? g_strdup (_ (expectations[answer])) : NULL;
  remark = find_remark (answer, converge_why_get_kind (why));
  /* Translators: what was expected and what happened, then why. */
  return remark != NULL ? g_strdup_printf (C_ ("sentences", "%s %s"), remark, reason)
                        : g_strdup (reason);
}
