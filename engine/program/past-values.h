/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "model/model.h"

G_BEGIN_DECLS

typedef struct _AgPastValues AgPastValues;

AgPastValues *ag_past_values_new (AgModel *model);
void ag_past_values_free (AgPastValues *past);
void ag_past_values_remember (AgPastValues *past,
                              guint n_generations);
gboolean ag_past_values_go_back (AgPastValues *past,
                                 guint n_back);
gboolean ag_past_values_read (AgPastValues *past,
                              guint n_back,
                              double *coefficients,
                              GError **error);

G_END_DECLS
