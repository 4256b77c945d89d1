/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/ref-count.h"
#include "data/data.h"
#include "data/expression.h"
#include "data/outline.h"

G_BEGIN_DECLS

/**
 * AgData:
 * @ref_count: how many hold it, on any thread
 * @origin: what they came from: the formula as it was typed, or a name
 * @n_points: how many points there are, at least 2
 * @x_minimum: the least x
 * @x_maximum: the greatest x
 * @y_minimum: without a formula, the least y
 * @y_maximum: without a formula, the greatest y
 * @formula: (nullable): what computes y; the points are then evenly spaced, and none
 *   is stored
 * @table: (nullable): the table that they are from, with @x and @y in it, unless there
 *   is @original
 * @original: (nullable): of standardized data, what they were before
 * @has_scale: whether @scale is known of data that are not standardized
 * @scale: of standardized data, how they come from @original; else, how they would be standardized
 * @x: (nullable): without a formula, each point's x, before it was standardized
 * @y: (nullable): without a formula, each point's y, likewise
 * @n_outline: how many points @outline has
 * @outline: without a formula, numbers of points that show what the data are, from left
 *   to right
 *
 * The points that a run fits. They never change, so that any thread may read them
 * without a lock.
 */
struct _AgData
{
  AgRefCount ref_count;
  char *origin;
  gint64 n_points;
  double x_minimum;
  double x_maximum;
  double y_minimum;
  double y_maximum;
  AgExpression *formula;
  AgTable *table;
  AgData *original;
  gboolean has_scale;
  AgScale scale;
  double *x;
  double *y;
  gsize n_outline;
  gint64 outline[AG_OUTLINE_MAX_POINTS];
};

G_END_DECLS
