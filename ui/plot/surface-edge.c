/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/surface-plot.h"

#include "plot/plot-contour.h"
#include "plot/plot-palette.h"

#include <glib/gi18n-lib.h>
#include <math.h>
#include <string.h>

/* Draws the part of a surface in which plain gradient descent would be stable with the run's rate:
 * there the greatest curvature is below 2 / η. */

#define N AG_FIELD_NODES

/**
 * Edge:
 * @field: a field
 * @x: (element-type double): places along the edge, with a NaN between its parts
 * @y: (element-type double): and their other coordinates
 *
 * The edge while it is followed.
 */
typedef struct
{
  const AgField *field;
  GArray *x;
  GArray *y;
} Edge;

static double
to_coordinate (const Edge *edge,
               guint direction,
               double node)
{
  const double *range = edge->field->plane->range[direction];

  return range[0] + (range[1] - range[0]) * node / (N - 1);
}

static void
add_part (gpointer user_data,
          const double from[2],
          const double to[2])
{
  Edge *edge = user_data;
  const double x[] = { to_coordinate (edge, 0, from[0]), to_coordinate (edge, 0, to[0]), NAN };
  const double y[] = { to_coordinate (edge, 1, from[1]), to_coordinate (edge, 1, to[1]), NAN };

  g_array_append_vals (edge->x, x, G_N_ELEMENTS (x));
  g_array_append_vals (edge->y, y, G_N_ELEMENTS (y));
}

/* The greater eigenvalue of the second derivatives in the plane, from the nodes around. At the border it
 * is not known. */
static double *
find_curvatures (const AgField *field)
{
  double *curvatures = g_new (double, N *N);
  const double dx = (field->plane->range[0][1] - field->plane->range[0][0]) / (N - 1);
  const double dy = (field->plane->range[1][1] - field->plane->range[1][0]) / (N - 1);

  for (guint i = 0; i < N * N; i++)
    curvatures[i] = NAN;
  for (guint row = 1; row + 1 < N; row++)
    for (guint column = 1; column + 1 < N; column++)
      {
        const double *at = field->values + row * N + column;
        const double xx = (at[1] - 2 * at[0] + at[-1]) / (dx * dx);
        const double yy = (at[N] - 2 * at[0] + at[-N]) / (dy * dy);
        const double xy = (at[N + 1] - at[N - 1] - at[-N + 1] + at[-N - 1]) / (4 * dx * dy);

        curvatures[row * N + column] = (xx + yy) / 2 + hypot ((xx - yy) / 2, xy);
      }
  return curvatures;
}

/**
 * converge_surface_add_edge:
 * @plot: a plot of a surface
 * @survey: what was found
 *
 * Adds the edge of the region where plain gradient descent would be stable. Where the loss is quadratic
 * there is none, since it has the same curvature everywhere, and with another optimizer the rate
 * means something else.
 */
void
converge_surface_add_edge (ConvergePlot *plot,
                           const AgSurvey *survey)
{
  g_autofree double *curvatures = NULL;
  g_autoptr (GArray) x = g_array_new (FALSE, FALSE, sizeof (double));
  g_autoptr (GArray) y = g_array_new (FALSE, FALSE, sizeof (double));
  Edge edge = { survey->field, x, y };
  ConvergeSeries *series;

  if (!ag_survey_is_complete (survey) || survey->is_quadratic
      || strcmp (survey->spec.optimizer->id, "sgd") != 0)
    return;
  curvatures = find_curvatures (survey->field);
  converge_contour_trace (N, N, curvatures, 2 / survey->rate, add_part, &edge);
  if (x->len == 0)
    return;
  series = converge_plot_add_series (plot, CONVERGE_SERIES_LINE, "edge", _ ("edge of stability"),
                                     CONVERGE_COLOR_TARGET);
  series->in_range = FALSE;
  series->has_gaps = TRUE;
  series->has_halo = TRUE;
  series->width = 1.5;
  converge_series_set_points (series, x->len, (const double *) (gpointer) x->data,
                              (const double *) (gpointer) y->data);
}
