/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-clipboard.h"

/**
 * converge_clipboard_set_picture:
 * @widget: a widget on the display whose clipboard it is
 * @picture: pixels, of the format ARGB32
 *
 * Copies a picture.
 *
 * Returns: whether that went well; it does not if there was no memory to draw
 *   @picture with
 */
gboolean
converge_clipboard_set_picture (GtkWidget *widget,
                                cairo_surface_t *picture)
{
  const int width = cairo_image_surface_get_width (picture);
  const int height = cairo_image_surface_get_height (picture);
  const gsize stride = (gsize) cairo_image_surface_get_stride (picture);
  g_autoptr (GBytes) pixels = NULL;
  g_autoptr (GdkTexture) texture = NULL;

  cairo_surface_flush (picture);
  if (cairo_surface_status (picture) != CAIRO_STATUS_SUCCESS)
    return FALSE;
  pixels = g_bytes_new (cairo_image_surface_get_data (picture), stride * (gsize) height);
  texture = gdk_memory_texture_new (width, height, GDK_MEMORY_DEFAULT, pixels, stride);
  gdk_clipboard_set_texture (gtk_widget_get_clipboard (widget), texture);
  return TRUE;
}
