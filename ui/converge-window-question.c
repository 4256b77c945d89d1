/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-window-private.h"

/* Before a run people are asked what they expect of it. Afterwards the status bar shows their
 * answer beside the reason for what happened. */

static void
explain (ConvergeWindow *self)
{
  ConvergeQuestion *question = converge_status_bar_get_question (self->status);
  g_autofree char *remark
    = converge_question_remark (question, converge_runs_get_selected (self->runs), self->why);

  converge_status_bar_explain (self->status, remark);
}

/**
 * converge_window_take_answer:
 * @self: a window that has just made a run and selected it
 *
 * Keeps what people expect of that run.
 */
void
converge_window_take_answer (ConvergeWindow *self)
{
  converge_question_take (converge_status_bar_get_question (self->status), self->run);
  explain (self);
}

/**
 * converge_window_set_up_question:
 * @self: a window that has runs
 *
 * Lets the status bar ask before a run, and say why one that is over stands where it does.
 */
void
converge_window_set_up_question (ConvergeWindow *self)
{
  converge_question_set_up (converge_status_bar_get_question (self->status), self->settings,
                            self->runs);
  g_signal_connect_object (self->why, "found", G_CALLBACK (explain), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->runs, "notify::selected", G_CALLBACK (explain), self,
                           G_CONNECT_SWAPPED);
}
