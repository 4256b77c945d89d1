/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *ag_suggest (const char *word,
                        const char *const *candidates);

G_END_DECLS
