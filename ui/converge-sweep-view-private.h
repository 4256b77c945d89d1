/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-sweep-view.h"

G_BEGIN_DECLS

/**
 * ConvergeSweepRow:
 * @view: whose row it is
 * @axis: of which axis
 * @subject: what takes the values
 * @range: from where to where
 *
 * The choice of what an axis goes through.
 */
typedef struct
{
  ConvergeSweepView *view;
  guint axis;
  GtkDropDown *subject;
  GtkEntry *range;
} ConvergeSweepRow;

/**
 * ConvergeSweepView:
 * @sweep: (nullable): what is seen
 * @plot: (nullable): of its results
 * @shown: (nullable): the results that @plot is of
 * @shown_look: how they are looked at there
 * @subjects: (element-type utf8): what can be chosen of a row
 * @is_filling: whether what is chosen is being shown, rather than chosen
 */
struct _ConvergeSweepView
{
  GtkWidget parent_instance;

  ConvergeSweep *sweep;
  ConvergePlot *plot;
  AgSweep *shown;
  ConvergeSweepLook shown_look;
  GPtrArray *subjects;
  gboolean is_filling;
  guint tick;
  gint64 told_us;

  GtkWidget *box;
  ConvergePlotView *view;
  GtkMenuButton *button;
  GtkLabel *label;
  GtkMenuButton *export;
  ConvergeSweepRow rows[AG_SWEEP_MAX_AXES];
  GtkDropDown *optimizers;
  GtkDropDown *quantity;
};

/* converge-sweep-choices.c */
void converge_sweep_view_fill (ConvergeSweepView *self);
void converge_sweep_view_add_choices (ConvergeSweepView *self);

G_END_DECLS
