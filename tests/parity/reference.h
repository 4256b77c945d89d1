/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/trainer.h"

G_BEGIN_DECLS

typedef void (*ReferenceRow) (char **fields,
                              gpointer user_data);

void reference_foreach (const char *file,
                        const char *header,
                        ReferenceRow func,
                        gpointer user_data);
gboolean reference_set_up (void);
void reference_run (const AgRunSpec *spec,
                    AgSnapshot **last,
                    double *initial,
                    AgHistory **history);
double reference_loss (const AgHistory *history,
                       gint64 step);

G_END_DECLS
