/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/surface-plot.h"

#include "plot/plot-axis.h"
#include "plot/plot-palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* The loss over a plane of coefficients: its contours, the ways of runs, and what a step is made
 * of. */

/* Colours tell this many decades below the greatest value apart. */
#define MOST_DECADES 8

/* How long the longest of two axes is, to each side, and arrows are, as shares of the picture. */
#define AXIS_LENGTH 0.3
#define ARROW_LENGTH 0.14

/* Arrows are drawn to one scale unless one is so many times as long as another. */
#define MOST_RATIO 12

static char *
find_hidden (const ConvergePlot *plot)
{
  GString *hidden = g_string_new ("\n");

  for (guint i = 0; i < plot->series->len; i++)
    {
      const ConvergeSeries *series = g_ptr_array_index (plot->series, i);

      if (!series->is_visible)
        g_string_append_printf (hidden, "%s\n", series->id);
    }
  return g_string_free (hidden, FALSE);
}

static void
hide (ConvergePlot *plot,
      const char *hidden)
{
  for (guint i = 0; i < plot->series->len; i++)
    {
      ConvergeSeries *series = g_ptr_array_index (plot->series, i);
      g_autofree char *line = g_strdup_printf ("\n%s\n", series->id);

      if (strstr (hidden, line) != NULL)
        series->is_visible = FALSE;
    }
}

/* Chooses as many contours as can be told apart: one for each power of ten, or some in between. */
static void
find_levels (ConvergeField *field,
             double least,
             double most)
{
  static const double parts[][3] = { { 1 }, { 1, 3 }, { 1, 2, 5 } };
  const double decades = log10 (most / least);
  const guint n_parts = decades > 9 ? 1 : decades > 4 ? 2
                                                      : 3;

  field->n_levels = 0;
  if (!(decades > 0.4))
    {
      for (guint i = 1; i < 9; i++)
        field->levels[field->n_levels++] = least * pow (most / least, i / 9.0);
      return;
    }
  for (gint power = (gint) floor (log10 (least)); power <= (gint) ceil (log10 (most)); power++)
    for (guint i = 0; i < n_parts && field->n_levels < CONVERGE_FIELD_MAX_LEVELS; i++)
      {
        const double level = parts[n_parts - 1][i] * pow (10, power);

        if (level > least && level < most)
          field->levels[field->n_levels++] = level;
      }
}

static void
set_grid (ConvergeField *field,
          const AgField *from)
{
  const guint n = ag_field_n_nodes (from);
  g_autofree double *places = g_new (double, 2 * n);

  for (guint i = 0; i < n; i++)
    {
      places[i] = ag_field_coordinate (from, 0, i * from->stride);
      places[n + i] = ag_field_coordinate (from, 1, i * from->stride);
    }
  converge_field_set_grid (field, n, places, n, places + n);
}

static void
fill_field (ConvergeField *field,
            const AgSurvey *survey)
{
  const AgField *from = survey->field;
  const guint n = ag_field_n_nodes (from);
  double least = INFINITY, most = 0, floor_value;

  set_grid (field, from);
  for (guint i = 0; i < n * n; i++)
    {
      const gsize node = (gsize) (i / n * from->stride) * AG_FIELD_NODES + i % n * from->stride;
      const double value = from->values[node] - survey->least;

      field->cells[i] = isfinite (value) ? CONVERGE_CELL_VALUE : CONVERGE_CELL_LOST;
      field->values[i] = value;
      if (isfinite (value))
        most = fmax (most, value);
    }
  floor_value = most > 0 ? most * pow (10, -MOST_DECADES) : 1;
  for (guint i = 0; i < n * n; i++)
    if (field->cells[i] == CONVERGE_CELL_VALUE)
      {
        field->values[i] = fmax (field->values[i], floor_value);
        least = fmin (least, field->values[i]);
      }
  find_levels (field, least, most > least ? most : 2 * least);
}

/* A field that is the same as before need not be drawn anew. */
static void
update_field (ConvergeField *field,
              const AgSurvey *survey)
{
  const guint n = field->n_x * field->n_y;
  g_autofree double *values = g_memdup2 (field->values, sizeof (double) * n);
  const double corners[] = { field->x[0], field->x[field->n_x - 1], field->y[0], field->y[field->n_y - 1] };

  fill_field (field, survey);
  if (field->n_x * field->n_y != n || memcmp (values, field->values, sizeof (double) * n) != 0
      || corners[0] != field->x[0] || corners[1] != field->x[field->n_x - 1] || corners[2] != field->y[0]
      || corners[3] != field->y[field->n_y - 1])
    field->serial++;
}

/* How long a step of the plane's coordinates is in the picture. */
static double
share_of_picture (const AgSurvey *survey,
                  const double change[2])
{
  const AgPlane *plane = survey->field->plane;

  return hypot (change[0] / (plane->range[0][1] - plane->range[0][0]),
                change[1] / (plane->range[1][1] - plane->range[1][0]));
}

static void
add_axis (ConvergePlot *plot,
          const AgSurvey *survey,
          guint index,
          double half_length)
{
  const double curvature = survey->curvatures[index];
  const double *direction = survey->directions[index];
  const double x[] = { survey->center[0] - half_length * direction[0],
                       survey->center[0] + half_length * direction[0] };
  const double y[] = { survey->center[1] - half_length * direction[1],
                       survey->center[1] + half_length * direction[1] };
  const gboolean is_stable = curvature > 0 && survey->rate * curvature < 2;
  g_autofree char *id = g_strdup_printf ("axis-%u", index);
  g_autofree char *label = NULL;
  ConvergeSeries *series;
  char number[32], bound[32];

  converge_axis_format (curvature, 3, number, sizeof number);
  converge_axis_format (2 / curvature, 3, bound, sizeof bound);
  /* Translators: λ is a curvature, η a learning rate, of plain gradient descent. */
  label = curvature > 0 ? g_strdup_printf (_ ("λ = %s, stable η < %s"), number, bound)
                        : g_strdup_printf (_ ("λ = %s, curved down"), number);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, id, label,
                                     is_stable ? CONVERGE_COLOR_OPTIMUM : CONVERGE_COLOR_TARGET);
  series->is_dashed = !is_stable;
  series->has_halo = TRUE;
  series->in_range = FALSE;
  converge_series_set_points (series, 2, x, y);
}

/* The axes of the ellipse that a contour is near the place: as long as that is wide. */
static void
add_axes (ConvergePlot *plot,
          const AgSurvey *survey)
{
  double scale = INFINITY;

  if (!survey->has_axes)
    return;
  for (guint i = 0; i < 2; i++)
    if (survey->curvatures[i] != 0)
      scale = fmin (scale, AXIS_LENGTH * sqrt (fabs (survey->curvatures[i]))
                             / share_of_picture (survey, survey->directions[i]));
  for (guint i = 0; i < 2 && isfinite (scale); i++)
    if (survey->curvatures[i] != 0)
      add_axis (plot, survey, i, scale / sqrt (fabs (survey->curvatures[i])));
}

static const ConvergeSurfaceRun *
find_run (guint n_runs,
          const ConvergeSurfaceRun *runs,
          guint64 id)
{
  for (guint i = 0; i < n_runs; i++)
    if (runs[i].id == id)
      return &runs[i];
  return NULL;
}

static void
add_path (ConvergePlot *plot,
          const AgSurvey *survey,
          const AgSurveyPath *path,
          const ConvergeSurfaceRun *run,
          gboolean is_first)
{
  g_autofree char *id = g_strdup_printf ("path-%" G_GUINT64_FORMAT, path->id);
  g_autofree double *numbers = g_new (double, 3 * path->n + 1);
  double *x = numbers, *y = x + path->n, *losses = y + path->n;
  ConvergeSeries *series
    = converge_plot_add_series (plot, CONVERGE_SERIES_PATH, id,
                                run != NULL && run->name != NULL ? run->name : _ ("path"),
                                run != NULL ? run->color : CONVERGE_COLOR_FIT);

  for (gsize i = 0; i < path->n; i++)
    {
      x[i] = path->places[2 * i];
      y[i] = path->places[2 * i + 1];
      losses[i] = path->losses[i] - survey->least;
    }
  series->in_range = FALSE;
  series->width = is_first ? 2.5 : 1.5;
  converge_series_set_band (series, path->n, x, y, losses);
}

static void
add_paths (ConvergePlot *plot,
           const AgSurvey *survey,
           guint n_runs,
           const ConvergeSurfaceRun *runs)
{
  for (guint i = survey->paths->len; i-- > 0;)
    {
      const AgSurveyPath *path = g_ptr_array_index (survey->paths, i);

      if (path->n > 0)
        add_path (plot, survey, path, find_run (n_runs, runs, path->id), i == 0);
    }
}

static void
add_arrow (ConvergePlot *plot,
           const AgSurvey *survey,
           guint index,
           double factor)
{
  static const struct
  {
    const char *id;
    const char *title;
    guint color;
  } kinds[AG_N_STEP_PARTS] = {
    [AG_STEP_PART_SLOPE] = { "slope", "−η g", CONVERGE_COLOR_BAND },
    [AG_STEP_PART_MOMENTUM] = { "momentum", N_ ("momentum"), CONVERGE_COLOR_INITIAL },
    [AG_STEP_PART_ALL] = { "step", N_ ("next step"), CONVERGE_COLOR_PRINTED },
  };
  const double *change = survey->arrows[index];
  const char *title = index == AG_STEP_PART_SLOPE                    ? kinds[index].title
                      : survey->is_last && index == AG_STEP_PART_ALL ? _ ("last step")
                                                                     : _ (kinds[index].title);
  g_autofree char *label = NULL;
  ConvergeSeries *series;
  char number[32];

  converge_axis_format (factor, 2, number, sizeof number);
  label = g_strdup_printf ("%s × %s", title, number);
  series = converge_plot_add_series (plot, CONVERGE_SERIES_ARROW, kinds[index].id, label,
                                     kinds[index].color);
  series->in_range = FALSE;
  series->has_halo = TRUE;
  /* Where they are the same, as without momentum, both can be seen. */
  series->width = index == AG_STEP_PART_SLOPE ? 7 : 2.5;
  converge_series_set_points (series, 2,
                              (double[]){ survey->place[0], survey->place[0] + factor * change[0] },
                              (double[]){ survey->place[1], survey->place[1] + factor * change[1] });
}

static double
round_factor (double factor)
{
  const double unit = pow (10, floor (log10 (factor)));

  return unit * (factor >= 5 * unit ? 5 : factor >= 2 * unit ? 2
                                                             : 1);
}

/* A step is too short to be seen. Its parts are made longer by the same factor, so that they can be
 * compared, or where an optimizer changes lengths by much, each by its own. */
static void
add_arrows (ConvergePlot *plot,
            const AgSurvey *survey)
{
  double lengths[AG_N_STEP_PARTS] = { 0 }, longest = 0, shortest = INFINITY;

  for (guint i = 0; i < AG_N_STEP_PARTS; i++)
    if (survey->has_arrow[i])
      lengths[i] = share_of_picture (survey, survey->arrows[i]);
  for (guint i = 0; i < AG_N_STEP_PARTS; i++)
    if (lengths[i] > 0)
      {
        longest = fmax (longest, lengths[i]);
        shortest = fmin (shortest, lengths[i]);
      }
  for (guint i = 0; i < AG_N_STEP_PARTS; i++)
    if (lengths[i] > 0)
      {
        const double length = longest > MOST_RATIO * shortest ? lengths[i] : longest;
        const double factor = ARROW_LENGTH / length;

        if (isfinite (factor) && factor > 0)
          add_arrow (plot, survey, i, fmin (round_factor (factor), G_MAXDOUBLE));
      }
}

static void
add_place (ConvergePlot *plot,
           const char *id,
           const char *label,
           guint color,
           double width,
           const double place[2])
{
  ConvergeSeries *series
    = converge_plot_add_series (plot, CONVERGE_SERIES_POINTS, id, label, color);

  series->in_range = FALSE;
  series->has_halo = TRUE;
  series->width = width;
  converge_series_set_points (series, 1, &place[0], &place[1]);
}

static void
add_places (ConvergePlot *plot,
            const AgSurvey *survey,
            guint color,
            gint64 step)
{
  g_autofree char *label = g_strdup_printf (_ ("step %lld"), (long long) step);

  if (survey->has_optimum)
    add_place (plot, "optimum",
               survey->is_optimum_on ? _ ("optimum") : _ ("optimum, not in this plane"),
               CONVERGE_COLOR_OPTIMUM, survey->is_optimum_on ? 5 : 2, survey->optimum);
  add_arrows (plot, survey);
  add_place (plot, "moment", label, color, 5, survey->place);
}

/**
 * converge_surface_plot_new:
 * @survey: what was found
 *
 * Returns: (transfer full): a plot of it, for converge_surface_plot_update() to fill
 */
ConvergePlot *
converge_surface_plot_new (const AgSurvey *survey)
{
  g_autofree char *x = converge_surface_axis_title (survey, 0);
  g_autofree char *y = converge_surface_axis_title (survey, 1);
  ConvergePlot *plot = converge_plot_new (NULL, x, y);
  ConvergeField *field = converge_plot_add_field (plot, _ ("loss above the least"), 2,
                                                  (double[]){ 0, 1 }, 2, (double[]){ 0, 1 });

  field->is_smooth = TRUE;
  field->scale.is_log = TRUE;
  plot->hint = g_strdup (_ ("Click or Enter: start a run here"));
  return plot;
}

/**
 * converge_surface_plot_update:
 * @plot: the plot that converge_surface_plot_new() made of a survey of the same plane
 * @survey: what was found
 * @n_runs: number of @runs
 * @runs: (array length=n_runs): the runs whose paths it has
 * @step: which moment is looked at
 *
 * Shows what was found.
 */
void
converge_surface_plot_update (ConvergePlot *plot,
                              const AgSurvey *survey,
                              guint n_runs,
                              const ConvergeSurfaceRun *runs,
                              gint64 step)
{
  g_autofree char *hidden = find_hidden (plot);

  update_field (plot->field, survey);
  g_ptr_array_set_size (plot->series, 0);
  converge_surface_add_edge (plot, survey);
  add_axes (plot, survey);
  add_paths (plot, survey, n_runs, runs);
  add_places (plot, survey, n_runs > 0 ? runs[0].color : CONVERGE_COLOR_FIT, step);
  hide (plot, hidden);
  g_free (plot->note);
  plot->note = converge_surface_note (survey, step);
}
