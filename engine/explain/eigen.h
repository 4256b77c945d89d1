/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void ag_eigen_symmetric (guint n,
                         double *matrix,
                         double *values,
                         double *vectors);

G_END_DECLS
