/* SPDX-License-Identifier: GPL-3.0-or-later */
#define _GNU_SOURCE
#include "plot/plot-export.h"

#include "base/error.h"
#include "plot/plot-format.h"
#include "plot/plot-png.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <glib/gi18n-lib.h>
#include <malloc.h>
#include <math.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

/* Fonts and the threads that look for them take less. */
#define DRAWING_BYTES ((size_t) 64 << 20)

/* The stack of such a thread. */
#define THREAD_BYTES ((size_t) 1 << 20)

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
make_pixels (cairo_format_t format,
             double width,
             double height)
{
  cairo_surface_t *surface
    = cairo_image_surface_create (format, (int) ceil (width * PNG_SCALE),
                                  (int) ceil (height * PNG_SCALE));

  cairo_surface_set_device_scale (surface, PNG_SCALE, PNG_SCALE);
  return surface;
}

static cairo_surface_t *
make_surface (ConvergePlotFormat format,
              double width,
              double height,
              FILE *stream)
{
  if (format == CONVERGE_PLOT_FORMAT_SVG)
    return cairo_svg_surface_create_for_stream (write_bytes, stream, width, height);
  if (format == CONVERGE_PLOT_FORMAT_PDF)
    return cairo_pdf_surface_create_for_stream (write_bytes, stream, width, height);
  return make_pixels (CAIRO_FORMAT_RGB24, width, height);
}

static cairo_status_t
draw (ConvergeDraw draw_picture,
      gconstpointer picture,
      cairo_surface_t *surface,
      double width,
      double height,
      const ConvergePlotStyle *style)
{
  cairo_t *cr = cairo_create (surface);
  cairo_status_t status;

  draw_picture (picture, cr, width, height, style);
  status = cairo_status (cr);
  cairo_destroy (cr);
  return status;
}

static void
draw_page (gconstpointer page,
           cairo_t *cr,
           double width,
           double height,
           const ConvergePlotStyle *style)
{
  converge_plot_page_draw (page, cr, width, height, style);
}

/**
 * converge_plot_paint:
 * @page: what the picture has on it
 * @width: width of the picture; it has twice as many pixels, as a PNG file has
 * @height: height of the picture
 * @style: what it looks like
 *
 * Returns: (transfer full): the picture as pixels; in an error state if there is no
 *   memory for it
 */
cairo_surface_t *
converge_plot_paint (const ConvergePlotPage *page,
                     double width,
                     double height,
                     const ConvergePlotStyle *style)
{
  cairo_surface_t *surface = make_pixels (CAIRO_FORMAT_ARGB32, width, height);

  draw (draw_page, page, surface, width, height, style);
  cairo_surface_flush (surface);
  return surface;
}

/* Text is drawn with fonts that Pango looks for on threads of its own, and it ends the process
 * where a limit on addresses leaves no room for these. Each would take 8 MB for its stack and 128
 * for what it allocates, so under a limit they get a small stack and allocate where all do. */
static void
save_room (void)
{
  struct rlimit limit;
  pthread_attr_t attributes;

  if (getrlimit (RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
    return;
#ifdef M_ARENA_MAX
  mallopt (M_ARENA_MAX, 1);
#endif
  pthread_attr_init (&attributes);
  pthread_attr_setstacksize (&attributes, THREAD_BYTES);
  pthread_setattr_default_np (&attributes);
  pthread_attr_destroy (&attributes);
}

static gboolean
has_room (void)
{
  void *room = mmap (NULL, DRAWING_BYTES, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

  return room != MAP_FAILED && munmap (room, DRAWING_BYTES) == 0;
}

static gboolean
fail (const char *path,
      cairo_status_t status,
      GError **error)
{
  g_set_error (error, AG_ERROR, AG_ERROR_FILE, _ ("“%s” could not be drawn: %s."), path,
               cairo_status_to_string (status));
  return FALSE;
}

/**
 * converge_picture_export:
 * @draw_picture: what draws it
 * @picture: what that draws
 * @transaction: what the file is part of
 * @path: path of the file, whose ending is that of a #ConvergePlotFormat
 * @width: width of the picture in pixels, for PDF in points; a PNG file has
 *   twice as many
 * @height: height of the picture
 * @style: what it looks like
 * @error: return location for a #GError
 *
 * Draws a picture into a file.
 *
 * Returns: whether the transaction has the file
 */
gboolean
converge_picture_export (ConvergeDraw draw_picture,
                         gconstpointer picture,
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

  if (!converge_plot_format_find (path, &format, error))
    return FALSE;
  save_room ();
  if (!has_room ())
    return fail (path, CAIRO_STATUS_NO_MEMORY, error);
  stream = ag_transaction_open (transaction, path, error);
  if (stream == NULL)
    return FALSE;

  surface = make_surface (format, width, height, stream);
  status = draw (draw_picture, picture, surface, width, height, style);
  if (status == CAIRO_STATUS_SUCCESS && format == CONVERGE_PLOT_FORMAT_PNG)
    status = converge_plot_png_write (surface, write_bytes, stream);
  cairo_surface_finish (surface);
  if (status == CAIRO_STATUS_SUCCESS)
    status = cairo_surface_status (surface);
  cairo_surface_destroy (surface);

  /* An error of writing is left to the transaction, which explains it better than cairo does. */
  if (status == CAIRO_STATUS_SUCCESS || status == CAIRO_STATUS_WRITE_ERROR)
    return TRUE;
  return fail (path, status, error);
}

/**
 * converge_plot_export:
 * @page: what the picture has on it
 * @transaction: what the file is part of
 * @path: path of the file, whose ending is that of a #ConvergePlotFormat
 * @width: width of the picture, as converge_picture_export() takes it
 * @height: height of the picture
 * @style: what it looks like
 * @error: return location for a #GError
 *
 * Draws plots into a file.
 *
 * Returns: whether the transaction has the file
 */
gboolean
converge_plot_export (const ConvergePlotPage *page,
                      AgTransaction *transaction,
                      const char *path,
                      double width,
                      double height,
                      const ConvergePlotStyle *style,
                      GError **error)
{
  return converge_picture_export (draw_page, page, transaction, path, width, height, style, error);
}
