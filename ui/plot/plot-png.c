/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-png.h"

#include <gio/gio.h>
#include <string.h>

/* Writes pictures as PNG files, as https://www.w3.org/TR/png-3/ says. cairo would have libpng try
 * five filters on each row, which is for photographs: lines on an even ground come out larger so,
 * and it takes twice as long. Here no row is filtered. */

/* A chunk of the file has at most so much of the compressed picture. */
#define CHUNK_BYTES 65536

/* zlib takes less than this for itself. GLib ends the process if that is not there. */
#define ZLIB_BYTES (1 << 20)

/* How hard zlib tries: its usual 6. */
#define LEVEL 6

#define BITS 8
#define COLOUR_RGB 2
#define BYTES_PER_PIXEL 3
#define NO_FILTER 0

typedef struct
{
  cairo_write_func_t write;
  void *closure;
  guint32 crc_table[256];
  GConverter *compressor;
  guint8 *chunk;
  gsize n_chunk;
} Writer;

/* The table of Annex D of the standard, for the polynomial of CRC-32. */
static void
fill_crc_table (guint32 *table)
{
  for (guint32 n = 0; n < 256; n++)
    {
      table[n] = n;
      for (guint bit = 0; bit < 8; bit++)
        table[n] = (table[n] & 1) != 0 ? 0xedb88320u ^ table[n] >> 1 : table[n] >> 1;
    }
}

static guint32
update_crc (const Writer *self,
            guint32 crc,
            const guint8 *bytes,
            gsize n)
{
  for (gsize i = 0; i < n; i++)
    crc = self->crc_table[(crc ^ bytes[i]) & 0xff] ^ crc >> 8;
  return crc;
}

static void
put_number (guint8 *bytes,
            guint32 number)
{
  number = GUINT32_TO_BE (number);
  memcpy (bytes, &number, sizeof number);
}

static cairo_status_t
write_chunk (const Writer *self,
             const char *type,
             const guint8 *bytes,
             gsize n)
{
  guint8 head[8], tail[4];
  cairo_status_t status;

  put_number (head, (guint32) n);
  memcpy (head + 4, type, 4);
  put_number (tail, ~update_crc (self, update_crc (self, ~0u, head + 4, 4), bytes, n));
  status = self->write (self->closure, head, sizeof head);
  if (status == CAIRO_STATUS_SUCCESS && n > 0)
    status = self->write (self->closure, bytes, (unsigned int) n);
  return status == CAIRO_STATUS_SUCCESS ? self->write (self->closure, tail, sizeof tail) : status;
}

static cairo_status_t
write_head (const Writer *self,
            int width,
            int height)
{
  static const guint8 signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n' };
  guint8 head[13] = { [8] = BITS, [9] = COLOUR_RGB };
  cairo_status_t status = self->write (self->closure, signature, sizeof signature);

  put_number (head, (guint32) width);
  put_number (head + 4, (guint32) height);
  return status == CAIRO_STATUS_SUCCESS ? write_chunk (self, "IHDR", head, sizeof head) : status;
}

static cairo_status_t
write_picture_chunk (Writer *self)
{
  const gsize n = self->n_chunk;

  self->n_chunk = 0;
  return n > 0 ? write_chunk (self, "IDAT", self->chunk, n) : CAIRO_STATUS_SUCCESS;
}

/* Compresses bytes of the picture, which end with these if it @is_last. */
static cairo_status_t
compress (Writer *self,
          const guint8 *bytes,
          gsize n,
          gboolean is_last)
{
  GConverterResult result = G_CONVERTER_CONVERTED;
  cairo_status_t status = CAIRO_STATUS_SUCCESS;

  while (status == CAIRO_STATUS_SUCCESS && (n > 0 || (is_last && result != G_CONVERTER_FINISHED)))
    {
      gsize n_read = 0, n_written = 0;

      result = g_converter_convert (self->compressor, bytes, n, self->chunk + self->n_chunk,
                                    CHUNK_BYTES - self->n_chunk,
                                    is_last ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS,
                                    &n_read, &n_written, NULL);
      if (result == G_CONVERTER_ERROR)
        return CAIRO_STATUS_NO_MEMORY;
      bytes += n_read;
      n -= n_read;
      self->n_chunk += n_written;
      if (self->n_chunk == CHUNK_BYTES)
        status = write_picture_chunk (self);
    }
  return status;
}

/* A pixel of cairo is a number of 32 bits, whose lowest 24 are red, green and blue. */
static void
take_row (guint8 *row,
          const guint32 *pixels,
          int width)
{
  for (int x = 0; x < width; x++)
    {
      row[BYTES_PER_PIXEL * x] = (guint8) (pixels[x] >> 16);
      row[BYTES_PER_PIXEL * x + 1] = (guint8) (pixels[x] >> 8);
      row[BYTES_PER_PIXEL * x + 2] = (guint8) pixels[x];
    }
}

static cairo_status_t
write_picture (Writer *self,
               cairo_surface_t *surface,
               guint8 *row)
{
  const int width = cairo_image_surface_get_width (surface);
  const int height = cairo_image_surface_get_height (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  const guint8 *pixels = cairo_image_surface_get_data (surface);
  cairo_status_t status = write_head (self, width, height);

  row[0] = NO_FILTER;
  for (int y = 0; y < height && status == CAIRO_STATUS_SUCCESS; y++)
    {
      take_row (row + 1, (const guint32 *) (gconstpointer) (pixels + (gsize) y * (gsize) stride),
                width);
      status = compress (self, row, 1 + BYTES_PER_PIXEL * (gsize) width, y == height - 1);
    }
  if (status == CAIRO_STATUS_SUCCESS)
    status = write_picture_chunk (self);
  return status == CAIRO_STATUS_SUCCESS ? write_chunk (self, "IEND", NULL, 0) : status;
}

static gboolean
has_memory_for_zlib (void)
{
  g_autofree guint8 *memory = g_try_malloc (ZLIB_BYTES);

  return memory != NULL;
}

/**
 * converge_plot_png_write:
 * @surface: pixels of the format %CAIRO_FORMAT_RGB24
 * @write: takes what is to be written
 * @closure: is handed to @write
 *
 * Writes a picture as a PNG file.
 *
 * Returns: what @write has failed with, the state of a @surface that is in an error state, or
 *   %CAIRO_STATUS_NO_MEMORY
 */
cairo_status_t
converge_plot_png_write (cairo_surface_t *surface,
                         cairo_write_func_t write,
                         void *closure)
{
  Writer writer = { .write = write, .closure = closure };
  cairo_status_t status = cairo_surface_status (surface);
  g_autofree guint8 *chunk = g_try_malloc (CHUNK_BYTES);
  g_autofree guint8 *row = NULL;
  g_autoptr (GZlibCompressor) compressor = NULL;

  if (status != CAIRO_STATUS_SUCCESS)
    return status;
  if (cairo_image_surface_get_format (surface) != CAIRO_FORMAT_RGB24)
    return CAIRO_STATUS_INVALID_FORMAT;
  row = g_try_malloc (1 + BYTES_PER_PIXEL * (gsize) cairo_image_surface_get_width (surface));
  if (chunk == NULL || row == NULL || !has_memory_for_zlib ())
    return CAIRO_STATUS_NO_MEMORY;
  compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_ZLIB, LEVEL);
  writer.compressor = G_CONVERTER (compressor);
  writer.chunk = chunk;
  fill_crc_table (writer.crc_table);
  cairo_surface_flush (surface);
  return write_picture (&writer, surface, row);
}
