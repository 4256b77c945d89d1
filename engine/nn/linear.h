/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/random.h"
#include "nn/module.h"

G_BEGIN_DECLS

AgModule *ag_linear_new (gint64 in_features,
                         gint64 out_features,
                         AgDType dtype,
                         AgGenerator *generator);
AgTensor *ag_linear_weight (const AgModule *linear);
AgTensor *ag_linear_bias (const AgModule *linear);

G_END_DECLS
