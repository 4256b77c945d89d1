/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

char *cuda_compile (const char *text,
                    const char *architecture,
                    GBytes **binary);
char *cuda_compile_key (const char *text,
                        const char *architecture);
char *cuda_compile_cached (const char *text,
                           const char *architecture,
                           gboolean *is_kept,
                           GBytes **binary);

G_END_DECLS
