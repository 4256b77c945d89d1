/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define AG_MAX_DIMS 8

typedef struct _AgLayout AgLayout;

/**
 * AgLayout:
 * @n_dims: number of dimensions; 0 for a scalar
 * @n_elements: product of @dims; 1 for a scalar
 * @offset: index of the first element in the storage, in elements
 * @dims: the shape, outermost dimension first
 * @strides: distance of neighbours along each dimension, in elements; 0
 *   repeats one element along the dimension
 * @shape: the contiguous layout of the same shape: two tensors have the same
 *   shape just when their layouts have the same @shape
 *
 * A shape and how it lies in storage. Layouts are interned: equal ones are
 * the same pointer and live as long as the process, so comparing two costs
 * one instruction and nobody owns them.
 */
struct _AgLayout
{
  gint n_dims;
  gint64 n_elements;
  gint64 offset;
  gint64 dims[AG_MAX_DIMS];
  gint64 strides[AG_MAX_DIMS];
  const AgLayout *shape;
};

const AgLayout *ag_layout_scalar (void);
const AgLayout *ag_layout_contiguous (gint n_dims,
                                      const gint64 *dims);
const AgLayout *ag_layout_strided (gint n_dims,
                                   const gint64 *dims,
                                   const gint64 *strides,
                                   gint64 offset);
const AgLayout *ag_layout_broadcast (const AgLayout *a,
                                     const AgLayout *b);
const AgLayout *ag_layout_expand (const AgLayout *layout,
                                  const AgLayout *shape);
const AgLayout *ag_layout_transpose (const AgLayout *layout,
                                     gint dim0,
                                     gint dim1);
const AgLayout *ag_layout_reduce (const AgLayout *layout,
                                  guint dims_mask,
                                  gboolean keep_dims);
gboolean ag_layout_is_contiguous (const AgLayout *layout);
gint64 ag_layout_index (const AgLayout *layout,
                        gint64 element);
char *ag_layout_to_string (const AgLayout *layout);

G_END_DECLS
