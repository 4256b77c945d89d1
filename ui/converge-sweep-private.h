/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-sweep.h"

G_BEGIN_DECLS

/**
 * ConvergeSweep:
 * @settings: what its runs are made of
 * @runs: those for which it makes room
 * @n_axes: of how many settings it goes through the values
 * @subjects: what they are
 * @ranges: (nullable): what was typed for each range; %NULL for what is suggested
 * @suggested: of those, what that was last
 * @has_all: whether it has a curve for each optimizer
 * @look: how it is looked at
 * @is_active: whether somebody sees it
 * @made_for: the settings that @results are for
 * @data: (nullable): the points of their file, if they have one
 * @results: (nullable): the sweep under way, or done
 * @n_seen: how many of its runs were seen
 * @error: (nullable): why there is none
 *
 * A sweep that follows the settings: when they change, it gives up what it did and begins
 * anew, as long as somebody sees it. It leaves a core to each run that is under way.
 */
struct _ConvergeSweep
{
  GObject parent_instance;

  ConvergeSettings *settings;
  ConvergeRuns *runs;
  guint n_axes;
  char *subjects[AG_SWEEP_MAX_AXES];
  char *ranges[AG_SWEEP_MAX_AXES];
  char *suggested[AG_SWEEP_MAX_AXES];
  gboolean has_all;
  ConvergeSweepLook look;
  gboolean is_active;
  AgRunSpec made_for;
  AgData *data;
  AgSweep *results;
  guint n_seen;
  char *error;
};

/* Returns the range that was typed for an axis or, if none was, the suggested one. */
static inline const char *
converge_sweep_find_range (const ConvergeSweep *self,
                           guint axis)
{
  return self->ranges[axis] != NULL ? self->ranges[axis] : self->suggested[axis];
}

/* converge-sweep-begin.c */
gboolean converge_sweep_is_made_for (ConvergeSweep *self,
                                     const AgRunSpec *spec);
void converge_sweep_suggest (ConvergeSweep *self);
void converge_sweep_begin (ConvergeSweep *self,
                           guint n_threads,
                           GError **error);

G_END_DECLS
