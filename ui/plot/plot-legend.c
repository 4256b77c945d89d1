/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-legend.h"

#include "plot/plot-dots.h"
#include "plot/plot-field.h"
#include "plot/plot-pen.h"
#include "plot/plot-text.h"

#include <math.h>

/* The legend flows along lines above the data, from the title on, and never
 * covers what it explains. */

#define SAMPLE_WIDTH 22
#define SAMPLE_GAP 6
#define ENTRY_GAP 14

/* How high a line is, in the size of the font. */
#define LINE 1.5

/* A plot so narrow or low that its legend would take more than this share of it
 * has none. */
#define MOST 0.4

/**
 * Flow:
 * @left: where a line begins, in pixels
 * @right: where it ends
 * @x: where the next entry is to go
 * @line: number of its line
 *
 * The way along the lines of a legend.
 */
typedef struct
{
  double left;
  double right;
  double x;
  guint line;
} Flow;

static gboolean
is_listed (const ConvergeSeries *series,
           const ConvergePlotStyle *style)
{
  return series->label != NULL && (series->is_visible || style->lists_hidden);
}

/* The entries of other runs come last. */
static const ConvergeSeries *
nth_series (const ConvergePlot *plot,
            guint index)
{
  return index < plot->series->len ? g_ptr_array_index (plot->series, index)
                                   : g_ptr_array_index (plot->others, index - plot->series->len);
}

static guint
n_series (const ConvergePlot *plot)
{
  return plot->series->len + plot->others->len;
}

/* Measuring needs no surface of the size of the plot. */
static cairo_t *
make_measurer (void)
{
  cairo_surface_t *surface = cairo_image_surface_create (CAIRO_FORMAT_A8, 1, 1);
  cairo_t *cr = cairo_create (surface);

  cairo_surface_destroy (surface);
  return cr;
}

static void
flow_init (Flow *flow,
           const ConvergePlot *plot,
           const ConvergePlotStyle *style,
           double left,
           double width,
           cairo_t *measurer)
{
  *flow = (Flow){ .left = left, .right = left + width, .x = left };
  if (plot->title == NULL)
    return;
  converge_plot_set_title_font (measurer, style);
  flow->x += converge_plot_text_width (measurer, plot->title) + 2 * ENTRY_GAP;
}

/* Goes on by one entry, to the next line where this one has no room for it, and
 * returns where the entry begins. */
static double
flow_place (Flow *flow,
            const ConvergeSeries *series,
            cairo_t *measurer)
{
  const double width = SAMPLE_WIDTH + SAMPLE_GAP
                       + converge_plot_text_width (measurer, series->label);
  double x;

  if (flow->x + width > flow->right
      && (flow->line == 0 || flow->x > flow->left))
    {
      flow->line++;
      flow->x = flow->left;
    }
  x = flow->x;
  flow->x += width + ENTRY_GAP;
  return x;
}

/**
 * converge_plot_legend_height:
 * @plot: a plot
 * @style: the style
 * @left: where the data begin, in pixels
 * @width: how far they go
 * @height: of the surface
 *
 * Returns: how much room the legend takes above the data, in pixels, beside the
 *   line of the title; negative if there is no room for it
 */
double
converge_plot_legend_height (const ConvergePlot *plot,
                             const ConvergePlotStyle *style,
                             double left,
                             double width,
                             double height)
{
  cairo_t *measurer = make_measurer ();
  double needed;
  Flow flow;

  flow_init (&flow, plot, style, left, width, measurer);
  converge_plot_set_font (measurer, style, 0.92);
  for (guint i = 0; i < n_series (plot); i++)
    {
      const ConvergeSeries *series = nth_series (plot, i);

      if (is_listed (series, style))
        flow_place (&flow, series, measurer);
    }
  cairo_destroy (measurer);
  needed = LINE * style->font_size * flow.line;
  return needed <= MOST * height ? needed : -1;
}

/* Calls back for each entry with its place, until one is taken. */
static gint
find_entry (const ConvergePlot *plot,
            const ConvergePlotStyle *style,
            const ConvergePlotArea *area,
            gboolean (*take) (const ConvergePlot *plot,
                              guint index,
                              double x,
                              double middle,
                              double end,
                              gpointer user_data),
            gpointer user_data)
{
  cairo_t *measurer;
  Flow flow;
  gint found = -1;

  if (!area->has_legend)
    return -1;
  measurer = make_measurer ();
  flow_init (&flow, plot, style, area->x, area->width, measurer);
  converge_plot_set_font (measurer, style, 0.92);
  for (guint i = 0; i < n_series (plot) && found < 0; i++)
    {
      const ConvergeSeries *series = nth_series (plot, i);
      double x;

      if (!is_listed (series, style))
        continue;
      x = flow_place (&flow, series, measurer);
      if (take (plot, i, x, area->legend_y + LINE * style->font_size * (flow.line + 0.5),
                flow.x - ENTRY_GAP, user_data))
        found = (gint) i;
    }
  cairo_destroy (measurer);
  return found;
}

/* From the colour of little to that of much. */
static void
draw_path_sample (cairo_t *cr,
                  const ConvergePlot *plot,
                  const ConvergeSeries *series,
                  double x,
                  double y)
{
  static const ConvergeRange unit = { 1, 10 };

  cairo_rectangle (cr, x, y - 4, SAMPLE_WIDTH, 8);
  cairo_fill (cr);
  for (guint i = 0; i + 4 < SAMPLE_WIDTH; i++)
    {
      const ConvergeAxis *axis = &plot->field->scale;
      const double value
        = axis->is_log ? pow (10, i / (SAMPLE_WIDTH - 4.0)) : 1 + 9 * i / (SAMPLE_WIDTH - 4.0);

      converge_plot_set_color (cr, converge_field_value_color (plot->field, &unit, value), 1);
      cairo_rectangle (cr, x + 2 + i, y - 2, 1, 4);
      cairo_fill (cr);
    }
}

static void
draw_sample (cairo_t *cr,
             const ConvergePlot *plot,
             const ConvergePlotStyle *style,
             const ConvergeSeries *series,
             double x,
             double y)
{
  converge_plot_set_stroke (cr, style, series);
  if (series->kind == CONVERGE_SERIES_LOST || series->kind == CONVERGE_SERIES_ABOVE)
    converge_plot_set_color (cr,
                             converge_field_color (plot->field,
                                                   series->kind == CONVERGE_SERIES_LOST
                                                     ? CONVERGE_CELL_LOST
                                                     : CONVERGE_CELL_ABOVE),
                             1);
  if (series->kind == CONVERGE_SERIES_BAND || series->kind == CONVERGE_SERIES_LOST
      || series->kind == CONVERGE_SERIES_ABOVE)
    {
      cairo_rectangle (cr, x, y - 4, SAMPLE_WIDTH, 8);
      cairo_fill (cr);
    }
  else if (series->kind == CONVERGE_SERIES_POINTS)
    {
      cairo_arc (cr, x + SAMPLE_WIDTH / 2, y, 3 + (series->has_halo ? series->width / 2 : 0), 0, 2 * G_PI);
      cairo_fill (cr);
    }
  else if (series->kind == CONVERGE_SERIES_PATH)
    {
      draw_path_sample (cr, plot, series, x, y);
    }
  else if (series->kind == CONVERGE_SERIES_UPRIGHT)
    {
      cairo_move_to (cr, x + SAMPLE_WIDTH / 2, y - 6);
      cairo_line_to (cr, x + SAMPLE_WIDTH / 2, y + 6);
      cairo_stroke (cr);
    }
  else if (series->is_dotted)
    {
      const double size = series->width * style->line_scale;

      for (double at = 0; at < SAMPLE_WIDTH; at += CONVERGE_DOT_DISTANCE * size)
        cairo_rectangle (cr, x + at, y - size / 2, size, size);
      cairo_fill (cr);
    }
  else
    {
      cairo_move_to (cr, x, y);
      cairo_line_to (cr, x + SAMPLE_WIDTH, y);
      cairo_stroke (cr);
    }
}

typedef struct
{
  cairo_t *cr;
  const ConvergePlotStyle *style;
} Drawing;

static gboolean
draw_entry (const ConvergePlot *plot,
            guint index,
            double x,
            double middle,
            double end,
            gpointer user_data)
{
  const ConvergeSeries *series = nth_series (plot, index);
  const Drawing *drawing = user_data;
  cairo_t *cr = drawing->cr;

  cairo_push_group (cr);
  draw_sample (cr, plot, drawing->style, series, x, middle);
  converge_plot_set_color (cr, drawing->style->text, 1);
  cairo_move_to (cr, x + SAMPLE_WIDTH + SAMPLE_GAP, middle + 0.35 * drawing->style->font_size);
  converge_plot_show_text (cr, series->label);
  cairo_pop_group_to_source (cr);
  cairo_paint_with_alpha (cr, series->is_visible ? 1 : 0.35);
  return FALSE;
}

/**
 * converge_plot_draw_legend:
 * @plot: a plot
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 *
 * Draws the legend above the data; hidden series, where the style has them there,
 * faintly.
 */
void
converge_plot_draw_legend (const ConvergePlot *plot,
                           cairo_t *cr,
                           const ConvergePlotStyle *style,
                           const ConvergePlotArea *area)
{
  Drawing drawing = { cr, style };

  cairo_save (cr);
  converge_plot_set_font (cr, style, 0.92);
  find_entry (plot, style, area, draw_entry, &drawing);
  cairo_restore (cr);
}

typedef struct
{
  double x;
  double y;
  double half_line;
} Place;

static gboolean
contains (const ConvergePlot *plot,
          guint index,
          double x,
          double middle,
          double end,
          gpointer user_data)
{
  const Place *place = user_data;

  return place->x >= x && place->x <= end && fabs (place->y - middle) <= place->half_line;
}

/**
 * converge_plot_legend_at:
 * @plot: a plot
 * @style: the style
 * @area: where data is drawn
 * @pixel_x: a place on the surface
 * @pixel_y: and how far down
 *
 * Returns: number of the series whose entry in the legend is there, −1 for none
 */
gint
converge_plot_legend_at (const ConvergePlot *plot,
                         const ConvergePlotStyle *style,
                         const ConvergePlotArea *area,
                         double pixel_x,
                         double pixel_y)
{
  Place place = { pixel_x, pixel_y, LINE * style->font_size / 2 };

  return find_entry (plot, style, area, contains, &place);
}
