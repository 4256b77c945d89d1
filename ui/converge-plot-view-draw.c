/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plot-view-private.h"

#include "plot/plot-crosshair.h"
#include "plot/plot-draw.h"
#include "plot/plot-field.h"
#include "plot/plot-note.h"
#include "plot/plot-others.h"
#include "plot/plot-series.h"

/* A plot is drawn on the screen: its axes and grid, and the lines of other runs that rest, into
 * a surface that is kept until they change, all else in each frame. */

/**
 * converge_plot_view_forget_frame:
 * @self: a view
 *
 * Lets axes and grid be drawn anew.
 */
void
converge_plot_view_forget_frame (ConvergePlotView *self)
{
  g_clear_pointer (&self->frame, cairo_surface_destroy);
}

static gboolean
is_same_area (const ConvergePlotArea *a,
              const ConvergePlotArea *b)
{
  return a->y == b->y && a->width == b->width && a->height == b->height && a->x_minimum == b->x_minimum
         && a->x_maximum == b->x_maximum && a->y_minimum == b->y_minimum
         && a->y_maximum == b->y_maximum;
}

static void
draw_frame (ConvergePlotView *self,
            cairo_t *cr,
            int width,
            int height)
{
  int scale = gtk_widget_get_scale_factor (GTK_WIDGET (self));

  if (self->frame == NULL || self->frame_width != width || self->frame_height != height
      || self->frame_scale != scale || self->frame_others != self->plot->others_serial
      || !is_same_area (&self->frame_area, &self->area))
    {
      cairo_t *frame;

      converge_plot_view_forget_frame (self);
      self->frame = cairo_image_surface_create (CAIRO_FORMAT_RGB24, width * scale, height * scale);
      cairo_surface_set_device_scale (self->frame, scale, scale);
      self->frame_area = self->area;
      self->frame_width = width;
      self->frame_height = height;
      self->frame_scale = scale;
      self->frame_others = self->plot->others_serial;
      frame = cairo_create (self->frame);
      converge_plot_draw_frame (self->plot, frame, width, height, &self->style, &self->area);
      converge_plot_draw_others (self->plot, frame, &self->style, &self->area, FALSE);
      cairo_destroy (frame);
    }
  cairo_set_source_surface (cr, self->frame, 0, 0);
  cairo_paint (cr);
}

/**
 * converge_plot_view_draw:
 * @self: a view
 * @snapshot: what it is drawn into
 *
 * Brings the plot up to date and draws it.
 */
void
converge_plot_view_draw (ConvergePlotView *self,
                         GtkSnapshot *snapshot)
{
  GtkWidget *widget = GTK_WIDGET (self);
  int width = gtk_widget_get_width (widget), height = gtk_widget_get_height (widget);
  cairo_t *cr;

  if (self->plot == NULL || width <= 0 || height <= 0)
    return;
  if (self->prepare != NULL)
    self->prepare (self->plot, width, self->prepare_data);
  self->style.pixel_scale = gtk_widget_get_scale_factor (widget);
  converge_plot_layout (self->plot, width, height, &self->style, &self->area);

  cr = gtk_snapshot_append_cairo (snapshot,
                                  &GRAPHENE_RECT_INIT (0, 0, (float) width, (float) height));
  draw_frame (self, cr, width, height);
  converge_plot_draw_field (self->plot, cr, &self->style, &self->area);
  converge_plot_draw_others (self->plot, cr, &self->style, &self->area, TRUE);
  converge_plot_draw_series (self->plot, cr, &self->style, &self->area);
  converge_plot_draw_note (self->plot, cr, width, height, &self->style);
  converge_plot_draw_legend (self->plot, cr, &self->style, &self->area);
  if (self->has_pointer)
    converge_plot_draw_crosshair (self->plot, cr, &self->style, &self->area, self->pointer_x,
                                  self->pointer_y);
  cairo_destroy (cr);
}
