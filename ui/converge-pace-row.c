/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-pace-row.h"

#include "converge-default-mark.h"
#include "converge-slider.h"
#include "plot/plot-axis.h"

#include <glib/gi18n-lib.h>
#include <math.h>

/* The scale is logarithmic: its values are powers of ten. Beyond this one the pace
 * has no limit. */
#define UNLIMITED_PACE 6.05

struct _ConvergePaceRow
{
  AdwPreferencesRow parent_instance;

  ConvergeSettings *settings;
  gboolean is_showing;
  GtkBox *header;
  GtkLabel *name;
  GtkLabel *text;
  GtkScale *scale;
};

G_DEFINE_FINAL_TYPE (ConvergePaceRow, converge_pace_row, ADW_TYPE_PREFERENCES_ROW)

static void
converge_pace_row_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_PACE_ROW (object)->settings);
  G_OBJECT_CLASS (converge_pace_row_parent_class)->dispose (object);
}

static void
converge_pace_row_class_init (ConvergePaceRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_pace_row_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/io/github/converge/Converge/"
                                               "converge-pace-row.ui");
  gtk_widget_class_bind_template_child (widget_class, ConvergePaceRow, header);
  gtk_widget_class_bind_template_child (widget_class, ConvergePaceRow, name);
  gtk_widget_class_bind_template_child (widget_class, ConvergePaceRow, text);
  gtk_widget_class_bind_template_child (widget_class, ConvergePaceRow, scale);
}

static void
moved (ConvergePaceRow *self)
{
  const double power = gtk_range_get_value (GTK_RANGE (self->scale));
  g_autofree char *text = g_strdup_printf ("%.0f",
                                           power > UNLIMITED_PACE ? 0 : rint (pow (10, power)));

  if (!self->is_showing && self->settings != NULL)
    converge_settings_set_text (self->settings, "pace", text);
}

static void
converge_pace_row_init (ConvergePaceRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  converge_slider_set_up (self->scale, _ ("Pace"));
  g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (moved), self);
}

static void
show_settings (ConvergePaceRow *self)
{
  const double pace = converge_settings_spec (self->settings)->pace;
  g_autofree char *text = NULL;
  char number[32];

  self->is_showing = TRUE;
  gtk_range_set_value (GTK_RANGE (self->scale), pace > 0 ? log10 (pace) : 7);
  converge_axis_format (pace, 1, number, sizeof number);
  text = pace > 0 ? g_strdup_printf (_ ("%s steps/s"), number)
                  : g_strdup (_ ("No limit"));
  gtk_label_set_text (self->text, text);
  converge_slider_describe (self->scale, text);
  self->is_showing = FALSE;
}

/**
 * converge_pace_row_set_settings:
 * @self: the row, without settings so far
 * @settings: the settings whose pace it shows and changes
 */
void
converge_pace_row_set_settings (ConvergePaceRow *self,
                                ConvergeSettings *settings)
{
  g_return_if_fail (self->settings == NULL);

  self->settings = g_object_ref (settings);
  gtk_box_insert_child_after (self->header, converge_default_mark_new (settings, "pace"),
                              GTK_WIDGET (self->name));
  g_signal_connect_object (settings, "changed", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  show_settings (self);
}
