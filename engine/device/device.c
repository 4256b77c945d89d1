/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/device-private.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>

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
 * ag_device_loop_engine:
 * @device: a device
 *
 * Returns: what ran the loops of the last step
 */
AgLoopEngine
ag_device_loop_engine (const AgDevice *device)
{
  return device->klass->loop_engine (device);
}

/**
 * ag_device_set_work:
 * @device: a device
 * @work: (nullable): where it counts what it computes; must live as long as it is set
 *
 * Lets other threads see how far the device is, and end what it is at. That is not
 * for steps of a run, which must be taken whole.
 */
void
ag_device_set_work (AgDevice *device,
                    AgWork *work)
{
  device->work = work;
}

/**
 * ag_device_work:
 * @device: a device
 *
 * Returns: (transfer none) (nullable): what ag_device_set_work() was given
 */
AgWork *
ag_device_work (const AgDevice *device)
{
  return device->work;
}

/**
 * ag_device_check_work:
 * @device: a device
 * @error: return location for an %AG_ERROR_CANCELLED
 *
 * Returns: whether its work is still wanted
 */
gboolean
ag_device_check_work (const AgDevice *device,
                      GError **error)
{
  if (!ag_work_is_cancelled (device->work))
    return TRUE;
  g_set_error (error, AG_ERROR, AG_ERROR_CANCELLED,
               _ ("The data were not prepared to the end, since the run was stopped."));
  return FALSE;
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
