/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/least-squares.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * AgBestFound:
 * @is_exact: whether there is no better one
 * @sum: the least sum of squares, or twice the least sum of another loss
 * @coefficients: where it is
 * @n_free: number of @free
 * @free: (array length=n_free): the coefficients that are not held
 * @n_starts: from how many starts it was looked for
 * @n_iterations: how many steps were tried from the best of them
 * @triangle: the problem made linear there, with the free coefficients in their order
 * @problem: what was solved
 *
 * The best fit that was found.
 */
typedef struct
{
  gboolean is_exact;
  double sum;
  double *coefficients;
  guint n_free;
  guint *free;
  guint n_starts;
  guint n_iterations;
  const AgTriangle *triangle;
  AgLeastSquares *problem;
} AgBestFound;

gboolean ag_best_found_init (AgBestFound *found,
                             const AgRunSpec *spec,
                             const AgData *data,
                             guint n_starts,
                             const double *const *starts,
                             AgWork *work);
void ag_best_found_clear (AgBestFound *found);

G_END_DECLS
