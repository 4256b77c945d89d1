/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "explain/account.h"

G_BEGIN_DECLS

char *converge_step_recent_terms (const AgModelClass *model,
                                  guint structure);
char *converge_step_recent_text (const AgAccount *account,
                                 guint nth);

G_END_DECLS
