/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-tabs.h"
#include "plot/plot-draw.h"
#include "window-fixture.h"

#include <math.h>
#include <string.h>

/* Paints a widget as it looks in its window. */
static guint32 *
take_picture (GtkWidget *widget,
              int *width,
              int *height)
{
  g_autoptr (GdkPaintable) paintable = gtk_widget_paintable_new (widget);
  g_autoptr (GtkSnapshot) snapshot = gtk_snapshot_new ();
  g_autoptr (GskRenderNode) node = NULL;
  g_autoptr (GdkTexture) texture = NULL;
  GskRenderer *renderer = gtk_native_get_renderer (gtk_widget_get_native (widget));
  guint32 *pixels;

  *width = gtk_widget_get_width (widget);
  *height = gtk_widget_get_height (widget);
  gdk_paintable_snapshot (paintable, snapshot, *width, *height);
  node = gtk_snapshot_free_to_node (g_steal_pointer (&snapshot));
  texture = gsk_renderer_render_texture (renderer, node,
                                         &GRAPHENE_RECT_INIT (0, 0, (float) *width,
                                                              (float) *height));
  pixels = g_new (guint32, (gsize) *width * *height);
  gdk_texture_download (texture, (guchar *) pixels, 4 * (gsize) *width);
  return pixels;
}

static gint
color_distance (guint32 pixel,
                const ConvergeColor *color)
{
  return ABS ((gint) (pixel >> 16 & 0xff) - (gint) lround (color->red * 255))
         + ABS ((gint) (pixel >> 8 & 0xff) - (gint) lround (color->green * 255))
         + ABS ((gint) (pixel & 0xff) - (gint) lround (color->blue * 255));
}

static double
cubic (const double *c,
       double x)
{
  return c[0] + c[1] * x + c[2] * x * x + c[3] * x * x * x;
}

/* In the window, the fit's pixels lie where the polynomial is. */
static void
test_fit_pixels (Fixture *fixture,
                 gconstpointer data)
{
  ConvergePlotView *view;
  ConvergePlotStyle style;
  ConvergePlotArea area;
  ConvergePlot *plot;
  g_autofree guint32 *pixels = NULL;
  int width, height;
  guint n_checked = 0;

  fixture_train (fixture, "700");
  view = fixture_find_plot (fixture, "fit");
  plot = converge_plot_view_get_plot (view);
  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      /* Nothing else, and no legend. */
      series->is_visible = strcmp (series->id, "fit") == 0;
      g_clear_pointer (&series->label, g_free);
    }
  converge_plot_view_update (view);
  fixture_wait_for_frames (fixture);
  pixels = take_picture (GTK_WIDGET (view), &width, &height);

  converge_plot_style_init (&style, FALSE, FALSE);
  style.lists_hidden = TRUE;
  converge_plot_layout (plot, width, height, &style, &area);
  for (gint column = (gint) area.x + 4; column < area.x + area.width - 4;
       column += 5)
    {
      double x, y, expected, sum = 0;
      guint n = 0;

      converge_plot_area_to_data (&area, column + 0.5, 0, &x, &y);
      y = cubic (fixture_snapshot (fixture)->coefficients, x);
      converge_plot_area_from_data (&area, x, y, &x, &expected);
      if (expected < area.y + 5 || expected > area.y + area.height - 5)
        continue;
      for (gint row = (gint) area.y + 2; row < area.y + area.height - 2; row++)
        if (color_distance (pixels[row * width + column], &style.series[CONVERGE_COLOR_FIT]) < 60)
          {
            sum += row + 0.5;
            n++;
          }
      g_assert_cmpuint (n, >, 0);
      g_assert_cmpfloat_with_epsilon (sum / n, expected, 2);
      n_checked++;
    }
  g_assert_cmpuint (n_checked, >, 40);
}

static ConvergePlot *
train (Fixture *fixture,
       const char *kind)
{
  fixture_train (fixture, "500");
  fixture_wait_for_optimum (fixture);
  return converge_plot_view_get_plot (fixture_find_plot (fixture, kind));
}

static void
test_tabs (Fixture *fixture,
           gconstpointer data)
{
  ConvergeTabs *tabs = CONVERGE_TABS (
    fixture_find (GTK_WIDGET (fixture->window), CONVERGE_TYPE_TABS, NULL, NULL));
  ConvergePlot *plot;
  const ConvergeSeries *series;

  converge_tabs_select (tabs, "parameters");
  g_assert_cmpstr (converge_tabs_get_selected (tabs), ==, "parameters");
  plot = train (fixture, "parameters");
  series = converge_plot_find_series (plot, "b");
  g_assert_cmpuint (series->n, ==, 501);
  g_assert_cmpfloat (series->x[500], ==, 500);
  g_assert_cmpfloat (series->y[500], ==, fixture_snapshot (fixture)->coefficients[1]);
}

static gboolean
are_side_by_side (Fixture *fixture)
{
  return gtk_widget_get_mapped (GTK_WIDGET (fixture_find_plot (fixture, "loss")))
         && gtk_widget_get_mapped (
           GTK_WIDGET (fixture_find_plot (fixture, "parameters")));
}

static gboolean
is_one_hidden (Fixture *fixture)
{
  return !are_side_by_side (fixture);
}

/* Where there is room for both, no tab has to be chosen. */
static void
test_side_by_side (Fixture *fixture,
                   gconstpointer data)
{
  fixture_wait (is_one_hidden, fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
  fixture_wait (are_side_by_side, fixture);
  gtk_widget_activate_action (GTK_WIDGET (fixture->window), "win.toggle-controls", NULL);
  fixture_wait (is_one_hidden, fixture);
}

/* The numbers that the tutorial printed are shown where its data are fitted. */
static void
test_printed (Fixture *fixture,
              gconstpointer data)
{
  ConvergePlot *plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "loss"));
  const ConvergeSeries *series = converge_plot_find_series (plot, "printed");

  g_assert_cmpuint (series->n, ==, 20);
  g_assert_cmpfloat (series->x[0], ==, 99);
  g_assert_cmpfloat (series->x[19], ==, 1999);
  fixture_type (fixture, "Points", "100");
  plot = converge_plot_view_get_plot (fixture_find_plot (fixture, "loss"));
  g_assert_null (converge_plot_find_series (plot, "printed"));
}

/* Wheel, drag, double click and the keys. */
static void
test_zoom (Fixture *fixture,
           gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture_find_plot (fixture, "fit"));
  ConvergePlot *plot = train (fixture, "fit");
  GtkEventController *motion = fixture_find_controller (view, GTK_TYPE_EVENT_CONTROLLER_MOTION);
  GtkEventController *keys = fixture_find_controller (view, GTK_TYPE_EVENT_CONTROLLER_KEY);
  double x0, x1, y0, y1, z0, z1;
  gboolean handled;

  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  g_signal_emit_by_name (motion, "motion", gtk_widget_get_width (view) / 2.0, 100.0);
  g_signal_emit_by_name (fixture_find_controller (view, GTK_TYPE_EVENT_CONTROLLER_SCROLL), "scroll", 0.0,
                         -1.0, &handled);
  g_assert_true (handled);
  converge_plot_get_range (plot, &z0, &z1, &y0, &y1);
  g_assert_cmpfloat (z1 - z0, <, 0.9 * (x1 - x0));

  g_signal_emit_by_name (fixture_find_controller (view, GTK_TYPE_GESTURE_DRAG), "drag-begin", 100.0,
                         100.0);
  g_signal_emit_by_name (fixture_find_controller (view, GTK_TYPE_GESTURE_DRAG), "drag-update", -50.0, 0.0);
  g_assert_cmpfloat (plot->x.minimum, >, z0);

  g_signal_emit_by_name (fixture_find_controller (view, GTK_TYPE_GESTURE_CLICK), "pressed", 2, 300.0,
                         200.0);
  converge_plot_get_range (plot, &z0, &z1, &y0, &y1);
  g_assert_cmpfloat (z0, ==, x0);
  g_assert_cmpfloat (z1, ==, x1);

  g_signal_emit_by_name (keys, "key-pressed", GDK_KEY_plus, 0, 0, &handled);
  g_assert_true (plot->x.has_view);
  gtk_widget_activate_action (GTK_WIDGET (view), "plot.show-all", NULL);
  g_assert_false (plot->x.has_view);
  fixture_spin (50);
}

/* Either axis can be even or logarithmic, and stays so in the runs that follow. */
static void
test_scales (Fixture *fixture,
             gconstpointer data)
{
  ConvergePlotView *view = fixture_find_plot (fixture, "loss");

  g_assert_true (converge_plot_view_get_plot (view)->y.is_log);
  gtk_widget_activate_action (GTK_WIDGET (view), "plot.log-y", NULL);
  gtk_widget_activate_action (GTK_WIDGET (view), "plot.log-x", NULL);
  train (fixture, "loss");
  g_assert_false (converge_plot_view_get_plot (view)->y.is_log);
  g_assert_true (converge_plot_view_get_plot (view)->x.is_log);

  /* Even where values are below 0, and a view of them had been chosen. */
  view = fixture_find_plot (fixture, "fit");
  g_assert_cmpfloat (converge_plot_view_get_plot (view)->y.minimum, <, 0);
  gtk_widget_activate_action (GTK_WIDGET (view), "plot.log-y", NULL);
  fixture_wait_for_frames (fixture);
  g_assert_true (converge_plot_view_get_plot (view)->y.is_log);
}

static gboolean
is_described (Fixture *fixture)
{
  return gtk_test_accessible_has_property (GTK_ACCESSIBLE (fixture_find_plot (fixture, "fit")),
                                           GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
}

/* Readers are told at a pause and at the end. */
static void
test_description (Fixture *fixture,
                  gconstpointer data)
{
  GtkWidget *view = GTK_WIDGET (fixture_find_plot (fixture, "fit"));
  g_autofree char *expected = NULL;

  gtk_test_accessible_assert_role (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_ROLE_IMG);
  fixture_do (fixture, "win.train");
  fixture_wait_for_step (fixture, 30);
  fixture_do (fixture, "win.train");
  fixture_wait_for_state (fixture, AG_TRAINER_PAUSED);
  fixture_wait (is_described, fixture);
  expected = g_strdup_printf ("After step %lld the fit is ",
                              (long long) fixture_snapshot (fixture)->step);
  {
    char *problem = gtk_test_accessible_check_property (
      GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "");

    /* The description is not "", and GTK says so with the description that it has. */
    g_assert_nonnull (problem);
    g_assert_nonnull (strstr (problem, expected));
    g_free (problem);
  }
}

static const FixtureTest tests[] = {
  { "/plot-view/fit-pixels", test_fit_pixels },
  { "/plot-view/tabs", test_tabs },
  { "/plot-view/side-by-side", test_side_by_side },
  { "/plot-view/printed", test_printed },
  { "/plot-view/zoom", test_zoom },
  { "/plot-view/scales", test_scales },
  { "/plot-view/description", test_description },
};

int
main (int argc,
      char **argv)
{
  return fixture_run (argc, argv, G_N_ELEMENTS (tests), tests);
}
