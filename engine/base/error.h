/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AG_ERROR:
 *
 * The domain of the engine's errors; codes are of #AgError.
 */
#define AG_ERROR (ag_error_quark ())
GQuark ag_error_quark (void);

/**
 * AgError:
 * @AG_ERROR_SHAPE: shapes that do not go together
 * @AG_ERROR_DTYPE: element types that do not go together
 * @AG_ERROR_GRADIENT: a gradient that cannot be computed, or a custom
 *   Function that returned a wrong one
 * @AG_ERROR_DEVICE: the device failed or has no memory left
 * @AG_ERROR_ARGUMENT: a value out of its range, or an unknown name
 * @AG_ERROR_FILE: a file that could not be written
 * @AG_ERROR_CANCELLED: work that another thread ended, see ag_device_set_work()
 */
typedef enum
{
  AG_ERROR_SHAPE,
  AG_ERROR_DTYPE,
  AG_ERROR_GRADIENT,
  AG_ERROR_DEVICE,
  AG_ERROR_ARGUMENT,
  AG_ERROR_FILE,
  AG_ERROR_CANCELLED,
} AgError;

G_END_DECLS
