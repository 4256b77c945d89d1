/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <cblas.h>
#include <glib.h>

G_BEGIN_DECLS

/**
 * AgCpuBlas:
 * @sgemm: product of two matrices of float32
 * @dgemm: of float64
 * @sgemv: product of a matrix of float32 with a vector
 * @dgemv: of float64
 * @dgeqrf: (nullable): LAPACK's factorization of a matrix of float64 into an orthogonal and a
 *   triangular one
 * @dgelsd: (nullable): LAPACK's least squares solution of least norm, by singular values
 *
 * The functions of OpenBLAS that are used. LAPACK's functions are those of Fortran: numbers are
 * passed by their addresses, and matrices are stored column by column. A library that was built
 * without them can still multiply.
 */
typedef struct
{
  __typeof__ (&cblas_sgemm) sgemm;
  __typeof__ (&cblas_dgemm) dgemm;
  __typeof__ (&cblas_sgemv) sgemv;
  __typeof__ (&cblas_dgemv) dgemv;
  void (*dgeqrf) (const blasint *n_rows,
                  const blasint *n_columns,
                  double *a,
                  const blasint *stride,
                  double *tau,
                  double *work,
                  const blasint *n_work,
                  blasint *info);
  void (*dgelsd) (const blasint *n_rows,
                  const blasint *n_columns,
                  const blasint *n_right_sides,
                  double *a,
                  const blasint *a_stride,
                  double *b,
                  const blasint *b_stride,
                  double *singular_values,
                  const double *least_ratio,
                  blasint *rank,
                  double *work,
                  const blasint *n_work,
                  blasint *integer_work,
                  blasint *info);
} AgCpuBlas;

const AgCpuBlas *ag_cpu_blas_load (GError **error);

G_END_DECLS
