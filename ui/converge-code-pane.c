/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-code-pane.h"

#include "converge-code-text.h"
#include "plot/code-values.h"
#include "plot/plot-palette.h"

#include <adwaita.h>

/* The lines of a program. Beside each there is in the margin, in colour, which part of a step it
 * is, with the part's name where it begins, and behind it, faintly, what it came to. */

#define STRIPE 4
#define GAP 6
#define TINT 0.16
#define LINE_TINT 0.4
#define FAINT 0.6

/* How far lines can be moved to the left, so that what stands behind them can be read. */
#define ROOM_FOR_VALUES 420

struct _ConvergeCodePane
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkTextView *view;
  GtkWidget *decoration;
  guint seek;

  GArray *listing;
  GStrv values;
  int marked;
  int line;
  int margin;
  ConvergePlotStyle style;
};

enum
{
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeCodePane, converge_code_pane, GTK_TYPE_WIDGET)

/* What is drawn over the text; it lets all events pass. */
#define CONVERGE_TYPE_CODE_MARGIN (converge_code_margin_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeCodeMargin, converge_code_margin, CONVERGE, CODE_MARGIN, GtkWidget)

struct _ConvergeCodeMargin
{
  GtkWidget parent_instance;

  ConvergeCodePane *pane;
};

G_DEFINE_FINAL_TYPE (ConvergeCodeMargin, converge_code_margin, GTK_TYPE_WIDGET)

static GdkRGBA
to_rgba (ConvergeColor color,
         double alpha)
{
  return (GdkRGBA){ (float) color.red, (float) color.green, (float) color.blue, (float) alpha };
}

static const AgListingLine *
nth (ConvergeCodePane *self,
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
find_name (ConvergeCodePane *self,
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
  ConvergeCodePane *pane = self->pane;
  const guint stops = nth (pane, line)->stops;
  const int name = find_name (pane, line);
  float x = 0;

  if (pane->marked >= 0 && (stops & 1u << pane->marked) != 0)
    {
      const GdkRGBA color
        = to_rgba (pane->style.series[pane->marked], (int) line == pane->line ? LINE_TINT : TINT);

      gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (0, y, width, height));
    }
  for (guint i = 0; i < AG_N_STOPS; i++)
    if ((stops & 1u << i) != 0)
      {
        const GdkRGBA color = to_rgba (pane->style.series[i], 1);

        gtk_snapshot_append_color (snapshot, &color, &GRAPHENE_RECT_INIT (x, y, STRIPE, height));
        x += STRIPE;
      }
  if (name >= 0)
    {
      g_autoptr (PangoLayout) layout
        = lay_out (self, ag_stop_title ((AgStop) name), PANGO_SCALE_SMALL);

      draw_layout (snapshot, layout, to_rgba (pane->style.text, 1), 2 * STRIPE + GAP, y);
    }
}

/* Behind the line, or, where that is out of sight, over the end of it. */
static void
draw_value (ConvergeCodeMargin *self,
            GtkSnapshot *snapshot,
            guint line,
            const char *value)
{
  ConvergeCodePane *pane = self->pane;
  g_autoptr (PangoLayout) layout = lay_out (self, value, 1);
  const GdkRGBA background = to_rgba (pane->style.background, 1);
  const int room = gtk_widget_get_width (GTK_WIDGET (self)) - pane->margin;
  GtkTextIter end;
  GdkRectangle place;
  int x, y, width, height;

  gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (pane->view), &end, (int) line);
  if (!gtk_text_iter_ends_line (&end))
    gtk_text_iter_forward_to_line_end (&end);
  gtk_text_view_get_iter_location (pane->view, &end, &place);
  gtk_text_view_buffer_to_window_coords (pane->view, GTK_TEXT_WINDOW_WIDGET, place.x, place.y, &x,
                                         &y);
  pango_layout_set_ellipsize (layout, PANGO_ELLIPSIZE_END);
  pango_layout_get_pixel_size (layout, &width, &height);
  width = MIN (width, room * 2 / 3);
  pango_layout_set_width (layout, width * PANGO_SCALE);
  x = MIN (x + 4 * GAP, pane->margin + room - width - 2 * GAP);
  gtk_snapshot_append_color (snapshot, &background,
                             &GRAPHENE_RECT_INIT ((float) (x - GAP), (float) y,
                                                  (float) (width + 3 * GAP), (float) place.height));
  draw_layout (snapshot, layout, to_rgba (pane->style.text, FAINT), (float) x, (float) y);
}

static void
converge_code_margin_snapshot (GtkWidget *widget,
                               GtkSnapshot *snapshot)
{
  ConvergeCodeMargin *self = CONVERGE_CODE_MARGIN (widget);
  ConvergeCodePane *pane = self->pane;
  const float width = (float) gtk_widget_get_width (widget);
  const float height = (float) gtk_widget_get_height (widget);
  const GdkRGBA background = to_rgba (pane->style.background, 1);
  GdkRectangle visible;
  GtkTextIter iter;
  guint first, last;
  int y, line_height;

  if (pane->listing == NULL)
    return;
  gtk_text_view_get_visible_rect (pane->view, &visible);
  gtk_text_view_get_line_at_y (pane->view, &iter, visible.y, NULL);
  first = (guint) gtk_text_iter_get_line (&iter);
  gtk_text_view_get_line_at_y (pane->view, &iter, visible.y + visible.height, NULL);
  last = MIN ((guint) gtk_text_iter_get_line (&iter), pane->listing->len - 1);

  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT (0, 0, width, height));
  for (guint i = first; pane->values != NULL && i <= last; i++)
    if (pane->values[i][0] != '\0')
      draw_value (self, snapshot, i, pane->values[i]);
  gtk_snapshot_append_color (snapshot, &background,
                             &GRAPHENE_RECT_INIT (0, 0, (float) pane->margin - GAP, height));
  for (guint i = first; i <= last; i++)
    {
      gtk_text_buffer_get_iter_at_line (gtk_text_view_get_buffer (pane->view), &iter, (int) i);
      gtk_text_view_get_line_yrange (pane->view, &iter, &y, &line_height);
      gtk_text_view_buffer_to_window_coords (pane->view, GTK_TEXT_WINDOW_WIDGET, 0, y, NULL, &y);
      draw_line (self, snapshot, i, (float) y, width, (float) line_height);
    }
  gtk_snapshot_pop (snapshot);
}

static void
converge_code_margin_class_init (ConvergeCodeMarginClass *klass)
{
  GTK_WIDGET_CLASS (klass)->snapshot = converge_code_margin_snapshot;
}

static void
converge_code_margin_init (ConvergeCodeMargin *self)
{
  gtk_widget_set_can_target (GTK_WIDGET (self), FALSE);
}

/* The margin is as wide as the longest of the names. */
static void
find_margin (ConvergeCodePane *self)
{
  int widest = 0;

  for (int i = 0; i < AG_N_STOPS; i++)
    {
      g_autoptr (PangoLayout) layout
        = gtk_widget_create_pango_layout (self->decoration, ag_stop_title ((AgStop) i));
      int width;

      pango_layout_get_pixel_size (layout, &width, NULL);
      widest = MAX (widest, width);
    }
  self->margin = 2 * STRIPE + 3 * GAP + widest;
  gtk_text_view_set_left_margin (self->view, self->margin);
}

static void
follow_style (ConvergeCodePane *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();
  const gboolean is_dark = adw_style_manager_get_dark (manager);

  converge_plot_style_init (&self->style, is_dark, adw_style_manager_get_high_contrast (manager));
  converge_code_text_set_dark (self->view, is_dark);
  gtk_widget_queue_draw (self->decoration);
}

static void
converge_code_pane_system_setting_changed (GtkWidget *widget,
                                           GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (converge_code_pane_parent_class)->system_setting_changed (widget, setting);
  find_margin (CONVERGE_CODE_PANE (widget));
}

static void
converge_code_pane_css_changed (GtkWidget *widget,
                                GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (converge_code_pane_parent_class)->css_changed (widget, change);
  find_margin (CONVERGE_CODE_PANE (widget));
}

static void
converge_code_pane_dispose (GObject *object)
{
  ConvergeCodePane *self = CONVERGE_CODE_PANE (object);
  GtkWidget *child;

  g_clear_handle_id (&self->seek, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  g_clear_pointer (&self->listing, g_array_unref);
  g_clear_pointer (&self->values, g_strfreev);
  G_OBJECT_CLASS (converge_code_pane_parent_class)->dispose (object);
}

static void
converge_code_pane_class_init (ConvergeCodePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_code_pane_dispose;
  widget_class->system_setting_changed = converge_code_pane_system_setting_changed;
  widget_class->css_changed = converge_code_pane_css_changed;
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "codepane");

  /**
   * ConvergeCodePane::moved:
   * @self: the pane
   *
   * The cursor stands in another line, by the mouse or by a key.
   */
  signals[MOVED] = g_signal_new ("moved", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                 NULL, NULL, G_TYPE_NONE, 0);
}

/* Lines have no place before the text is laid out. */
static gboolean
seek (gpointer user_data)
{
  ConvergeCodePane *self = user_data;
  GtkTextMark *cursor = gtk_text_buffer_get_insert (gtk_text_view_get_buffer (self->view));

  self->seek = 0;
  gtk_text_view_scroll_to_mark (self->view, cursor, 0.25, FALSE, 0, 0);
  return G_SOURCE_REMOVE;
}

static void
cursor_moved (ConvergeCodePane *self)
{
  if (self->line >= 0)
    {
      self->line = -1;
      gtk_widget_queue_draw (self->decoration);
    }
  if (gtk_widget_has_focus (GTK_WIDGET (self->view)))
    g_signal_emit (self, signals[MOVED], 0);
}

static void
converge_code_pane_init (ConvergeCodePane *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkAdjustment *adjustments[2];
  GtkTextBuffer *buffer;

  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  self->marked = -1;
  self->line = -1;
  self->view = GTK_TEXT_VIEW (converge_code_text_new ());
  self->scroller = gtk_scrolled_window_new ();
  self->decoration = g_object_new (CONVERGE_TYPE_CODE_MARGIN, NULL);
  CONVERGE_CODE_MARGIN (self->decoration)->pane = self;
  gtk_text_view_set_right_margin (self->view, ROOM_FOR_VALUES);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->scroller);
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), self->decoration);
  gtk_widget_set_parent (overlay, GTK_WIDGET (self));

  buffer = gtk_text_view_get_buffer (self->view);
  adjustments[0] = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->view));
  adjustments[1] = gtk_scrollable_get_hadjustment (GTK_SCROLLABLE (self->view));
  for (guint i = 0; i < G_N_ELEMENTS (adjustments); i++)
    {
      g_signal_connect_object (adjustments[i], "value-changed", G_CALLBACK (gtk_widget_queue_draw),
                               self->decoration, G_CONNECT_SWAPPED);
      g_signal_connect_object (adjustments[i], "changed", G_CALLBACK (gtk_widget_queue_draw),
                               self->decoration, G_CONNECT_SWAPPED);
    }
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (cursor_moved), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (follow_style), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::high-contrast",
                           G_CALLBACK (follow_style), self, G_CONNECT_SWAPPED);
  find_margin (self);
  follow_style (self);
}

/**
 * converge_code_pane_new:
 *
 * Returns: (transfer floating): a pane for the lines of a program
 */
GtkWidget *
converge_code_pane_new (void)
{
  return g_object_new (CONVERGE_TYPE_CODE_PANE, NULL);
}

static char *
join_lines (GArray *listing)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < listing->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            g_array_index (listing, AgListingLine, i).text);
  return g_string_free (text, FALSE);
}

/**
 * converge_code_pane_set_listing:
 * @self: the pane
 * @listing: (transfer full) (element-type AgListingLine): the lines
 * @language: what they are written in: "c" or "python3"
 *
 * Shows a program. Lines that are the same as before stay as they are.
 */
void
converge_code_pane_set_listing (ConvergeCodePane *self,
                                GArray *listing,
                                const char *language)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  g_autofree char *text = join_lines (listing);
  g_autofree char *before = NULL;
  GtkTextIter start, end;

  g_clear_pointer (&self->listing, g_array_unref);
  self->listing = listing;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  before = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  if (strcmp (before, text) == 0)
    return;
  self->line = -1;
  g_clear_pointer (&self->values, g_strfreev);
  converge_code_text_set (self->view, text, language);
  gtk_widget_queue_draw (self->decoration);
}

/**
 * converge_code_pane_set_values:
 * @self: the pane
 * @spec: (nullable): the run that the program is of
 * @account: (nullable): the account of one of its steps
 *
 * Shows what the lines came to in a step; without one, nothing.
 */
void
converge_code_pane_set_values (ConvergeCodePane *self,
                               const AgRunSpec *spec,
                               const AgAccount *account)
{
  g_clear_pointer (&self->values, g_strfreev);
  gtk_widget_queue_draw (self->decoration);
  if (account == NULL || self->listing == NULL)
    return;
  self->values = g_new0 (char *, self->listing->len + 1);
  for (guint i = 0; i < self->listing->len; i++)
    {
      self->values[i] = converge_code_value (spec, account, nth (self, i));
      if (self->values[i] == NULL)
        self->values[i] = g_strdup ("");
    }
}

/**
 * converge_code_pane_set_note:
 * @self: the pane
 * @note: a few words
 *
 * Says behind the first line why the others have no values.
 */
void
converge_code_pane_set_note (ConvergeCodePane *self,
                             const char *note)
{
  if (self->listing == NULL || self->listing->len == 0)
    return;
  g_clear_pointer (&self->values, g_strfreev);
  self->values = g_new0 (char *, self->listing->len + 1);
  for (guint i = 0; i < self->listing->len; i++)
    self->values[i] = g_strdup (i == 0 ? note : "");
  gtk_widget_queue_draw (self->decoration);
}

/**
 * converge_code_pane_get_value:
 * @self: the pane
 * @line: number of a line, from 0
 *
 * Returns: (transfer none): what stands behind the line
 */
const char *
converge_code_pane_get_value (ConvergeCodePane *self,
                              guint line)
{
  return self->values != NULL && line < self->listing->len ? self->values[line] : "";
}

/* Where a part of the step has its result, or else begins. */
static int
find_line (ConvergeCodePane *self,
           int stop)
{
  int line = -1;

  for (guint i = 0; i < self->listing->len; i++)
    {
      if ((nth (self, i)->results & 1u << stop) != 0)
        return (int) i;
      if (line < 0 && (nth (self, i)->stops & 1u << stop) != 0)
        line = (int) i;
    }
  return line;
}

static void
go_to_line (ConvergeCodePane *self,
            int line)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter iter;

  gtk_text_buffer_get_iter_at_line (buffer, &iter, line);
  gtk_text_buffer_place_cursor (buffer, &iter);
  if (self->seek == 0)
    self->seek = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, seek, self, NULL);
}

/**
 * converge_code_pane_mark:
 * @self: the pane
 * @stop: a part of a step, an #AgStop; −1 for none
 * @is_sought: whether its lines are to be brought into view
 *
 * Marks the lines of a part of a step.
 */
void
converge_code_pane_mark (ConvergeCodePane *self,
                         int stop,
                         gboolean is_sought)
{
  int line;

  self->marked = stop;
  gtk_widget_queue_draw (self->decoration);
  if (stop < 0 || !is_sought || self->listing == NULL)
    return;
  line = find_line (self, stop);
  if (line >= 0)
    go_to_line (self, line);
}

/**
 * converge_code_pane_mark_line:
 * @self: the pane
 * @line: number of a line, from 0
 *
 * Lets a line stand out among those that are marked, until the cursor goes elsewhere.
 */
void
converge_code_pane_mark_line (ConvergeCodePane *self,
                              guint line)
{
  if (self->listing == NULL || line >= self->listing->len)
    return;
  go_to_line (self, (int) line);
  self->line = (int) line;
}

/**
 * converge_code_pane_get_marked_line:
 * @self: the pane
 *
 * Returns: the line that stands out, −1 if none does
 */
int
converge_code_pane_get_marked_line (ConvergeCodePane *self)
{
  return self->line;
}

/**
 * converge_code_pane_get_stops:
 * @self: the pane
 *
 * Returns: a bit, 1 << stop, for each part of a step that the line of the cursor belongs to
 */
guint
converge_code_pane_get_stops (ConvergeCodePane *self)
{
  GtkTextBuffer *buffer = gtk_text_view_get_buffer (self->view);
  GtkTextIter iter;
  guint line;

  gtk_text_buffer_get_iter_at_mark (buffer, &iter, gtk_text_buffer_get_insert (buffer));
  line = (guint) gtk_text_iter_get_line (&iter);
  return self->listing != NULL && line < self->listing->len ? nth (self, line)->stops : 0;
}

/**
 * converge_code_pane_get_text_view:
 * @self: the pane
 *
 * Returns: (transfer none): where its text is
 */
GtkTextView *
converge_code_pane_get_text_view (ConvergeCodePane *self)
{
  return self->view;
}
