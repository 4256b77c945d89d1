/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "plot/plot-smooth.h"

#include "plot/field-image.h"
#include "plot/plot-axis.h"
#include "plot/plot-contour.h"
#include "plot/plot-pen.h"

#include <math.h>

/* A smooth field: between its nodes the colour goes from one to the other as the colour bar does, and
 * contours are where it has the same value. */

/* The colour map, in so many steps that none can be told from the next. */
#define N_COLORS 1024

#define CONTOUR_WIDTH 1
#define CONTOUR_OPACITY 0.55

/* How far on the colour map a contour is from what it lies on. */
#define CONTRAST 0.35

static double *
find_shares (const ConvergeField *field,
             const ConvergeRange *scale)
{
  const gsize n = (gsize) field->n_x * field->n_y;
  double *shares = g_new (double, n);

  for (gsize i = 0; i < n; i++)
    shares[i] = field->cells[i] == CONVERGE_CELL_VALUE ? converge_field_share (field, scale, field->values[i])
                                                       : NAN;
  return shares;
}

/**
 * converge_contour_color:
 * @field: a smooth field
 * @scale: the values for the ends of its colours
 * @level: a value
 *
 * Returns: the colour of a contour there: a lighter one on dark, a darker one on light
 */
ConvergeColor
converge_contour_color (const ConvergeField *field,
                        const ConvergeRange *scale,
                        double level)
{
  const double share = converge_field_share (field, scale, level);

  return converge_color_from_rgb (converge_colormap_at (converge_field_map (field),
                                                        share < 0.55 ? share + CONTRAST + 0.1
                                                                     : share - CONTRAST - 0.15),
                                  1);
}

/**
 * Place:
 * @node: the node before a place along one axis; −1 beside all of them
 * @rest: how far it is from there, of the way to the next
 *
 * Where a place is among the nodes.
 */
typedef struct
{
  gint node;
  double rest;
} Place;

static Place
find_place (guint n,
            const double *nodes,
            double value)
{
  guint low = 0, high = n - 1;

  if (!(value >= nodes[0] && value <= nodes[n - 1]))
    return (Place){ -1, 0 };
  while (high - low > 1)
    {
      const guint middle = (low + high) / 2;

      if (value >= nodes[middle])
        low = middle;
      else
        high = middle;
    }
  return (Place){ (gint) low, (value - nodes[low]) / (nodes[low + 1] - nodes[low]) };
}

static double
mix (const double *values,
     guint n_columns,
     Place across,
     Place up)
{
  const double *low = values + (gsize) up.node * n_columns + across.node;
  const double *high = low + n_columns;

  return (1 - up.rest) * ((1 - across.rest) * low[0] + across.rest * low[1])
         + up.rest * ((1 - across.rest) * high[0] + across.rest * high[1]);
}

/**
 * converge_smooth_value:
 * @field: a smooth field
 * @x: a place
 * @y: and its other coordinate
 * @value: (out): the value there, as its colour has it
 *
 * Returns: whether it has one there
 */
gboolean
converge_smooth_value (const ConvergeField *field,
                       double x,
                       double y,
                       double *value)
{
  const Place across = find_place (field->n_x, field->x, x);
  const Place up = find_place (field->n_y, field->y, y);
  const ConvergeRange unit = { 1, 10 };
  g_autofree double *shares = NULL;

  if (across.node < 0 || up.node < 0)
    return FALSE;
  if (!field->scale.is_log)
    {
      *value = mix (field->values, field->n_x, across, up);
      return isfinite (*value);
    }
  shares = find_shares (field, &unit);
  *value = pow (10, mix (shares, field->n_x, across, up));
  return isfinite (*value);
}

static Place *
find_places (const ConvergeAxis *axis,
             guint n,
             const double *nodes,
             int n_pixels,
             double from,
             double to)
{
  const double low = converge_axis_scale (axis, from), high = converge_axis_scale (axis, to);
  Place *places = g_new (Place, n_pixels);

  for (int i = 0; i < n_pixels; i++)
    places[i] = find_place (n, nodes,
                            converge_axis_unscale (axis, low + (high - low) * (i + 0.5) / n_pixels));
  return places;
}

static void
fill_image (const ConvergePlot *plot,
            const ConvergePlotArea *area,
            const double *shares,
            cairo_surface_t *image)
{
  const ConvergeField *field = plot->field;
  const int width = cairo_image_surface_get_width (image);
  const int height = cairo_image_surface_get_height (image);
  const int stride = cairo_image_surface_get_stride (image);
  guchar *data = cairo_image_surface_get_data (image);
  g_autofree Place *across = find_places (&plot->x, field->n_x, field->x, width, area->x_minimum,
                                          area->x_maximum);
  g_autofree Place *up = find_places (&plot->y, field->n_y, field->y, height, area->y_maximum,
                                      area->y_minimum);
  const guint32 lost = 0xff000000 | converge_colormap_lost (converge_field_map (field));
  guint32 colors[N_COLORS];

  for (guint i = 0; i < N_COLORS; i++)
    colors[i] = 0xff000000 | converge_colormap_at (converge_field_map (field), (double) i / (N_COLORS - 1));
  for (int row = 0; row < height; row++)
    {
      guint32 *pixels = (guint32 *) (gpointer) (data + (gsize) row * (gsize) stride);

      for (int column = 0; column < width; column++)
        {
          double share;

          if (up[row].node < 0 || across[column].node < 0)
            {
              pixels[column] = 0;
              continue;
            }
          share = mix (shares, field->n_x, across[column], up[row]);
          pixels[column]
            = isnan (share) ? lost : colors[(guint) (CLAMP (share, 0, 1) * (N_COLORS - 1) + 0.5)];
        }
    }
  cairo_surface_mark_dirty (image);
}

/* Returns: (transfer full): the colours, without the contours */
static cairo_surface_t *
paint_colors (const ConvergePlot *plot,
              const ConvergePlotArea *area,
              const double *shares,
              double pixel_scale)
{
  cairo_surface_t *image = converge_field_image_new (area, pixel_scale);

  if (cairo_surface_status (image) == CAIRO_STATUS_SUCCESS)
    fill_image (plot, area, shares, image);
  return image;
}

/**
 * Contour:
 * @field: a field
 * @cr: where it is drawn
 * @area: where what is
 *
 * A contour while its parts are drawn.
 */
typedef struct
{
  const ConvergeField *field;
  cairo_t *cr;
  const ConvergePlotArea *area;
} Contour;

static double
find_node (const double *nodes,
           guint n,
           double place)
{
  const guint before = MIN ((guint) place, n - 2);

  return nodes[before] + (nodes[before + 1] - nodes[before]) * (place - before);
}

static void
add_part (gpointer user_data,
          const double from[2],
          const double to[2])
{
  const Contour *contour = user_data;
  const ConvergeField *field = contour->field;
  double x, y;

  converge_plot_area_from_data (contour->area, find_node (field->x, field->n_x, from[0]),
                                find_node (field->y, field->n_y, from[1]), &x, &y);
  cairo_move_to (contour->cr, x, y);
  converge_plot_area_from_data (contour->area, find_node (field->x, field->n_x, to[0]),
                                find_node (field->y, field->n_y, to[1]), &x, &y);
  cairo_line_to (contour->cr, x, y);
}

/* The parts join at their ends, which are round, and in a group, so that no end shows. */
static void
draw_contours (const ConvergePlot *plot,
               cairo_t *cr,
               const ConvergePlotArea *area,
               const ConvergeRange *scale,
               const double *shares)
{
  const ConvergeField *field = plot->field;
  Contour contour = { field, cr, area };

  cairo_save (cr);
  cairo_rectangle (cr, area->x, area->y, area->width, area->height);
  cairo_clip (cr);
  cairo_push_group (cr);
  cairo_set_line_width (cr, CONTOUR_WIDTH);
  cairo_set_line_cap (cr, CAIRO_LINE_CAP_ROUND);
  for (guint i = 0; i < field->n_levels; i++)
    {
      converge_contour_trace (field->n_x, field->n_y, shares,
                              converge_field_share (field, scale, field->levels[i]), add_part, &contour);
      converge_plot_set_color (cr, converge_contour_color (field, scale, field->levels[i]), 1);
      cairo_stroke (cr);
    }
  cairo_pop_group_to_source (cr);
  cairo_paint_with_alpha (cr, CONTOUR_OPACITY);
  cairo_restore (cr);
}

/**
 * Kept:
 * @image: colours and contours as they were drawn for the screen
 * @serial: of which state of the field
 * @area: where
 * @scale: with which ends of the colours
 * @pixel_scale: with how many pixels
 *
 * An image of a field, kept since a plot is drawn whenever the pointer moves.
 */
typedef struct
{
  cairo_surface_t *image;
  guint serial;
  ConvergePlotArea area;
  ConvergeRange scale;
  double pixel_scale;
} Kept;

static void
kept_free (gpointer data)
{
  cairo_surface_destroy (((Kept *) data)->image);
  g_free (data);
}

static gboolean
is_as_kept (const Kept *kept,
            const ConvergeField *field,
            const ConvergePlotArea *area,
            const ConvergeRange *scale,
            double pixel_scale)
{
  return kept->serial == field->serial && kept->area.width == area->width
         && kept->area.height == area->height && kept->area.x_minimum == area->x_minimum
         && kept->area.x_maximum == area->x_maximum && kept->area.y_minimum == area->y_minimum
         && kept->area.y_maximum == area->y_maximum && kept->scale.minimum == scale->minimum
         && kept->scale.maximum == scale->maximum && kept->pixel_scale == pixel_scale;
}

static Kept *
keep (const ConvergePlot *plot,
      const ConvergePlotArea *area,
      const ConvergeRange *scale,
      double pixel_scale)
{
  g_autofree double *shares = find_shares (plot->field, scale);
  Kept *kept = g_new (Kept, 1);
  ConvergePlotArea inside = *area;
  cairo_t *cr;

  *kept = (Kept){ paint_colors (plot, area, shares, pixel_scale), plot->field->serial, *area, *scale,
                  pixel_scale };
  inside.x = inside.y = 0;
  cr = cairo_create (kept->image);
  cairo_scale (cr, pixel_scale, pixel_scale);
  draw_contours (plot, cr, &inside, scale, shares);
  cairo_destroy (cr);
  return kept;
}

/**
 * converge_plot_draw_smooth:
 * @plot: a plot with a smooth field
 * @cr: a cairo context
 * @style: the style
 * @area: where data is drawn
 * @scale: the values for the ends of the field's colours
 * @pixel_scale: how many pixels there are for each of the surface's
 *
 * Draws the field: its colours and its contours. For the screen both are kept until the field or its
 * place changes.
 */
void
converge_plot_draw_smooth (const ConvergePlot *plot,
                           cairo_t *cr,
                           const ConvergePlotStyle *style,
                           const ConvergePlotArea *area,
                           const ConvergeRange *scale,
                           double pixel_scale)
{
  ConvergeField *field = plot->field;

  if (style->pixel_scale > 0)
    {
      if (field->image != NULL && !is_as_kept (field->image, field, area, scale, pixel_scale))
        g_clear_pointer (&field->image, field->free_image);
      if (field->image == NULL)
        field->image = keep (plot, area, scale, pixel_scale);
      field->free_image = kept_free;
      converge_field_image_show (((Kept *) field->image)->image, cr, area, pixel_scale);
    }
  else
    {
      g_autofree double *shares = find_shares (field, scale);
      cairo_surface_t *image = paint_colors (plot, area, shares, pixel_scale);

      converge_field_image_show (image, cr, area, pixel_scale);
      cairo_surface_destroy (image);
      draw_contours (plot, cr, area, scale, shares);
    }
}
