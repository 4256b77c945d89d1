/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A clock never has more marks. */
#define AG_CLOCK_MAX_MARKS 512

/**
 * AgClock:
 *
 * When a run took its steps: for some of them, how many microseconds it had computed by then,
 * from which those in between are known. Pauses, and waiting for a pace or for others in a race,
 * are left out.
 *
 * One thread marks; any thread reads what was marked before, without a lock.
 */
typedef struct _AgClock AgClock;

AgClock *ag_clock_new (void);
AgClock *ag_clock_copy (const AgClock *clock,
                        gint64 last_step);
void ag_clock_free (AgClock *clock);
void ag_clock_mark (AgClock *clock,
                    gint64 step,
                    double microseconds);
guint ag_clock_read (const AgClock *clock,
                     double *steps,
                     double *microseconds);
double ag_clock_at (const AgClock *clock,
                    double step);
double ag_clock_interpolate (guint n,
                             const double *x,
                             const double *y,
                             double place);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgClock, ag_clock_free)

G_END_DECLS
