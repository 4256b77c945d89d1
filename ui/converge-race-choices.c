/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-race-view-private.h"

#include "train/setting.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Chooses the racers: a setting in which they differ, and the value that it has for each of
 * them. */

/* The settings in which racers may differ. The first ones are chosen from a list, the others are
 * typed. */
static const char *const subjects[] = { "optimizer", "program", "dtype", "device", "lr", "seed" };

static const AgSetting *
get_setting (ConvergeRaceView *self)
{
  return ag_setting_find (NULL, subjects[self->subject]);
}

/**
 * converge_race_view_get_subject:
 * @self: a view
 *
 * Returns: (transfer none): id of the setting that is different
 */
const char *
converge_race_view_get_subject (ConvergeRaceView *self)
{
  return subjects[self->subject];
}

static gboolean
is_choice (const AgSetting *setting)
{
  return setting->kind == AG_SETTING_CHOICE;
}

static char **
split (const char *text)
{
  g_auto (GStrv) parts = g_strsplit_set (text, ",;", -1);
  GPtrArray *values = g_ptr_array_new ();

  for (guint i = 0; parts[i] != NULL; i++)
    if (*g_strstrip (parts[i]) != '\0')
      g_ptr_array_add (values, g_strdup (parts[i]));
  g_ptr_array_add (values, NULL);
  return (char **) g_ptr_array_free (values, FALSE);
}

/**
 * converge_race_view_get_values:
 * @self: a view
 *
 * Returns: (transfer full) (array zero-terminated=1): what the setting is for each racer
 */
char **
converge_race_view_get_values (ConvergeRaceView *self)
{
  GPtrArray *values;

  if (!is_choice (get_setting (self)))
    return split (gtk_editable_get_text (GTK_EDITABLE (self->values)));
  values = g_ptr_array_new ();
  for (guint i = 0; i < self->checks->len; i++)
    if (gtk_check_button_get_active (g_ptr_array_index (self->checks, i)))
      g_ptr_array_add (values, g_strdup (gtk_widget_get_name (g_ptr_array_index (self->checks, i))));
  g_ptr_array_add (values, NULL);
  return (char **) g_ptr_array_free (values, FALSE);
}

static gboolean
is_there_more_than_one (const AgSetting *setting)
{
  AgChoice choice;
  guint n = 0;

  for (guint i = 0; ag_setting_nth_choice (setting, i, &choice); i++)
    n += choice.is_available;
  return n > 1;
}

/* A program whose formula people type is another one for each formula. */
static gboolean
can_race (const AgSetting *setting,
          const AgChoice *choice)
{
  return choice->is_available && !(strcmp (setting->id, "program") == 0 && strcmp (choice->id, "formula") == 0);
}

static void
fill_checks (ConvergeRaceView *self,
             const AgSetting *setting)
{
  AgChoice choice;
  GtkWidget *child;

  g_ptr_array_set_size (self->checks, 0);
  while ((child = gtk_widget_get_first_child (self->choices)) != NULL)
    gtk_widget_unparent (child);
  for (guint i = 0; ag_setting_nth_choice (setting, i, &choice); i++)
    {
      GtkWidget *check;

      if (!can_race (setting, &choice))
        continue;
      check = gtk_check_button_new_with_label (_ (choice.title));
      gtk_widget_set_name (check, choice.id);
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
      g_signal_connect_swapped (check, "toggled", G_CALLBACK (converge_race_view_fill), self);
      gtk_grid_attach (GTK_GRID (self->choices), check, (int) self->checks->len % 2,
                       (int) self->checks->len / 2, 1, 1);
      g_ptr_array_add (self->checks, check);
    }
}

/* Some values around the one that is set. */
static char *
suggest (ConvergeRaceView *self)
{
  const AgRunSpec *spec = converge_settings_spec (converge_race_get_settings (self->race));
  g_autofree char *now = ag_setting_write (get_setting (self), spec);

  if (strcmp (subjects[self->subject], "lr") == 0)
    return g_strdup_printf ("%.3g, %.3g, %s, %.3g", spec->lr / 10, spec->lr / 3, now, 3 * spec->lr);
  return g_strdup ("0, 1, 2, 3, 4");
}

static void
subject_chosen (ConvergeRaceView *self)
{
  GListModel *model = gtk_drop_down_get_model (self->subjects);
  const guint selected = gtk_drop_down_get_selected (self->subjects);
  const AgSetting *setting;

  if (self->race == NULL || selected >= g_list_model_get_n_items (model))
    return;
  self->subject = self->places[selected];
  setting = get_setting (self);
  gtk_widget_set_visible (self->choices, is_choice (setting));
  gtk_widget_set_visible (GTK_WIDGET (self->values), !is_choice (setting));
  if (is_choice (setting))
    {
      fill_checks (self, setting);
    }
  else
    {
      g_autofree char *text = suggest (self);

      gtk_editable_set_text (GTK_EDITABLE (self->values), text);
    }
  gtk_widget_set_sensitive (GTK_WIDGET (self->rates), strcmp (setting->id, "lr") != 0);
  converge_race_view_fill (self);
}

/**
 * converge_race_view_fill:
 * @self: a view of a race
 *
 * Says who races.
 */
void
converge_race_view_fill (ConvergeRaceView *self)
{
  g_auto (GStrv) values = converge_race_view_get_values (self);
  g_autofree char *text = g_strdup_printf ("%s (%u)", _ (get_setting (self)->title), g_strv_length (values));

  gtk_menu_button_set_label (self->button, text);
}

/* Only what there is more than one of can be different: a device say. */
static GtkStringList *
list_subjects (ConvergeRaceView *self)
{
  GtkStringList *titles = gtk_string_list_new (NULL);
  guint n = 0;

  for (guint i = 0; i < G_N_ELEMENTS (subjects); i++)
    {
      const AgSetting *setting = ag_setting_find (NULL, subjects[i]);

      if (is_choice (setting) && !is_there_more_than_one (setting))
        continue;
      self->places[n++] = i;
      gtk_string_list_append (titles, _ (setting->title));
    }
  return titles;
}

/**
 * converge_race_view_make_choices:
 * @self: a view of a race
 *
 * Makes what racers are chosen with: a popover, so that a narrow window has room for the board.
 *
 * Returns: (transfer floating): the popover
 */
GtkWidget *
converge_race_view_make_choices (ConvergeRaceView *self)
{
  GtkWidget *popover = gtk_popover_new (), *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 9);
  GtkWidget *label = gtk_label_new (_ ("The racers differ in"));
  g_autoptr (GtkStringList) titles = NULL;

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  self->subjects = GTK_DROP_DOWN (gtk_drop_down_new (NULL, NULL));
  titles = list_subjects (self);
  gtk_drop_down_set_model (self->subjects, G_LIST_MODEL (titles));
  gtk_accessible_update_relation (GTK_ACCESSIBLE (self->subjects), GTK_ACCESSIBLE_RELATION_LABELLED_BY,
                                  label, NULL, -1);
  self->choices = gtk_grid_new ();
  gtk_grid_set_column_spacing (GTK_GRID (self->choices), 12);
  self->values = GTK_ENTRY (gtk_entry_new ());
  gtk_entry_set_placeholder_text (self->values, "1, 2, 3");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->values), _ ("A value for each racer, with commas between them"));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->values), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _ ("A value for each racer, with commas between them"), -1);
  g_signal_connect_swapped (self->values, "changed", G_CALLBACK (converge_race_view_fill), self);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->subjects));
  gtk_box_append (GTK_BOX (box), self->choices);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->values));
  gtk_popover_set_child (GTK_POPOVER (popover), box);
  g_signal_connect_swapped (self->subjects, "notify::selected", G_CALLBACK (subject_chosen), self);
  subject_chosen (self);
  return popover;
}
