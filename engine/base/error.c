/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"

/* Not by G_DEFINE_QUARK, whose variable the threads of a window and its trainer
 * would write and read at the same time. */
GQuark
ag_error_quark (void)
{
  return g_quark_from_static_string ("ag-error-quark");
}
