/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-rate-row.h"

#include "converge-optima.h"
#include "converge-slider.h"
#include "converge-tooltip.h"
#include "plot/plot-axis.h"

#include "train/optimum.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The slider below the entry of the learning rate, and a line that says what to make
 * of the rate: above which one steps overshoot, where that is known, or which one
 * program and optimizer begin with. The line is always there, so that no row moves. Beside
 * the slider is the button that shows what a run with the rate would do. */

/* The slider is logarithmic: its values are powers of ten. */
#define LOWEST_RATE (-10)
#define HIGHEST_RATE 1

#define HEIGHT 44

struct _ConvergeRateRow
{
  AdwPreferencesRow parent_instance;

  ConvergeSettings *settings;
  GtkWidget *entry;
  GtkWidget *scale;
  GtkWidget *caption;
  double bound;
  gboolean is_showing;
};

G_DEFINE_FINAL_TYPE (ConvergeRateRow, converge_rate_row, ADW_TYPE_PREFERENCES_ROW)

static void
converge_rate_row_dispose (GObject *object)
{
  g_clear_object (&CONVERGE_RATE_ROW (object)->settings);
  G_OBJECT_CLASS (converge_rate_row_parent_class)->dispose (object);
}

static void
converge_rate_row_class_init (ConvergeRateRowClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = converge_rate_row_dispose;
}

static void
moved (ConvergeRateRow *self)
{
  const double power = gtk_range_get_value (GTK_RANGE (self->scale));
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (self->is_showing)
    return;
  /* Two digits, so that the entry does not fill with them. */
  g_ascii_formatd (text, sizeof text, "%.1e", pow (10, power));
  converge_settings_set_text (self->settings, "lr", text);
}

/* While the data are others than before, for some milliseconds, no bound is known. */
static void
find_bound (ConvergeRateRow *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  const AgOptimum *optimum = NULL;
  double bound;

  /* Only SGD has one, and looking for it may take a while. */
  if (strcmp (spec->optimizer->id, "sgd") == 0)
    optimum = converge_optima_find (converge_optima_get_default (), spec);

  if (!ag_run_spec_stable_rate (spec, optimum, &bound) || !isfinite (bound))
    bound = NAN;
  if (bound == self->bound || (isnan (bound) && isnan (self->bound)))
    return;
  self->bound = bound;
  gtk_scale_clear_marks (GTK_SCALE (self->scale));
  if (self->bound > 0 && log10 (self->bound) >= LOWEST_RATE && log10 (self->bound) <= HIGHEST_RATE)
    gtk_scale_add_mark (GTK_SCALE (self->scale), log10 (self->bound), GTK_POS_BOTTOM, NULL);
}

/* Which rate this is beside others. PyTorch 1.13 has none for SGD. */
static char *
describe_default (const AgRunSpec *spec)
{
  const gboolean is_own = strcmp (spec->program->optimizer, spec->optimizer->id) == 0;
  char ours[32], standard[32];

  converge_axis_format (ag_run_spec_default_rate (spec->program, spec->optimizer), 2, ours, sizeof ours);
  converge_axis_format (spec->optimizer->lr, 2, standard, sizeof standard);
  if (strcmp (spec->optimizer->id, "sgd") == 0)
    return g_strdup_printf (is_own ? _ ("The program's own: %s") : _ ("Our default: %s"),
                            ours);
  return g_strdup_printf (is_own ? _ ("The program's own: %s; PyTorch's: %s")
                                 : _ ("Our default: %s; PyTorch's: %s"),
                          ours, standard);
}

/* Why there is a bound, in a sentence. */
static char *
explain_bound (const AgRunSpec *spec,
               const char *bound)
{
  const gint momentum = ag_optimizer_class_find_option (spec->optimizer, "momentum");

  if (momentum >= 0 && spec->options[momentum] != 0)
    return g_strdup_printf (_ ("Above %s each step overshoots: the bound is 2 / λ without "
                               "momentum, which moves it, λ being the loss's greatest "
                               "curvature; with twice the points it halves."),
                            bound);
  return g_strdup_printf (_ ("Above %s each step overshoots: the bound is 2 / λ, λ being the "
                             "loss's greatest curvature; with twice the points it halves."),
                          bound);
}

static void
toggle_warning (GtkWidget *widget,
                gboolean is_warning)
{
  if (is_warning)
    gtk_widget_add_css_class (widget, "warning");
  else
    gtk_widget_remove_css_class (widget, "warning");
}

static void
show_caption (ConvergeRateRow *self)
{
  const AgRunSpec *spec = converge_settings_spec (self->settings);
  const gboolean is_above = spec->lr > self->bound;
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;
  char bound[32];

  converge_axis_format (self->bound, 3, bound, sizeof bound);
  if (isnan (self->bound))
    text = describe_default (spec);
  else
    text = g_strdup_printf (is_above ? _ ("Above %s each step overshoots")
                                     : _ ("Stable below %s"),
                            bound);
  reason = isnan (self->bound) ? g_strdup (text) : explain_bound (spec, bound);
  gtk_label_set_text (GTK_LABEL (self->caption), text);
  converge_tooltip_set (GTK_WIDGET (self), reason);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scale), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  reason, -1);
  toggle_warning (self->caption, is_above);
  toggle_warning (self->scale, is_above);
  toggle_warning (self->entry, is_above);
}

static void
show_settings (ConvergeRateRow *self)
{
  const double rate = converge_settings_spec (self->settings)->lr;
  char number[32];

  self->is_showing = TRUE;
  find_bound (self);
  gtk_range_set_value (GTK_RANGE (self->scale), log10 (rate));
  converge_axis_format (rate, 2, number, sizeof number);
  converge_slider_describe (GTK_SCALE (self->scale), number);
  show_caption (self);
  self->is_showing = FALSE;
}

static GtkWidget *
make_what_if_button (void)
{
  GtkWidget *button = gtk_toggle_button_new_with_label (_ ("What If"));

  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "win.what-if");
  converge_tooltip_set (button, _ ("Show what the run would do with these settings, while "
                                   "they change (W)"));
  gtk_widget_add_css_class (button, "what-if");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_end (button, 8);
  return button;
}

static void
converge_rate_row_init (ConvergeRateRow *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->bound = NAN;
  self->scale = gtk_scale_new_with_range (GTK_ORIENTATION_HORIZONTAL, LOWEST_RATE, HIGHEST_RATE,
                                          0.1);
  gtk_range_set_increments (GTK_RANGE (self->scale), 0.05, 0.1);
  /* As high as it is with a mark. */
  gtk_widget_set_size_request (self->scale, -1, HEIGHT);
  converge_slider_set_up (GTK_SCALE (self->scale), _ ("Learning rate"));
  g_signal_connect_swapped (self->scale, "value-changed", G_CALLBACK (moved), self);
  self->caption = gtk_label_new (NULL);
  gtk_label_set_ellipsize (GTK_LABEL (self->caption), PANGO_ELLIPSIZE_END);
  gtk_label_set_xalign (GTK_LABEL (self->caption), 0);
  gtk_widget_add_css_class (self->caption, "caption");
  gtk_widget_set_margin_start (self->caption, 8);
  gtk_widget_set_margin_bottom (self->caption, 8);
  gtk_widget_set_margin_start (box, 6);
  gtk_widget_set_margin_end (box, 6);
  gtk_widget_set_hexpand (self->scale, TRUE);
  gtk_box_append (GTK_BOX (line), self->scale);
  gtk_box_append (GTK_BOX (line), make_what_if_button ());
  gtk_box_append (GTK_BOX (box), line);
  gtk_box_append (GTK_BOX (box), self->caption);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (self), box);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (self), FALSE);
  gtk_widget_set_focusable (GTK_WIDGET (self), FALSE);
}

/**
 * converge_rate_row_new:
 * @settings: the settings
 * @field_row: where the learning rate is typed, which is marked with the slider
 *
 * Returns: (transfer floating): a slider for the learning rate
 */
GtkWidget *
converge_rate_row_new (ConvergeSettings *settings,
                       ConvergeFieldRow *field_row)
{
  ConvergeRateRow *self = g_object_new (CONVERGE_TYPE_RATE_ROW, NULL);

  self->settings = g_object_ref (settings);
  self->entry = GTK_WIDGET (converge_field_row_get_entry (field_row));
  g_signal_connect_object (settings, "changed", G_CALLBACK (show_settings), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (converge_optima_get_default (), "found", G_CALLBACK (show_settings),
                           self, G_CONNECT_SWAPPED);
  show_settings (self);
  return GTK_WIDGET (self);
}
