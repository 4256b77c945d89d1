/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

#define AG_SWEEP_MIN_VALUES 2
#define AG_SWEEP_MAX_VALUES 100000

/* The id of an axis begins with this where it is an initial value: "init.b". */
#define AG_SWEEP_INIT "init."

/**
 * AgSweepAxis:
 * @id: what takes the values: a setting's id, "lr", or that of an initial value, "init.b"
 * @setting: (nullable): the setting; %NULL where it is an initial value
 * @parameter: of an initial value, which of the model's parameters begins there
 * @is_log: whether the values are evenly spaced in their logarithms
 * @n: number of @values, at least 2
 * @values: (array length=n): in ascending order
 *
 * The values that a setting takes in one run after the other. It never changes.
 */
typedef struct
{
  char *id;
  const AgSetting *setting;
  guint parameter;
  gboolean is_log;
  guint n;
  double *values;
} AgSweepAxis;

gboolean ag_sweep_can_have (const AgSetting *setting);
gboolean ag_sweep_is_range (const char *text);
AgSweepAxis *ag_sweep_axis_new (const AgRunSpec *spec,
                                const char *id,
                                const char *range,
                                guint n,
                                GError **error);
AgSweepAxis *ag_sweep_axis_copy (const AgSweepAxis *axis);
void ag_sweep_axis_free (AgSweepAxis *axis);
char *ag_sweep_axis_format (const AgSweepAxis *axis,
                            guint index);
gboolean ag_sweep_axis_apply (const AgSweepAxis *axis,
                              guint index,
                              AgRunSpec *spec,
                              GError **error);
double ag_sweep_axis_now (const AgSweepAxis *axis,
                          const AgRunSpec *spec);
gboolean ag_sweep_axis_is_of (const AgSweepAxis *axis,
                              const AgRunSpec *spec,
                              GError **error);

/* sweep-suggest.c */
GPtrArray *ag_sweep_subjects (const AgRunSpec *spec);
char *ag_sweep_suggest (const AgRunSpec *specs,
                        guint n_specs,
                        const char *id);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgSweepAxis, ag_sweep_axis_free)

G_END_DECLS
