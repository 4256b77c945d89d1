/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/storage.h"

#include "device/device-private.h"

static gsize
size_class (gsize n_bytes)
{
  /* Beyond a page, exact sizes keep a program's few large tensors from taking
   * up to twice the memory they need. */
  if (n_bytes > 4096)
    return (n_bytes + 4095) & ~(gsize) 4095;
  return MAX ((gsize) 64, (gsize) 1 << g_bit_storage (n_bytes - 1));
}

static AgStorage **
find_pool (AgDevice *device,
           gsize n_bytes)
{
  for (guint i = 0; i < device->n_pools; i++)
    if (device->pools[i].n_bytes == n_bytes)
      return &device->pools[i].free;

  if (device->n_pools == AG_DEVICE_MAX_POOLS)
    return NULL;
  device->pools[device->n_pools].n_bytes = n_bytes;
  return &device->pools[device->n_pools++].free;
}

/**
 * ag_storage_new:
 * @device: a device
 * @n_bytes: size, at least 1
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Takes memory from @device. Memory given back before is used again, so that a
 * step which makes the tensors of the step before allocates nothing.
 *
 * Returns: (transfer full) (nullable): the storage, its content undefined, or
 *   %NULL when the device has no memory left
 */
AgStorage *
ag_storage_new (AgDevice *device,
                gsize n_bytes,
                GError **error)
{
  gsize size = size_class (MAX (n_bytes, 1));
  AgStorage **pool = find_pool (device, size);
  AgStorage *storage;
  void *data;

  if (pool != NULL && *pool != NULL)
    {
      storage = *pool;
      *pool = storage->next;
    }
  else
    {
      data = device->klass->alloc (device, size, error);
      if (data == NULL)
        return NULL;
      storage = g_new0 (AgStorage, 1);
      storage->data = data;
      storage->n_bytes = size;
    }

  storage->ref_count = 1;
  storage->next = NULL;
  storage->device = ag_device_ref (device);
  return storage;
}

/**
 * ag_storage_release:
 * @storage: a storage without references
 *
 * Gives its memory back to the device.
 */
void
ag_storage_release (AgStorage *storage)
{
  AgDevice *device = storage->device;
  AgStorage **pool = find_pool (device, storage->n_bytes);

  if (pool != NULL)
    {
      storage->next = *pool;
      *pool = storage;
    }
  else
    {
      device->klass->free (device, storage->data, storage->n_bytes);
      g_free (storage);
    }
  ag_device_unref (device);
}

/**
 * ag_storage_free_pools:
 * @device: a device that is being closed
 *
 * Frees the memory that was given back.
 */
void
ag_storage_free_pools (AgDevice *device)
{
  for (guint i = 0; i < device->n_pools; i++)
    while (device->pools[i].free != NULL)
      {
        AgStorage *storage = device->pools[i].free;

        device->pools[i].free = storage->next;
        device->klass->free (device, storage->data, storage->n_bytes);
        g_free (storage);
      }
}
