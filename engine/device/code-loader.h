/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gpointer ag_code_load (GBytes *library,
                       const char *symbol);

G_END_DECLS
