/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-export.h"

#include "base/error.h"
#include "plot/plot-draw.h"
#include "plot/plot-format.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <math.h>

/* Pixels of a PNG file for each of the plot, so that it is crisp on any screen. */
#define PNG_SCALE 2

static cairo_status_t
write_bytes (void *closure,
             const unsigned char *data,
             unsigned int length)
{
  return fwrite (data, 1, length, closure) == length ? CAIRO_STATUS_SUCCESS
                                                     : CAIRO_STATUS_WRITE_ERROR;
}

static cairo_surface_t *
make_surface (ConvergePlotFormat format,
              double width,
              double height,
              FILE *stream)
{
  cairo_surface_t *surface;

  if (format == CONVERGE_PLOT_FORMAT_SVG)
    return cairo_svg_surface_create_for_stream (write_bytes, stream, width, height);
  if (format == CONVERGE_PLOT_FORMAT_PDF)
    return cairo_pdf_surface_create_for_stream (write_bytes, stream, width, height);
  surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, (int) ceil (width * PNG_SCALE),
                                        (int) ceil (height * PNG_SCALE));
  cairo_surface_set_device_scale (surface, PNG_SCALE, PNG_SCALE);
  return surface;
}

/**
 * converge_plot_export:
 * @plots: (array length=n_plots): plots
 * @n_plots: how many
 * @transaction: what the file is part of
 * @path: path of the file, whose ending is that of a #ConvergePlotFormat
 * @width: width of the picture in pixels, for PDF in points; a PNG file has
 *   twice as many
 * @height: height of all plots together
 * @style: what they look like
 * @error: return location for a #GError
 *
 * Draws plots into a file, one below the other.
 *
 * Returns: whether the transaction has the file
 */
gboolean
converge_plot_export (ConvergePlot *const *plots,
                      guint n_plots,
                      AgTransaction *transaction,
                      const char *path,
                      double width,
                      double height,
                      const ConvergePlotStyle *style,
                      GError **error)
{
  ConvergePlotFormat format;
  cairo_surface_t *surface;
  cairo_status_t status;
  FILE *stream;
  cairo_t *cr;

  if (!converge_plot_format_find (path, &format, error))
    return FALSE;
  stream = ag_transaction_open (transaction, path, error);
  if (stream == NULL)
    return FALSE;

  surface = make_surface (format, width, height, stream);
  cr = cairo_create (surface);
  for (guint i = 0; i < n_plots; i++)
    {
      cairo_save (cr);
      cairo_translate (cr, 0, floor (height * i / n_plots));
      cairo_rectangle (cr, 0, 0, width, ceil (height / n_plots));
      cairo_clip (cr);
      converge_plot_draw (plots[i], cr, width, height / n_plots, style);
      cairo_restore (cr);
    }
  status = cairo_status (cr);
  cairo_destroy (cr);
  if (status == CAIRO_STATUS_SUCCESS && format == CONVERGE_PLOT_FORMAT_PNG)
    status = cairo_surface_write_to_png_stream (surface, write_bytes, stream);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  /* A disk that is full is better explained by the transaction. */
  if (status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR)
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_FILE, _ ("“%s” could not be drawn: %s."), path,
               cairo_status_to_string (status));
  return FALSE;
}
