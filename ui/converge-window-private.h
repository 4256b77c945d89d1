/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-controls.h"
#include "converge-data-loader.h"
#include "converge-errand.h"
#include "converge-plots.h"
#include "converge-run-list.h"
#include "converge-status-bar.h"
#include "converge-time-line.h"
#include "converge-why.h"
#include "converge-window.h"

G_BEGIN_DECLS

/**
 * ConvergeToastAnswer:
 * @self: the window
 *
 * What the button of a toast does.
 */
typedef void (*ConvergeToastAnswer) (ConvergeWindow *self);

struct _ConvergeWindow
{
  AdwApplicationWindow parent_instance;

  GSettings *store;
  ConvergeSettings *settings;
  ConvergeRuns *runs;
  ConvergeRun *run;
  ConvergeVisibility *visibility;
  ConvergeWhy *why;
  ConvergeWhatIf *what_if;
  ConvergeDataLoad *data_load;
  guint tick;
  double stable_rate;
  gboolean is_presenting;
  gboolean had_controls;
  AdwToast *toast;
  GFile *toast_folder;
  ConvergeToastAnswer toast_answer;
  GThreadPool *file_runner;
  GThreadPool *remake_runner;
  ConvergeErrand *remake;
  ConvergeErrand *offered_remake;

  AdwToastOverlay *toasts;
  GtkButton *train;
  GtkStack *train_content;
  GtkButton *step;
  GtkButton *stop;
  GtkButton *new_run;
  GtkMenuButton *export_menu;
  GMenu *samples;
  AdwFlap *flap;
  GtkStack *sidebar;
  GtkToggleButton *runs_page;
  ConvergeControls *controls;
  ConvergeRunList *run_list;
  GtkRevealer *banner;
  GtkLabel *banner_label;
  GtkButton *banner_button;
  ConvergePlots *plots;
  ConvergeTimeLine *time_line;
  ConvergeStatusBar *status;
};

typedef void (*ConvergePathFunc) (ConvergeWindow *self,
                                  const char *path,
                                  int what);

void converge_window_install_actions (GtkWidgetClass *klass);
void converge_window_update_actions (ConvergeWindow *self);
void converge_window_install_open (GtkWidgetClass *klass);
void converge_window_install_export (GtkWidgetClass *klass);
void converge_window_install_moment (GtkWidgetClass *klass);
void converge_window_set_up_moment (ConvergeWindow *self);
void converge_window_set_up_question (ConvergeWindow *self);
void converge_window_take_answer (ConvergeWindow *self);
void converge_window_show_status (ConvergeWindow *self);
void converge_window_install_data (GtkWidgetClass *klass);
void converge_window_set_up_data (ConvergeWindow *self);
void converge_window_restore_data (ConvergeWindow *self,
                                   GVariant *saved);
void converge_window_enable_export (ConvergeWindow *self,
                                    gboolean is_enabled);
void converge_window_change_run (ConvergeWindow *self);
void converge_window_set_up_runs (ConvergeWindow *self);
void converge_window_install_session (GtkWidgetClass *klass);
gboolean converge_window_write_losses (ConvergeWindow *self,
                                       const char *path);
void converge_window_install_runs (GtkWidgetClass *klass);
void converge_window_offer_undo (ConvergeWindow *self,
                                 const char *text);
void converge_window_offer (ConvergeWindow *self,
                            const char *text,
                            const char *button,
                            ConvergeToastAnswer answer);
void converge_window_offer_remake (ConvergeWindow *self,
                                   const char *name,
                                   const AgRunSpec *spec,
                                   AgRates *changes);
void converge_window_end_remake (ConvergeWindow *self);
gboolean converge_window_take_over (ConvergeWindow *self,
                                    const char *name,
                                    const AgRunSpec *spec);
void converge_window_show_toast (ConvergeWindow *self,
                                 const char *text,
                                 GFile *folder);
void converge_window_choose_file (ConvergeWindow *self,
                                  GtkFileChooserNative *dialog,
                                  ConvergePathFunc use,
                                  int what);
void converge_window_take_file (ConvergeWindow *self,
                                GFile *file,
                                GtkFileChooserAction action,
                                ConvergePathFunc use,
                                int what);
void converge_window_watch (ConvergeWindow *self);
void converge_window_prepare_plots (ConvergeWindow *self,
                                    const AgRunSpec *spec);

G_END_DECLS
