/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-default-mark.h"

#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* Marks a setting that is not the default: a button that says what that is, and goes
 * back to it. */

struct _ConvergeDefaultMark
{
  GtkButton parent_instance;

  ConvergeSettings *settings;
  ConvergeDefault which;
  gboolean gives_way;
};

G_DEFINE_FINAL_TYPE (ConvergeDefaultMark, converge_default_mark, GTK_TYPE_BUTTON)

/**
 * DefaultKind:
 * @is_default: whether the setting is its default
 * @describe: what that is, in the window's words
 * @reset: goes back to it
 *
 * What a mark must know of its setting.
 */
typedef struct
{
  gboolean (*is_default) (ConvergeSettings *settings);
  char *(*describe) (ConvergeSettings *settings);
  void (*reset) (ConvergeSettings *settings);
} DefaultKind;

static const AgOptimizerClass *
default_optimizer (ConvergeSettings *settings)
{
  return ag_optimizer_class_find (converge_settings_run (settings)->program->optimizer);
}

static gboolean
is_default_optimizer (ConvergeSettings *settings)
{
  return converge_settings_run (settings)->optimizer == default_optimizer (settings);
}

static char *
describe_optimizer (ConvergeSettings *settings)
{
  return g_strdup (default_optimizer (settings)->title);
}

static void
reset_optimizer (ConvergeSettings *settings)
{
  converge_settings_set_optimizer (settings, default_optimizer (settings));
}

static gboolean
is_default_pace (ConvergeSettings *settings)
{
  return converge_settings_run (settings)->pace == converge_settings_defaults (settings)->pace;
}

static char *
describe_pace (ConvergeSettings *settings)
{
  char number[32];

  converge_axis_format (converge_settings_defaults (settings)->pace, 1, number, sizeof number);
  return g_strdup_printf (_ ("%s steps/s"), number);
}

static void
reset_pace (ConvergeSettings *settings)
{
  converge_settings_set_pace (settings, converge_settings_defaults (settings)->pace);
}

static gboolean
is_default_device (ConvergeSettings *settings)
{
  return strcmp (converge_settings_run (settings)->device, "cpu") == 0;
}

static char *
describe_device (ConvergeSettings *settings)
{
  return g_strdup ("CPU");
}

static void
reset_device (ConvergeSettings *settings)
{
  converge_settings_set_device (settings, "cpu");
}

static gboolean
is_default_dtype (ConvergeSettings *settings)
{
  return converge_settings_run (settings)->dtype == converge_settings_defaults (settings)->dtype;
}

static char *
describe_dtype (ConvergeSettings *settings)
{
  return g_strdup (ag_dtype_name (converge_settings_defaults (settings)->dtype));
}

static void
reset_dtype (ConvergeSettings *settings)
{
  converge_settings_set_dtype (settings, converge_settings_defaults (settings)->dtype);
}

static gboolean
is_default_init (ConvergeSettings *settings)
{
  return converge_settings_is_default (settings, CONVERGE_FIELD_INIT);
}

static char *
describe_init (ConvergeSettings *settings)
{
  return g_strdup (_ ("From the seed"));
}

static void
reset_init (ConvergeSettings *settings)
{
  g_autofree char *text = converge_settings_get_default (settings, CONVERGE_FIELD_INIT);

  converge_settings_set_text (settings, CONVERGE_FIELD_INIT, text);
}

static const DefaultKind kinds[] = {
  [CONVERGE_DEFAULT_OPTIMIZER] = { is_default_optimizer, describe_optimizer, reset_optimizer },
  [CONVERGE_DEFAULT_PACE] = { is_default_pace, describe_pace, reset_pace },
  [CONVERGE_DEFAULT_DEVICE] = { is_default_device, describe_device, reset_device },
  [CONVERGE_DEFAULT_DTYPE] = { is_default_dtype, describe_dtype, reset_dtype },
  [CONVERGE_DEFAULT_INIT] = { is_default_init, describe_init, reset_init },
};

static ConvergeField
get_field (ConvergeDefaultMark *self)
{
  return (ConvergeField) (self->which - CONVERGE_DEFAULT_FIELD);
}

/* The mark may be of an option that the optimizer chosen since does not have. */
static gboolean
has_setting (ConvergeDefaultMark *self)
{
  return self->which < CONVERGE_DEFAULT_FIELD
         || get_field (self) < converge_field_n (converge_settings_run (self->settings));
}

static char *
describe_field (ConvergeSettings *settings,
                ConvergeField field)
{
  const AgRunSpec *spec = converge_settings_run (settings);
  g_autofree char *text = converge_settings_get_default (settings, field);

  if (field < CONVERGE_FIELD_OPTION
      || !spec->optimizer->options[field - CONVERGE_FIELD_OPTION].is_switch)
    return g_steal_pointer (&text);
  return g_strdup (strcmp (text, "0") != 0 ? _ ("on") : _ ("off"));
}

static char *
describe (ConvergeDefaultMark *self)
{
  return self->which < CONVERGE_DEFAULT_FIELD ? kinds[self->which].describe (self->settings)
                                              : describe_field (self->settings, get_field (self));
}

static gboolean
is_default (ConvergeDefaultMark *self)
{
  return self->which < CONVERGE_DEFAULT_FIELD
           ? kinds[self->which].is_default (self->settings)
           : converge_settings_is_default (self->settings, get_field (self));
}

static void
converge_default_mark_clicked (GtkButton *button)
{
  ConvergeDefaultMark *self = CONVERGE_DEFAULT_MARK (button);
  g_autofree char *text = NULL;

  if (self->which < CONVERGE_DEFAULT_FIELD)
    {
      kinds[self->which].reset (self->settings);
      return;
    }
  text = converge_settings_get_default (self->settings, get_field (self));
  converge_settings_set_text (self->settings, get_field (self), text);
}

static void
settings_changed (ConvergeDefaultMark *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  g_autofree char *value = NULL;
  g_autofree char *text = NULL;
  gboolean is_hidden;

  if (!has_setting (self))
    return;
  is_hidden = is_default (self);
  value = describe (self);
  text = g_strdup_printf (_ ("Default: %s"), value);
  if (self->gives_way)
    gtk_widget_set_visible (widget, !is_hidden);
  gtk_widget_set_opacity (widget, is_hidden ? 0 : 1);
  gtk_widget_set_sensitive (widget, !is_hidden);
  gtk_widget_set_tooltip_text (widget, text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_HIDDEN, is_hidden, -1);
}

static void
converge_default_mark_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_DEFAULT_MARK (object)->settings);
  G_OBJECT_CLASS (converge_default_mark_parent_class)->dispose (object);
}

static void
converge_default_mark_class_init (ConvergeDefaultMarkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_default_mark_dispose;
  GTK_BUTTON_CLASS (klass)->clicked = converge_default_mark_clicked;
}

static void
converge_default_mark_init (ConvergeDefaultMark *self)
{
  gtk_button_set_icon_name (GTK_BUTTON (self), "edit-undo-symbolic");
  gtk_widget_set_valign (GTK_WIDGET (self), GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (GTK_WIDGET (self), "flat");
  gtk_widget_add_css_class (GTK_WIDGET (self), "reset");
}

/**
 * converge_default_mark_new:
 * @settings: the settings
 * @which: one of them
 *
 * The room for the mark is always there, so that its coming moves nothing.
 *
 * Returns: (transfer floating): the mark of that setting
 */
GtkWidget *
converge_default_mark_new (ConvergeSettings *settings,
                           ConvergeDefault which)
{
  ConvergeDefaultMark *self = g_object_new (CONVERGE_TYPE_DEFAULT_MARK, NULL);

  self->settings = g_object_ref (settings);
  self->which = which;
  g_signal_connect_object (settings, "changed", G_CALLBACK (settings_changed), self,
                           G_CONNECT_SWAPPED);
  settings_changed (self);
  return GTK_WIDGET (self);
}

/**
 * converge_default_mark_add_to_choice:
 * @settings: the settings
 * @which: one of them
 * @row: where it is chosen
 *
 * Puts the mark before what is chosen. There it takes no room where it is not shown:
 * its coming moves only the texts that another choice moves anyway.
 */
void
converge_default_mark_add_to_choice (ConvergeSettings *settings,
                                     ConvergeDefault which,
                                     AdwComboRow *row)
{
  GtkWidget *mark = converge_default_mark_new (settings, which);

  CONVERGE_DEFAULT_MARK (mark)->gives_way = TRUE;
  settings_changed (CONVERGE_DEFAULT_MARK (mark));
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
  gtk_box_reorder_child_after (GTK_BOX (gtk_widget_get_parent (mark)), mark, NULL);
}
