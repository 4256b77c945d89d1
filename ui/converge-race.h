/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"
#include "converge-settings.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* More racers than these could not be told apart. */
#define CONVERGE_RACE_MAX_RACERS 24

/**
 * ConvergeRaceState:
 * @CONVERGE_RACE_IDLE: there was none
 * @CONVERGE_RACE_LOOKING: each racer's best rate is looked for
 * @CONVERGE_RACE_RUNNING: the racers take steps
 * @CONVERGE_RACE_OVER: no racer takes a step any more
 *
 * How far a race is.
 */
typedef enum
{
  CONVERGE_RACE_IDLE,
  CONVERGE_RACE_LOOKING,
  CONVERGE_RACE_RUNNING,
  CONVERGE_RACE_OVER,
} ConvergeRaceState;

#define CONVERGE_TYPE_RACE (converge_race_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeRace, converge_race, CONVERGE, RACE, GObject)

ConvergeRace *converge_race_new (GtkWidget *widget,
                                 ConvergeSettings *settings,
                                 ConvergeRuns *runs);
gboolean converge_race_start (ConvergeRace *self,
                              const char *subject,
                              const char *const *values,
                              gboolean at_best_rates,
                              GError **error);
void converge_race_stop (ConvergeRace *self);
ConvergeRaceState converge_race_get_state (ConvergeRace *self);
guint converge_race_n_racers (ConvergeRace *self);
guint converge_race_n_found (ConvergeRace *self);
ConvergeRun *converge_race_nth (ConvergeRace *self,
                                guint index);
ConvergeSettings *converge_race_get_settings (ConvergeRace *self);
const char *converge_race_get_error (ConvergeRace *self);

G_END_DECLS
