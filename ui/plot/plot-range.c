/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-range.h"

#include <float.h>
#include <math.h>

/* A linear axis is scaled down by this, so that neither the length of all the
 * numbers there are nor a margin around it overflows. A power of two loses no
 * bits. */
#define LINEAR_SCALE 0.25

/* The ends of a linear axis, scaled: a rounding away from the greatest numbers,
 * so that what is computed from them is a number. */
#define LINEAR_LIMIT (LINEAR_SCALE * DBL_MAX * (1 - 4 * DBL_EPSILON))

/* The ends of a logarithmic axis, in decades. The lower one leaves ticks that
 * are close to each other enough bits. */
#define LOG_MINIMUM (-290)
#define LOG_MAXIMUM 308.25

/* How short an axis can be: as a part of its greater end, or in decades. A tick
 * then still has a label of its own with the digits of a double. */
#define LEAST_LENGTH 1e-12

/* A range that is made is longer by so much than it must be, and a logarithm may
 * miss the end of its axis by so little, since values are rounded. */
#define RESERVE 2
#define ROUNDING 1e-9

/* A linear axis cannot be shorter than this anywhere, since numbers near zero
 * have fewer bits. */
#define LEAST_LINEAR_LENGTH 1e-300

/* The room that a single value has on each side: as a part of the value, or in
 * decades. */
#define ROOM 0.5

/**
 * converge_axis_scale:
 * @axis: an axis
 * @value: a value; above 0 if the axis is logarithmic
 *
 * Returns: the value on a scale that is even along the axis, and on which the
 *   distance between two finite values is finite
 */
double
converge_axis_scale (const ConvergeAxis *axis,
                     double value)
{
  return axis->is_log ? log10 (value) : LINEAR_SCALE * value;
}

/**
 * converge_axis_unscale:
 * @axis: an axis
 * @scaled: what converge_axis_scale() returned
 *
 * Returns: the value; not finite where there is no such number
 */
double
converge_axis_unscale (const ConvergeAxis *axis,
                       double scaled)
{
  return axis->is_log ? pow (10, scaled) : scaled / LINEAR_SCALE;
}

static double
limit (const ConvergeAxis *axis,
       double scaled)
{
  return axis->is_log ? CLAMP (scaled, LOG_MINIMUM, LOG_MAXIMUM)
                      : CLAMP (scaled, -LINEAR_LIMIT, LINEAR_LIMIT);
}

/* Returns where a value is on the axis' scale, or NaN for a value that a logarithmic axis has no
 * place for. */
static double
place (const ConvergeAxis *axis,
       double value)
{
  return axis->is_log && value <= 0 ? NAN : converge_axis_scale (axis, value);
}

/* How far apart two places must be. */
static double
least_length (const ConvergeAxis *axis,
              double low,
              double high)
{
  if (axis->is_log)
    return LEAST_LENGTH;
  return fmax (LEAST_LENGTH * fmax (fabs (low), fabs (high)), LINEAR_SCALE * LEAST_LINEAR_LENGTH);
}

/**
 * converge_axis_can_show:
 * @axis: an axis
 * @range: two numbers
 *
 * Returns: whether the axis can go from one to the other: they are finite, in
 *   order, and so far apart that there are numbers with short names between
 *   them
 */
gboolean
converge_axis_can_show (const ConvergeAxis *axis,
                        ConvergeRange range)
{
  double low = place (axis, range.minimum), high = place (axis, range.maximum);

  return isfinite (low) && isfinite (high) && low >= limit (axis, low) - ROUNDING
         && high <= limit (axis, high) + ROUNDING && high - low >= least_length (axis, low, high);
}

/**
 * converge_axis_range:
 * @axis: an axis
 * @a: one end of what is to be seen; any number
 * @b: the other end; any number
 * @margin: room to leave on both sides, as a part of the length
 *
 * Finds what an axis is to show so that both numbers are seen. Ends that are
 * in the wrong order are exchanged, those that an axis cannot reach are moved
 * to where it ends, an end that is no number or has no logarithm takes the
 * other one's place, and a length that is none is widened.
 *
 * Returns: a range for which converge_axis_can_show() is true
 */
ConvergeRange
converge_axis_range (const ConvergeAxis *axis,
                     double a,
                     double b,
                     double margin)
{
  double low = fmin (place (axis, a), place (axis, b));
  double high = fmax (place (axis, a), place (axis, b));
  double room;
  ConvergeRange range = { a, b };

  if (margin == 0 && converge_axis_can_show (axis, range))
    return range;
  if (isnan (low))
    {
      low = place (axis, axis->is_log ? 1 : 0);
      high = place (axis, axis->is_log ? 10 : 1);
    }
  low = limit (axis, low);
  high = limit (axis, high);
  if (high - low < RESERVE * least_length (axis, low, high))
    {
      room = axis->is_log ? ROOM : ROOM * fmax (fabs (low), fabs (high));
      if (room < RESERVE * least_length (axis, low, high))
        room = place (axis, 1);
      low = limit (axis, low - room);
      high = limit (axis, high + room);
    }
  room = margin * (high - low);
  range.minimum = converge_axis_unscale (axis, limit (axis, low - room));
  range.maximum = converge_axis_unscale (axis, limit (axis, high + room));
  return range;
}

/**
 * converge_axis_cell_edge:
 * @axis: an axis
 * @n: number of cells, at least 1
 * @middles: (array length=n): their middles, ascending
 * @edge: which edge, from 0, before the first cell, to @n, behind the last one
 *
 * Returns: where the edge is: half-way between two middles, as the axis shows them
 */
double
converge_axis_cell_edge (const ConvergeAxis *axis,
                         guint n,
                         const double *middles,
                         guint edge)
{
  const guint above = CLAMP (edge, 1, MAX (n, 2) - 1), below = above - 1;
  double low, high;

  if (n == 1)
    return middles[0];
  low = place (axis, middles[below]);
  high = place (axis, middles[above]);
  if (edge == 0)
    return converge_axis_unscale (axis, low - (high - low) / 2);
  if (edge == n)
    return converge_axis_unscale (axis, high + (high - low) / 2);
  return converge_axis_unscale (axis, low + (high - low) / 2);
}
