/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-controls.h"

#include "converge-choice-row.h"
#include "converge-default-mark.h"
#include "converge-field-row.h"
#include "converge-rate-row.h"
#include "converge-slider.h"
#include "plot/plot-axis.h"

#include "data/target.h"
#include "device/device.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The scale is logarithmic: its values are powers of ten. Beyond this one the pace
 * has no limit. */
/* Initial values that are written out for somebody to change. */
#define MOST_WRITTEN 8

#define UNLIMITED_PACE 6.05

enum
{
  INIT_SEED,
  INIT_PUBLISHED,
  INIT_TYPED,
};

struct _ConvergeControls
{
  AdwBin parent_instance;

  ConvergeSettings *settings;
  GPtrArray *devices;
  GPtrArray *option_rows;
  const AgOptimizerClass *shown_optimizer;
  GtkWidget *field_rows[CONVERGE_N_FIELDS];
  gboolean is_showing;

  AdwComboRow *program;
  AdwPreferencesGroup *training;
  AdwComboRow *optimizer;
  AdwExpanderRow *options;
  GtkBox *pace_header;
  GtkLabel *pace_text;
  GtkScale *pace;
  AdwComboRow *device;
  AdwComboRow *target;
  AdwExpanderRow *data;
  AdwPreferencesGroup *start;
  AdwComboRow *init;
  AdwComboRow *dtype;
};

G_DEFINE_FINAL_TYPE (ConvergeControls, converge_controls, ADW_TYPE_BIN)

static void
converge_controls_dispose (GObject *object)
{
  ConvergeControls *self = CONVERGE_CONTROLS (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->devices, g_ptr_array_unref);
  g_clear_pointer (&self->option_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (converge_controls_parent_class)->dispose (object);
}

static void
program_selected (ConvergeControls *self)
{
  if (!self->is_showing && self->settings != NULL)
    converge_settings_set_program (
      self->settings, ag_program_class_nth (adw_combo_row_get_selected (self->program)));
}

static void
optimizer_selected (ConvergeControls *self)
{
  if (!self->is_showing && self->settings != NULL)
    converge_settings_set_optimizer (
      self->settings, ag_optimizer_class_nth (adw_combo_row_get_selected (self->optimizer)));
}

static void
device_selected (ConvergeControls *self)
{
  guint selected = adw_combo_row_get_selected (self->device);

  if (!self->is_showing && self->settings != NULL && selected < self->devices->len)
    converge_settings_set_device (
      self->settings, ((const AgDeviceInfo *) g_ptr_array_index (self->devices, selected))->id);
}

static void
dtype_selected (ConvergeControls *self)
{
  if (!self->is_showing && self->settings != NULL)
    converge_settings_set_dtype (self->settings,
                                 adw_combo_row_get_selected (self->dtype) == 0
                                   ? AG_DTYPE_FLOAT32
                                   : AG_DTYPE_FLOAT64);
}

static void
target_selected (ConvergeControls *self)
{
  guint selected = adw_combo_row_get_selected (self->target);

  if (self->is_showing || self->settings == NULL)
    return;
  if (selected < ag_target_n ())
    converge_settings_set_text (self->settings, CONVERGE_FIELD_TARGET,
                                ag_target_nth (selected)->formula);
  else
    adw_expander_row_set_expanded (self->data, TRUE);
}

/* Typed values begin with what there is to be typed, or the first of very many: those
 * left out are drawn. */
static char *
write_zeros (ConvergeControls *self)
{
  const AgProgramClass *program = converge_settings_run (self->settings)->program;
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < MIN (program->model->n_parameters, MOST_WRITTEN); i++)
    g_string_append_printf (text, "%s%s=0", i > 0 ? ", " : "", program->model->parameters[i]);
  return g_string_free (text, FALSE);
}

static void
init_selected (ConvergeControls *self)
{
  g_autofree char *zeros = NULL;

  if (self->is_showing || self->settings == NULL)
    return;
  switch (adw_combo_row_get_selected (self->init))
    {
    case INIT_TYPED:
      zeros = write_zeros (self);
      converge_settings_set_text (self->settings, CONVERGE_FIELD_INIT, zeros);
      break;
    case INIT_PUBLISHED:
      converge_settings_set_text (self->settings, CONVERGE_FIELD_INIT, "published");
      break;
    case INIT_SEED:
    default:
      converge_settings_set_text (self->settings, CONVERGE_FIELD_INIT, "seed");
      break;
    }
}

static void
pace_moved (ConvergeControls *self)
{
  double power = gtk_range_get_value (GTK_RANGE (self->pace));

  if (!self->is_showing && self->settings != NULL)
    converge_settings_set_pace (self->settings,
                                power > UNLIMITED_PACE ? 0 : rint (pow (10, power)));
}

static void
converge_controls_class_init (ConvergeControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_controls_dispose;
  g_type_ensure (CONVERGE_TYPE_CHOICE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-controls.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, program);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, training);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, optimizer);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, options);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, pace_header);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, pace_text);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, pace);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, device);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, target);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, data);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, start);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, init);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, dtype);
}

static void
add_choice (AdwComboRow *row,
            const char *title,
            const char *description)
{
  converge_choice_row_add (CONVERGE_CHOICE_ROW (row), title, description, TRUE);
}

static void
fill_lists (ConvergeControls *self)
{
  for (guint i = 0; i < ag_program_n_classes (); i++)
    add_choice (self->program, _ (ag_program_class_nth (i)->title),
                _ (ag_program_class_nth (i)->description));
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    add_choice (self->optimizer, ag_optimizer_class_nth (i)->title,
                _ (ag_optimizer_class_nth (i)->description));
  for (guint i = 0; i < self->devices->len; i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (self->devices, i);

      converge_choice_row_add (CONVERGE_CHOICE_ROW (self->device),
                               g_str_equal (info->id, "cpu") ? "CPU" : "CUDA",
                               info->available ? info->title : info->reason, info->available);
    }
  for (guint i = 0; i < ag_target_n (); i++)
    add_choice (self->target, _ (ag_target_nth (i)->title), ag_target_nth (i)->formula);
  add_choice (self->target, _ ("Another"), _ ("A formula of your own, below"));
  add_choice (self->init, _ ("From the seed"), _ ("As PyTorch, NumPy or Python draw them"));
  add_choice (self->init, _ ("The printed run"), _ ("As the tutorial's own run began"));
  add_choice (self->init, _ ("Typed"), _ ("One by one; those not given are drawn"));
}

static void
converge_controls_init (ConvergeControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->devices = ag_device_list ();
  self->option_rows = g_ptr_array_new ();
  converge_slider_set_up (self->pace, _ ("Pace"));
  self->is_showing = TRUE;
  fill_lists (self);
  self->is_showing = FALSE;

  g_signal_connect_swapped (self->program, "notify::selected", G_CALLBACK (program_selected), self);
  g_signal_connect_swapped (self->optimizer, "notify::selected", G_CALLBACK (optimizer_selected),
                            self);
  g_signal_connect_swapped (self->device, "notify::selected", G_CALLBACK (device_selected), self);
  g_signal_connect_swapped (self->dtype, "notify::selected", G_CALLBACK (dtype_selected), self);
  g_signal_connect_swapped (self->target, "notify::selected", G_CALLBACK (target_selected), self);
  g_signal_connect_swapped (self->init, "notify::selected", G_CALLBACK (init_selected), self);
  g_signal_connect_swapped (self->pace, "value-changed", G_CALLBACK (pace_moved), self);
}

static void
option_switched (GtkSwitch *widget,
                 GParamSpec *pspec,
                 ConvergeControls *self)
{
  guint option = GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (widget), "option"));

  if (!self->is_showing)
    converge_settings_set_text (self->settings, CONVERGE_FIELD_OPTION + option,
                                gtk_switch_get_active (widget) ? "1" : "0");
}

static GtkWidget *
make_switch_row (ConvergeControls *self,
                 guint option)
{
  const AgRunSpec *spec = converge_settings_run (self->settings);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *widget = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 _ (spec->optimizer->options[option].title));
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  g_object_set_data (G_OBJECT (widget), "option", GUINT_TO_POINTER (option));
  g_signal_connect (widget, "notify::active", G_CALLBACK (option_switched), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             converge_default_mark_new (self->settings, CONVERGE_DEFAULT_FIELD
                                                                          + CONVERGE_FIELD_OPTION
                                                                          + option));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), widget);
  return row;
}

static GtkWidget *
make_field_row (ConvergeControls *self,
                ConvergeField field,
                const char *title)
{
  self->field_rows[field] = converge_field_row_new (self->settings, field, title);
  return self->field_rows[field];
}

/* Only the options that the optimizer has. */
static void
show_options (ConvergeControls *self)
{
  const AgOptimizerClass *optimizer = converge_settings_run (self->settings)->optimizer;

  if (self->shown_optimizer == optimizer)
    return;
  self->shown_optimizer = optimizer;
  for (guint i = 0; i < self->option_rows->len; i++)
    adw_expander_row_remove (self->options, g_ptr_array_index (self->option_rows, i));
  g_ptr_array_set_size (self->option_rows, 0);
  for (guint i = CONVERGE_FIELD_OPTION; i < CONVERGE_N_FIELDS; i++)
    self->field_rows[i] = NULL;
  for (guint i = 0; i < optimizer->n_options; i++)
    {
      GtkWidget *row = optimizer->options[i].is_switch
                         ? make_switch_row (self, i)
                         : make_field_row (self, CONVERGE_FIELD_OPTION + i,
                                           _ (optimizer->options[i].title));

      adw_expander_row_add_row (self->options, row);
      g_ptr_array_add (self->option_rows, row);
    }
}

/* Entries show their options themselves. */
static void
show_switches (ConvergeControls *self)
{
  const AgRunSpec *spec = converge_settings_run (self->settings);

  for (guint i = 0; i < self->option_rows->len; i++)
    {
      AdwActionRow *row = g_ptr_array_index (self->option_rows, i);
      GtkWidget *widget = adw_action_row_get_activatable_widget (row);

      if (GTK_IS_SWITCH (widget))
        gtk_switch_set_active (GTK_SWITCH (widget), spec->options[i] != 0);
    }
}

static void
show_pace (ConvergeControls *self)
{
  double pace = converge_settings_run (self->settings)->pace;
  g_autofree char *text = NULL;
  char number[32];

  gtk_range_set_value (GTK_RANGE (self->pace), pace > 0 ? log10 (pace) : 7);
  converge_axis_format (pace, 1, number, sizeof number);
  text = pace > 0 ? g_strdup_printf (_ ("%s steps/s"), number)
                  : g_strdup (_ ("No limit"));
  gtk_label_set_text (self->pace_text, text);
  converge_slider_describe (self->pace, text);
}

static guint
find_device (ConvergeControls *self,
             const char *id)
{
  for (guint i = 0; i < self->devices->len; i++)
    if (strcmp (((const AgDeviceInfo *) g_ptr_array_index (self->devices, i))->id, id) == 0)
      return i;
  return 0;
}

static guint
index_of_program (const AgProgramClass *program)
{
  guint i = 0;

  while (ag_program_class_nth (i) != program)
    i++;
  return i;
}

static guint
index_of_optimizer (const AgOptimizerClass *optimizer)
{
  guint i = 0;

  while (ag_optimizer_class_nth (i) != optimizer)
    i++;
  return i;
}

static guint
index_of_target (const char *formula)
{
  guint i = 0;

  while (i < ag_target_n () && strcmp (ag_target_nth (i)->formula, formula) != 0)
    i++;
  return i;
}

static void
show_settings (ConvergeControls *self)
{
  const AgRunSpec *spec = converge_settings_run (self->settings);

  self->is_showing = TRUE;
  adw_combo_row_set_selected (self->program, index_of_program (spec->program));
  adw_combo_row_set_selected (self->optimizer, index_of_optimizer (spec->optimizer));
  show_options (self);
  show_switches (self);
  show_pace (self);
  adw_combo_row_set_selected (self->device, find_device (self, spec->device));
  adw_combo_row_set_selected (self->target, index_of_target (spec->target));
  adw_combo_row_set_selected (self->dtype, spec->dtype == AG_DTYPE_FLOAT32 ? 0 : 1);
  adw_combo_row_set_selected (self->init, spec->init == AG_INIT_VALUES      ? INIT_TYPED
                                          : spec->init == AG_INIT_PUBLISHED ? INIT_PUBLISHED
                                                                            : INIT_SEED);
  gtk_widget_set_visible (self->field_rows[CONVERGE_FIELD_INIT], spec->init == AG_INIT_VALUES);
  self->is_showing = FALSE;
}

static void
roll_dice (ConvergeControls *self)
{
  g_autofree char *text = g_strdup_printf ("%u", g_random_int () % 100000);

  converge_settings_set_text (self->settings, CONVERGE_FIELD_SEED, text);
}

static GtkWidget *
make_seed_row (ConvergeControls *self)
{
  GtkWidget *row = make_field_row (self, CONVERGE_FIELD_SEED, _ ("Seed"));
  GtkWidget *dice = gtk_button_new_from_icon_name ("media-playlist-shuffle-symbolic");

  gtk_widget_set_valign (dice, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (dice, "flat");
  gtk_widget_set_tooltip_text (dice, _ ("Another Seed"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (dice), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("Another Seed"), -1);
  g_signal_connect_swapped (dice, "clicked", G_CALLBACK (roll_dice), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), dice);
  return row;
}

static void
add_marks (ConvergeControls *self)
{
  const struct
  {
    AdwComboRow *row;
    ConvergeDefault which;
  } choices[] = {
    { self->optimizer, CONVERGE_DEFAULT_OPTIMIZER },
    { self->device, CONVERGE_DEFAULT_DEVICE },
    { self->target, CONVERGE_DEFAULT_FIELD + CONVERGE_FIELD_TARGET },
    { self->init, CONVERGE_DEFAULT_INIT },
    { self->dtype, CONVERGE_DEFAULT_DTYPE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (choices); i++)
    converge_default_mark_add_to_choice (self->settings, choices[i].which, choices[i].row);
  gtk_box_insert_child_after (self->pace_header,
                              converge_default_mark_new (self->settings, CONVERGE_DEFAULT_PACE),
                              gtk_widget_get_first_child (GTK_WIDGET (self->pace_header)));
}

/**
 * converge_controls_set_settings:
 * @self: the controls, without settings so far
 * @settings: what they show and change
 */
void
converge_controls_set_settings (ConvergeControls *self,
                                ConvergeSettings *settings)
{
  GtkWidget *row;

  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  add_marks (self);
  row = make_field_row (self, CONVERGE_FIELD_LEARNING_RATE, _ ("Learning rate"));
  gtk_widget_add_css_class (row, "above-scale");
  adw_preferences_group_add (self->training, row);
  adw_preferences_group_add (self->training, converge_rate_row_new (settings,
                                                                    CONVERGE_FIELD_ROW (row)));
  row = make_field_row (self, CONVERGE_FIELD_STEPS, _ ("Steps"));
  adw_preferences_group_add (self->training, row);

  row = make_field_row (self, CONVERGE_FIELD_TARGET, _ ("y ="));
  converge_field_row_set_wide (CONVERGE_FIELD_ROW (row));
  adw_expander_row_add_row (self->data, row);
  row = make_field_row (self, CONVERGE_FIELD_FROM, _ ("x from"));
  adw_expander_row_add_row (self->data, row);
  row = make_field_row (self, CONVERGE_FIELD_TO, _ ("x to"));
  adw_expander_row_add_row (self->data, row);
  row = make_field_row (self, CONVERGE_FIELD_POINTS, _ ("Points"));
  adw_expander_row_add_row (self->data, row);

  row = make_field_row (self, CONVERGE_FIELD_INIT, _ ("Values"));
  converge_field_row_set_wide (CONVERGE_FIELD_ROW (row));
  adw_preferences_group_add (self->start, row);
  adw_preferences_group_add (self->start, make_seed_row (self));
  g_signal_connect_object (settings, "changed", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  show_settings (self);
}

/**
 * converge_controls_apply:
 * @self: the controls
 *
 * Applies what is being typed into one of them, as if its entry lost the focus.
 */
void
converge_controls_apply (ConvergeControls *self)
{
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    if (self->field_rows[i] != NULL)
      converge_field_row_apply (CONVERGE_FIELD_ROW (self->field_rows[i]));
}

/**
 * converge_controls_focus_error:
 * @self: controls that can be seen
 *
 * Puts the focus into the first entry whose text is wrong, where the sentence on
 * what is wrong is shown.
 *
 * Returns: whether there is one
 */
gboolean
converge_controls_focus_error (ConvergeControls *self)
{
  for (guint i = 0; i < CONVERGE_N_FIELDS; i++)
    {
      GtkWidget *row = self->field_rows[i];
      GtkWidget *expander;

      if (row == NULL || converge_settings_field_error (self->settings, i) == NULL)
        continue;
      expander = gtk_widget_get_ancestor (row, ADW_TYPE_EXPANDER_ROW);
      if (expander != NULL)
        adw_expander_row_set_expanded (ADW_EXPANDER_ROW (expander), TRUE);
      gtk_widget_grab_focus (
        GTK_WIDGET (converge_field_row_get_entry (CONVERGE_FIELD_ROW (row))));
      return TRUE;
    }
  return FALSE;
}
