/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "plot/plot-export.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
temporary_path (const char *name)
{
  static char *folder;

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

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-export/export", test_export);
  g_test_add_func ("/plot-export/export-errors", test_export_errors);
  return g_test_run ();
}
