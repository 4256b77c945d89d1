/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "plot/plot-range.h"

G_BEGIN_DECLS

/**
 * ConvergeSeriesKind:
 * @CONVERGE_SERIES_LINE: a polyline through points, interrupted where one is
 *   not finite
 * @CONVERGE_SERIES_TRAIL: several such lines, with a value that is not finite
 *   between them, each paler than the one before
 * @CONVERGE_SERIES_BAND: the area between two lines
 * @CONVERGE_SERIES_POINTS: a marker at each point
 * @CONVERGE_SERIES_RULE: a horizontal line across the plot
 * @CONVERGE_SERIES_UPRIGHT: a vertical one
 * @CONVERGE_SERIES_PATH: a line over a field, each part of which has the colour that the field
 *   has for its value
 * @CONVERGE_SERIES_ARROW: an arrow from a first point to a second one
 * @CONVERGE_SERIES_LOST: in the legend the colour of those cells of the plot's field that
 *   have no number; nothing else is drawn of it
 * @CONVERGE_SERIES_ABOVE: the same of those whose numbers are left out
 *
 * How a series is drawn.
 */
typedef enum
{
  CONVERGE_SERIES_LINE,
  CONVERGE_SERIES_TRAIL,
  CONVERGE_SERIES_BAND,
  CONVERGE_SERIES_POINTS,
  CONVERGE_SERIES_RULE,
  CONVERGE_SERIES_UPRIGHT,
  CONVERGE_SERIES_PATH,
  CONVERGE_SERIES_ARROW,
  CONVERGE_SERIES_LOST,
  CONVERGE_SERIES_ABOVE,
} ConvergeSeriesKind;

/**
 * ConvergeSeries:
 * @kind: how it is drawn
 * @id: name to find it by
 * @label: (nullable): its name in the legend; %NULL keeps it out of there
 * @color: index of its colour in the palette
 * @dash: index of the pattern of its dashes
 * @opacity: 0 to 1
 * @width: of a line, in pixels
 * @is_dashed: whether a line is dashed
 * @is_dotted: whether it is dotted
 * @has_halo: whether the background's colour is around it, so that it is seen on a field
 * @is_visible: whether it is drawn
 * @has_gaps: whether a value that is NaN is one there is not, rather than one that is lost,
 *   of which the end of a line tells
 * @is_signed: whether a logarithmic axis shows the sizes of the values, of a line, which is
 *   dashed where they are below 0
 * @in_range: whether axes that find their range by themselves include it
 * @most: values above this one do not count for that
 * @n: number of points; of a rule or an upright line, 1 if it has a value
 * @x: where the points are
 * @y: their values; of a band, the lower line
 * @high: of a band, the upper line; of a path, its values
 * @capacity: room in the arrays
 * @key: of a line of another run, what its points depend on
 * @is_live: whether that run goes on
 * @extent: of such a line, the ranges of its points: of x, of y, and of those y that are
 *   above 0
 *
 * Something drawn in a plot.
 */
typedef struct
{
  ConvergeSeriesKind kind;
  char *id;
  char *label;
  guint color;
  guint dash;
  double opacity;
  double width;
  gboolean is_dashed;
  gboolean is_dotted;
  gboolean has_halo;
  gboolean is_visible;
  gboolean has_gaps;
  gboolean is_signed;
  gboolean in_range;
  double most;
  gsize n;
  double *x;
  double *y;
  double *high;
  gsize capacity;
  guint64 key;
  gboolean is_live;
  ConvergeRange extent[3];
} ConvergeSeries;

/**
 * ConvergeCell:
 * @CONVERGE_CELL_UNKNOWN: nothing is known of it
 * @CONVERGE_CELL_VALUE: it has a value
 * @CONVERGE_CELL_LOST: what it has is no number
 * @CONVERGE_CELL_ABOVE: its value is left out: it is greater than those that are to be
 *   told apart
 *
 * The state of a cell of a field.
 */
typedef enum
{
  CONVERGE_CELL_UNKNOWN,
  CONVERGE_CELL_VALUE,
  CONVERGE_CELL_LOST,
  CONVERGE_CELL_ABOVE,
} ConvergeCell;

#define CONVERGE_FIELD_MAX_LEVELS 32

/**
 * ConvergeField:
 * @n_x: number of cells across
 * @n_y: number of cells up
 * @x: (array length=n_x): the middle of each column, ascending
 * @y: (array length=n_y): the middle of each row, ascending
 * @cells: what each cell has, row by row
 * @values: their values
 * @scale: what its colours stand for: an axis with a label but no room of its own
 * @is_signed: whether the colours diverge from 0
 * @is_smooth: whether it is a value at each of these places, with values in between, rather than one
 *   for a cell around it
 * @n_levels: number of @levels
 * @levels: of a smooth one, the values that have a contour, ascending
 * @serial: counts the changes of a smooth one, which who changes it does
 * @image: (nullable): what is kept of it between frames
 * @free_image: frees that
 *
 * A value for each place of a grid, drawn as a colour behind all series.
 */
typedef struct
{
  guint n_x;
  guint n_y;
  double *x;
  double *y;
  ConvergeCell *cells;
  double *values;
  ConvergeAxis scale;
  gboolean is_signed;
  gboolean is_smooth;
  guint n_levels;
  double levels[CONVERGE_FIELD_MAX_LEVELS];
  guint serial;
  gpointer image;
  GDestroyNotify free_image;
} ConvergeField;

/**
 * ConvergePlot:
 * @title: its name
 * @x: the horizontal axis
 * @y: the vertical axis
 * @field: (nullable): what is behind the series
 * @note: (nullable): what has to be known to read the plot, written into it
 * @hint: (nullable): what can be done where the pointer is
 * @series: (element-type ConvergeSeries): what is drawn, from back to front
 * @others: (element-type ConvergeSeries): lines of other runs, behind @series
 * @n_others: how many of them are up to date
 * @others_changed: whether some are not what they were
 * @others_serial: counts the changes of @others
 *
 * A plot as a model: nothing here depends on a size, a style or a display.
 */
typedef struct
{
  char *title;
  ConvergeAxis x;
  ConvergeAxis y;
  ConvergeField *field;
  char *note;
  char *hint;
  GPtrArray *series;
  GPtrArray *others;
  guint n_others;
  gboolean others_changed;
  guint others_serial;
} ConvergePlot;

ConvergePlot *converge_plot_new (const char *title,
                                 const char *x_label,
                                 const char *y_label);
void converge_plot_free (ConvergePlot *plot);

ConvergeSeries *converge_series_new (ConvergeSeriesKind kind,
                                     const char *id,
                                     const char *label,
                                     guint color);
ConvergeSeries *converge_plot_add_series (ConvergePlot *plot,
                                          ConvergeSeriesKind kind,
                                          const char *id,
                                          const char *label,
                                          guint color);
ConvergeSeries *converge_plot_find_series (const ConvergePlot *plot,
                                           const char *id);
void converge_series_set_points (ConvergeSeries *series,
                                 gsize n,
                                 const double *x,
                                 const double *y);
void converge_series_find_extent (ConvergeSeries *series);
void converge_series_set_band (ConvergeSeries *series,
                               gsize n,
                               const double *x,
                               const double *low,
                               const double *high);
double converge_series_shown_value (const ConvergeSeries *series,
                                    const ConvergeAxis *axis,
                                    gsize index);
void converge_series_set_value (ConvergeSeries *series,
                                double value);

ConvergeField *converge_plot_add_field (ConvergePlot *plot,
                                        const char *label,
                                        guint n_x,
                                        const double *x,
                                        guint n_y,
                                        const double *y);

void converge_field_set_grid (ConvergeField *field,
                              guint n_x,
                              const double *x,
                              guint n_y,
                              const double *y);

void converge_plot_get_range (const ConvergePlot *plot,
                              double *x_minimum,
                              double *x_maximum,
                              double *y_minimum,
                              double *y_maximum);
void converge_plot_zoom (ConvergePlot *plot,
                         double factor,
                         double center_x,
                         double center_y);
void converge_plot_pan (ConvergePlot *plot,
                        double fraction_x,
                        double fraction_y);
void converge_plot_follow (ConvergePlot *plot,
                           double x);
void converge_plot_reset_view (ConvergePlot *plot);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergePlot, converge_plot_free)

G_END_DECLS
