/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device.h"

G_BEGIN_DECLS

typedef struct _AgStorage AgStorage;

/**
 * AgStorage:
 * @device: where the memory is; each storage holds a reference
 * @data: the memory, in the device's address space
 * @n_bytes: usable size
 * @next: of those that were given back, another of that size
 *
 * Memory of a device, reference counted. Storages belong to the thread that
 * uses the device.
 */
struct _AgStorage
{
  gint ref_count;
  AgDevice *device;
  void *data;
  gsize n_bytes;
  AgStorage *next;
};

AgStorage *ag_storage_new (AgDevice *device,
                           gsize n_bytes,
                           GError **error);
void ag_storage_release (AgStorage *storage);
void ag_storage_free_pools (AgDevice *device);

/**
 * ag_storage_ref:
 * @storage: a storage
 *
 * Returns: (transfer full): @storage
 */
static inline AgStorage *
ag_storage_ref (AgStorage *storage)
{
  storage->ref_count++;
  return storage;
}

/**
 * ag_storage_unref:
 * @storage: (transfer full): a storage
 *
 * Drops a reference; with the last one the memory goes back to the device.
 */
static inline void
ag_storage_unref (AgStorage *storage)
{
  if (--storage->ref_count == 0)
    ag_storage_release (storage);
}

G_END_DECLS
