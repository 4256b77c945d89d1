/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/device-private.h"
#include "device/gpu.h"
#include "graph/graph.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/**
 * ag_device_init:
 * @device: a device's common part, zeroed
 * @klass: what it can do
 * @title: the hardware's name
 */
void
ag_device_init (AgDevice *device,
                const AgDeviceClass *klass,
                const char *title)
{
  device->ref_count = 1;
  device->klass = klass;
  device->title = g_strdup (title);
  device->n_ahead = 1;
}

static AgDevice *
open_gpu (GError **error)
{
  const char *title;
  const char *reason = ag_gpu_module_probe (&title);

  if (reason == NULL)
    return ag_gpu_device_new (ag_gpu_module_load (&reason), title, error);
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("The device “cuda” cannot be used: %s. Use the device “cpu”."), reason);
  return NULL;
}

/**
 * ag_device_open:
 * @id: "cpu" or "cuda"
 * @n_threads: CPU threads, 0 for one a core
 * @error: return location for an %AG_ERROR_DEVICE or %AG_ERROR_ARGUMENT
 *
 * Opens a device for the thread that will record on it.
 *
 * Returns: (transfer full) (nullable): the device
 */
AgDevice *
ag_device_open (const char *id,
                guint n_threads,
                GError **error)
{
  if (g_strcmp0 (id, "cpu") == 0)
    return ag_cpu_device_new (n_threads, error);
  if (g_strcmp0 (id, "cuda") == 0)
    return open_gpu (error);

  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE, _ ("There is no device “%s” here; use “cpu”"), id);
  return NULL;
}

/**
 * ag_device_ref:
 * @device: a device
 *
 * Returns: (transfer full): @device
 */
AgDevice *
ag_device_ref (AgDevice *device)
{
  device->ref_count++;
  return device;
}

static void
free_pools (AgDevice *device)
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

/**
 * ag_device_unref:
 * @device: (transfer full): a device
 *
 * Drops a reference; the last one closes the device.
 */
void
ag_device_unref (AgDevice *device)
{
  if (--device->ref_count > 0)
    return;

  free_pools (device);
  device->klass->finalize (device);
  g_free (device->title);
  g_free (device);
}

/**
 * ag_device_id:
 * @device: a device
 *
 * Returns: (transfer none): what `--device` takes
 */
const char *
ag_device_id (const AgDevice *device)
{
  return device->klass->id;
}

/**
 * ag_device_title:
 * @device: a device
 *
 * Returns: (transfer none): the hardware's name
 */
const char *
ag_device_title (const AgDevice *device)
{
  return device->title;
}

/**
 * ag_device_engine:
 * @device: a device
 *
 * Returns: what ran the loops of the last step
 */
AgEngine
ag_device_engine (const AgDevice *device)
{
  return device->klass->engine (device);
}

/**
 * ag_device_n_ahead:
 * @device: a device
 *
 * Returns: how many steps are best recorded before one of their results is
 *   read, at least 1
 */
guint
ag_device_n_ahead (const AgDevice *device)
{
  return device->n_ahead;
}

static void
free_info (gpointer data)
{
  AgDeviceInfo *info = data;

  g_free (info->id);
  g_free (info->title);
  g_free (info->reason);
  g_free (info);
}

static AgDeviceInfo *
new_info (const char *id,
          char *title,
          const char *reason)
{
  AgDeviceInfo *info = g_new0 (AgDeviceInfo, 1);

  info->id = g_strdup (id);
  info->title = title;
  info->available = reason == NULL;
  info->reason = g_strdup (reason);
  return info;
}

/**
 * ag_device_list:
 *
 * Returns: (transfer full) (element-type AgDeviceInfo): the devices people may
 *   ask for, with the reason where one cannot be had
 */
GPtrArray *
ag_device_list (void)
{
  GPtrArray *devices = g_ptr_array_new_with_free_func (free_info);
  const char *title, *reason;

  g_ptr_array_add (devices, new_info ("cpu", ag_cpu_device_title (), NULL));
  reason = ag_gpu_module_probe (&title);
  g_ptr_array_add (devices, new_info ("cuda", g_strdup (title), reason));
  return devices;
}
