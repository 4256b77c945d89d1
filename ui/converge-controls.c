/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-controls.h"

#include "converge-number-row.h"
#include "plot/plot-axis.h"

#include "device/device.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The scales are logarithmic: their values are powers of ten. Beyond this one
 * the pace has no limit. */
#define UNLIMITED_PACE 6.05
#define LOWEST_RATE (-10)
#define HIGHEST_RATE 1

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
  GtkWidget *rate_scale;
  gboolean is_showing;

  GtkRevealer *note_revealer;
  GtkLabel *note;
  AdwComboRow *program;
  AdwPreferencesGroup *training;
  AdwComboRow *optimizer;
  AdwExpanderRow *options;
  AdwActionRow *pace_row;
  GtkScale *pace;
  AdwComboRow *device;
  AdwPreferencesGroup *data;
  AdwComboRow *init;
  AdwEntryRow *values;
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
take_init (ConvergeControls *self)
{
  const char *text = "seed";
  const char *error;

  if (self->is_showing || self->settings == NULL)
    return;
  if (adw_combo_row_get_selected (self->init) == INIT_PUBLISHED)
    text = "published";
  else if (adw_combo_row_get_selected (self->init) == INIT_TYPED)
    text = gtk_editable_get_text (GTK_EDITABLE (self->values));

  self->is_showing = TRUE;
  error = converge_settings_set_text (self->settings, CONVERGE_FIELD_INIT, text);
  self->is_showing = FALSE;
  gtk_widget_set_visible (GTK_WIDGET (self->values),
                          adw_combo_row_get_selected (self->init) == INIT_TYPED);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->values), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->values), "error");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->values), error);
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
rate_moved (ConvergeControls *self)
{
  double power = gtk_range_get_value (GTK_RANGE (self->rate_scale));
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->is_showing || self->settings == NULL)
    return;
  /* Two digits, so that the entry does not fill with them. */
  g_ascii_formatd (text, sizeof text, "%.1e", pow (10, power));
  converge_settings_set_learning_rate (self->settings, g_ascii_strtod (text, NULL));
}

static void
converge_controls_class_init (ConvergeControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_controls_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-controls.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, note_revealer);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, note);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, program);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, training);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, optimizer);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, options);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, pace_row);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, pace);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, device);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, data);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, init);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, values);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, dtype);
}

static void
fill_lists (ConvergeControls *self)
{
  g_autoptr (GtkStringList) programs = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) optimizers = gtk_string_list_new (NULL);
  g_autoptr (GtkStringList) devices = gtk_string_list_new (NULL);

  for (guint i = 0; i < ag_program_n_classes (); i++)
    gtk_string_list_append (programs, _ (ag_program_class_nth (i)->title));
  for (guint i = 0; i < ag_optimizer_n_classes (); i++)
    gtk_string_list_append (optimizers, ag_optimizer_class_nth (i)->title);
  for (guint i = 0; i < self->devices->len; i++)
    {
      const AgDeviceInfo *info = g_ptr_array_index (self->devices, i);

      gtk_string_list_append (devices, g_str_equal (info->id, "cpu") ? "CPU" : "CUDA");
    }
  adw_combo_row_set_model (self->program, G_LIST_MODEL (programs));
  adw_combo_row_set_model (self->optimizer, G_LIST_MODEL (optimizers));
  adw_combo_row_set_model (self->device, G_LIST_MODEL (devices));
}

static void
converge_controls_init (ConvergeControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->devices = ag_device_list ();
  self->option_rows = g_ptr_array_new ();
  self->is_showing = TRUE;
  fill_lists (self);
  self->is_showing = FALSE;

  g_signal_connect_swapped (self->program, "notify::selected", G_CALLBACK (program_selected), self);
  g_signal_connect_swapped (self->optimizer, "notify::selected", G_CALLBACK (optimizer_selected),
                            self);
  g_signal_connect_swapped (self->device, "notify::selected", G_CALLBACK (device_selected), self);
  g_signal_connect_swapped (self->dtype, "notify::selected", G_CALLBACK (dtype_selected), self);
  g_signal_connect_swapped (self->init, "notify::selected", G_CALLBACK (take_init), self);
  g_signal_connect_swapped (self->values, "changed", G_CALLBACK (take_init), self);
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
  const AgRun *run = converge_settings_run (self->settings);
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *widget = gtk_switch_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 _ (run->optimizer->options[option].title));
  gtk_widget_set_valign (widget, GTK_ALIGN_CENTER);
  gtk_switch_set_active (GTK_SWITCH (widget), run->options[option] != 0);
  g_object_set_data (G_OBJECT (widget), "option", GUINT_TO_POINTER (option));
  g_signal_connect (widget, "notify::active", G_CALLBACK (option_switched), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), widget);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), widget);
  return row;
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
  for (guint i = 0; i < optimizer->n_options; i++)
    {
      GtkWidget *row = optimizer->options[i].is_switch
                         ? make_switch_row (self, i)
                         : converge_number_row_new (self->settings, CONVERGE_FIELD_OPTION + i,
                                                    _ (optimizer->options[i].title));

      adw_expander_row_add_row (self->options, row);
      g_ptr_array_add (self->option_rows, row);
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
  text = pace > 0 ? g_strdup_printf (_ ("%s steps per second"), number)
                  : g_strdup (_ ("As fast as it goes"));
  adw_action_row_set_subtitle (self->pace_row, text);
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

static void
show_device (ConvergeControls *self)
{
  guint device = find_device (self, converge_settings_run (self->settings)->device);
  const AgDeviceInfo *info = g_ptr_array_index (self->devices, device);

  adw_combo_row_set_selected (self->device, device);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->device),
                               info->available ? info->title : info->reason);
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

static void
show_settings (ConvergeControls *self)
{
  const AgRun *run = converge_settings_run (self->settings);

  if (self->is_showing)
    return;
  self->is_showing = TRUE;
  adw_combo_row_set_selected (self->program, index_of_program (run->program));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->program), _ (run->program->description));
  adw_combo_row_set_selected (self->optimizer, index_of_optimizer (run->optimizer));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->optimizer), _ (run->optimizer->description));
  show_options (self);
  gtk_range_set_value (GTK_RANGE (self->rate_scale), log10 (run->learning_rate));
  show_pace (self);
  show_device (self);
  adw_combo_row_set_selected (self->dtype, run->dtype == AG_DTYPE_FLOAT32 ? 0 : 1);
  if (!gtk_widget_has_css_class (GTK_WIDGET (self->values), "error"))
    adw_combo_row_set_selected (self->init, run->init == AG_INIT_VALUES      ? INIT_TYPED
                                            : run->init == AG_INIT_PUBLISHED ? INIT_PUBLISHED
                                                                             : INIT_SEED);
  gtk_widget_set_visible (GTK_WIDGET (self->values),
                          adw_combo_row_get_selected (self->init) == INIT_TYPED);
  self->is_showing = FALSE;
}

static void
roll_dice (ConvergeControls *self)
{
  g_autofree char *text = g_strdup_printf ("%u", g_random_int () % 100000);

  converge_settings_set_text (self->settings, CONVERGE_FIELD_SEED, text);
}

static GtkWidget *
make_rate_row (ConvergeControls *self)
{
  GtkWidget *row = converge_number_row_new (self->settings, CONVERGE_FIELD_LEARNING_RATE,
                                            _ ("Learning rate"));

  self->rate_scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, LOWEST_RATE,
                                               HIGHEST_RATE, 0.1);
  gtk_scale_set_draw_value (GTK_SCALE (self->rate_scale), FALSE);
  gtk_widget_set_size_request (self->rate_scale, 80, -1);
  gtk_widget_set_hexpand (self->rate_scale, TRUE);
  gtk_widget_set_valign (self->rate_scale, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->rate_scale),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _ ("Learning rate"), -1);
  g_signal_connect_swapped (self->rate_scale, "value-changed", G_CALLBACK (rate_moved), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), self->rate_scale);
  return row;
}

static GtkWidget *
make_seed_row (ConvergeControls *self)
{
  GtkWidget *row = converge_number_row_new (self->settings, CONVERGE_FIELD_SEED, _ ("Seed"));
  GtkWidget *dice = gtk_button_new_from_icon_name ("media-playlist-shuffle-symbolic");

  gtk_widget_set_valign (dice, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (dice, "flat");
  gtk_widget_set_tooltip_text (dice, _ ("Another Seed"));
  g_signal_connect_swapped (dice, "clicked", G_CALLBACK (roll_dice), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), dice);
  return row;
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
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  adw_preferences_group_add (self->training, make_rate_row (self));
  adw_preferences_group_add (self->training, converge_number_row_new (
                                               settings, CONVERGE_FIELD_STEPS, _ ("Steps")));
  adw_preferences_group_add (self->data, converge_number_row_new (
                                           settings, CONVERGE_FIELD_POINTS, _ ("Points")));
  adw_preferences_group_add (self->data, make_seed_row (self));
  g_signal_connect_object (settings, "changed", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  show_settings (self);
}

/**
 * converge_controls_show_note:
 * @self: the controls
 * @note: (nullable): a sentence above them; %NULL for none
 */
void
converge_controls_show_note (ConvergeControls *self,
                             const char *note)
{
  if (note != NULL)
    gtk_label_set_text (self->note, note);
  gtk_revealer_set_reveal_child (self->note_revealer, note != NULL);
}
