/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgHistory:
 *
 * Every loss of a run, in bounded memory: exact up to 16 million steps, after
 * that thinned by powers of two, to half a million entries and more, with the
 * minimum and maximum of what was dropped kept; and a pyramid of minima and
 * maxima, level k over 2^k finest entries, so that a plot of any number of steps
 * reads about as many entries as it has pixel columns. That takes 170 MB at most
 * until shortly after the first thinning, and 45 MB from then on.
 *
 * One thread pushes; any thread reads what was pushed before, without a lock.
 */
typedef struct _AgHistory AgHistory;

/**
 * AgHistoryEntry:
 * @step: the first step it covers
 * @stride: how many steps it covers
 * @minimum: least loss of them; NaN losses do not count unless all are NaN
 * @maximum: greatest loss of them
 * @loss: loss of the last of them
 */
typedef struct
{
  gint64 step;
  gint64 stride;
  double minimum;
  double maximum;
  double loss;
} AgHistoryEntry;

gsize ag_history_size (gint64 n_steps);
AgHistory *ag_history_new (gint64 n_steps);
gboolean ag_history_extend (AgHistory *history,
                            gint64 n_steps);
AgHistory *ag_history_ref (AgHistory *history);
void ag_history_unref (AgHistory *history);
void ag_history_push (AgHistory *history,
                      double loss);
gint64 ag_history_n_steps (const AgHistory *history);
gint64 ag_history_stride (const AgHistory *history);
guint ag_history_n_levels (const AgHistory *history);
guint ag_history_level_for (const AgHistory *history,
                            gint64 first_step,
                            gint64 last_step,
                            gint64 n_entries);
gsize ag_history_read (const AgHistory *history,
                       guint level,
                       gint64 first_step,
                       gint64 last_step,
                       gsize max_entries,
                       AgHistoryEntry *entries);

gint64 ag_history_find_below (const AgHistory *history,
                              double loss);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgHistory, ag_history_unref)

G_END_DECLS
