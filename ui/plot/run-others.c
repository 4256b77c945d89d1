/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/run-others.h"

#include "plot/plot-others.h"

#include <string.h>

/* The lines of the other runs in the plots of a run: each run has one colour in all of them. */

/**
 * converge_run_others_has_same_points:
 * @view: the run that a plot is of
 * @other: another run
 *
 * Returns: whether both fit the same points, so that their fits can be compared
 */
gboolean
converge_run_others_has_same_points (const ConvergeRunView *view,
                                     const ConvergeRunView *other)
{
  /* This is asked of each run in every frame. */
  const AgRunSpec *a = view->spec, *b = other->spec;

  if (!ag_run_spec_has_file (a) && !ag_run_spec_has_file (b))
    return a->from == b->from && a->to == b->to && strcmp (a->target, b->target) == 0;
  return strcmp (a->data, b->data) == 0 && strcmp (a->x, b->x) == 0 && strcmp (a->y, b->y) == 0
         && a->delimiter == b->delimiter && a->decimal == b->decimal && a->scale == b->scale;
}

static guint64
mix (guint64 hash,
     guint64 number)
{
  hash = (hash ^ number) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  return hash ^ hash >> 32;
}

/**
 * converge_run_others_key:
 * @other: a run
 * @n_numbers: number of @numbers
 * @numbers: (array length=n_numbers): what else its line depends on
 *
 * Returns: a key for converge_run_others_add() of a line that shows what the run has come to
 */
guint64
converge_run_others_key (const ConvergeRunView *other,
                         guint n_numbers,
                         const gint64 *numbers)
{
  guint64 key = mix (other->id, other->snapshot->serial);

  for (guint i = 0; i < n_numbers; i++)
    key = mix (key, (guint64) numbers[i]);
  return key;
}

/**
 * converge_run_others_name:
 * @view: the run that a plot is of
 * @series: a line
 * @label: (nullable): what the legend calls it
 *
 * Names a line in the legend, or, with %NULL, keeps it out of there.
 */
void
converge_run_others_name (const ConvergeRunView *view,
                          ConvergeSeries *series,
                          const char *label)
{
  if (g_strcmp0 (series->label, label) == 0)
    return;
  g_free (series->label);
  series->label = g_strdup (label);
}

/**
 * converge_run_others_add:
 * @plot: a plot, between converge_plot_begin_others() and converge_plot_end_others()
 * @view: the run that it is of
 * @other: another run
 * @part: which of that run's lines, from 0; each has its own dashes
 * @key: see converge_run_others_key()
 * @is_stale: (out): whether it is to get points
 *
 * Returns: (transfer none): the line
 */
ConvergeSeries *
converge_run_others_add (ConvergePlot *plot,
                         const ConvergeRunView *view,
                         const ConvergeRunView *other,
                         guint part,
                         guint64 key,
                         gboolean *is_stale)
{
  const gboolean is_live = other->snapshot->state == AG_TRAINER_RUNNING;
  ConvergeSeries *series;
  char id[64];

  g_snprintf (id, sizeof id, "%" G_GUINT64_FORMAT " %u", other->id, part);
  series = converge_plot_add_other (plot, id, other->color,
                                    mix (key, (guint64) is_live << 32 | other->color), is_stale);
  series->color = other->color;
  series->is_live = is_live;
  series->is_dashed = part > 0;
  series->dash = part;
  converge_run_others_name (view, series, view->names_runs && part == 0 ? other->name : NULL);
  return series;
}
