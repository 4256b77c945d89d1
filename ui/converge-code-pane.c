/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-code-pane.h"

#include "converge-code-margin.h"
#include "converge-code-text.h"
#include "plot/code-values.h"

#include <adwaita.h>

/* The lines of a program, with a margin. */

/* How far lines can be moved to the left, so that what stands behind them can be read. */
#define ROOM_FOR_VALUES 420

struct _ConvergeCodePane
{
  GtkWidget parent_instance;

  GtkWidget *scroller;
  GtkTextView *view;
  ConvergeCodeMargin *margin;
  guint seek;

  GArray *listing;
  int line;
};

enum
{
  MOVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (ConvergeCodePane, converge_code_pane, GTK_TYPE_WIDGET)

static const AgListingLine *
nth (ConvergeCodePane *self,
     guint index)
{
  return &g_array_index (self->listing, AgListingLine, index);
}

static void
follow_style (ConvergeCodePane *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  converge_code_text_set_dark (self->view, adw_style_manager_get_dark (manager));
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
  G_OBJECT_CLASS (converge_code_pane_parent_class)->dispose (object);
}

static void
converge_code_pane_class_init (ConvergeCodePaneClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = converge_code_pane_dispose;
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
mark_line (ConvergeCodePane *self,
           int line)
{
  self->line = line;
  converge_code_margin_mark_line (self->margin, line);
}

static void
cursor_moved (ConvergeCodePane *self)
{
  mark_line (self, -1);
  if (gtk_widget_has_focus (GTK_WIDGET (self->view)))
    g_signal_emit (self, signals[MOVED], 0);
}

static void
converge_code_pane_init (ConvergeCodePane *self)
{
  GtkWidget *overlay = gtk_overlay_new ();
  GtkTextBuffer *buffer;

  gtk_widget_set_vexpand (GTK_WIDGET (self), TRUE);
  self->line = -1;
  self->view = GTK_TEXT_VIEW (converge_code_text_new ());
  self->scroller = gtk_scrolled_window_new ();
  gtk_text_view_set_right_margin (self->view, ROOM_FOR_VALUES);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (self->scroller), GTK_WIDGET (self->view));
  gtk_widget_set_vexpand (self->scroller, TRUE);
  gtk_overlay_set_child (GTK_OVERLAY (overlay), self->scroller);
  self->margin = CONVERGE_CODE_MARGIN (converge_code_margin_new (self->view));
  gtk_overlay_add_overlay (GTK_OVERLAY (overlay), GTK_WIDGET (self->margin));
  gtk_widget_set_parent (overlay, GTK_WIDGET (self));

  buffer = gtk_text_view_get_buffer (self->view);
  g_signal_connect_object (buffer, "notify::cursor-position", G_CALLBACK (cursor_moved), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (adw_style_manager_get_default (), "notify::dark",
                           G_CALLBACK (follow_style), self, G_CONNECT_SWAPPED);
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
  converge_code_margin_set_listing (self->margin, listing);
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  before = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  if (strcmp (before, text) == 0)
    return;
  mark_line (self, -1);
  converge_code_margin_set_values (self->margin, NULL);
  converge_code_text_set (self->view, text, language);
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
  GStrv values = NULL;

  if (account != NULL && self->listing != NULL)
    {
      values = g_new0 (char *, self->listing->len + 1);
      for (guint i = 0; i < self->listing->len; i++)
        {
          values[i] = converge_code_value (spec, account, nth (self, i));
          if (values[i] == NULL)
            values[i] = g_strdup ("");
        }
    }
  converge_code_margin_set_values (self->margin, values);
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
  GStrv values;

  if (self->listing == NULL || self->listing->len == 0)
    return;
  values = g_new0 (char *, self->listing->len + 1);
  for (guint i = 0; i < self->listing->len; i++)
    values[i] = g_strdup (i == 0 ? note : "");
  converge_code_margin_set_values (self->margin, values);
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
  return converge_code_margin_get_value (self->margin, line);
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

  converge_code_margin_mark (self->margin, stop);
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
  mark_line (self, (int) line);
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
