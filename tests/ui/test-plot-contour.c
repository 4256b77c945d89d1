/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "plot/plot-contour.h"
#include "plot/plot-field.h"
#include "plot/plot-smooth.h"

#include <math.h>
#include <string.h>

#define N 41

/**
 * Walk:
 * @n: how many parts there were
 * @length: how long they were together
 * @worst: how far from the circle one of their ends was, at most
 * @ends: how often each node's place was an end, by a hash of it
 *
 * What was taken of a contour around the middle of a grid.
 */
typedef struct
{
  guint n;
  double length;
  double worst;
  GHashTable *ends;
} Walk;

static void
count_end (Walk *walk,
           const double place[2])
{
  char *key = g_strdup_printf ("%.9f %.9f", place[0], place[1]);
  const guint n = GPOINTER_TO_UINT (g_hash_table_lookup (walk->ends, key));

  g_hash_table_insert (walk->ends, key, GUINT_TO_POINTER (n + 1));
}

static void
take (gpointer user_data,
      const double from[2],
      const double to[2])
{
  Walk *walk = user_data;
  const double middle = (N - 1) / 2.0;

  walk->n++;
  walk->length += hypot (to[0] - from[0], to[1] - from[1]);
  walk->worst = fmax (walk->worst, fabs (hypot (from[0] - middle, from[1] - middle) - 12.3));
  count_end (walk, from);
  count_end (walk, to);
}

/* The contour of a cone is a circle. It is found at its place and is closed: each of its ends is
 * another's end too. */
static void
test_circle (void)
{
  g_autofree double *values = g_new (double, N *N);
  g_autoptr (GHashTable) ends = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Walk walk = { .ends = ends };
  GHashTableIter iter;
  gpointer n;

  for (guint i = 0; i < N * N; i++)
    values[i] = hypot (i % N - (N - 1) / 2.0, i / N - (N - 1) / 2.0);
  converge_contour_trace (N, N, values, 12.3, take, &walk);
  g_assert_cmpuint (walk.n, >, 60);
  g_assert_cmpfloat (walk.worst, <, 0.05);
  g_assert_cmpfloat (fabs (walk.length - 2 * G_PI * 12.3), <, 0.3);
  g_hash_table_iter_init (&iter, ends);
  while (g_hash_table_iter_next (&iter, NULL, &n))
    g_assert_cmpuint (GPOINTER_TO_UINT (n), ==, 2);
}

typedef struct
{
  guint n;
  double parts[4][4];
} Parts;

static void
note (gpointer user_data,
      const double from[2],
      const double to[2])
{
  Parts *parts = user_data;

  memcpy (parts->parts[parts->n], from, 2 * sizeof (double));
  memcpy (parts->parts[parts->n] + 2, to, 2 * sizeof (double));
  parts->n++;
}

/* Two that are above and two below across from each other are told apart by the middle: the parts
 * do not cross, and go around the corners that the middle does not belong to. */
static void
test_saddle (void)
{
  const double low[] = { 1, 0, 0, 1 };
  const double high[] = { 1, 0.4, 0.4, 1 };
  Parts parts = { 0 };

  converge_contour_trace (2, 2, low, 0.6, note, &parts);
  g_assert_cmpuint (parts.n, ==, 2);
  for (guint i = 0; i < 2; i++)
    /* Around (0, 0) or (1, 1), which alone are above. */
    g_assert_true ((parts.parts[i][0] + parts.parts[i][1] < 1) == (parts.parts[i][2] + parts.parts[i][3] < 1));
  memset (&parts, 0, sizeof parts);
  converge_contour_trace (2, 2, high, 0.6, note, &parts);
  g_assert_cmpuint (parts.n, ==, 2);
  for (guint i = 0; i < 2; i++)
    /* Around (1, 0) or (0, 1), which alone are below. */
    g_assert_true ((parts.parts[i][0] > parts.parts[i][1]) == (parts.parts[i][2] > parts.parts[i][3]));
}

/* Where there is no number there is no contour, and none of a plane at its own height. */
static void
test_nothing (void)
{
  const double lost[] = { 0, NAN, 1, 1, 0, 1 };
  const double flat[] = { 2, 2, 2, 2 };
  Parts parts = { 0 };

  converge_contour_trace (2, 2, flat, 2, note, &parts);
  converge_contour_trace (2, 2, flat, 3, note, &parts);
  g_assert_cmpuint (parts.n, ==, 0);
  converge_contour_trace (3, 2, lost, 0.5, note, &parts);
  g_assert_cmpuint (parts.n, ==, 0);
}

static ConvergePlot *
make_smooth (void)
{
  const double places[] = { 0, 1, 2 };
  ConvergePlot *plot = converge_plot_new (NULL, "x", "y");
  ConvergeField *field = converge_plot_add_field (plot, "value", 3, places, 3, places);

  field->is_smooth = TRUE;
  field->scale.is_log = TRUE;
  for (guint i = 0; i < 9; i++)
    {
      field->cells[i] = CONVERGE_CELL_VALUE;
      field->values[i] = pow (10, i % 3 + i / 3);
    }
  return plot;
}

/* Between nodes a value is what its colour says: in between on the scale of the colours. */
static void
test_value (void)
{
  g_autoptr (ConvergePlot) plot = make_smooth ();
  double x0, x1, y0, y1, value;

  g_assert_true (converge_smooth_value (plot->field, 0.5, 0.5, &value));
  g_assert_cmpfloat_with_epsilon (value, 10, 1e-9);
  g_assert_true (converge_smooth_value (plot->field, 2, 2, &value));
  g_assert_cmpfloat_with_epsilon (value, 1e4, 1e-6);
  g_assert_false (converge_smooth_value (plot->field, 2.1, 1, &value));
  /* It ends at its outermost nodes. */
  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  g_assert_cmpfloat (x0, ==, 0);
  g_assert_cmpfloat (x1, ==, 2);
  g_assert_cmpfloat (y0, ==, 0);
  g_assert_cmpfloat (y1, ==, 2);
}

/* A path has the colour of its values, not of the field under it. */
static void
test_path (void)
{
  g_autoptr (ConvergePlot) plot = make_smooth ();
  ConvergeSeries *series
    = converge_plot_add_series (plot, CONVERGE_SERIES_PATH, "path", "path", CONVERGE_COLOR_FIT);
  const ConvergeRange scale = converge_field_scale (plot->field);
  const ConvergeColor wanted = converge_field_value_color (plot->field, &scale, 1e4);
  ConvergePlotStyle style;
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 400, 300);
  cairo_t *cr = cairo_create (surface);
  const guchar *pixel;
  double x, y;
  ConvergePlotArea area;

  series->in_range = FALSE;
  series->width = 4;
  converge_series_set_band (series, 2, (double[]){ 0.2, 1.8 }, (double[]){ 0.5, 0.5 },
                            (double[]){ 1e4, 1e4 });
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, 400, 300, &style, &area);
  converge_plot_draw (plot, cr, 400, 300, &style);
  converge_plot_area_from_data (&area, 1, 0.5, &x, &y);
  cairo_surface_flush (surface);
  pixel = cairo_image_surface_get_data (surface)
          + (gsize) y * (gsize) cairo_image_surface_get_stride (surface) + 4 * (gsize) x;
  g_assert_cmpint (ABS (pixel[2] - (int) lround (255 * wanted.red)), <=, 8);
  g_assert_cmpint (ABS (pixel[1] - (int) lround (255 * wanted.green)), <=, 8);
  g_assert_cmpint (ABS (pixel[0] - (int) lround (255 * wanted.blue)), <=, 8);
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

/* A note has its room, whatever it says. */
static void
test_note (void)
{
  g_autoptr (ConvergePlot) plot = make_smooth ();
  ConvergePlotStyle style;
  ConvergePlotArea without, with, with_more;

  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_layout (plot, 700, 600, &style, &without);
  plot->note = g_strdup ("Short.");
  converge_plot_layout (plot, 700, 600, &style, &with);
  g_free (plot->note);
  plot->note = g_strnfill (300, 'w');
  converge_plot_layout (plot, 700, 600, &style, &with_more);
  g_assert_cmpfloat (with.height, <, without.height);
  g_assert_cmpfloat (with.height, ==, with_more.height);
  converge_plot_layout (plot, 700, 300, &style, &with);
  g_free (g_steal_pointer (&plot->note));
  converge_plot_layout (plot, 700, 300, &style, &without);
  g_assert_cmpfloat (with.height, ==, without.height);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-contour/circle", test_circle);
  g_test_add_func ("/plot-contour/saddle", test_saddle);
  g_test_add_func ("/plot-contour/nothing", test_nothing);
  g_test_add_func ("/plot-contour/value", test_value);
  g_test_add_func ("/plot-contour/path", test_path);
  g_test_add_func ("/plot-contour/note", test_note);
  return g_test_run ();
}
