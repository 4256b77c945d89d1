/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-parameter-group.h"

#include "converge-field-row.h"
#include "converge-tooltip.h"

#include "model/formula-model.h"
#include "train/initial.h"

#include <glib/gi18n-lib.h>

/* A row for each parameter of a model that somebody typed: its initial value, which is drawn
 * as long as none is typed, and a button that holds it. */

struct _ConvergeParameterGroup
{
  AdwPreferencesGroup parent_instance;

  ConvergeSettings *settings;
  const AgModelClass *shown;
  GPtrArray *rows;
  GtkSizeGroup *units;
  gboolean is_showing;
};

G_DEFINE_FINAL_TYPE (ConvergeParameterGroup, converge_parameter_group, ADW_TYPE_PREFERENCES_GROUP)

static void
converge_parameter_group_dispose (GObject *object)
{
  ConvergeParameterGroup *self = CONVERGE_PARAMETER_GROUP (object);

  g_clear_object (&self->settings);
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  g_clear_object (&self->units);
  G_OBJECT_CLASS (converge_parameter_group_parent_class)->dispose (object);
}

static void
converge_parameter_group_class_init (ConvergeParameterGroupClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_parameter_group_dispose;
}

static void
converge_parameter_group_init (ConvergeParameterGroup *self)
{
  self->rows = g_ptr_array_new ();
  self->units = gtk_size_group_new (GTK_SIZE_GROUP_HORIZONTAL);
}

static GtkToggleButton *
get_hold (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "hold");
}

/* Which parameters are held is one setting. */
static void
hold_toggled (ConvergeParameterGroup *self)
{
  const AgModelClass *model = converge_settings_spec (self->settings)->program->model;
  g_autoptr (GString) names = g_string_new (NULL);

  if (self->is_showing)
    return;
  for (guint i = 0; i < self->rows->len; i++)
    if (gtk_toggle_button_get_active (get_hold (g_ptr_array_index (self->rows, i))))
      g_string_append_printf (names, "%s%s", names->len > 0 ? "," : "", model->parameters[i]);
  converge_settings_set_text (self->settings, "hold", names->str);
}

static GtkLabel *
get_unit (gpointer row)
{
  return g_object_get_data (G_OBJECT (row), "unit");
}

static GtkWidget *
make_row (ConvergeParameterGroup *self,
          const char *name)
{
  GtkWidget *row
    = converge_field_row_new_part (self->settings, converge_settings_initial_id (name), name);
  GtkWidget *hold = gtk_toggle_button_new ();
  GtkWidget *unit = gtk_label_new (NULL);
  g_autofree char *label = g_strdup_printf (_ ("Hold %s"), name);

  gtk_widget_set_valign (hold, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (hold, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (hold), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  g_signal_connect_swapped (hold, "toggled", G_CALLBACK (hold_toggled), self);
  g_object_set_data (G_OBJECT (row), "hold", hold);
  gtk_label_set_ellipsize (GTK_LABEL (unit), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (unit), 0);
  gtk_size_group_add_widget (self->units, unit);
  gtk_widget_add_css_class (unit, "dim-label");
  g_object_set_data (G_OBJECT (row), "unit", unit);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), unit);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), hold);
  return row;
}

static void
make_rows (ConvergeParameterGroup *self,
           const AgModelClass *model)
{
  for (guint i = 0; i < self->rows->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self),
                                  g_ptr_array_index (self->rows, i));
  g_ptr_array_set_size (self->rows, 0);
  self->shown = model;
  for (guint i = 0; model != NULL && i < model->n_parameters; i++)
    {
      GtkWidget *row = make_row (self, model->parameters[i]);

      adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), row);
      g_ptr_array_add (self->rows, row);
    }
}

static void
show_hold (GtkToggleButton *button,
           gboolean is_held)
{
  gtk_toggle_button_set_active (button, is_held);
  gtk_button_set_icon_name (GTK_BUTTON (button),
                            is_held ? "changes-prevent-symbolic" : "changes-allow-symbolic");
  converge_tooltip_set (GTK_WIDGET (button), is_held ? _ ("Held: training leaves it as it is")
                                                     : _ ("Free: it is trained"));
}

/* The empty entry of a parameter shows the value that it begins with if nothing is typed. */
static void
show_rows (ConvergeParameterGroup *self,
           const AgRunSpec *spec)
{
  g_autofree double *values = g_new0 (double, spec->program->model->n_parameters);
  const gboolean is_known = converge_settings_error (self->settings) == NULL
                            && ag_run_spec_initial (spec, values, NULL);

  self->is_showing = TRUE;
  for (guint i = 0; i < self->rows->len; i++)
    {
      ConvergeFieldRow *row = g_ptr_array_index (self->rows, i);
      GtkEntry *entry = GTK_ENTRY (converge_field_row_get_entry (row));
      g_autofree char *unit = ag_run_spec_unit (spec, i);
      char number[G_ASCII_DTOSTR_BUF_SIZE];

      gtk_label_set_text (get_unit (row), unit);
      gtk_widget_set_visible (GTK_WIDGET (get_unit (row)), *spec->units != '\0');
      show_hold (get_hold (row), ag_run_spec_is_held (spec, i));
      gtk_entry_set_placeholder_text (entry, is_known ? g_ascii_formatd (number, sizeof number,
                                                                         "%.4g", values[i])
                                                      : _ ("drawn"));
    }
  self->is_showing = FALSE;
}

static void
settings_changed (ConvergeParameterGroup *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  const AgModelClass *model = converge_parameter_group_is_for (spec) ? spec->program->model : NULL;

  if (model != self->shown)
    make_rows (self, model);
  gtk_widget_set_visible (GTK_WIDGET (self), model != NULL);
  if (model != NULL)
    show_rows (self, spec);
}

/**
 * converge_parameter_group_is_for:
 * @spec: a specification
 *
 * Returns: whether its parameters are set one by one, as those of a typed model are
 */
gboolean
converge_parameter_group_is_for (const AgRunSpec *spec)
{
  return ag_formula_model_text (spec->program->model) != NULL;
}

/**
 * converge_parameter_group_set_settings:
 * @self: the group, without settings so far
 * @settings: what it shows and changes
 */
void
converge_parameter_group_set_settings (ConvergeParameterGroup *self,
                                       ConvergeSettings *settings)
{
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed), self,
                           G_CONNECT_SWAPPED);
  settings_changed (self);
}

/**
 * converge_parameter_group_get_rows:
 * @self: the group
 *
 * Returns: (transfer none) (element-type ConvergeFieldRow): its rows, until the settings
 *   change
 */
GPtrArray *
converge_parameter_group_get_rows (ConvergeParameterGroup *self)
{
  return self->rows;
}
