/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-race-view.h"

G_BEGIN_DECLS

/**
 * ConvergeRaceBoard:
 *
 * The racers in the order of how well they do.
 */
typedef struct _ConvergeRaceBoard ConvergeRaceBoard;

/* converge-race-board.c */
ConvergeRaceBoard *converge_race_board_new (ConvergeRace *race);
void converge_race_board_free (ConvergeRaceBoard *board);
GtkWidget *converge_race_board_get_widget (ConvergeRaceBoard *board);
void converge_race_board_update (ConvergeRaceBoard *board);
char *converge_race_board_describe (ConvergeRaceBoard *board);
char *converge_race_board_make_table (ConvergeRaceBoard *board,
                                      char separator);

#define CONVERGE_RACE_MAX_SUBJECTS 8

/**
 * ConvergeRaceView:
 * @race: (nullable): what is seen
 * @board: (nullable): its racers in their order
 * @subject: which setting is different, of those that can be
 * @places: which of them each entry of @subjects is
 * @checks: (element-type GtkCheckButton): of a choice, which of them race
 * @told_us: when something was told last
 */
struct _ConvergeRaceView
{
  GtkWidget parent_instance;

  ConvergeRace *race;
  ConvergeRaceBoard *board;
  guint subject;
  guint places[CONVERGE_RACE_MAX_SUBJECTS];
  GPtrArray *checks;
  gint64 told_us;

  GtkWidget *box;
  GtkMenuButton *button;
  GtkDropDown *rates;
  GtkButton *start;
  GtkLabel *label;
  GMenu *more;
  GtkStack *stack;
  GtkScrolledWindow *scroller;
  GtkDropDown *subjects;
  GtkWidget *choices;
  GtkEntry *values;
};

/* converge-race-choices.c */
GtkWidget *converge_race_view_make_choices (ConvergeRaceView *self);
void converge_race_view_fill (ConvergeRaceView *self);
const char *converge_race_view_get_subject (ConvergeRaceView *self);
char **converge_race_view_get_values (ConvergeRaceView *self);

G_END_DECLS
