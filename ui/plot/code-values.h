/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "explain/account.h"
#include "script/listing.h"

G_BEGIN_DECLS

char *converge_stop_value (const AgRunSpec *spec,
                           const AgAccount *account,
                           AgStop stop);
char *converge_code_value (const AgRunSpec *spec,
                           const AgAccount *account,
                           const AgListingLine *line);

G_END_DECLS
