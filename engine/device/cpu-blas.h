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
 *
 * What is used of OpenBLAS.
 */
typedef struct
{
  __typeof__ (&cblas_sgemm) sgemm;
  __typeof__ (&cblas_dgemm) dgemm;
  __typeof__ (&cblas_sgemv) sgemv;
  __typeof__ (&cblas_dgemv) dgemv;
} AgCpuBlas;

const AgCpuBlas *ag_cpu_blas_load (GError **error);

G_END_DECLS
