/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-field-row.h"
#include "converge-plot-view.h"
#include "converge-window.h"

/* A real window on a real screen, and what people do to it. */

typedef struct
{
  AdwApplication *application;
  GSettings *store;
  ConvergeWindow *window;
} Fixture;

void fixture_set_up (Fixture *fixture,
                     gconstpointer data);
void fixture_set_up_stored (Fixture *fixture,
                            GSettingsBackend *backend);
void fixture_tear_down (Fixture *fixture,
                        gconstpointer data);
void fixture_open_window (Fixture *fixture);

/**
 * FixtureTest:
 * @path: its name
 * @test: what is done with the window that it gets
 *
 * A test that has a window of its own.
 */
typedef struct
{
  const char *path;
  void (*test) (Fixture *fixture,
                gconstpointer data);
} FixtureTest;

void fixture_add (const char *path,
                  void (*test) (Fixture *fixture,
                                gconstpointer data));
int fixture_run (int argc,
                 char **argv,
                 guint n_tests,
                 const FixtureTest *tests);

/* Waits. The condition is tried whenever the window has been at work. */
void fixture_spin (guint milliseconds);
void fixture_wait_for_frames (Fixture *fixture);
void fixture_wait_for_optimum (Fixture *fixture);
void fixture_wait (gboolean (*condition) (Fixture *fixture),
                   Fixture *fixture);
void fixture_wait_to_show (Fixture *fixture,
                           const char *text);
void fixture_wait_to_hide (Fixture *fixture,
                           const char *text);
void fixture_wait_for_state (Fixture *fixture,
                             AgTrainerState state);
void fixture_wait_for_step (Fixture *fixture,
                            gint64 step);

/* Looks. */
typedef gboolean (*FixtureMatch) (GtkWidget *widget,
                                  const char *name);
GtkWidget *fixture_find (GtkWidget *root,
                         GType type,
                         FixtureMatch match,
                         const char *name);
GtkWidget *fixture_find_row (Fixture *fixture,
                             const char *title);
GtkWidget *fixture_find_entry (Fixture *fixture,
                               const char *title);
gboolean fixture_has_focus (Fixture *fixture,
                            const char *title);
const char *fixture_find_error (Fixture *fixture,
                                const char *title);
GtkEventController *fixture_find_controller (GtkWidget *widget,
                                             GType type);
GtkWidget *fixture_find_button (Fixture *fixture,
                                const char *action);
ConvergePlotView *fixture_find_plot (Fixture *fixture,
                                     const char *id);
const AgRunSpec *fixture_settings (Fixture *fixture);
const AgSnapshot *fixture_snapshot (Fixture *fixture);
gboolean fixture_can (Fixture *fixture,
                      const char *action);
gboolean fixture_shows (Fixture *fixture,
                        const char *text);

/* Conditions to wait for. */
gboolean fixture_are_controls_shown (Fixture *fixture);
gboolean fixture_are_controls_hidden (Fixture *fixture);
gboolean fixture_is_closed (Fixture *fixture);

/* Does. */
void fixture_do (Fixture *fixture,
                 const char *action);
void fixture_click (GtkWidget *button);
void fixture_press (GtkWidget *widget,
                    guint key);
void fixture_type_only (Fixture *fixture,
                        const char *title,
                        const char *text);
void fixture_type (Fixture *fixture,
                   const char *title,
                   const char *text);
void fixture_choose (Fixture *fixture,
                     const char *title,
                     guint item);
void fixture_set_pace (Fixture *fixture,
                       double steps_per_second);
void fixture_train (Fixture *fixture,
                    const char *steps);
char *fixture_export (Fixture *fixture,
                      const char *folder,
                      const char *name,
                      ConvergeExport what);
