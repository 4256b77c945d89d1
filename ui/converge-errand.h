/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "device/work.h"

#include <glib-object.h>

G_BEGIN_DECLS

typedef struct _ConvergeErrand ConvergeErrand;

/**
 * ConvergeErrandKind:
 * @size: of the struct that an errand is the beginning of
 * @run: does it, on a thread
 * @end: tells who wanted it, in the main loop, if that one is still there
 * @clear: frees what else the struct has
 *
 * A kind of errand.
 */
typedef struct
{
  gsize size;
  void (*run) (ConvergeErrand *errand);
  void (*end) (ConvergeErrand *errand,
               gpointer owner);
  void (*clear) (ConvergeErrand *errand);
} ConvergeErrandKind;

/**
 * ConvergeErrand:
 * @kind: what is to be done
 * @owner: who wants it; may be gone by then
 * @work: what cancels it
 *
 * Something that takes longer than a frame, done beside the main loop: a struct that begins
 * with this has what is asked and what comes of it. It goes from the main loop to a thread and
 * back, and belongs to one of them at a time, @work aside.
 */
struct _ConvergeErrand
{
  const ConvergeErrandKind *kind;
  GWeakRef owner;
  AgWork work;
};

gpointer converge_errand_new (const ConvergeErrandKind *kind,
                              gpointer owner);
void converge_errand_free (gpointer errand);
void converge_errand_send (gpointer errand,
                           GThreadPool *runner);
void converge_errand_do (gpointer errand);
void converge_errand_cancel (gpointer errand);
GThreadPool *converge_errand_runner_new (void);

G_END_DECLS
