/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/loop-engine.h"
#include "device/work.h"

G_BEGIN_DECLS

typedef struct _AgDevice AgDevice;

/* No device takes more threads. */
#define AG_DEVICE_MAX_THREADS 256

AgDevice *ag_device_open (const char *id,
                          guint n_threads,
                          GError **error);
AgDevice *ag_device_ref (AgDevice *device);
void ag_device_unref (AgDevice *device);
const char *ag_device_id (const AgDevice *device);
const char *ag_device_title (const AgDevice *device);
AgLoopEngine ag_device_loop_engine (const AgDevice *device);
void ag_device_set_work (AgDevice *device,
                         AgWork *work);
AgWork *ag_device_work (const AgDevice *device);
gboolean ag_device_check_work (const AgDevice *device,
                               GError **error);

/* No device lets more steps wait for their losses to be read. */
#define AG_DEVICE_MAX_AHEAD 512

guint ag_device_n_ahead (const AgDevice *device);

/**
 * AgDeviceInfo:
 * @id: what `--device` takes: "cpu", "cuda"
 * @title: the hardware's name
 * @available: whether it can be opened
 * @reason: (nullable): why it cannot
 */
typedef struct
{
  char *id;
  char *title;
  gboolean available;
  char *reason;
} AgDeviceInfo;

GPtrArray *ag_device_list (void);
void ag_device_begin_to_look (void);
gboolean ag_device_is_looked_for (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgDevice, ag_device_unref)

G_END_DECLS
