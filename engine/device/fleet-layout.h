/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/dtype.h"

#include <glib.h>

G_BEGIN_DECLS

/* Steps of a run have two turns: what a step leaves in the memory of its turn, the next one, which
 * has the other, reads there. */
#define AG_FLEET_N_TURNS 2

/**
 * AgFleetPlace:
 * @AG_FLEET_SHARED: all runs read the same memory
 * @AG_FLEET_KEPT: each run has memory of its own, which the host writes and reads too
 * @AG_FLEET_SCRATCH: each run has memory of its own, which only steps write and read
 * @AG_FLEET_NUMBER: a number, which may be another one for each run
 *
 * What a buffer of a plan is to the runs of a fleet.
 */
typedef enum
{
  AG_FLEET_SHARED,
  AG_FLEET_KEPT,
  AG_FLEET_SCRATCH,
  AG_FLEET_NUMBER,
} AgFleetPlace;

/**
 * AgFleetBuffer:
 * @place: what it is
 * @address: of a shared one, where it is in the device's address space
 * @offsets: of one that each run has, where it is in the run's memory, for each turn
 *
 * A buffer of a plan in a fleet.
 */
typedef struct
{
  AgFleetPlace place;
  void *address;
  gsize offsets[AG_FLEET_N_TURNS];
} AgFleetBuffer;

/**
 * AgFleetLayout:
 * @n_buffers: number of @buffers, which is that of the plan's
 * @buffers: where they are
 * @n_kept: how many bytes a run keeps
 * @n_scratch: how many bytes more its steps need
 * @n_varying: number of @varying
 * @varying: the buffers that are numbers which differ from step to step
 * @result: the buffer that has a step's result, which is kept
 * @result_offset: how many bytes before it in there
 * @result_dtype: what it is
 *
 * How many runs of one plan are made at once: what they share, and what each has for itself.
 */
typedef struct
{
  gint n_buffers;
  AgFleetBuffer *buffers;
  gsize n_kept;
  gsize n_scratch;
  guint n_varying;
  gint *varying;
  gint result;
  gsize result_offset;
  AgDType result_dtype;
} AgFleetLayout;

/**
 * AgFleetTask:
 * @n_steps: how many steps a run is to take
 * @turn: which turn the first of them has
 */
typedef struct
{
  gint64 n_steps;
  gint64 turn;
} AgFleetTask;

G_END_DECLS
