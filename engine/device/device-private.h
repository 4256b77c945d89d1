/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "device/device.h"
#include "device/fleet-layout.h"
#include "plan/plan.h"

G_BEGIN_DECLS

#define AG_DEVICE_MAX_POOLS 64

/* In a batch each run has buffers of up to this many elements for itself. The runs share larger
 * ones, which are data. */
#define AG_DEVICE_MAX_OWN 16

typedef struct _AgStorage AgStorage;
typedef struct _AgDeviceClass AgDeviceClass;
typedef struct _AgExecutable AgExecutable;
typedef struct _AgBinding AgBinding;
typedef struct _AgDeviceFleet AgDeviceFleet;

/**
 * AgDeviceClass:
 * @id: "cpu", "cuda"
 * @alloc: memory of the device, aligned to 64 bytes; %NULL and an error when
 *   there is none left
 * @free: gives it back
 * @upload: copies from the host's memory to the device's
 * @download: copies from the device's memory to the host's, when all that was
 *   executed before has been done
 * @prepare: turns a plan into what @execute runs; @plan outlives it
 * @execute: runs it: @buffers has the memory of each of the plan's buffers in
 *   the device's address space (numbers: in the host's)
 * @release: frees what @prepare made
 * @binding_new: (nullable): makes room for an executable with its buffers; %NULL where
 *   nothing is gained by that
 * @bind: says where the buffers are from now on; %FALSE if the executable cannot be run in this
 *   way, or not yet
 * @bind_batch: (nullable): as @bind, for a batch of @n_batch runs, of which each has the buffers of
 *   few elements for itself: element e of run r is at e × @n_batch + r. Only one such executable
 *   is run at a time
 * @run: runs so many, as @execute does; all are of one executable, and none reads or writes what
 *   another writes
 * @binding_free: frees what @binding_new made
 * @fleet_most: (nullable): how many runs of an executable the device makes at once, each with all
 *   of its steps; 0 if it cannot; %NULL where nothing is gained by that
 * @fleet_new: takes memory for so many, and for their results in so many steps
 * @fleet_write: says what the runs keep, one after the other, and their numbers, a word for each of
 *   the plan's buffers
 * @fleet_run: takes steps of all of them, at most @n_most of each; @varying has those numbers of
 *   each run for each of @n_most steps, and @results gets their results in the same order. A run
 *   ends with a result that is not finite
 * @fleet_read: reads what the runs keep
 * @fleet_free: frees what @fleet_new made
 * @loop_engine: what ran the loops of what was executed last
 * @finalize: frees what the device itself holds, first of all its pools, by
 *   ag_storage_free_pools()
 *
 * The functions that a device must offer.
 */
struct _AgDeviceClass
{
  const char *id;
  void *(*alloc) (AgDevice *device,
                  gsize n_bytes,
                  GError **error);
  void (*free) (AgDevice *device,
                void *data,
                gsize n_bytes);
  gboolean (*upload) (AgDevice *device,
                      void *target,
                      const void *source,
                      gsize n_bytes,
                      GError **error);
  gboolean (*download) (AgDevice *device,
                        void *target,
                        const void *source,
                        gsize n_bytes,
                        GError **error);
  AgExecutable *(*prepare) (AgDevice *device,
                            const AgPlan *plan,
                            GError **error);
  gboolean (*execute) (AgDevice *device,
                       AgExecutable *executable,
                       void *const *buffers,
                       GError **error);
  void (*release) (AgDevice *device,
                   AgExecutable *executable);
  AgBinding *(*binding_new) (AgExecutable *executable);
  gboolean (*bind) (AgDevice *device,
                    AgBinding *binding,
                    void *const *buffers);
  gboolean (*bind_batch) (AgDevice *device,
                          AgBinding *binding,
                          void *const *buffers);
  void (*run) (AgBinding *const *bindings,
               guint n);
  void (*binding_free) (AgBinding *binding);
  guint (*fleet_most) (AgDevice *device,
                       AgExecutable *executable,
                       const AgFleetLayout *layout);
  AgDeviceFleet *(*fleet_new) (AgDevice *device,
                               AgExecutable *executable,
                               const AgFleetLayout *layout,
                               guint n_runs,
                               guint n_most,
                               GError **error);
  gboolean (*fleet_write) (AgDeviceFleet *fleet,
                           const void *kept,
                           const guint64 *numbers,
                           GError **error);
  gboolean (*fleet_run) (AgDeviceFleet *fleet,
                         const AgFleetTask *tasks,
                         guint n_most,
                         const guint64 *varying,
                         double *results,
                         GError **error);
  gboolean (*fleet_read) (AgDeviceFleet *fleet,
                          void *kept,
                          GError **error);
  void (*fleet_free) (AgDeviceFleet *fleet);
  AgLoopEngine (*loop_engine) (const AgDevice *device);
  void (*finalize) (AgDevice *device);
};

/**
 * AgDevice:
 * @klass: what it can do
 * @title: the hardware's name
 * @n_ahead: how many steps are best recorded before one of their results is
 *   read, at most %AG_DEVICE_MAX_AHEAD; 1 on a device that computes at once
 * @n_batch: how many runs are a batch; 0 if there is no @bind_batch, or nothing is gained by it
 * @work: (nullable): where it counts what it computes
 * @n_pools: number of @pools
 * @pools: memory that was given back, by size, which is the matter of storage.c
 *
 * The part every device begins with. A device belongs to the thread that
 * records on it.
 */
struct _AgDevice
{
  gint ref_count;
  const AgDeviceClass *klass;
  char *title;
  guint n_ahead;
  guint n_batch;
  AgWork *work;
  guint n_pools;
  struct
  {
    gsize n_bytes;
    AgStorage *free;
  } pools[AG_DEVICE_MAX_POOLS];
};

void ag_device_init (AgDevice *device,
                     const AgDeviceClass *klass,
                     const char *title);

AgDevice *ag_cpu_device_new (guint n_threads,
                             GError **error);
char *ag_cpu_device_title (void);

G_END_DECLS
