/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgDType:
 * @AG_DTYPE_FLOAT32: IEEE single precision, what PyTorch calls `torch.float32`
 * @AG_DTYPE_FLOAT64: IEEE double precision, `torch.float64`
 * @AG_DTYPE_INT64: signed 64-bit integers, for exponents and indices; an
 *   operation that meets one beside a float converts it to that float
 *
 * The type of a tensor's elements.
 */
typedef enum
{
  AG_DTYPE_FLOAT32,
  AG_DTYPE_FLOAT64,
  AG_DTYPE_INT64,
} AgDType;

#define AG_N_DTYPES 3

gsize ag_dtype_size (AgDType dtype);
const char *ag_dtype_name (AgDType dtype);
gboolean ag_dtype_from_name (const char *name,
                             AgDType *dtype);
gboolean ag_dtype_is_float (AgDType dtype);
double ag_dtype_round (AgDType dtype,
                       double value);

G_END_DECLS
