/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "../common.h"
#include "plot-fixture.h"

#include "plot/plot-export.h"
#include "plot/plot-png.h"

#include <glib/gstdio.h>
#include <string.h>

static char *folder;

static char *
temporary_path (const char *name)
{
  if (folder == NULL)
    folder = g_dir_make_tmp ("converge-plot-XXXXXX", NULL);
  return g_build_filename (folder, name, NULL);
}

static gboolean
export_page (const ConvergePlotPage *page,
             const char *path,
             GError **error)
{
  g_autoptr (AgTransaction) transaction = ag_transaction_new ();
  ConvergePlotStyle style;

  converge_plot_style_init (&style, FALSE, FALSE);
  return converge_plot_export (page, transaction, path, 400, 400, &style, error)
         && ag_transaction_commit (transaction, error);
}

static void
check_export (const char *name,
              const char *begins)
{
  g_autofree char *path = temporary_path (name);
  g_autoptr (ConvergePlot) plot = fixture_make_plot (TRUE);
  const ConvergePlotPage page = { (ConvergePlot *[]){ plot, plot }, 2, "y = x", "x?", "a · b" };
  g_autoptr (GError) error = NULL;
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (export_page (&page, path, &error));
  g_assert_no_error (error);
  g_assert_true (g_file_get_contents (path, &bytes, &length, NULL));
  g_assert_cmpuint (length, >, 1000);
  g_assert_cmpint (memcmp (bytes, begins, strlen (begins)), ==, 0);
}

static void
test_export (void)
{
  g_autofree char *path = temporary_path ("plot.png");
  cairo_surface_t *surface;

  check_export ("plot.png", "\x89PNG\r\n");
  check_export ("plot.SVG", "<?xml");
  check_export ("plot.pdf", "%PDF");
  surface = cairo_image_surface_create_from_png (path);
  g_assert_cmpint (cairo_image_surface_get_width (surface), ==, 800);
  g_assert_cmpint (cairo_image_surface_get_height (surface), ==, 800);
  cairo_surface_destroy (surface);
}

static void
expect_export_error (const char *path,
                     const char *says)
{
  g_autoptr (ConvergePlot) plot = fixture_make_plot (FALSE);
  const ConvergePlotPage page = { .plots = &plot, .n_plots = 1 };
  g_autoptr (GError) error = NULL;

  g_assert_false (export_page (&page, path, &error));
  g_assert_nonnull (error);
  if (strstr (error->message, says) == NULL)
    g_error ("not “%s” but: %s", says, error->message);
}

static void
test_export_errors (void)
{
  g_autofree char *path = temporary_path ("plot.jpeg");

  expect_export_error (path, ".png, .svg or .pdf");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  expect_export_error ("/nowhere/plot.png", "/nowhere/plot.png");
}

typedef struct
{
  GByteArray *bytes;
  guint n_read;
  /* Writes that succeed before one fails. */
  guint n_left;
} File;

static cairo_status_t
write_to_file (void *closure,
               const unsigned char *bytes,
               unsigned int n)
{
  File *file = closure;

  if (file->n_left == 0)
    return CAIRO_STATUS_WRITE_ERROR;
  file->n_left--;
  g_byte_array_append (file->bytes, bytes, n);
  return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t
read_from_file (void *closure,
                unsigned char *bytes,
                unsigned int n)
{
  File *file = closure;

  if (file->n_read + n > file->bytes->len)
    return CAIRO_STATUS_READ_ERROR;
  memcpy (bytes, file->bytes->data + file->n_read, n);
  file->n_read += n;
  return CAIRO_STATUS_SUCCESS;
}

/* Noise, which no compressor makes shorter. */
static cairo_surface_t *
make_noise (int width,
            int height)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width, height);
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  const int stride = cairo_image_surface_get_stride (surface) / (int) sizeof (guint32);
  guint32 *pixels = (guint32 *) (gpointer) cairo_image_surface_get_data (surface);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++)
      pixels[y * stride + x] = g_rand_int (random) & 0xffffff;
  cairo_surface_mark_dirty (surface);
  return surface;
}

static void
check_same_pixels (cairo_surface_t *a,
                   cairo_surface_t *b)
{
  const int width = cairo_image_surface_get_width (a), height = cairo_image_surface_get_height (a);

  g_assert_cmpint (cairo_image_surface_get_width (b), ==, width);
  g_assert_cmpint (cairo_image_surface_get_height (b), ==, height);
  for (int y = 0; y < height; y++)
    {
      const guint32 *of_a = (const guint32 *) (gpointer) (cairo_image_surface_get_data (a)
                                                          + y * cairo_image_surface_get_stride (a));
      const guint32 *of_b = (const guint32 *) (gpointer) (cairo_image_surface_get_data (b)
                                                          + y * cairo_image_surface_get_stride (b));

      for (int x = 0; x < width; x++)
        g_assert_cmphex (of_a[x] & 0xffffff, ==, of_b[x] & 0xffffff);
    }
}

/* libpng, which looks at all checksums, finds each pixel again, and a write that fails is told
 * of, whichever it is. */
static void
test_png (void)
{
  static const int sizes[][2] = { { 1, 1 }, { 3, 500 }, { 500, 3 }, { 301, 200 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      cairo_surface_t *surface = make_noise (sizes[i][0], sizes[i][1]), *found;
      g_autoptr (GByteArray) bytes = g_byte_array_new (), cut = g_byte_array_new ();
      File file = { .bytes = bytes, .n_left = G_MAXUINT };

      g_assert_cmpint (converge_plot_png_write (surface, write_to_file, &file), ==,
                       CAIRO_STATUS_SUCCESS);
      found = cairo_image_surface_create_from_png_stream (read_from_file, &file);
      g_assert_cmpint (cairo_surface_status (found), ==, CAIRO_STATUS_SUCCESS);
      g_assert_cmpuint (file.n_read, ==, bytes->len);
      check_same_pixels (surface, found);
      for (guint n = 0; n < G_MAXUINT - file.n_left; n++)
        {
          File full = { .bytes = cut, .n_left = n };

          g_assert_cmpint (converge_plot_png_write (surface, write_to_file, &full), ==,
                           CAIRO_STATUS_WRITE_ERROR);
        }
      cairo_surface_destroy (found);
      cairo_surface_destroy (surface);
    }
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-export/export", test_export);
  g_test_add_func ("/plot-export/export-errors", test_export_errors);
  g_test_add_func ("/plot-export/png", test_png);
  status = g_test_run ();
  if (folder != NULL)
    common_remove (folder);
  g_free (folder);
  return status;
}
