/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/layout.h"

#include <pthread.h>
#include <string.h>

/* Layouts are looked up in every step, so looking one up takes no lock: the
 * table is a fixed array of chains that only ever grow at their head. */
#define N_BUCKETS 1024

typedef struct _Entry Entry;

struct _Entry
{
  AgLayout layout;
  Entry *next;
};

static Entry *buckets[N_BUCKETS];
static pthread_mutex_t insert_lock = PTHREAD_MUTEX_INITIALIZER;

static guint
hash_layout (const AgLayout *layout)
{
  guint64 hash = (guint64) layout->n_dims * 0x9e3779b97f4a7c15u + (guint64) layout->offset;

  for (gint i = 0; i < layout->n_dims; i++)
    {
      hash = (hash ^ (guint64) layout->dims[i]) * 0x9e3779b97f4a7c15u;
      hash = (hash ^ (guint64) layout->strides[i]) * 0xc2b2ae3d27d4eb4fu;
    }
  return (guint) (hash >> 32) % N_BUCKETS;
}

static gboolean
same_layout (const AgLayout *a,
             const AgLayout *b)
{
  gsize size = sizeof (gint64) * (gsize) a->n_dims;

  return a->n_dims == b->n_dims
         && a->offset == b->offset
         && memcmp (a->dims, b->dims, size) == 0
         && memcmp (a->strides, b->strides, size) == 0;
}

static const AgLayout *
find_in_chain (const Entry *chain,
               const AgLayout *layout)
{
  for (; chain != NULL; chain = chain->next)
    if (same_layout (&chain->layout, layout))
      return &chain->layout;
  return NULL;
}

static const AgLayout *
intern (AgLayout *layout)
{
  Entry **bucket = &buckets[hash_layout (layout)];
  const AgLayout *found;
  Entry *entry;

  layout->n_elements = 1;
  for (gint i = 0; i < layout->n_dims; i++)
    layout->n_elements *= layout->dims[i];

  found = find_in_chain (g_atomic_pointer_get (bucket), layout);
  if (found != NULL)
    return found;

  pthread_mutex_lock (&insert_lock);
  found = find_in_chain (*bucket, layout);
  if (found == NULL)
    {
      entry = g_new (Entry, 1);
      entry->layout = *layout;
      entry->next = *bucket;
      if (entry->layout.shape == NULL)
        entry->layout.shape = &entry->layout;
      g_atomic_pointer_set (bucket, entry);
      found = &entry->layout;
    }
  pthread_mutex_unlock (&insert_lock);
  return found;
}

/**
 * ag_layout_scalar:
 *
 * Returns: (transfer none): the layout of a tensor without dimensions
 */
const AgLayout *
ag_layout_scalar (void)
{
  static const AgLayout *scalar;
  const AgLayout *layout = g_atomic_pointer_get (&scalar);

  if (layout == NULL)
    {
      layout = ag_layout_contiguous (0, NULL);
      g_atomic_pointer_set (&scalar, layout);
    }
  return layout;
}

/**
 * ag_layout_contiguous:
 * @n_dims: number of dimensions, at most %AG_MAX_DIMS
 * @dims: (array length=n_dims): the shape, none negative
 *
 * Returns: (transfer none): the layout of @dims in row-major order without gaps
 */
const AgLayout *
ag_layout_contiguous (gint n_dims,
                      const gint64 *dims)
{
  AgLayout layout = { .n_dims = n_dims };
  gint64 stride = 1;

  g_return_val_if_fail (n_dims >= 0 && n_dims <= AG_MAX_DIMS, NULL);

  for (gint i = n_dims - 1; i >= 0; i--)
    {
      layout.dims[i] = dims[i];
      layout.strides[i] = stride;
      stride *= MAX (dims[i], 1);
    }
  return intern (&layout);
}

/**
 * ag_layout_strided:
 * @n_dims: number of dimensions
 * @dims: (array length=n_dims): the shape
 * @strides: (array length=n_dims): strides in elements
 * @offset: index of the first element in the storage
 *
 * Returns: (transfer none): the layout so described
 */
const AgLayout *
ag_layout_strided (gint n_dims,
                   const gint64 *dims,
                   const gint64 *strides,
                   gint64 offset)
{
  const AgLayout *shape = ag_layout_contiguous (n_dims, dims);
  AgLayout layout = *shape;

  layout.offset = offset;
  for (gint i = 0; i < n_dims; i++)
    /* A dimension of one element is never stepped along: its stride is made
     * the contiguous one, so that layouts which mean the same are the same. */
    layout.strides[i] = dims[i] == 1 ? shape->strides[i] : strides[i];
  return intern (&layout);
}

/**
 * ag_layout_broadcast:
 * @a: a layout
 * @b: another
 *
 * The shape two operands of an elementwise operation have together, by NumPy's
 * rule: align at the last dimension, and 1 stretches to the other's size.
 *
 * See: <https://numpy.org/doc/stable/user/basics.broadcasting.html>
 *
 * Returns: (transfer none) (nullable): the common shape, contiguous, or %NULL
 *   when the two do not go together
 */
const AgLayout *
ag_layout_broadcast (const AgLayout *a,
                     const AgLayout *b)
{
  gint64 dims[AG_MAX_DIMS];
  gint n_dims = MAX (a->n_dims, b->n_dims);

  if (a->shape == b->shape || b->n_dims == 0)
    return a->shape;
  if (a->n_dims == 0)
    return b->shape;

  for (gint i = 1; i <= n_dims; i++)
    {
      gint64 dim_a = i <= a->n_dims ? a->dims[a->n_dims - i] : 1;
      gint64 dim_b = i <= b->n_dims ? b->dims[b->n_dims - i] : 1;

      if (dim_a != dim_b && dim_a != 1 && dim_b != 1)
        return NULL;
      dims[n_dims - i] = dim_a == 1 ? dim_b : dim_a;
    }
  return ag_layout_contiguous (n_dims, dims);
}

/**
 * ag_layout_expand:
 * @layout: the layout of an operand
 * @shape: a shape it broadcasts to
 *
 * Returns: (transfer none) (nullable): the same elements seen with the shape
 *   of @shape, stride 0 where they repeat; %NULL when @layout cannot be
 *   stretched so
 */
const AgLayout *
ag_layout_expand (const AgLayout *layout,
                  const AgLayout *shape)
{
  gint64 strides[AG_MAX_DIMS];
  gint ahead = shape->n_dims - layout->n_dims;

  if (layout->shape == shape->shape)
    return layout;
  if (ahead < 0)
    return NULL;

  for (gint i = 0; i < shape->n_dims; i++)
    {
      if (i < ahead || layout->dims[i - ahead] == 1)
        strides[i] = 0;
      else if (layout->dims[i - ahead] == shape->dims[i])
        strides[i] = layout->strides[i - ahead];
      else
        return NULL;
    }
  return ag_layout_strided (shape->n_dims, shape->dims, strides, layout->offset);
}

/**
 * ag_layout_transpose:
 * @layout: a layout
 * @dim0: a dimension of it
 * @dim1: another
 *
 * Returns: (transfer none): @layout with the two dimensions exchanged
 */
const AgLayout *
ag_layout_transpose (const AgLayout *layout,
                     gint dim0,
                     gint dim1)
{
  gint64 dims[AG_MAX_DIMS], strides[AG_MAX_DIMS];

  memcpy (dims, layout->dims, sizeof dims);
  memcpy (strides, layout->strides, sizeof strides);
  dims[dim0] = layout->dims[dim1];
  dims[dim1] = layout->dims[dim0];
  strides[dim0] = layout->strides[dim1];
  strides[dim1] = layout->strides[dim0];
  return ag_layout_strided (layout->n_dims, dims, strides, layout->offset);
}

/**
 * ag_layout_reduce:
 * @layout: a layout
 * @dims_mask: bit i is set when dimension i is summed over
 * @keep_dims: whether such a dimension stays, with size 1
 *
 * Returns: (transfer none): the contiguous layout of what a reduction leaves
 */
const AgLayout *
ag_layout_reduce (const AgLayout *layout,
                  guint dims_mask,
                  gboolean keep_dims)
{
  gint64 dims[AG_MAX_DIMS];
  gint n_dims = 0;

  for (gint i = 0; i < layout->n_dims; i++)
    {
      if ((dims_mask >> i & 1) == 0)
        dims[n_dims++] = layout->dims[i];
      else if (keep_dims)
        dims[n_dims++] = 1;
    }
  return ag_layout_contiguous (n_dims, dims);
}

/**
 * ag_layout_is_contiguous:
 * @layout: a layout
 *
 * Returns: whether the elements lie in row-major order without gaps, from
 *   wherever the first one is
 */
gboolean
ag_layout_is_contiguous (const AgLayout *layout)
{
  return layout->shape == layout
         || memcmp (layout->strides, layout->shape->strides,
                    sizeof (gint64) * (gsize) layout->n_dims)
              == 0;
}

/**
 * ag_layout_index:
 * @layout: a layout
 * @element: an element's number, counted in row-major order
 *
 * Returns: where that element lies in the storage, in elements
 */
gint64
ag_layout_index (const AgLayout *layout,
                 gint64 element)
{
  gint64 index = layout->offset;

  for (gint i = layout->n_dims - 1; i >= 0; i--)
    {
      index += element % layout->dims[i] * layout->strides[i];
      element /= layout->dims[i];
    }
  return index;
}

/**
 * ag_layout_to_string:
 * @layout: a layout
 *
 * Returns: (transfer full): the shape as people write it: "()", "(3,)",
 *   "(2000, 3)"
 */
char *
ag_layout_to_string (const AgLayout *layout)
{
  GString *string = g_string_new ("(");

  for (gint i = 0; i < layout->n_dims; i++)
    g_string_append_printf (string, i == 0 ? "%" G_GINT64_FORMAT : ", %" G_GINT64_FORMAT,
                            layout->dims[i]);
  g_string_append (string, layout->n_dims == 1 ? ",)" : ")");
  return g_string_free (string, FALSE);
}
