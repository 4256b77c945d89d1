/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-plot-view.h"
#include "plot/plot-legend.h"

G_BEGIN_DECLS

/**
 * ScaleChoice:
 * @is_made: whether somebody chose
 * @is_log: what they chose
 *
 * Whether an axis is to be logarithmic, for each plot that is shown from then on.
 */
typedef struct
{
  gboolean is_made;
  gboolean is_log;
} ScaleChoice;

struct _ConvergePlotView
{
  GtkWidget parent_instance;

  ConvergePlot *plot;
  ConvergePlotPrepare prepare;
  gpointer prepare_data;
  ConvergePlotStyle style;
  ConvergePlotArea area;
  ScaleChoice x_choice;
  ScaleChoice y_choice;
  GtkWidget *menu;
  GMenu *choices;
  double pointer_x;
  double pointer_y;
  gboolean has_pointer;
  double drag_x;
  double dragged_x;
  double dragged_y;
  gboolean is_moving_moment;
  gboolean has_grip;

  /* The frame as it was drawn last, for as long as the same is to be seen. */
  cairo_surface_t *frame;
  ConvergePlotArea frame_area;
  int frame_width;
  int frame_height;
  int frame_scale;
  guint frame_others;
};

void converge_plot_view_forget_frame (ConvergePlotView *self);
void converge_plot_view_draw (ConvergePlotView *self,
                              GtkSnapshot *snapshot);
void converge_plot_view_install_menu (GtkWidgetClass *klass);
void converge_plot_view_add_menu (ConvergePlotView *self);
gboolean converge_plot_view_takes_moment (ConvergePlotView *self,
                                          double x,
                                          double y);
gboolean converge_plot_view_chooses_moment (ConvergePlotView *self,
                                            double x,
                                            double y);
double converge_plot_view_find_step (ConvergePlotView *self,
                                     double x);
gboolean converge_plot_view_field_key (ConvergePlotView *self,
                                       guint key,
                                       GdkModifierType state,
                                       gboolean *is_choice);
void converge_plot_view_show_grip (ConvergePlotView *self);

G_END_DECLS
