/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot-fixture.h"

#include "plot/plot-page.h"
#include "plot/plot-text.h"

#include <string.h>

#define WIDTH 400
#define HEIGHT 300

static cairo_surface_t *
render (const ConvergePlotPage *page)
{
  cairo_t *cr = fixture_begin_drawing (WIDTH, HEIGHT);
  ConvergePlotStyle style;

  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_page_draw (page, cr, WIDTH, HEIGHT, &style);
  return fixture_end_drawing (cr);
}

static gboolean
has_ink (cairo_surface_t *surface,
         int x,
         int y)
{
  const unsigned char *data = cairo_image_surface_get_data (surface);
  guint32 pixel;

  memcpy (&pixel, data + y * cairo_image_surface_get_stride (surface) + 4 * x, sizeof pixel);
  return (pixel & 0xffffff) != 0xffffff;
}

/* Counts the pixels of a part of a picture that are not white. */
static guint
count_ink (cairo_surface_t *surface,
           int left,
           int right,
           int top,
           int bottom)
{
  guint n = 0;

  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      n += has_ink (surface, x, y);
  return n;
}

/* The first row of pixels in which there is something nearly all the way across: the
 * frame of the first plot. */
static int
find_frame (cairo_surface_t *surface)
{
  for (int y = 0; y < HEIGHT; y++)
    if (count_ink (surface, 0, WIDTH, y, y + 1) > WIDTH / 2)
      return y;
  g_assert_not_reached ();
}

static ConvergePlot *
make_plot (void)
{
  ConvergePlot *plot = converge_plot_new (NULL, NULL, NULL);

  converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "line", NULL, 0);
  return plot;
}

/* The formula stands above the plot, which makes room for it. */
static void
test_heading (void)
{
  g_autoptr (ConvergePlot) plot = make_plot ();
  ConvergePlotPage page = { .plots = &plot, .n_plots = 1 };
  cairo_surface_t *plain = render (&page), *headed, *noted;

  page.heading = "y = x";
  headed = render (&page);
  page.note = "x is what it is.";
  noted = render (&page);
  g_assert_cmpint (find_frame (plain), <, find_frame (headed));
  g_assert_cmpint (find_frame (headed), <, find_frame (noted));
  /* The label of a tick at the upper end of the axis reaches above the frame. */
  g_assert_cmpuint (count_ink (plain, WIDTH / 4, WIDTH, 0, find_frame (plain)), ==, 0);
  g_assert_cmpuint (count_ink (headed, WIDTH / 2 - 40, WIDTH / 2 + 40, 0, 30), >, 20);
  cairo_surface_destroy (plain);
  cairo_surface_destroy (headed);
  cairo_surface_destroy (noted);
}

/* However long it is, nothing of it is cut off. */
static void
test_long_heading (void)
{
  g_autoptr (ConvergePlot) plot = make_plot ();
  g_autofree char *heading = g_strnfill (120, 'M');
  const ConvergePlotPage page = { &plot, 1, heading, NULL, NULL };
  cairo_surface_t *surface = render (&page);

  g_assert_cmpuint (count_ink (surface, 0, WIDTH, 0, 20), >, 200);
  g_assert_cmpuint (count_ink (surface, 0, 8, 0, 20), ==, 0);
  g_assert_cmpuint (count_ink (surface, WIDTH - 8, WIDTH, 0, 20), ==, 0);
  cairo_surface_destroy (surface);
}

/* The settings stand below all plots, in as many lines as it takes. */
static void
test_caption (void)
{
  static const char *const captions[]
    = { NULL, "SGD · 10 steps",
        "Autograd · SGD, Momentum 0.9, Weight decay 0.1 · learning rate 1e−6 · 2000 steps · 2000 "
        "points · seed 0 · float32 · after 2000 steps: last loss 8.816" };
  guint plot_ink[G_N_ELEMENTS (captions)];

  for (guint i = 0; i < G_N_ELEMENTS (captions); i++)
    {
      g_autoptr (ConvergePlot) plot = make_plot ();
      const ConvergePlotPage page = { &plot, 1, NULL, NULL, captions[i] };
      cairo_surface_t *surface = render (&page);
      const guint n_below = count_ink (surface, 0, WIDTH, HEIGHT - 22, HEIGHT);

      if (i > 0)
        g_assert_cmpuint (n_below, >, 100);
      g_assert_cmpuint (count_ink (surface, 0, 8, HEIGHT - 60, HEIGHT), ==, 0);
      g_assert_cmpuint (count_ink (surface, WIDTH - 8, WIDTH, HEIGHT - 60, HEIGHT), ==, 0);
      /* The left side of the frame is as long as the plot is high. */
      plot_ink[i] = count_ink (surface, 55, 57, 0, HEIGHT);
      cairo_surface_destroy (surface);
    }
  g_assert_cmpuint (plot_ink[0], >, plot_ink[1]);
  g_assert_cmpuint (plot_ink[1], >, plot_ink[2]);
}

static cairo_t *
make_context (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);
  ConvergePlotStyle style;

  cairo_surface_destroy (surface);
  converge_plot_style_init (&style, FALSE, FALSE);
  converge_plot_set_font (cr, &style, 1);
  return cr;
}

static void
test_wrap (void)
{
  static const char *const texts[] = {
    "",
    "word",
    "a few words that do not all fit",
    "aaa bbb · ccc ddd · eee fff · ggg hhh",
    "exp(-x^2)*sin(3*x)+maximum(x,0)*cos(x)/(1+x^2)",
    "形形形形形形形形形形形形形形形形形形",
  };
  cairo_t *cr = make_context ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    for (double width = 1; width < 300; width += 23)
      {
        g_auto (GStrv) lines = converge_plot_wrap_text (cr, texts[i], width);
        g_autofree char *joined = g_strjoinv ("", lines);
        g_auto (GStrv) words = g_strsplit (texts[i], " ", -1);
        g_auto (GStrv) kept = g_strsplit (joined, " ", -1);
        g_autofree char *letters = g_strjoinv ("", words);
        g_autofree char *kept_letters = g_strjoinv ("", kept);

        g_assert_cmpstr (kept_letters, ==, letters);
        for (guint j = 0; lines[j] != NULL; j++)
          g_assert_true (g_utf8_strlen (lines[j], -1) == 1
                         || converge_plot_text_width (cr, lines[j]) <= width);
      }
  cairo_destroy (cr);
}

/* Rather between two settings than within one. */
static void
test_wrap_at_separator (void)
{
  cairo_t *cr = make_context ();
  g_auto (GStrv) lines = NULL;

  lines = converge_plot_wrap_text (cr, "one two · three four",
                                   converge_plot_text_width (cr, "one two · three f"));
  g_assert_cmpuint (g_strv_length (lines), ==, 2);
  g_assert_cmpstr (lines[0], ==, "one two ·");
  g_assert_cmpstr (lines[1], ==, "three four");
  cairo_destroy (cr);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/plot-page/heading", test_heading);
  g_test_add_func ("/plot-page/long-heading", test_long_heading);
  g_test_add_func ("/plot-page/caption", test_caption);
  g_test_add_func ("/plot-page/wrap", test_wrap);
  g_test_add_func ("/plot-page/wrap-at-separator", test_wrap_at_separator);
  return g_test_run ();
}
