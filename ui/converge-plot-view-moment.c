/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-plot-view-private.h"

#include "plot/run-axis.h"

#include <math.h>

/* In a plot over steps a drag takes the moment along, as a click does. Where the plot was zoomed
 * into, a drag moves what is seen, as in any other plot, unless it begins at the rule that marks
 * the moment. */

/* The rule can be taken within so many pixels. */
#define GRIP 8

static gboolean
is_over_steps (ConvergePlotView *self)
{
  return self->plot != NULL && converge_run_axis_has_moment (self->plot);
}

static gboolean
is_among_data (ConvergePlotView *self,
               double x,
               double y)
{
  const ConvergePlotArea *area = &self->area;

  return x >= area->x && x <= area->x + area->width && y >= area->y
         && y <= area->y + area->height;
}

static gboolean
is_at_rule (ConvergePlotView *self,
            double x)
{
  const double step = converge_run_axis_get_moment (self->plot);
  double rule_x, rule_y;

  if (isnan (step))
    return FALSE;
  converge_plot_area_from_data (&self->area, step, self->area.y_minimum, &rule_x, &rule_y);
  return fabs (rule_x - x) <= GRIP;
}

/**
 * converge_plot_view_takes_moment:
 * @self: a view
 * @x: where a drag begins, in pixels
 * @y: and how far down
 *
 * Returns: whether the drag moves the moment, and not what is seen
 */
gboolean
converge_plot_view_takes_moment (ConvergePlotView *self,
                                 double x,
                                 double y)
{
  return is_over_steps (self) && is_among_data (self, x, y)
         && (!self->plot->x.has_view || is_at_rule (self, x));
}

/**
 * converge_plot_view_find_step:
 * @self: a view of a plot over steps
 * @x: where the pointer is, in pixels
 *
 * Returns: the step there
 */
double
converge_plot_view_find_step (ConvergePlotView *self,
                              double x)
{
  double step, y;

  converge_plot_area_to_data (&self->area,
                              CLAMP (x, self->area.x, self->area.x + self->area.width),
                              self->area.y, &step, &y);
  return fmax (rint (step), 0);
}

/**
 * converge_plot_view_show_grip:
 * @self: a view
 *
 * Shows by the pointer that the rule can be taken where it is.
 */
void
converge_plot_view_show_grip (ConvergePlotView *self)
{
  const gboolean is_grip = self->has_pointer && is_over_steps (self)
                           && is_among_data (self, self->pointer_x, self->pointer_y)
                           && is_at_rule (self, self->pointer_x);

  if (is_grip == self->has_grip)
    return;
  self->has_grip = is_grip;
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self), is_grip ? "ew-resize" : NULL);
}

/**
 * converge_plot_view_chooses_moment:
 * @self: a view
 * @x: where, in pixels
 * @y: and how far down
 *
 * Returns: whether a click there chooses a moment
 */
gboolean
converge_plot_view_chooses_moment (ConvergePlotView *self,
                                   double x,
                                   double y)
{
  return is_over_steps (self) && is_among_data (self, x, y);
}
