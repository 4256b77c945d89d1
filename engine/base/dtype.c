/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/dtype.h"

static const struct
{
  const char *name;
  gsize size;
} dtypes[AG_N_DTYPES] = {
  [AG_DTYPE_FLOAT32] = { "float32", 4 },
  [AG_DTYPE_FLOAT64] = { "float64", 8 },
  [AG_DTYPE_INT64] = { "int64", 8 },
};

/**
 * ag_dtype_size:
 * @dtype: an element type
 *
 * Returns: the size of one element in bytes
 */
gsize
ag_dtype_size (AgDType dtype)
{
  return dtypes[dtype].size;
}

/**
 * ag_dtype_name:
 * @dtype: an element type
 *
 * Returns: (transfer none): PyTorch's name of the type, such as "float32"
 */
const char *
ag_dtype_name (AgDType dtype)
{
  return dtypes[dtype].name;
}

/**
 * ag_dtype_from_name:
 * @name: a name as ag_dtype_name() gives it
 * @dtype: (out): the type of that name
 *
 * Returns: whether there is a type of that name
 */
gboolean
ag_dtype_from_name (const char *name,
                    AgDType *dtype)
{
  for (guint i = 0; i < AG_N_DTYPES; i++)
    if (g_strcmp0 (name, dtypes[i].name) == 0)
      {
        *dtype = (AgDType) i;
        return TRUE;
      }
  return FALSE;
}

/**
 * ag_dtype_is_float:
 * @dtype: an element type
 *
 * Returns: whether elements are floating-point numbers; only such tensors
 *   can require a gradient
 */
gboolean
ag_dtype_is_float (AgDType dtype)
{
  return dtype != AG_DTYPE_INT64;
}

/**
 * ag_dtype_round:
 * @dtype: an element type
 * @value: a number
 *
 * Returns: @value as an element of type @dtype would hold it
 */
double
ag_dtype_round (AgDType dtype,
                double value)
{
  switch (dtype)
    {
    case AG_DTYPE_FLOAT32:
      return (float) value;
    case AG_DTYPE_INT64:
      return (double) (gint64) value;
    case AG_DTYPE_FLOAT64:
    default:
      return value;
    }
}
