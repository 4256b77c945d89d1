/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-colormap.h"
#include "plot/plot-draw.h"
#include "plot/plot-field.h"
#include "plot/plot-range.h"
#include "plot/sweep-plot.h"
#include "train/setting.h"

#include <math.h>
#include <string.h>

/* Sweeps as plots: curves, maps, and their colours. */

static AgSweep *
make_sweep (const char *program,
            const char *optimizers,
            const char *first,
            const char *range,
            const char *second,
            const char *second_range)
{
  g_auto (GStrv) ids = g_strsplit (optimizers, ",", -1);
  AgSweepAxis *axes[AG_SWEEP_MAX_AXES] = { NULL };
  AgRunSpec specs[8];
  g_autoptr (GError) error = NULL;
  AgSweep *sweep;
  guint n = 0;

  for (; ids[n] != NULL; n++)
    {
      ag_run_spec_init (&specs[n], ag_program_class_find (program));
      ag_run_spec_set_optimizer (&specs[n], ag_optimizer_class_find (ids[n]));
      specs[n].steps = 300;
      specs[n].points = 200;
    }
  axes[0] = ag_sweep_axis_new (&specs[0], first, range, 21, &error);
  g_assert_no_error (error);
  if (second != NULL)
    axes[1] = ag_sweep_axis_new (&specs[0], second, second_range, 9, &error);
  g_assert_no_error (error);
  sweep = ag_sweep_new (specs, n, axes, second != NULL ? 2 : 1, 0, AG_SWEEP_PLAIN, &error);
  g_assert_no_error (error);
  g_assert_true (ag_sweep_wait (sweep, -1));
  for (guint i = 0; i < AG_SWEEP_MAX_AXES; i++)
    g_clear_pointer (&axes[i], ag_sweep_axis_free);
  return sweep;
}

static double
lightness (guint32 rgb)
{
  return 0.2126 * (rgb >> 16 & 0xff) + 0.7152 * (rgb >> 8 & 0xff) + 0.0722 * (rgb & 0xff);
}

/* A sequential map gets ever lighter, a diverging one is lightest in its middle, and
 * neither has the colours that mean something else. */
static void
test_colors (void)
{
  for (guint i = 1; i <= 256; i++)
    {
      const double share = i / 256.0, before = (i - 1) / 256.0;

      g_assert_cmpfloat (lightness (converge_colormap_at (CONVERGE_COLORMAP_SEQUENTIAL, share)), >=,
                         lightness (converge_colormap_at (CONVERGE_COLORMAP_SEQUENTIAL, before)));
      if (share <= 0.5)
        g_assert_cmpfloat (lightness (converge_colormap_at (CONVERGE_COLORMAP_DIVERGING, share)),
                           >=,
                           lightness (converge_colormap_at (CONVERGE_COLORMAP_DIVERGING, before)));
    }
  g_assert_cmphex (converge_colormap_at (CONVERGE_COLORMAP_SEQUENTIAL, -1), ==, 0x00224e);
  g_assert_cmphex (converge_colormap_at (CONVERGE_COLORMAP_SEQUENTIAL, 2), ==, 0xfee838);
  g_assert_cmphex (converge_colormap_at (CONVERGE_COLORMAP_DIVERGING, 0.5), ==, 0xf7f7f7);
}

static void
test_cells (void)
{
  const double x[] = { 1e-3, 1e-2, 1e-1 }, y[] = { 0, 1, 2 };
  g_autoptr (ConvergePlot) plot = converge_plot_new ("", "x", "y");
  double left, right, low, high;
  guint column, row;

  plot->x.is_log = TRUE;
  converge_plot_add_field (plot, "value", 3, x, 3, y);
  converge_plot_get_range (plot, &left, &right, &low, &high);
  g_assert_cmpfloat_with_epsilon (left, pow (10, -3.5), 1e-9);
  g_assert_cmpfloat_with_epsilon (right, pow (10, -0.5), 1e-9);
  g_assert_cmpfloat (low, ==, -0.5);
  g_assert_cmpfloat (high, ==, 2.5);
  g_assert_true (converge_field_find (plot, 0.03, 0.4, &column, &row));
  g_assert_cmpuint (column, ==, 1);
  g_assert_cmpuint (row, ==, 0);
  g_assert_true (converge_field_find (plot, 0.04, 0.6, &column, &row));
  g_assert_cmpuint (column, ==, 2);
  g_assert_cmpuint (row, ==, 1);
  g_assert_false (converge_field_find (plot, 1, 0.6, &column, &row));
  g_assert_false (converge_field_find (plot, 0.01, -0.6, &column, &row));
}

/* The curve ends where it is lost, and the bound is between what is not and what is. */
static void
test_curves (void)
{
  static const ConvergeSweepLook look = CONVERGE_SWEEP_LOOK_INIT;
  g_autoptr (AgSweep) sweep = make_sweep ("autograd", "sgd,adam", "lr", "1e-7..1e-2", NULL, NULL);
  g_autoptr (ConvergePlot) plot = converge_sweep_plot_new (sweep, &look);
  const ConvergeSeries *sgd, *adam, *bound;
  double left, right, low, high;

  converge_sweep_plot_update (plot, sweep, &look);
  sgd = converge_plot_find_series (plot, "curve-0");
  adam = converge_plot_find_series (plot, "curve-1");
  bound = converge_plot_find_series (plot, "bound-0");
  g_assert_true (plot->x.is_log && plot->y.is_log);
  g_assert_cmpstr (sgd->label, ==, "SGD");
  g_assert_cmpstr (adam->label, ==, "Adam");
  g_assert_cmpuint (sgd->n, ==, 21);
  for (guint i = 0; i < 21; i++)
    {
      AgSweepResult result;

      g_assert_true (ag_sweep_read (sweep, i, &result));
      g_assert_cmpfloat (sgd->x[i], ==, ag_sweep_value (sweep, i, 0));
      if (result.state == AG_TRAINER_DIVERGED)
        g_assert_true (isinf (sgd->y[i]));
      else
        g_assert_cmpfloat (sgd->y[i], ==, result.final_loss);
      if (sgd->x[i] < bound->x[0])
        g_assert_cmpfloat (result.final_loss, <, result.first_loss);
      else
        g_assert_false (result.final_loss < result.first_loss);
    }
  g_assert_nonnull (strstr (bound->label, "stable below"));
  g_assert_null (converge_plot_find_series (plot, "bound-1")->label);
  converge_plot_get_range (plot, &left, &right, &low, &high);
  g_assert_cmpfloat (left, ==, 1e-7);
  g_assert_cmpfloat (right, ==, 1e-2);
  g_assert_cmpfloat (high, <, 1e8);
}

static void
test_map (void)
{
  static const ConvergeSweepLook look = CONVERGE_SWEEP_LOOK_INIT;
  g_autoptr (AgSweep) sweep = make_sweep ("autograd", "sgd", "lr", "1e-6..1e-3", "momentum",
                                          "0..0.8");
  g_autoptr (ConvergePlot) plot = converge_map_plot_new (sweep, 0, &look);
  const ConvergeSeries *bound;
  guint n_lost = 0;

  converge_map_plot_update (plot, sweep, 0, &look);
  bound = converge_plot_find_series (plot, "bound");
  g_assert_cmpuint (bound->n, ==, 9);
  for (guint row = 0; row < 9; row++)
    for (guint column = 0; column < 21; column++)
      {
        const gsize at = row * 21 + column;
        AgSweepResult result;

        g_assert_true (ag_sweep_read (sweep, at, &result));
        n_lost += plot->field->cells[at] == CONVERGE_CELL_LOST;
        g_assert_true ((plot->field->cells[at] == CONVERGE_CELL_LOST)
                       == (result.state == AG_TRAINER_DIVERGED));
        if (plot->field->cells[at] == CONVERGE_CELL_VALUE)
          g_assert_cmpfloat (plot->field->values[at], ==, result.final_loss);
        /* Just above the bound a run of 300 steps may not have grown yet. */
        if (plot->field->x[column] > 1.2 * bound->x[row])
          g_assert_true (plot->field->cells[at] != CONVERGE_CELL_VALUE);
        else if (plot->field->x[column] < bound->x[row])
          g_assert_true (plot->field->cells[at] == CONVERGE_CELL_VALUE);
      }
  g_assert_cmpuint (n_lost, >, 0);
  g_assert_cmpuint (converge_plot_find_series (plot, "best")->n, ==, 1);
}

/* Returns the colour of a pixel of the drawn plot. */
static guint32
get_pixel (cairo_surface_t *surface,
           double x,
           double y)
{
  const guchar *data = cairo_image_surface_get_data (surface);
  const int stride = cairo_image_surface_get_stride (surface);
  guint32 pixel;

  memcpy (&pixel, data + (int) y * stride + 4 * (int) x, sizeof pixel);
  return pixel & 0xffffff;
}

/* Cells have their colours where the axes have them, zoomed or not. */
static void
test_pixels (void)
{
  const double x[] = { 1, 2, 3, 4 }, y[] = { 10, 20 };
  g_autoptr (ConvergePlot) plot = converge_plot_new ("", "x", "y");
  ConvergeField *field = converge_plot_add_field (plot, "value", 4, x, 2, y);
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_RGB24, 400, 300);
  cairo_t *cr = cairo_create (surface);
  ConvergePlotStyle style;
  ConvergePlotArea area;
  double at_x, at_y;

  for (guint i = 0; i < 8; i++)
    {
      field->cells[i] = i == 5 ? CONVERGE_CELL_LOST : i == 6 ? CONVERGE_CELL_ABOVE
                                                             : CONVERGE_CELL_VALUE;
      field->values[i] = i;
    }
  converge_plot_style_init (&style, FALSE, FALSE);
  for (guint zoom = 0; zoom < 2; zoom++)
    {
      converge_plot_layout (plot, 400, 300, &style, &area);
      converge_plot_draw (plot, cr, 400, 300, &style);
      cairo_surface_flush (surface);
      for (guint i = 0; i < 8; i++)
        {
          guint32 expected = converge_colormap_at (CONVERGE_COLORMAP_SEQUENTIAL, i / 7.0);

          if (i == 5)
            expected = converge_colormap_lost (CONVERGE_COLORMAP_SEQUENTIAL);
          if (i == 6)
            expected = converge_colormap_above (CONVERGE_COLORMAP_SEQUENTIAL);
          converge_plot_area_from_data (&area, x[i % 4], y[i / 4], &at_x, &at_y);
          if (at_x > area.x && at_x < area.x + area.width && at_y > area.y
              && at_y < area.y + area.height)
            g_assert_cmphex (get_pixel (surface, at_x, at_y), ==, expected);
        }
      converge_plot_zoom (plot, 1.5, 0.5, 0.5);
    }
  cairo_destroy (cr);
  cairo_surface_destroy (surface);
}

static void
test_words (void)
{
  g_autoptr (AgSweep) sweep = make_sweep ("autograd", "sgd,adam", "lr", "1e-7..1e-5", NULL, NULL);
  g_autofree char *caption = converge_sweep_caption (sweep);
  g_autofree char *description = converge_sweep_describe (sweep);

  g_assert_null (strstr (caption, "SGD"));
  g_assert_null (strstr (caption, "learning rate"));
  g_assert_nonnull (strstr (caption, "300 steps"));
  g_assert_nonnull (strstr (description, "42 runs."));
  g_assert_nonnull (strstr (description, "SGD, Learning rate"));
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sweep-plot/colors", test_colors);
  g_test_add_func ("/sweep-plot/cells", test_cells);
  g_test_add_func ("/sweep-plot/curves", test_curves);
  g_test_add_func ("/sweep-plot/map", test_map);
  g_test_add_func ("/sweep-plot/pixels", test_pixels);
  g_test_add_func ("/sweep-plot/words", test_words);
  return g_test_run ();
}
