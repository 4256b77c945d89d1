/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plot-view-private.h"

#include <gdk/gdkkeysyms.h>

/* In a plot with a field, the crosshair is moved by keys, and what is under it is chosen by one. */

/* How far a key moves it, as a share of the data's size, and with Shift. */
#define STEP 0.04
#define FINE_STEP 0.004

static void
move (ConvergePlotView *self,
      int right,
      int down,
      gboolean is_fine)
{
  const ConvergePlotArea *area = &self->area;
  const double step = is_fine ? FINE_STEP : STEP;

  if (!self->has_pointer)
    {
      self->pointer_x = area->x + area->width / 2;
      self->pointer_y = area->y + area->height / 2;
      self->has_pointer = TRUE;
    }
  self->pointer_x = CLAMP (self->pointer_x + right * step * area->width, area->x, area->x + area->width);
  self->pointer_y = CLAMP (self->pointer_y + down * step * area->height, area->y, area->y + area->height);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * converge_plot_view_field_key:
 * @self: a view
 * @key: a key that was pressed
 * @state: with which others
 * @is_choice: (out): whether it chooses the place under the crosshair
 *
 * Moves the crosshair over a field. With Control, arrows move what is to be seen, as in other plots.
 *
 * Returns: whether the key is for that
 */
gboolean
converge_plot_view_field_key (ConvergePlotView *self,
                              guint key,
                              GdkModifierType state,
                              gboolean *is_choice)
{
  const gboolean is_fine = (state & GDK_SHIFT_MASK) != 0;

  *is_choice = FALSE;
  if (self->plot->field == NULL || (state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return FALSE;
  switch (key)
    {
    case GDK_KEY_Left:
    case GDK_KEY_Right:
      move (self, key == GDK_KEY_Left ? -1 : 1, 0, is_fine);
      return TRUE;
    case GDK_KEY_Up:
    case GDK_KEY_Down:
      move (self, 0, key == GDK_KEY_Up ? -1 : 1, is_fine);
      return TRUE;
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      *is_choice = self->has_pointer;
      return self->has_pointer;
    default:
      return FALSE;
    }
}
