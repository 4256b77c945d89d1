/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-data-row.h"

#include "converge-optima.h"
#include "plot/plot-axis.h"

#include "data/table-text.h"
#include "train/scale.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/**
 * ConvergeDataRow:
 * @columns: looks at the file again
 * @back: goes back to the formula
 *
 * The row of the controls that names the file whose points are fitted, says what is in
 * it, and opens another one.
 */
struct _ConvergeDataRow
{
  AdwActionRow parent_instance;

  GtkWidget *columns;
  GtkWidget *back;
};

G_DEFINE_FINAL_TYPE (ConvergeDataRow, converge_data_row, ADW_TYPE_ACTION_ROW)

static void
converge_data_row_class_init (ConvergeDataRowClass *klass)
{
}

static GtkWidget *
add_button (ConvergeDataRow *self,
            const char *icon,
            const char *title,
            const char *action)
{
  GtkWidget *button = gtk_button_new_from_icon_name (icon);

  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_tooltip_text (button, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), action);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), button);
  return button;
}

static void
converge_data_row_init (ConvergeDataRow *self)
{
  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (self), FALSE);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (self), 2);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (self), 6);
  self->columns = add_button (self, "view-list-symbolic", _ ("Columns and Rows"), "win.show-data");
  self->back = add_button (self, "edit-clear-symbolic", _ ("Back to the Formula"),
                           "win.drop-data");
  add_button (self, "document-open-symbolic", _ ("Open Data…"), "win.open-data");
}

static double
find_condition (const AgRunSpec *spec,
                AgScaling scale)
{
  AgRunSpec scaled = *spec;
  const AgOptimum *optimum;

  scaled.scale = scale;
  if (!ag_run_spec_has_exact_optimum (&scaled))
    return NAN;
  optimum = converge_optima_find (converge_optima_get_default (), &scaled);
  return optimum != NULL ? ag_optimum_condition (optimum) : NAN;
}

/* Returns: (transfer full) (nullable): how the problem is conditioned, as soon as that is
 *   known, for a model that is linear */
static char *
describe_condition (const AgRunSpec *spec)
{
  const double plain = find_condition (spec, AG_SCALING_NONE);
  const double standardized = find_condition (spec, AG_SCALING_STANDARD);
  char before[32], after[32];

  if (isnan (plain) || isnan (standardized))
    return NULL;
  converge_axis_format (plain, 2, before, sizeof before);
  converge_axis_format (standardized, 2, after, sizeof after);
  return g_strdup_printf (_ ("Condition number %s, standardized %s"), before, after);
}

/* Returns: (transfer full) (nullable): what is in the file, if that was read */
static char *
describe (const AgRunSpec *spec)
{
  g_autoptr (AgData) data = ag_run_spec_find_data (spec);
  g_autofree char *points = NULL, *left_out = NULL, *condition = NULL;

  if (data == NULL)
    return NULL;
  points = ag_table_describe (ag_data_table (data));
  left_out = ag_table_describe_left_out (ag_data_table (data));
  condition = describe_condition (spec);
  return g_strconcat (points, left_out != NULL ? "\n" : "", left_out != NULL ? left_out : "",
                      condition != NULL ? "\n" : "", condition, NULL);
}

/**
 * converge_data_row_show:
 * @self: the row
 * @settings: what it shows
 */
void
converge_data_row_show (ConvergeDataRow *self,
                        ConvergeSettings *settings)
{
  const AgRunSpec *spec = converge_settings_spec (settings);
  const gboolean has_file = ag_run_spec_has_file (spec);
  const char *error = converge_settings_field_error (settings, "data");
  g_autofree char *name = has_file ? ag_data_file_name (spec->data) : g_strdup (_ ("File"));
  g_autofree char *text = has_file ? describe (spec)
                                   : g_strdup (_ ("None: the points are of a formula"));

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self), name);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), error != NULL ? error : text);
  gtk_widget_set_visible (self->columns, has_file);
  gtk_widget_set_visible (self->back, has_file);
}
