/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-controls.h"

#include "converge-choice-row.h"
#include "converge-data-row.h"
#include "converge-default-mark.h"
#include "converge-dice.h"
#include "converge-field-row.h"
#include "converge-optima.h"
#include "converge-pace-row.h"
#include "converge-parameter-group.h"
#include "converge-rate-row.h"
#include "converge-switch-row.h"
#include "converge-text-list.h"

#include "device/device.h"

#include <glib/gi18n-lib.h>
#include <string.h>

struct _ConvergeControls
{
  AdwBin parent_instance;

  ConvergeSettings *settings;
  GPtrArray *field_rows;
  GPtrArray *choice_rows;
  GPtrArray *option_rows;
  const AgOptimizerClass *shown_optimizer;
  gboolean is_showing;

  AdwPreferencesGroup *trained;
  AdwComboRow *program;
  ConvergeParameterGroup *parameters;
  AdwPreferencesGroup *training;
  AdwExpanderRow *loss;
  AdwComboRow *optimizer;
  AdwExpanderRow *options;
  ConvergePaceRow *pace;
  AdwComboRow *device;
  AdwPreferencesGroup *machine;
  AdwComboRow *target;
  ConvergeDataRow *file;
  AdwComboRow *scale;
  AdwExpanderRow *data;
  AdwPreferencesGroup *start;
  AdwComboRow *init;
  AdwPreferencesGroup *numbers;
};

G_DEFINE_FINAL_TYPE (ConvergeControls, converge_controls, ADW_TYPE_BIN)

static void
converge_controls_dispose (GObject *object)
{
  ConvergeControls *self = CONVERGE_CONTROLS (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->field_rows, g_ptr_array_unref);
  g_clear_pointer (&self->choice_rows, g_ptr_array_unref);
  g_clear_pointer (&self->option_rows, g_ptr_array_unref);
  G_OBJECT_CLASS (converge_controls_parent_class)->dispose (object);
}

static const AgSetting *
get_setting (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "setting");
}

static void
choice_selected (AdwComboRow *row,
                 GParamSpec *pspec,
                 ConvergeControls *self)
{
  const AgSetting *setting = get_setting (row);
  AgChoice choice;

  if (!self->is_showing && ag_setting_nth_choice (setting, adw_combo_row_get_selected (row), &choice))
    converge_settings_set_text (self->settings, setting->id, choice.id);
}

static void
text_selected (ConvergeControls *self,
               AdwComboRow *row,
               const ConvergeTextList *list)
{
  g_autofree char *text = NULL;

  if (self->is_showing || self->settings == NULL)
    return;
  text = list->write (converge_settings_spec (self->settings), adw_combo_row_get_selected (row));
  if (text != NULL)
    converge_settings_set_text (self->settings, list->id, text);
  else
    adw_expander_row_set_expanded (self->data, TRUE);
}

static void
target_selected (ConvergeControls *self)
{
  text_selected (self, self->target, &converge_target_list);
}

static void
init_selected (ConvergeControls *self)
{
  text_selected (self, self->init, &converge_init_list);
}

static void
converge_controls_class_init (ConvergeControlsClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_controls_dispose;
  g_type_ensure (CONVERGE_TYPE_CHOICE_ROW);
  g_type_ensure (CONVERGE_TYPE_DATA_ROW);
  g_type_ensure (CONVERGE_TYPE_PACE_ROW);
  g_type_ensure (CONVERGE_TYPE_PARAMETER_GROUP);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-controls.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, trained);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, program);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, parameters);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, training);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, optimizer);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, options);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, pace);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, device);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, machine);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, target);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, file);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, scale);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, data);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, start);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, init);
  gtk_widget_class_bind_template_child (widget_class, ConvergeControls, numbers);
}

static void
converge_controls_init (ConvergeControls *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->field_rows = g_ptr_array_new ();
  self->choice_rows = g_ptr_array_new ();
  self->option_rows = g_ptr_array_new ();
  self->loss = ADW_EXPANDER_ROW (g_object_new (ADW_TYPE_EXPANDER_ROW, "title", _ ("Loss function"), NULL));
  self->is_showing = TRUE;
  converge_target_list.fill (CONVERGE_CHOICE_ROW (self->target));
  converge_init_list.fill (CONVERGE_CHOICE_ROW (self->init));
  self->is_showing = FALSE;

  g_signal_connect_swapped (self->target, "notify::selected", G_CALLBACK (target_selected), self);
  g_signal_connect_swapped (self->init, "notify::selected", G_CALLBACK (init_selected), self);
}

static GtkWidget *
make_field_row (ConvergeControls *self,
                const AgSetting *setting)
{
  GtkWidget *row = converge_field_row_new (self->settings, setting);

  if (setting->kind == AG_SETTING_TEXT)
    converge_field_row_set_wide (CONVERGE_FIELD_ROW (row));
  g_ptr_array_add (self->field_rows, row);
  return row;
}

/* Lets a row choose a setting. */
static void
bind_choice (ConvergeControls *self,
             AdwComboRow *row,
             const AgSetting *setting)
{
  AgChoice choice;

  for (guint i = 0; ag_setting_nth_choice (setting, i, &choice); i++)
    converge_choice_row_add (CONVERGE_CHOICE_ROW (row), _ (choice.title),
                             choice.description != NULL ? _ (choice.description) : NULL,
                             choice.is_available);
  g_object_set_data (G_OBJECT (row), "setting", (gpointer) setting);
  g_signal_connect (row, "notify::selected", G_CALLBACK (choice_selected), self);
  g_ptr_array_add (self->choice_rows, row);
}

static GtkWidget *
make_choice_row (ConvergeControls *self,
                 const AgSetting *setting)
{
  GtkWidget *row = g_object_new (CONVERGE_TYPE_CHOICE_ROW, "title", _ (setting->title), NULL);

  bind_choice (self, ADW_COMBO_ROW (row), setting);
  return row;
}

/* Says which settings a run that is under way follows. */
static void
mark_row (GtkWidget *row,
          const AgSetting *setting)
{
  gtk_widget_set_tooltip_text (row, setting->is_live ? _ ("Changes the run that is under way, too")
                                                     : _ ("Applies at the next run"));
}

static GtkWidget *
make_row (ConvergeControls *self,
          const AgSetting *setting)
{
  GtkWidget *row;

  if (setting->kind == AG_SETTING_CHOICE)
    return make_choice_row (self, setting);
  row = setting->kind == AG_SETTING_FLAG ? converge_switch_row_new (self->settings, setting)
                                         : make_field_row (self, setting);
  mark_row (row, setting);
  return row;
}

/* Only the options that the optimizer has. */
static void
show_options (ConvergeControls *self)
{
  const AgOptimizerClass *optimizer = converge_settings_spec (self->settings)->optimizer;

  if (self->shown_optimizer == optimizer)
    return;
  self->shown_optimizer = optimizer;
  for (guint i = 0; i < self->option_rows->len; i++)
    {
      g_ptr_array_remove (self->field_rows, g_ptr_array_index (self->option_rows, i));
      adw_expander_row_remove (self->options, g_ptr_array_index (self->option_rows, i));
    }
  g_ptr_array_set_size (self->option_rows, 0);
  for (guint i = 0; i < optimizer->n_options; i++)
    {
      GtkWidget *row = make_row (self, &optimizer->options[i]);

      adw_expander_row_add_row (self->options, row);
      g_ptr_array_add (self->option_rows, row);
    }
}

static GtkWidget *
find_field_row (ConvergeControls *self,
                const char *id)
{
  for (guint i = 0; i < self->field_rows->len; i++)
    if (strcmp (converge_field_row_get_id (g_ptr_array_index (self->field_rows, i)), id) == 0)
      return g_ptr_array_index (self->field_rows, i);
  return NULL;
}

/* Only settings that the run has. An optimizer's options come and go as rows. */
static void
show_row (ConvergeControls *self,
          GtkWidget *row,
          const AgSetting *setting)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);

  if (setting != NULL && setting->applies != NULL)
    gtk_widget_set_visible (row, setting->applies (spec));
}

/* A file in place of the formula. */
static void
show_data (ConvergeControls *self)
{
  const gboolean has_file = ag_run_spec_has_file (converge_settings_spec (self->settings));

  converge_data_row_show (self->file, self->settings);
  gtk_widget_set_visible (GTK_WIDGET (self->scale), has_file);
  gtk_widget_set_visible (GTK_WIDGET (self->target), !has_file);
  gtk_widget_set_visible (GTK_WIDGET (self->data), !has_file);
}

static void
show_settings (ConvergeControls *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  const gboolean has_rows = converge_parameter_group_is_for (spec);

  self->is_showing = TRUE;
  for (guint i = 0; i < self->choice_rows->len; i++)
    {
      AdwComboRow *row = g_ptr_array_index (self->choice_rows, i);

      adw_combo_row_set_selected (row, ag_setting_get_choice (get_setting (row), spec));
      show_row (self, GTK_WIDGET (row), get_setting (row));
    }
  for (guint i = 0; i < self->field_rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (self->field_rows, i);
      const char *id = converge_field_row_get_id (CONVERGE_FIELD_ROW (row));

      show_row (self, row, ag_setting_find (NULL, id));
    }
  show_options (self);
  show_data (self);
  adw_combo_row_set_selected (self->target, converge_target_list.find (spec));
  adw_combo_row_set_selected (self->init, converge_init_list.find (spec));
  gtk_widget_set_visible (GTK_WIDGET (self->loss), ag_setting_find (spec, "loss") != NULL);
  adw_expander_row_set_subtitle (self->loss, _ (spec->loss->title));
  gtk_widget_set_visible (GTK_WIDGET (self->init), !has_rows);
  gtk_widget_set_visible (find_field_row (self, "init"),
                          !has_rows && converge_init_list_is_typed (spec));
  gtk_widget_set_visible (find_field_row (self, "hold"), !has_rows);
  self->is_showing = FALSE;
}

/* The devices were found. */
static void
show_devices (GObject *object,
              GAsyncResult *result,
              gpointer data)
{
  ConvergeControls *self = CONVERGE_CONTROLS (object);
  const AgSetting *setting = ag_setting_find (NULL, "device");
  AgChoice choice;

  /* The window may be gone by then. */
  if (self->choice_rows == NULL)
    return;
  self->is_showing = TRUE;
  for (guint i = 0; ag_setting_nth_choice (setting, i, &choice); i++)
    converge_choice_row_set (CONVERGE_CHOICE_ROW (self->device), i,
                             choice.description != NULL ? _ (choice.description) : NULL,
                             choice.is_available);
  self->is_showing = FALSE;
  show_settings (self);
}

static void
wait_for_devices (GTask *task,
                  gpointer source,
                  gpointer data,
                  GCancellable *cancellable)
{
  g_ptr_array_unref (ag_device_list ());
  g_task_return_boolean (task, TRUE);
}

static void
add_dice (ConvergeControls *self,
          GtkWidget *row)
{
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), converge_dice_new (self->settings));
}

static void
add_rate_row (ConvergeControls *self,
              GtkWidget *row)
{
  gtk_widget_add_css_class (row, "above-scale");
  adw_preferences_group_add (self->training,
                             converge_rate_row_new (self->settings, CONVERGE_FIELD_ROW (row)));
}

/* Settings whose rows are in the template, and what is added to the rows of others. */
static const struct
{
  const char *id;
  gboolean has_own_row;
  void (*add) (ConvergeControls *self,
               GtkWidget *row);
} special[] = {
  { "program", TRUE, NULL },
  { "data", TRUE, NULL },
  { "x", TRUE, NULL },
  { "y", TRUE, NULL },
  { "delimiter", TRUE, NULL },
  { "decimal", TRUE, NULL },
  { "scale", TRUE, NULL },
  { "optimizer", TRUE, NULL },
  { "device", TRUE, NULL },
  { "pace", TRUE, NULL },
  /* The window always uses as many threads as pay off, so threads need no row. */
  { "threads", TRUE, NULL },
  { "lr", FALSE, add_rate_row },
  { "seed", FALSE, add_dice },
};

/* The loss has a row that opens, below what is changed more often. */
static void
add_to_group (ConvergeControls *self,
              const AgSetting *setting,
              GtkWidget *row)
{
  AdwPreferencesGroup *const groups[] = {
    [AG_SETTING_OF_PROGRAM] = self->trained,
    [AG_SETTING_OF_TRAINING] = self->training,
    [AG_SETTING_OF_START] = self->start,
    [AG_SETTING_OF_NUMBERS] = self->numbers,
    [AG_SETTING_OF_MACHINE] = self->machine,
  };

  if (setting->group == AG_SETTING_OF_DATA)
    adw_expander_row_add_row (self->data, row);
  else if (setting->group == AG_SETTING_OF_PROGRAM && strcmp (setting->id, "model") != 0)
    adw_expander_row_add_row (self->loss, row);
  else
    adw_preferences_group_add (groups[setting->group], row);
}

static void
add_setting (ConvergeControls *self,
             const AgSetting *setting)
{
  void (*add) (ConvergeControls *, GtkWidget *) = NULL;
  GtkWidget *row;

  for (guint i = 0; i < G_N_ELEMENTS (special); i++)
    if (strcmp (special[i].id, setting->id) == 0)
      {
        if (special[i].has_own_row)
          return;
        add = special[i].add;
      }
  row = make_row (self, setting);
  add_to_group (self, setting, row);
  if (add != NULL)
    add (self, row);
}

/* Fields, switches and the pace bring their marks. A program has no default. */
static void
add_marks (ConvergeControls *self)
{
  for (guint i = 0; i < self->choice_rows->len; i++)
    {
      AdwComboRow *row = g_ptr_array_index (self->choice_rows, i);

      if (row != self->program)
        converge_default_mark_add_to_choice (self->settings, get_setting (row)->id, row);
    }
  converge_default_mark_add_to_choice (self->settings, "target", self->target);
  converge_default_mark_add_to_choice (self->settings, "init", self->init);
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
  const gboolean is_looked_for = ag_device_is_looked_for ();

  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  self->is_showing = TRUE;
  bind_choice (self, self->program, ag_setting_find (NULL, "program"));
  bind_choice (self, self->optimizer, ag_setting_find (NULL, "optimizer"));
  bind_choice (self, self->device, ag_setting_find (NULL, "device"));
  bind_choice (self, self->scale, ag_setting_find (NULL, "scale"));
  for (guint i = 0; i < ag_setting_n (NULL); i++)
    add_setting (self, ag_setting_nth (NULL, i));
  adw_preferences_group_add (self->training, GTK_WIDGET (self->loss));
  add_marks (self);
  self->is_showing = FALSE;
  converge_pace_row_set_settings (self->pace, settings);
  converge_parameter_group_set_settings (self->parameters, settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (converge_optima_get_default (), "found", G_CALLBACK (show_data), self,
                           G_CONNECT_SWAPPED);
  show_settings (self);
  if (is_looked_for)
    {
      g_autoptr (GTask) task = g_task_new (self, NULL, show_devices, NULL);

      g_task_run_in_thread (task, wait_for_devices);
    }
}

/* All rows that something is typed in, held: applying one may take others away. */
static GPtrArray *
list_rows (ConvergeControls *self)
{
  GPtrArray *parameters = converge_parameter_group_get_rows (self->parameters);
  GPtrArray *rows = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->field_rows->len; i++)
    g_ptr_array_add (rows, g_object_ref (g_ptr_array_index (self->field_rows, i)));
  for (guint i = 0; i < parameters->len; i++)
    g_ptr_array_add (rows, g_object_ref (g_ptr_array_index (parameters, i)));
  return rows;
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
  g_autoptr (GPtrArray) rows = list_rows (self);

  for (guint i = 0; i < rows->len; i++)
    converge_field_row_apply (g_ptr_array_index (rows, i));
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
  g_autoptr (GPtrArray) rows = list_rows (self);

  for (guint i = 0; i < rows->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (rows, i);
      GtkWidget *expander;

      if (converge_settings_field_error (self->settings,
                                         converge_field_row_get_id (CONVERGE_FIELD_ROW (row)))
          == NULL)
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
