/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "explain/account.h"

G_BEGIN_DECLS

char *ag_words_number (double value);
char *ag_words_directions (const AgAccount *account,
                           const gboolean *is_meant);
char *ag_account_say (const AgAccount *account);

G_END_DECLS
