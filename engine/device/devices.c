/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/error.h"
#include "device/device-private.h"
#include "device/gpu.h"

#include <glib/gi18n-lib.h>
#include <pthread.h>
#include <stdatomic.h>

/* The table of the devices: a device is listed and opened by its name. */

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

static atomic_bool is_begun;

static void *
look (void *data)
{
  const char *title;

  ag_gpu_module_probe (&title);
  return NULL;
}

/**
 * ag_device_begin_to_look:
 *
 * Looks for devices on a thread, since that takes a second where there is a GPU. Whoever
 * asks for a list of them meanwhile waits for the thread; ag_device_is_looked_for() says
 * whether that would be so.
 */
void
ag_device_begin_to_look (void)
{
  pthread_t thread;

  if (pthread_create (&thread, NULL, look, NULL) != 0)
    return;
  pthread_detach (thread);
  atomic_store (&is_begun, TRUE);
}

/**
 * ag_device_is_looked_for:
 *
 * Returns: whether devices are looked for on a thread, so that a list of them must be waited for
 */
gboolean
ag_device_is_looked_for (void)
{
  return atomic_load (&is_begun) && !ag_gpu_module_is_probed ();
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
