/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/jacobian.h"
#include "train/least-squares.h"
#include "train/uncertainty.h"

G_BEGIN_DECLS

/* How far a number may be from what was expected of it by rounding alone, relatively. */
#define AG_LEAST_SQUARES_ROUNDING 1e-9

/**
 * AgLeastSquares:
 * @klass: what is fitted
 * @data: to what
 * @jacobian: its derivatives
 * @triangle: the problem at the coefficients looked at last, made linear: what a change of each
 *   parameter changes, and as right side what is missing
 * @kept: what @triangle was before a step was tried
 * @work: (nullable): what cancels it
 * @n_parameters: number of the model's parameters
 * @n: how many of them are free
 * @free: the free ones
 * @order: the same in the order that @triangle has them, those that enter linearly first
 * @n_linear: how many enter linearly
 * @is_linear: whether all are known to do so, and squares are summed
 * @is_misjudged: whether they turned out not to do so
 * @n_points: number of points
 * @x: (nullable): the points, if not all of the data's are used
 * @y: (nullable): what is to be fitted there
 * @weights: (nullable): how many of the data's points each stands for
 * @has_delta: whether it is not squares that are summed
 * @delta: then, how far from the target they end; 0 for absolute values alone
 * @sum: the sum at the coefficients looked at last
 * @size: the sum of squares of what is to be fitted
 * @knows_mean: whether all points were looked at once
 * @around_mean: then, the sum of squares of what is to be fitted around its mean
 * @derivatives: room for those of some points, (n_parameters, %AG_JACOBIAN_POINTS)
 *
 * A problem of least squares: a model, and data that it is fitted to. It belongs to one thread
 * at a time.
 */
struct _AgLeastSquares
{
  const AgModelClass *klass;
  const AgData *data;
  AgJacobian *jacobian;
  AgTriangle *triangle;
  AgTriangle *kept;
  AgWork *work;
  guint n_parameters;
  guint n;
  guint *free;
  guint *order;
  guint n_linear;
  gboolean is_linear;
  gboolean is_misjudged;
  gint64 n_points;
  double *x;
  double *y;
  double *weights;
  gboolean has_delta;
  double delta;
  double sum;
  double size;
  gboolean knows_mean;
  AgSumAroundMean around_mean;
  double *derivatives;
};

guint ag_least_squares_n_structures (const AgLeastSquares *problem);
gboolean ag_least_squares_look_at (AgLeastSquares *problem,
                                   const double *coefficients);
double ag_least_squares_sum_beyond (const AgLeastSquares *problem,
                                    guint n);

G_END_DECLS
