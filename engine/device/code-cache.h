/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/work-folder.h"

G_BEGIN_DECLS

/* The first is more bytes than any one code has, the second the most that all codes of one kind
 * may have together. The code of a loop has about 15 kB. */
#define AG_CODE_MAX_BYTES (16 * 1024 * 1024)
#define AG_CODE_CACHE_MAX_BYTES (64 * 1024 * 1024)

typedef struct _AgCodeCache AgCodeCache;

AgCodeCache *ag_code_cache_open (const char *kind);
void ag_code_cache_close (AgCodeCache *cache);
GBytes *ag_code_cache_get (AgCodeCache *cache,
                           const char *key);
void ag_code_cache_remove (AgCodeCache *cache,
                           const char *key);
AgWorkFolder *ag_code_cache_begin (AgCodeCache *cache,
                                   const char *key);
gboolean ag_code_cache_put (AgCodeCache *cache,
                            const char *key,
                            GBytes *code,
                            const AgWorkFolder *work);
GBytes *ag_code_read (int folder,
                      const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgCodeCache, ag_code_cache_close)

G_END_DECLS
