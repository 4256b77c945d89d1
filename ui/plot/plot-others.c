/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-others.h"

#include "plot/plot-pen.h"
#include "plot/plot-range.h"

#include <math.h>
#include <string.h>

/* Lines of other runs, behind those of the one that a plot is of. There may be hundreds of them,
 * and most never change again: so each has a key, by which it is known to be the same as before,
 * and they are drawn with the plot's frame, which is kept. */

/* How far a line may be from the points that it leaves out, in pixels. */
#define TOLERANCE 0.12

/* Nothing is drawn so far outside, where cairo's fixed point numbers end. */
#define FAR 20000

/**
 * converge_plot_begin_others:
 * @plot: a plot
 *
 * Begins to bring the lines of other runs up to date. Those that are not asked for with
 * converge_plot_add_other() until converge_plot_end_others() are dropped.
 */
void
converge_plot_begin_others (ConvergePlot *plot)
{
  plot->n_others = 0;
}

static gint
find_other (const ConvergePlot *plot,
            const char *id)
{
  for (guint i = plot->n_others; i < plot->others->len; i++)
    if (strcmp (((ConvergeSeries *) g_ptr_array_index (plot->others, i))->id, id) == 0)
      return (gint) i;
  return -1;
}

/**
 * converge_plot_add_other:
 * @plot: a plot
 * @id: name of the line
 * @color: index of its colour in the palette
 * @key: what its points depend on
 * @is_stale: (out): whether it has other points, or none, and is to get those that go with @key
 *
 * Asks for a line of another run, in front of those that were asked for before.
 *
 * Returns: (transfer none): the line
 */
ConvergeSeries *
converge_plot_add_other (ConvergePlot *plot,
                         const char *id,
                         guint color,
                         guint64 key,
                         gboolean *is_stale)
{
  const gint found = find_other (plot, id);
  ConvergeSeries *series;

  if (found < 0)
    {
      series = converge_series_new (CONVERGE_SERIES_LINE, id, NULL, color);
      series->width = 1.2;
      series->opacity = 0.7;
      g_ptr_array_insert (plot->others, (gint) plot->n_others, series);
    }
  else
    {
      series = g_ptr_array_steal_index (plot->others, (guint) found);
      g_ptr_array_insert (plot->others, (gint) plot->n_others, series);
    }
  if (found != (gint) plot->n_others || series->key != key)
    plot->others_changed = TRUE;
  *is_stale = found < 0 || series->key != key;
  series->key = key;
  plot->n_others++;
  return series;
}

/**
 * converge_plot_end_others:
 * @plot: a plot
 *
 * Drops the lines that were not asked for again.
 */
void
converge_plot_end_others (ConvergePlot *plot)
{
  if (plot->n_others < plot->others->len)
    {
      g_ptr_array_set_size (plot->others, (gint) plot->n_others);
      plot->others_changed = TRUE;
    }
  if (plot->others_changed)
    plot->others_serial++;
  plot->others_changed = FALSE;
}

/**
 * Pencil:
 * @cr: what is drawn on
 * @x: where the line was drawn to
 * @y: see @x
 * @last_x: the newest point, to which it is not drawn yet
 * @last_y: see @last_x
 * @least: the least slope of a line from (@x, @y) on that misses no point by more than is
 *   allowed
 * @most: the greatest
 * @has_last: whether there is a newest point
 *
 * Draws a line through points with as few corners as can be told from all of them.
 */
typedef struct
{
  cairo_t *cr;
  double x;
  double y;
  double last_x;
  double last_y;
  double least;
  double most;
  gboolean has_last;
} Pencil;

static void
pencil_begin (Pencil *pencil,
              double x,
              double y)
{
  cairo_move_to (pencil->cr, x, y);
  pencil->x = x;
  pencil->y = y;
  pencil->least = -INFINITY;
  pencil->most = INFINITY;
  pencil->has_last = FALSE;
}

static void
pencil_turn (Pencil *pencil)
{
  if (!pencil->has_last)
    return;
  cairo_line_to (pencil->cr, pencil->last_x, pencil->last_y);
  pencil->x = pencil->last_x;
  pencil->y = pencil->last_y;
  pencil->least = -INFINITY;
  pencil->most = INFINITY;
  pencil->has_last = FALSE;
}

static void
pencil_go (Pencil *pencil,
           double x,
           double y)
{
  double slope, slack;

  if (pencil->has_last)
    {
      slope = (y - pencil->y) / (x - pencil->x);
      if (!(x > pencil->last_x) || !(pencil->last_x > pencil->x) || slope < pencil->least
          || slope > pencil->most)
        pencil_turn (pencil);
    }
  if (x > pencil->x)
    {
      slope = (y - pencil->y) / (x - pencil->x);
      slack = TOLERANCE / (x - pencil->x);
      pencil->least = fmax (pencil->least, slope - slack);
      pencil->most = fmin (pencil->most, slope + slack);
    }
  pencil->last_x = x;
  pencil->last_y = y;
  pencil->has_last = TRUE;
}

/* From values of an axis, or their logarithms, to pixels. */
typedef struct
{
  const ConvergeAxis *axis;
  double start;
  double scale;
  double pixel;
} Ruler;

static Ruler
make_ruler (const ConvergeAxis *axis,
            double minimum,
            double maximum,
            double from_pixel,
            double to_pixel)
{
  const double start = converge_axis_scale (axis, minimum);
  const double length = converge_axis_scale (axis, maximum) - start;

  return (Ruler){ axis, start, (to_pixel - from_pixel) / length, from_pixel };
}

static double
measure (const Ruler *ruler,
         double value)
{
  return ruler->pixel + (converge_axis_scale (ruler->axis, value) - ruler->start) * ruler->scale;
}

static void
draw_other (cairo_t *cr,
            const ConvergePlotStyle *style,
            const ConvergePlotArea *area,
            const ConvergeSeries *series)
{
  const Ruler across = make_ruler (area->x_axis, area->x_minimum, area->x_maximum, area->x,
                                   area->x + area->width);
  const Ruler down = make_ruler (area->y_axis, area->y_minimum, area->y_maximum,
                                 area->y + area->height, area->y);
  Pencil pencil = { .cr = cr };
  gboolean is_joined = FALSE;

  converge_plot_set_stroke (cr, style, series);
  cairo_set_line_join (cr, CAIRO_LINE_JOIN_BEVEL);
  for (gsize i = 0; i < series->n; i++)
    {
      const double x = CLAMP (measure (&across, series->x[i]), -FAR, FAR);
      const double y = CLAMP (measure (&down, series->y[i]), -FAR, FAR);
      const gboolean is_seen = isfinite (x) && isfinite (y);

      if (is_seen && is_joined)
        pencil_go (&pencil, x, y);
      else if (is_seen)
        pencil_begin (&pencil, x, y);
      else
        pencil_turn (&pencil);
      is_joined = is_seen;
    }
  pencil_turn (&pencil);
  cairo_stroke (cr);
}

/**
 * converge_plot_draw_others:
 * @plot: a plot
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 * @is_live: whether those of runs that go on are drawn, or the others
 *
 * Draws lines of other runs.
 */
void
converge_plot_draw_others (const ConvergePlot *plot,
                           cairo_t *cr,
                           const ConvergePlotStyle *style,
                           const ConvergePlotArea *area,
                           gboolean is_live)
{
  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  /* Two hundred thin lines must not take longer than a frame. */
  cairo_set_antialias (cr, CAIRO_ANTIALIAS_FAST);
  for (guint i = 0; i < plot->others->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->others, i);

      if (series->is_live == is_live)
        draw_other (cr, style, area, series);
    }
  cairo_restore (cr);
}
