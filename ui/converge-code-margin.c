/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-code-margin.h"

#include "plot/plot-palette.h"
#include "script/listing.h"

#include <adwaita.h>

/* Draws the margin of the listing, beside each line, and lets all events pass. Each part of a
 * step has its colour, its name where it begins, and faintly behind the line the value that it
 * came to. */

#define STRIPE 4
#define GAP 6
#define TINT 0.16
#define LINE_TINT 0.4
#define FAINT 0.6

struct _ConvergeCodeMargin
{
  GtkWidget parent_instance;

  GtkTextView *view;
  GArray *listing;
  GStrv values;
  int marked;
  int line;
  int width;
  ConvergePlotStyle style;
};

G_DEFINE_FINAL_TYPE (ConvergeCodeMargin, converge_code_margin, GTK_TYPE_WIDGET)

static GdkRGBA
to_rgba (ConvergeColor color,
         double alpha)
{
  return (GdkRGBA){ (float) color.red, (float) color.green, (float) color.blue, (float) alpha };
}

static const AgListingLine *
nth (ConvergeCodeMargin *self,
     guint index)
{
  return &g_array_index (self->listing, AgListingLine, index);
}

static PangoLayout *
lay_out (ConvergeCodeMargin *self,
         const char *text,
         double scale)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  PangoAttrList *attributes = pango_attr_list_new ();

  pango_attr_list_insert (attributes, pango_attr_scale_new (scale));
  pango_layout_set_attributes (layout, attributes);
  pango_attr_list_unref (attributes);
  return layout;
}

static void
draw_layout (GtkSnapshot *snapshot,
             PangoLayout *layout,
             GdkRGBA color,
             float x,
             float y)
{
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT (x, y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

/* Which part's name stands in the margin of a line: the first one's where it begins, a second
 * one's below it. */
static int
find_name (ConvergeCodeMargin *self,
           guint line)
{
  const guint stops = nth (self, line)->stops;
  const guint before = line > 0 ? nth (self, line - 1)->stops : 0;
  const guint long_before = line > 1 ? nth (self, line - 2)->stops : 0;

  for (int i = 0; i < AG_N_STOPS; i++)
    if ((stops & 1u << i) != 0)
      {
        const guint rest = stops & ~(1u << i);

        if (stops != before)
          return i;
        if (rest != 0 && stops != long_before)
          return g_bit_nth_lsf (rest, -1);
        return -1;
      }
  return -1;
}

static void
draw_line (ConvergeCodeMargin *self,
           GtkSnapshot *snapshot,
           guint line,
           float y,
           float width,
           float height)
{
  const guint stops = nth (self, line)->stops;
  const int name = find_name (self, line);
  float x = 0;

  if (self->marked >= 0 && (stops & 1u << self->marked) != 0)
    {
      const GdkRGBA color
        = to_rgba (self->style.series[self->marked], (int) line == self->line ? LINE_TINT : TINT);

      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (0, y, width, height));
    }
  for (guint i = 0; i < AG_N_STOPS; i++)
    if ((stops & 1u << i) != 0)
      {
        const GdkRGBA color = to_rgba (self->style.series[i], 1);

        gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, y, STRIPE, height));
        x += STRIPE;
      }
  if (name >= 0)
    {
      g_autoptr (PangoLayout) layout
        = lay_out (self, ag_stop_title ((AgStop) name), PANGO_SCALE_SMALL);

      draw_layout (snapshot, layout, to_rgba (self->style.text, 1), 2 * STRIPE + GAP, y);
    }
}

/* Behind the line, or, where that is out of sight, over the end of it. */
static void
draw_value (ConvergeCodeMargin *self,
            GtkSnapshot *snapshot,
            guint line,
            const char *value)
{
  g_autoptr (PangoLayout) layout = lay_out (self, value, 1);
  const GdkRGBA background = to_rgba (self->style.background, 1);
  const int room = gtk_widget_get_width (GTK_WIDGET (self)) - self->width;
  GtkTextIter end;
  GdkRectangle place;
  int x, y, width, height;

  gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (self->view), &end, (int) line);
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_view_get_iter_location (self->view, &end, &place);
  gtk_text_view_buffer_to_window_coords (self->view, GTK_TEXT_WINDOW_WIDGET, place.x, place.y, &x,
                                         &y);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &width, &height);
  width = MIN (width, room * 2 / 3);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  x = MIN (x + 4 * GAP, self->width + room - width - 2 * GAP);
  gtk_snapshot_append_color (snapshot, &background,
                             &GRAPHENE_RECT_INIT ((float) (x - GAP), (float) y,
                                                  (float) (width + 3 * GAP), (float) place.height));
  draw_layout (snapshot, layout, to_rgba (self->style.text, FAINT), (float) x, (float) y);
}

static void
converge_code_margin_snapshot (GtkWidget *widget,
                               GtkSnapshot *snapshot)
{
  ConvergeCodeMargin *self = CONVERGE_CODE_MARGIN (widget);
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);
  const GdkRGBA background = to_rgba (self->style.background, 1);
  GdkRectangle visible;
  GtkTextIter iter;
  guint first, last;
  int y, line_height;

  if (self->listing == NULL || self->listing->len == 0)
    return;
  gtk_text_view_get_visible_rect (self->view, &visible);
  gtk_text_view_get_line_at_y (self->view, &iter, visible.y, NULL);
  first = (guint) gtk_text_iter_get_line (&iter);
  gtk_text_view_get_line_at_y (self->view, &iter, visible.y + visible.height, NULL);
  last = MIN ((guint) gtk_text_iter_get_line (&iter), self->listing->len - 1);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = first; self->values != NULL && i <= last; i++)
    if (self->values[i][0] != '\0')
      draw_value (self, snapshot, i, self->values[i]);
  gtk_snapshot_append_color (snapshot, &background,
                             &GRAPHENE_RECT_INIT (0, 0, (float) self->width - GAP, height));
  for (guint i = first; i <= last; i++)
    {
      gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (self->view), &iter, (int) i);
      gtk_text_view_get_line_yrange (self->view, &iter, &y, &line_height);
      gtk_text_view_buffer_to_window_coords (self->view, GTK_TEXT_WINDOW_WIDGET, 0, y, NULL, &y);
      draw_line (self, snapshot, i, (float) y, width, (float) line_height);
    }
  gtk_snapshot_pop (snapshot);
}

/* The margin is as wide as the longest of the names. */
static void
find_width (ConvergeCodeMargin *self)
{
  int widest = 0;

  for (int i = 0; i < AG_N_STOPS; i++)
    {
      g_autoptr (PangoLayout) layout
        = gtk_widget_create_pango_layout (GTK_WIDGET (self), ag_stop_title ((AgStop) i));
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  self->width = 2 * STRIPE + 3 * GAP + widest;
  gtk_text_view_set_left_margin (self->view, self->width);
}

static void
follow_style (ConvergeCodeMargin *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  const gboolean is_dark = adw_style_manager_get_dark (manager);

  converge_plot_style_init (&self->style, is_dark, adw_style_manager_get_high_contrast (manager));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
converge_code_margin_system_setting_changed (GtkWidget *widget,
                                             GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (converge_code_margin_parent_class)->system_setting_changed (widget, setting);
  find_width (CONVERGE_CODE_MARGIN (widget));
}

static void
converge_code_margin_css_changed (GtkWidget *widget,
                                  GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (converge_code_margin_parent_class)->css_changed (widget, change);
  find_width (CONVERGE_CODE_MARGIN (widget));
}

static void
converge_code_margin_finalize (GObject *object)
{
  ConvergeCodeMargin *self = CONVERGE_CODE_MARGIN (object);

  g_clear_pointer (&self->listing, g_array_unref);
  g_clear_pointer (&self->values, g_strfreev);
  G_OBJECT_CLASS (converge_code_margin_parent_class)->finalize (object);
}

static void
converge_code_margin_class_init (ConvergeCodeMarginClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = converge_code_margin_finalize;
  widget_class->snapshot = converge_code_margin_snapshot;
  widget_class->system_setting_changed = converge_code_margin_system_setting_changed;
  widget_class->css_changed = converge_code_margin_css_changed;
}

static void
converge_code_margin_init (ConvergeCodeMargin *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
  self->marked = -1;
  self->line = -1;
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (follow_style), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (follow_style), self, G_CONNECT_SWAPPED);
}

/**
 * converge_code_margin_new:
 * @view: where the lines are, which are scrolled; must live as long
 *
 * Returns: (transfer floating): a margin for the lines, to be laid over @view
 */
GtkWidget *
converge_code_margin_new (GtkTextView *view)
{
  ConvergeCodeMargin *self = g_object_new (CONVERGE_TYPE_CODE_MARGIN, NULL);
  GtkAdjustment *const adjustments[]
    = { gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (view)),
        gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (view)) };

  self->view = view;
  for (guint i = 0; i < G_N_ELEMENTS (adjustments); i++)
    {
      g_signal_connect_object (adjustments[i], "value-changed", G_CALLBACK (gtk_widget_queue_draw),
                               self, G_CONNECT_SWAPPED);
      g_signal_connect_object (adjustments[i], "changed", G_CALLBACK (gtk_widget_queue_draw), self,
                               G_CONNECT_SWAPPED);
    }
  find_width (self);
  follow_style (self);
  return GTK_WIDGET (self);
}

/**
 * converge_code_margin_set_listing:
 * @self: the margin
 * @listing: (element-type AgListingLine): the lines; held
 */
void
converge_code_margin_set_listing (ConvergeCodeMargin *self,
                                  GArray *listing)
{
  g_array_ref (listing);
  g_clear_pointer (&self->listing, g_array_unref);
  self->listing = listing;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_code_margin_set_values:
 * @self: the margin of a listing
 * @values: (transfer full) (nullable): a text for each line, "" for none
 *
 * Shows what the lines came to.
 */
void
converge_code_margin_set_values (ConvergeCodeMargin *self,
                                 GStrv values)
{
  g_clear_pointer (&self->values, g_strfreev);
  self->values = values;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_code_margin_get_value:
 * @self: the margin
 * @line: number of a line, from 0
 *
 * Returns: (transfer none): what stands behind the line
 */
const char *
converge_code_margin_get_value (ConvergeCodeMargin *self,
                                guint line)
{
  return self->values != NULL && line < self->listing->len ? self->values[line] : "";
}

/**
 * converge_code_margin_mark:
 * @self: the margin
 * @stop: a part of a step, an #AgStop, whose lines are marked; −1 for none
 */
void
converge_code_margin_mark (ConvergeCodeMargin *self,
                           int stop)
{
  self->marked = stop;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_code_margin_mark_line:
 * @self: the margin
 * @line: number of a line that stands out among those that are marked, from 0; −1 for none
 */
void
converge_code_margin_mark_line (ConvergeCodeMargin *self,
                                int line)
{
  if (self->line == line)
    return;
  self->line = line;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}
