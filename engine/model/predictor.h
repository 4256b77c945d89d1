/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device.h"
#include "model/model.h"

G_BEGIN_DECLS

typedef struct _AgPredictor AgPredictor;

AgPredictor *ag_predictor_new (const AgModelClass *klass,
                               GError **error);
AgPredictor *ag_predictor_new_on (const AgModelClass *klass,
                                  AgDevice *device,
                                  GError **error);
void ag_predictor_free (AgPredictor *predictor);
gboolean ag_predictor_evaluate (AgPredictor *predictor,
                                const double *coefficients,
                                gsize n,
                                const double *x,
                                double *y,
                                GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgPredictor, ag_predictor_free)

G_END_DECLS
