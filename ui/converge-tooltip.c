/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-tooltip.h"

/**
 * converge_tooltip_set:
 * @widget: a widget
 * @text: (nullable): what its tooltip says
 *
 * Sets the tooltip of a widget that may have the same already. GTK looks for the pointer whenever
 * a tooltip is set, and waits for what the X server answers; in each frame that takes longer than
 * to draw it.
 */
void
converge_tooltip_set (GtkWidget *widget,
                      const char *text)
{
  if (g_strcmp0 (gtk_widget_get_tooltip_text (widget), text) != 0)
    gtk_widget_set_tooltip_text (widget, text);
}
