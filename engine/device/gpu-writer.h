/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/source-writer.h"

G_BEGIN_DECLS

/* A loop over no more elements than this is small: its number of elements stands in the text, it is
 * done by one block, and each thread has one element at most. */
#define AG_GPU_MAX_TINY 64

/**
 * AgGpuSourceStage:
 * @n_elements: size of the index space that its loop goes over
 * @n_work: how many operands and results it goes through, which is more where each
 *   result is a sum
 * @n_totals: number of sums that end it
 * @n_registers: about how many registers a thread needs for it
 * @n_followers: how many stages after it its kernel finish_<number> runs
 * @is_follower: whether the kernel of a stage before runs it
 * @is_product: whether it is a matrix product with too much work for a loop of
 *   its own, to be left to BLAS; there is no source for it
 *
 * The part of the source that a stage of a plan has become.
 */
typedef struct
{
  gint64 n_elements;
  gint64 n_work;
  guint n_totals;
  guint n_registers;
  guint n_followers;
  gboolean is_follower;
  gboolean is_product;
} AgGpuSourceStage;

/**
 * AgGpuWriter:
 * @base: the writing of what is the same for all compilers
 * @sizes: (element-type gint64): numbers that kernels get as arguments
 *
 * The writing of plans for a GPU.
 */
typedef struct
{
  AgSourceWriter base;
  GArray *sizes;
} AgGpuWriter;

void ag_gpu_writer_append_size (AgGpuWriter *writer,
                                gint64 size);
void ag_gpu_writer_begin_body (AgGpuWriter *writer,
                               gint number);

G_END_DECLS
