/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-race.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_RACE_VIEW (converge_race_view_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRaceView, converge_race_view, CONVERGE, RACE_VIEW, GtkWidget)

GtkWidget *converge_race_view_new (void);
void converge_race_view_set_race (ConvergeRaceView *self,
                                  ConvergeRace *race);
void converge_race_view_add_choices (ConvergeRaceView *self,
                                     const char *title,
                                     GMenuModel *choices);
char *converge_race_view_make_table (ConvergeRaceView *self,
                                     char separator);

G_END_DECLS
