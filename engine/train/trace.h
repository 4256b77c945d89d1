/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A trace gives at most so many steps. */
#define AG_TRACE_MAX_POINTS 1024

/**
 * AgTrace:
 *
 * Some numbers, the coefficients, over a whole run, in bounded memory: at
 * evenly spaced steps, the closer the shorter the run is so far.
 *
 * One thread pushes; any thread reads what was pushed before, without a lock.
 */
typedef struct _AgTrace AgTrace;

gsize ag_trace_size (guint n_values);
gsize ag_trace_n_bytes (const AgTrace *trace);
AgTrace *ag_trace_new (guint n_values);
void ag_trace_free (AgTrace *trace);
void ag_trace_copy (AgTrace *trace,
                    const AgTrace *from,
                    gint64 last_step);
gboolean ag_trace_is_due (const AgTrace *trace,
                          gint64 step);
gint64 ag_trace_until_due (const AgTrace *trace,
                           gint64 step);
void ag_trace_push (AgTrace *trace,
                    gint64 step,
                    const double *values);
void ag_trace_at (const AgTrace *trace,
                  gint64 step,
                  double *values);
gsize ag_trace_read (const AgTrace *trace,
                     guint value,
                     double *steps,
                     double *values);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTrace, ag_trace_free)

G_END_DECLS
