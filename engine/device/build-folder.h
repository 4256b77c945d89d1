/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

const char *ag_build_folder (void);
char *ag_build_folder_find_part (const char *built,
                                 const char *installed,
                                 const char *name);

G_END_DECLS
