/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-code-view.h"

#include "converge-code-pane.h"
#include "converge-twin.h"
#include "plot/code-values.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* A step of the run as a program: what it is compiled from, and the same for PyTorch, side by
 * side where there is room, or any other program beside it. */

/* Two programs have at least so many pixels. */
#define LEAST_WIDTH_OF_TWO 780

#define N_PANES 2
#define N_LANGUAGES 2

/**
 * Pane:
 * @box: all of it
 * @choice: which program it shows: the run in C and for PyTorch, then each program so
 * @pane: its lines
 * @twin: who finds out what a program that is not the run's would do in its step
 * @shown: what it shows: the choice, the command of the run and how often its rate was changed
 */
typedef struct
{
  GtkWidget *box;
  GtkDropDown *choice;
  ConvergeCodePane *pane;
  ConvergeFollower *twin;
  char *shown;
} Pane;

struct _ConvergeCodeView
{
  GtkWidget parent_instance;

  ConvergeRuns *runs;
  ConvergeFollower *explainer;
  AgRunSpec spec;
  gboolean has_spec;
  int stop;
  gboolean is_moving;
  Pane panes[N_PANES];
  GtkWidget *foot;
  GtkLabel *sentence;
  GtkToggleButton *both;
  guint fit;
};

G_DEFINE_FINAL_TYPE (ConvergeCodeView, converge_code_view, GTK_TYPE_WIDGET)

static gboolean
has_room_for_both (ConvergeCodeView *self,
                   int width)
{
  return gtk_toggle_button_get_active (self->both) && width >= LEAST_WIDTH_OF_TWO;
}

static void
converge_code_view_measure (GtkWidget *widget,
                            GtkOrientation orientation,
                            int for_size,
                            int *minimum,
                            int *natural,
                            int *minimum_baseline,
                            int *natural_baseline)
{
  ConvergeCodeView *self = CONVERGE_CODE_VIEW (widget);
  int least_foot, foot, least, wanted;

  gtk_widget_measure (self->foot, orientation, -1, &least_foot, &foot, NULL, NULL);
  gtk_widget_measure (self->panes[0].box, orientation, -1, &least, &wanted, NULL, NULL);
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (least, least_foot);
      *natural = MAX (N_PANES * wanted, *minimum);
    }
  else
    {
      *minimum = least + least_foot;
      *natural = wanted + foot;
    }
  *minimum_baseline = *natural_baseline = -1;
}

static gboolean
fit (gpointer user_data)
{
  ConvergeCodeView *self = user_data;

  self->fit = 0;
  gtk_widget_set_visible (GTK_WIDGET (self->both),
                          gtk_widget_get_width (GTK_WIDGET (self)) >= LEAST_WIDTH_OF_TWO);
  return G_SOURCE_REMOVE;
}

/* GTK must not be asked for another layout while it makes one, so the button comes and goes
 * afterwards. */
static void
converge_code_view_size_allocate (GtkWidget *widget,
                                  int width,
                                  int height,
                                  int baseline)
{
  ConvergeCodeView *self = CONVERGE_CODE_VIEW (widget);
  const int n = has_room_for_both (self, width) ? N_PANES : 1;
  GtkAllocation place = { 0, 0, width, 0 };

  gtk_widget_measure (self->foot, GTK_ORIENTATION_VERTICAL, width, NULL, &place.height, NULL, NULL);
  place.height = MIN (place.height, height);
  place.y = height - place.height;
  gtk_widget_size_allocate (self->foot, &place, -1);
  for (int i = 0; i < N_PANES; i++)
    {
      const GtkAllocation half = { i * width / n, 0, width / n, place.y };

      gtk_widget_set_child_visible (self->panes[i].box, i < n);
      if (i < n)
        gtk_widget_size_allocate (self->panes[i].box, &half, -1);
    }
  if (gtk_widget_get_visible (GTK_WIDGET (self->both)) != (width >= LEAST_WIDTH_OF_TWO)
      && self->fit == 0)
    self->fit = g_idle_add (fit, self);
}

static gboolean
is_of_run (const Pane *pane)
{
  return gtk_drop_down_get_selected (pane->choice) < N_LANGUAGES;
}

/* Returns the run that the listing is of: the selected one or, as long as there is none, the next
 * one. */
static const AgRunSpec *
find_spec (ConvergeCodeView *self,
           const AgRates **rates)
{
  ConvergeRun *run = self->runs != NULL ? converge_runs_get_selected (self->runs) : NULL;

  *rates = NULL;
  if (run == NULL || converge_run_snapshot (run) == NULL)
    return self->has_spec ? &self->spec : NULL;
  *rates = converge_run_rates (run);
  return converge_run_spec (run);
}

static void
show_listing (ConvergeCodeView *self,
              Pane *pane,
              const AgRunSpec *spec,
              const AgRates *rates)
{
  const guint choice = gtk_drop_down_get_selected (pane->choice);
  const gboolean is_c = choice % N_LANGUAGES == 0;
  g_autofree char *command = ag_run_spec_to_command (spec);
  g_autofree char *shown = NULL;
  GArray *listing;
  AgRunSpec other;

  shown = g_strdup_printf ("%u %u %s", choice, rates != NULL ? ag_rates_n (rates) : 0, command);
  if (g_strcmp0 (shown, pane->shown) == 0)
    return;
  g_free (pane->shown);
  pane->shown = g_steal_pointer (&shown);
  if (!is_of_run (pane))
    {
      const AgProgramClass *program = ag_program_class_nth (choice / N_LANGUAGES - 1);

      /* Beside the run stands the same run by another program, where there is one. */
      other = *spec;
      other.program = program;
      if (!ag_twin_is_possible (spec, program))
        {
          ag_run_spec_init (&other, program);
          rates = NULL;
        }
      spec = &other;
    }
  listing = is_c ? ag_listing_new_c (spec)
                 : ag_listing_new_pytorch (spec, rates, spec->program->log_every, NULL);
  /* Without its data a run has no script. */
  if (listing == NULL)
    listing = g_array_new (FALSE, FALSE, sizeof (AgListingLine));
  converge_code_pane_set_listing (pane->pane, listing, is_c ? "c" : "python3");
  converge_code_pane_mark (pane->pane, self->stop, TRUE);
}

static const AgProgramClass *
get_program (const Pane *pane)
{
  return ag_program_class_nth (gtk_drop_down_get_selected (pane->choice) / N_LANGUAGES - 1);
}

/* Behind the lines of another program stands what it would have come to in the step that is looked
 * at: with the same coefficients, and with gradients that it has found by itself. */
static void
show_twin (Pane *pane,
           const AgRunSpec *spec)
{
  const AgProgramClass *program = get_program (pane);
  const AgAccount *account = spec != NULL ? converge_twin_get_account (pane->twin, spec, program) : NULL;
  AgRunSpec other;

  if (spec != NULL)
    other = *spec;
  other.program = program;
  converge_code_pane_set_values (pane->pane, &other, account);
  if (spec != NULL && !ag_twin_is_possible (spec, program))
    converge_code_pane_set_note (pane->pane,
                                 _ ("without values: its parameters or its loss are others"));
}

static void
follow_twins (ConvergeCodeView *self)
{
  for (guint i = 0; i < N_PANES; i++)
    if (!is_of_run (&self->panes[i]))
      {
        const guint choice = gtk_drop_down_get_selected (self->panes[i].choice);

        converge_follower_set_detail (self->panes[i].twin, choice / N_LANGUAGES - 1);
        converge_follower_follow (self->panes[i].twin, self->runs);
      }
}

static void
show_values (ConvergeCodeView *self)
{
  const AgAccount *account = converge_explainer_get_account (self->explainer);
  const AgRates *rates;
  const AgRunSpec *spec = find_spec (self, &rates);

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    return;
  if (account != NULL && (spec == NULL || account->after->program != spec->program))
    account = NULL;
  for (guint i = 0; i < N_PANES; i++)
    if (is_of_run (&self->panes[i]))
      converge_code_pane_set_values (self->panes[i].pane, spec, account);
    else
      show_twin (&self->panes[i], account != NULL ? spec : NULL);
}

/**
 * converge_code_view_update:
 * @self: the view
 *
 * Shows the selected run's program and the moment that is looked at, if the view can be seen.
 */
void
converge_code_view_update (ConvergeCodeView *self)
{
  const AgRates *rates;
  const AgRunSpec *spec;

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)) || self->runs == NULL)
    return;
  spec = find_spec (self, &rates);
  for (guint i = 0; spec != NULL && i < N_PANES; i++)
    show_listing (self, &self->panes[i], spec, rates);
  follow_twins (self);
  if (!converge_follower_follow (self->explainer, self->runs))
    show_values (self);
}

static void
converge_code_view_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (converge_code_view_parent_class)->map (widget);
  converge_code_view_update (CONVERGE_CODE_VIEW (widget));
  show_values (CONVERGE_CODE_VIEW (widget));
}

static void
tell_stop (ConvergeCodeView *self)
{
  const char *sentence
    = self->stop >= 0 ? ag_stop_sentence ((AgStop) self->stop) : _ ("This line is no part of a step.");

  gtk_label_set_text (self->sentence, sentence);
  for (guint i = 0; i < N_PANES; i++)
    gtk_accessible_update_property (
      GTK_ACCESSIBLE (converge_code_pane_get_text_view (self->panes[i].pane)),
      GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, sentence, -1);
}

/* Returns the pane with the run's program in C, or the first one, which is to have it then. */
static guint
find_pane_in_c (ConvergeCodeView *self)
{
  for (guint i = 0; i < N_PANES; i++)
    if (gtk_drop_down_get_selected (self->panes[i].choice) == 0
        && gtk_widget_get_child_visible (self->panes[i].box))
      return i;
  return 0;
}

/* Goes to a part of the step in both programs, but where the reader has gone to it by itself. */
static void
go_to (ConvergeCodeView *self,
       int stop,
       ConvergeCodePane *reader)
{
  self->stop = stop;
  self->is_moving = TRUE;
  for (guint i = 0; i < N_PANES; i++)
    converge_code_pane_mark (self->panes[i].pane, stop, self->panes[i].pane != reader);
  self->is_moving = FALSE;
  tell_stop (self);
}

/**
 * converge_code_view_show_line:
 * @self: the view
 * @stop: a part of the step
 * @line: number of a line of what the run is compiled from, from 0
 *
 * Marks that part of the step in both programs, and the line in the one in C.
 */
void
converge_code_view_show_line (ConvergeCodeView *self,
                              AgStop stop,
                              guint line)
{
  const guint shown = find_pane_in_c (self);
  const AgRates *rates;
  const AgRunSpec *spec = find_spec (self, &rates);

  if (spec == NULL)
    return;
  gtk_drop_down_set_selected (self->panes[shown].choice, 0);
  for (guint i = 0; i < N_PANES; i++)
    show_listing (self, &self->panes[i], spec, rates);
  go_to (self, (int) stop, NULL);
  self->is_moving = TRUE;
  converge_code_pane_mark_line (self->panes[shown].pane, line);
  self->is_moving = FALSE;
}

/**
 * converge_code_view_take_focus:
 * @self: the view
 *
 * Gives the focus to the run's program in C.
 */
void
converge_code_view_take_focus (ConvergeCodeView *self)
{
  gtk_widget_grab_focus (
    GTK_WIDGET (converge_code_pane_get_text_view (self->panes[find_pane_in_c (self)].pane)));
}

static void
cursor_moved (ConvergeCodeView *self,
              ConvergeCodePane *pane)
{
  const guint stops = converge_code_pane_get_stops (pane);

  if (self->is_moving || (self->stop >= 0 && (stops & 1u << self->stop) != 0))
    return;
  go_to (self, g_bit_nth_lsf (stops, -1), pane);
}

static void
walk (GtkWidget *widget,
      const char *name,
      GVariant *parameter)
{
  ConvergeCodeView *self = CONVERGE_CODE_VIEW (widget);
  const int by = g_variant_get_int32 (parameter);
  const int from = self->stop >= 0 ? self->stop : by > 0 ? -1
                                                         : AG_N_STOPS;

  go_to (self, (from + by + AG_N_STOPS) % AG_N_STOPS, NULL);
}

static void
choice_changed (ConvergeCodeView *self)
{
  converge_code_view_update (self);
  show_values (self);
}

static void
both_toggled (ConvergeCodeView *self)
{
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
converge_code_view_dispose (GObject *object)
{
  ConvergeCodeView *self = CONVERGE_CODE_VIEW (object);
  GtkWidget *child;

  g_clear_handle_id (&self->fit, g_source_remove);
  g_clear_object (&self->runs);
  g_clear_object (&self->explainer);
  for (guint i = 0; i < N_PANES; i++)
    {
      g_clear_pointer (&self->panes[i].shown, g_free);
      g_clear_object (&self->panes[i].twin);
    }
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  G_OBJECT_CLASS (converge_code_view_parent_class)->dispose (object);
}

static void
converge_code_view_class_init (ConvergeCodeViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_code_view_dispose;
  widget_class->map = converge_code_view_map;
  widget_class->measure = converge_code_view_measure;
  widget_class->size_allocate = converge_code_view_size_allocate;
  gtk_widget_class_set_css_name (widget_class, "codeview");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_install_action (widget_class, "code.walk", "i", walk);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, 0, "code.walk", "i", 1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F3, GDK_SHIFT_MASK, "code.walk", "i", -1);
  gtk_widget_class_set_template_from_resource (
    widget_class, "/io/github/converge/Converge/converge-code-view.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeCodeView, foot);
  gtk_widget_class_bind_template_child (widget_class, ConvergeCodeView, sentence);
  gtk_widget_class_bind_template_child (widget_class, ConvergeCodeView, both);
  gtk_widget_class_bind_template_callback (widget_class, both_toggled);
}

static GListModel *
list_choices (void)
{
  GtkStringList *list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, _ ("This run in C"));
  gtk_string_list_append (list, _ ("This run in PyTorch"));
  for (guint i = 0; i < ag_program_n_classes (); i++)
    {
      const char *title = _ (ag_program_class_nth (i)->title);

      gtk_string_list_take (list, g_strdup_printf (_ ("%s in C"), title));
      gtk_string_list_take (list, g_strdup_printf (_ ("%s in PyTorch"), title));
    }
  return G_LIST_MODEL (list);
}

static void
add_pane (ConvergeCodeView *self,
          guint index)
{
  Pane *pane = &self->panes[index];

  pane->box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  pane->choice = GTK_DROP_DOWN (gtk_drop_down_new (list_choices (), NULL));
  pane->pane = CONVERGE_CODE_PANE (converge_code_pane_new ());
  pane->twin = converge_twin_new ();
  g_signal_connect_object (pane->twin, "found", G_CALLBACK (show_values), self, G_CONNECT_SWAPPED);
  gtk_drop_down_set_selected (pane->choice, index);
  gtk_widget_set_halign (GTK_WIDGET (pane->choice), GTK_ALIGN_START);
  gtk_widget_add_css_class (GTK_WIDGET (pane->choice), "flat");
  /* The focus goes to the button inside the drop-down, so the button needs the label too. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (pane->choice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Which program is to be seen"), -1);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (gtk_widget_get_first_child (GTK_WIDGET (pane->choice))),
    GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Which program is to be seen"), -1);
  gtk_accessible_update_property (
    GTK_ACCESSIBLE (converge_code_pane_get_text_view (pane->pane)), GTK_ACCESSIBLE_PROPERTY_LABEL,
    _ ("Program"), -1);
  gtk_box_append (GTK_BOX (pane->box), GTK_WIDGET (pane->choice));
  gtk_box_append (GTK_BOX (pane->box), GTK_WIDGET (pane->pane));
  gtk_widget_insert_before (pane->box, GTK_WIDGET (self), self->foot);
  g_signal_connect_swapped (pane->choice, "notify::selected", G_CALLBACK (choice_changed), self);
  g_signal_connect_swapped (pane->pane, "moved", G_CALLBACK (cursor_moved), self);
}

static void
converge_code_view_init (ConvergeCodeView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->stop = AG_STOP_PREDICT;
  for (guint i = 0; i < N_PANES; i++)
    add_pane (self, i);
  tell_stop (self);
}

/**
 * converge_code_view_new:
 *
 * Returns: (transfer floating): a view of programs
 */
GtkWidget *
converge_code_view_new (void)
{
  return g_object_new (CONVERGE_TYPE_CODE_VIEW, NULL);
}

/**
 * converge_code_view_set_up:
 * @self: the view, not set up so far
 * @runs: of which it shows the selected one
 * @explainer: who finds out what a step came to
 */
void
converge_code_view_set_up (ConvergeCodeView *self,
                           ConvergeRuns *runs,
                           ConvergeFollower *explainer)
{
  g_return_if_fail (self->runs == NULL);

  self->runs = g_object_ref (runs);
  self->explainer = g_object_ref (explainer);
  g_signal_connect_object (explainer, "found", G_CALLBACK (show_values), self, G_CONNECT_SWAPPED);
}

/**
 * converge_code_view_set_spec:
 * @self: the view
 * @spec: (nullable): what the next run will do
 */
void
converge_code_view_set_spec (ConvergeCodeView *self,
                             const AgRunSpec *spec)
{
  self->has_spec = spec != NULL;
  if (spec != NULL)
    self->spec = *spec;
  converge_code_view_update (self);
}
