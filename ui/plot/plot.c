/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot.h"

#include "plot/plot-axis.h"

#include <math.h>
#include <string.h>

/* Room left around what an axis shows by itself, of its length. */
#define MARGIN 0.04

/* Room between what a view follows and its end, of its length. */
#define FOLLOW_MARGIN 0.1

static void
free_series (gpointer data)
{
  ConvergeSeries *series = data;

  g_free (series->id);
  g_free (series->label);
  g_free (series->x);
  g_free (series->y);
  g_free (series->high);
  g_free (series);
}

static void
free_field (ConvergeField *field)
{
  g_free (field->x);
  g_free (field->y);
  g_free (field->cells);
  g_free (field->values);
  g_free (field->scale.label);
  if (field->image != NULL)
    field->free_image (field->image);
  g_free (field);
}

/**
 * converge_plot_new:
 * @title: its name
 * @x_label: what is along the horizontal axis
 * @y_label: what is along the vertical axis
 *
 * Returns: (transfer full): a plot with nothing in it
 */
ConvergePlot *
converge_plot_new (const char *title,
                   const char *x_label,
                   const char *y_label)
{
  ConvergePlot *plot = g_new0 (ConvergePlot, 1);

  plot->title = g_strdup (title);
  plot->x.label = g_strdup (x_label);
  plot->y.label = g_strdup (y_label);
  plot->x.least_maximum = plot->y.least_maximum = NAN;
  plot->x.least_minimum = plot->y.least_minimum = 0;
  plot->x.greatest_maximum = plot->y.greatest_maximum = NAN;
  plot->series = g_ptr_array_new_with_free_func (free_series);
  plot->others = g_ptr_array_new_with_free_func (free_series);
  return plot;
}

/**
 * converge_plot_free:
 * @plot: (transfer full): a plot
 */
void
converge_plot_free (ConvergePlot *plot)
{
  g_free (plot->title);
  g_free (plot->x.label);
  g_free (plot->y.label);
  g_free (plot->note);
  g_free (plot->hint);
  g_clear_pointer (&plot->field, free_field);
  g_ptr_array_unref (plot->series);
  g_ptr_array_unref (plot->others);
  g_free (plot);
}

/**
 * converge_series_new:
 * @kind: how it is drawn
 * @id: name to find it by
 * @label: (nullable): its name in the legend, if it is to be there
 * @color: index of its colour in the palette
 *
 * Returns: (transfer full): a series without points, for a plot
 */
ConvergeSeries *
converge_series_new (ConvergeSeriesKind kind,
                     const char *id,
                     const char *label,
                     guint color)
{
  ConvergeSeries *series = g_new0 (ConvergeSeries, 1);

  series->kind = kind;
  series->id = g_strdup (id);
  series->label = g_strdup (label);
  series->color = series->dash = color;
  series->opacity = 1;
  series->width = 2;
  series->is_visible = TRUE;
  series->in_range = TRUE;
  series->most = INFINITY;
  return series;
}

/**
 * converge_plot_add_series:
 * @plot: a plot
 * @kind: how it is drawn
 * @id: name to find it by
 * @label: (nullable): its name in the legend, if it is to be there
 * @color: index of its colour in the palette
 *
 * Adds a series in front of those there are.
 *
 * Returns: (transfer none): the series, without points yet
 */
ConvergeSeries *
converge_plot_add_series (ConvergePlot *plot,
                          ConvergeSeriesKind kind,
                          const char *id,
                          const char *label,
                          guint color)
{
  ConvergeSeries *series = converge_series_new (kind, id, label, color);

  g_ptr_array_add (plot->series, series);
  return series;
}

/**
 * converge_plot_find_series:
 * @plot: a plot
 * @id: a name
 *
 * Returns: (transfer none) (nullable): the series of that name
 */
ConvergeSeries *
converge_plot_find_series (const ConvergePlot *plot,
                           const char *id)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (strcmp (series->id, id) == 0)
        return series;
    }
  return NULL;
}

static void
make_room (ConvergeSeries *series,
           gsize n)
{
  series->n = n;
  if (n <= series->capacity)
    return;
  series->capacity = MAX (n, 2 * series->capacity);
  series->x = g_renew (double, series->x, series->capacity);
  series->y = g_renew (double, series->y, series->capacity);
  series->high = g_renew (double, series->high, series->capacity);
}

/**
 * converge_series_set_points:
 * @series: a line, or points
 * @n: number of points
 * @x: (array length=n): where they are; copied
 * @y: (array length=n): their values; copied
 */
void
converge_series_set_points (ConvergeSeries *series,
                            gsize n,
                            const double *x,
                            const double *y)
{
  make_room (series, n);
  if (n == 0)
    return;
  memcpy (series->x, x, sizeof (double) * n);
  memcpy (series->y, y, sizeof (double) * n);
}

static void
widen (ConvergeRange *range,
       double value)
{
  range->minimum = fmin (range->minimum, value);
  range->maximum = fmax (range->maximum, value);
}

/**
 * converge_series_find_extent:
 * @series: a line that got its points
 *
 * Finds out once between what values they are, for a line that is not looked through in every
 * frame.
 */
void
converge_series_find_extent (ConvergeSeries *series)
{
  for (guint i = 0; i < G_N_ELEMENTS (series->extent); i++)
    series->extent[i] = (ConvergeRange){ NAN, NAN };
  for (gsize i = 0; i < series->n; i++)
    {
      if (isfinite (series->x[i]))
        widen (&series->extent[0], series->x[i]);
      if (isfinite (series->y[i]))
        widen (&series->extent[1], series->y[i]);
      if (isfinite (series->y[i]) && series->y[i] > 0)
        widen (&series->extent[2], series->y[i]);
    }
}

/**
 * converge_series_set_band:
 * @series: a band
 * @n: number of points
 * @x: (array length=n): where they are; copied
 * @low: (array length=n): the lower line; copied
 * @high: (array length=n): the upper line; copied
 */
void
converge_series_set_band (ConvergeSeries *series,
                          gsize n,
                          const double *x,
                          const double *low,
                          const double *high)
{
  converge_series_set_points (series, n, x, low);
  if (n > 0)
    memcpy (series->high, high, sizeof (double) * n);
}

/**
 * converge_series_shown_value:
 * @series: a series
 * @axis: the vertical axis of its plot
 * @index: of a point
 *
 * Returns: the value that the point is drawn at
 */
double
converge_series_shown_value (const ConvergeSeries *series,
                             const ConvergeAxis *axis,
                             gsize index)
{
  return series->is_signed && axis->is_log ? fabs (series->y[index]) : series->y[index];
}

/**
 * converge_series_set_value:
 * @series: a rule, or an upright line
 * @value: where it is; NaN for nowhere
 */
void
converge_series_set_value (ConvergeSeries *series,
                           double value)
{
  const double nowhere = NAN;
  const gboolean is_upright = series->kind == CONVERGE_SERIES_UPRIGHT;

  converge_series_set_points (series, isfinite (value) ? 1 : 0, is_upright ? &value : &nowhere,
                              is_upright ? &nowhere : &value);
}

/**
 * converge_field_set_grid:
 * @field: a field
 * @n_x: number of cells across
 * @x: (array length=n_x): the middle of each column, ascending; copied
 * @n_y: number of cells up
 * @y: (array length=n_y): the middle of each row, ascending; copied
 *
 * Gives it other cells, of which nothing is known yet.
 */
void
converge_field_set_grid (ConvergeField *field,
                         guint n_x,
                         const double *x,
                         guint n_y,
                         const double *y)
{
  const gsize n = (gsize) n_x * n_y;

  field->n_x = n_x;
  field->n_y = n_y;
  field->x = g_renew (double, field->x, n_x);
  field->y = g_renew (double, field->y, n_y);
  field->cells = g_renew (ConvergeCell, field->cells, n);
  field->values = g_renew (double, field->values, n);
  memcpy (field->x, x, sizeof (double) * n_x);
  memcpy (field->y, y, sizeof (double) * n_y);
  memset (field->cells, 0, sizeof (ConvergeCell) * n);
  memset (field->values, 0, sizeof (double) * n);
}

/**
 * converge_plot_add_field:
 * @plot: a plot without a field
 * @label: what its values are
 * @n_x: number of cells across
 * @x: (array length=n_x): the middle of each column, ascending; copied
 * @n_y: number of cells up
 * @y: (array length=n_y): the middle of each row, ascending; copied
 *
 * Adds a field of which nothing is known yet.
 *
 * Returns: (transfer none): the field
 */
ConvergeField *
converge_plot_add_field (ConvergePlot *plot,
                         const char *label,
                         guint n_x,
                         const double *x,
                         guint n_y,
                         const double *y)
{
  ConvergeField *field = g_new0 (ConvergeField, 1);

  converge_field_set_grid (field, n_x, x, n_y, y);
  field->scale.label = g_strdup (label);
  field->scale.least_maximum = field->scale.greatest_maximum = NAN;
  plot->field = field;
  return field;
}

/* Widens the range of the values that are seen; it is empty as long as its ends are NaN. */
static void
include (ConvergeRange *range,
         const ConvergeAxis *axis,
         double value)
{
  if (!isfinite (value) || (axis->is_log && value <= 0))
    return;
  range->minimum = fmin (range->minimum, value);
  range->maximum = fmax (range->maximum, value);
}

static ConvergeRange
find_range (const ConvergeAxis *axis,
            ConvergeRange values,
            double margin,
            gboolean has_data)
{
  ConvergeRange range;

  if (axis->has_view)
    return converge_axis_range (axis, axis->minimum, axis->maximum, 0);
  range = converge_axis_range (axis, values.minimum, values.maximum,
                               isnan (values.minimum) ? 0 : margin);
  return has_data ? range : converge_axis_round_out (axis, range);
}

static gboolean
is_line_across (const ConvergeSeries *series)
{
  return series->kind == CONVERGE_SERIES_RULE || series->kind == CONVERGE_SERIES_UPRIGHT;
}

/* The outermost cells reach as far beyond their middles as to the next ones; what is smooth ends
 * where it is known. */
static void
include_cells (ConvergeRange *range,
               const ConvergeAxis *axis,
               gboolean is_smooth,
               guint n,
               const double *middles)
{
  if (is_smooth)
    {
      include (range, axis, middles[0]);
      include (range, axis, middles[n - 1]);
      return;
    }
  include (range, axis, converge_axis_cell_edge (axis, n, middles, 0));
  include (range, axis, converge_axis_cell_edge (axis, n, middles, n));
}

/**
 * converge_plot_get_range:
 * @plot: a plot
 * @x_minimum: (out): left end of what is shown
 * @x_maximum: (out): right end
 * @y_minimum: (out): lower end
 * @y_maximum: (out): upper end
 *
 * Finds what the plot shows: where it was zoomed to, or everything visible. As long
 * as that is no data but rules, the axes end at round numbers; with data that come
 * one by one they would jump from one to the next. The axes can show it, whatever the
 * data: see converge_axis_can_show().
 */
void
converge_plot_get_range (const ConvergePlot *plot,
                         double *x_minimum,
                         double *x_maximum,
                         double *y_minimum,
                         double *y_maximum)
{
  ConvergeRange x = { NAN, NAN }, y = { NAN, NAN };
  gboolean has_data = FALSE;

  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (!series->is_visible || !series->in_range)
        continue;
      has_data |= series->n > 0 && !is_line_across (series);
      for (gsize k = 0; k < series->n; k++)
        {
          if (series->kind != CONVERGE_SERIES_RULE)
            include (&x, &plot->x, series->x[k]);
          if (series->kind != CONVERGE_SERIES_UPRIGHT && series->y[k] <= series->most)
            include (&y, &plot->y, converge_series_shown_value (series, &plot->y, k));
          if (series->kind == CONVERGE_SERIES_BAND)
            include (&y, &plot->y, series->high[k]);
        }
    }
  for (guint i = 0; i < plot->others->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->others, i);
      const ConvergeRange *values = &series->extent[plot->y.is_log ? 2 : 1];

      if (!series->in_range)
        continue;
      has_data = TRUE;
      include (&x, &plot->x, series->extent[0].minimum);
      include (&x, &plot->x, series->extent[0].maximum);
      include (&y, &plot->y, values->minimum);
      include (&y, &plot->y, values->maximum);
    }
  if (isfinite (plot->x.least_maximum))
    {
      include (&x, &plot->x, plot->x.least_minimum);
      include (&x, &plot->x, plot->x.least_maximum);
    }
  if (plot->field != NULL)
    {
      include_cells (&x, &plot->x, plot->field->is_smooth, plot->field->n_x, plot->field->x);
      include_cells (&y, &plot->y, plot->field->is_smooth, plot->field->n_y, plot->field->y);
      has_data = TRUE;
    }
  if (isfinite (plot->y.greatest_maximum))
    y.maximum = fmin (y.maximum, plot->y.greatest_maximum);
  x = find_range (&plot->x, x, 0, has_data);
  y = find_range (&plot->y, y, plot->field != NULL ? 0 : MARGIN, has_data);
  *x_minimum = x.minimum;
  *x_maximum = x.maximum;
  *y_minimum = y.minimum;
  *y_maximum = y.maximum;
}

/* Moves both ends of an axis' view, given as fractions of what it shows now:
 * neither into the last bits nor out of the numbers. */
static void
set_view (ConvergeAxis *axis,
          double minimum,
          double maximum,
          double from,
          double to)
{
  double low = converge_axis_scale (axis, minimum);
  double length = converge_axis_scale (axis, maximum) - low;
  ConvergeRange range = { converge_axis_unscale (axis, low + from * length),
                          converge_axis_unscale (axis, low + to * length) };

  if (!converge_axis_can_show (axis, range))
    return;
  axis->minimum = range.minimum;
  axis->maximum = range.maximum;
  axis->has_view = TRUE;
}

/**
 * converge_plot_zoom:
 * @plot: a plot
 * @factor: above 1 to see more of less
 * @center_x: what stays where it is, as a fraction of the width from the left
 * @center_y: and of the height from below
 */
void
converge_plot_zoom (ConvergePlot *plot,
                    double factor,
                    double center_x,
                    double center_y)
{
  double x0, x1, y0, y1;

  g_return_if_fail (factor > 0);

  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  set_view (&plot->x, x0, x1, center_x - center_x / factor,
            center_x + (1 - center_x) / factor);
  set_view (&plot->y, y0, y1, center_y - center_y / factor,
            center_y + (1 - center_y) / factor);
}

/**
 * converge_plot_pan:
 * @plot: a plot
 * @fraction_x: how far to move what is shown to the right, of its width
 * @fraction_y: and up, of its height
 */
void
converge_plot_pan (ConvergePlot *plot,
                   double fraction_x,
                   double fraction_y)
{
  double x0, x1, y0, y1;

  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  set_view (&plot->x, x0, x1, fraction_x, 1 + fraction_x);
  set_view (&plot->y, y0, y1, fraction_y, 1 + fraction_y);
}

/**
 * converge_plot_follow:
 * @plot: a plot
 * @x: a value
 *
 * Moves what is shown to the left or right, if it was zoomed to, so that @x is well among it.
 */
void
converge_plot_follow (ConvergePlot *plot,
                      double x)
{
  double x0, x1, y0, y1, at;

  if (!plot->x.has_view || (plot->x.is_log && x <= 0))
    return;
  converge_plot_get_range (plot, &x0, &x1, &y0, &y1);
  at = (converge_axis_scale (&plot->x, x) - converge_axis_scale (&plot->x, x0))
       / (converge_axis_scale (&plot->x, x1) - converge_axis_scale (&plot->x, x0));
  if (at < FOLLOW_MARGIN)
    set_view (&plot->x, x0, x1, at - FOLLOW_MARGIN, 1 + at - FOLLOW_MARGIN);
  else if (at > 1 - FOLLOW_MARGIN)
    set_view (&plot->x, x0, x1, at - 1 + FOLLOW_MARGIN, at + FOLLOW_MARGIN);
}

/**
 * converge_plot_reset_view:
 * @plot: a plot
 *
 * Shows everything again.
 */
void
converge_plot_reset_view (ConvergePlot *plot)
{
  plot->x.has_view = FALSE;
  plot->y.has_view = FALSE;
}
