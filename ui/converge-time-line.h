/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "converge-settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * ConvergeMove:
 * @CONVERGE_MOVE_FIRST: to the start of the run
 * @CONVERGE_MOVE_FAR_BACK: a hundred steps back
 * @CONVERGE_MOVE_BACK: one step back
 * @CONVERGE_MOVE_FORWARD: one step forward
 * @CONVERGE_MOVE_FAR_FORWARD: a hundred steps forward
 * @CONVERGE_MOVE_LAST: to the newest step, and on with those that follow
 * @CONVERGE_MOVE_MARK_BACK: to the mark before
 * @CONVERGE_MOVE_MARK_FORWARD: to the next mark
 *
 * Where a key takes the moment that is looked at.
 */
typedef enum
{
  CONVERGE_MOVE_FIRST,
  CONVERGE_MOVE_FAR_BACK,
  CONVERGE_MOVE_BACK,
  CONVERGE_MOVE_FORWARD,
  CONVERGE_MOVE_FAR_FORWARD,
  CONVERGE_MOVE_LAST,
  CONVERGE_MOVE_MARK_BACK,
  CONVERGE_MOVE_MARK_FORWARD,
  CONVERGE_N_MOVES,
} ConvergeMove;

#define CONVERGE_TYPE_TIME_LINE (converge_time_line_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeTimeLine, converge_time_line, CONVERGE, TIME_LINE, GtkWidget)

void converge_time_line_set_up (ConvergeTimeLine *self,
                                ConvergeSettings *settings,
                                ConvergeRuns *runs);
void converge_time_line_move (ConvergeTimeLine *self,
                              ConvergeMove move);
gint64 converge_time_line_get_step (ConvergeTimeLine *self);
void converge_time_line_play (ConvergeTimeLine *self);

G_END_DECLS
