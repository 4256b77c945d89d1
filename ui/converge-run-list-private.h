/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run-list.h"
#include "converge-run-memory.h"
#include "converge-run-row.h"
#include "converge-run-trash.h"

#include <adwaita.h>

G_BEGIN_DECLS

/**
 * ConvergeRunList:
 * @runs: (nullable): the runs
 * @selection: their rows, of which one is selected as one of @runs is
 * @differing: settings that not all runs have alike
 * @look: source that finds @differing anew; 0 while it is of the runs that there are
 * @trash: what an undo would bring back
 * @is_following: whether what is selected is being made what is selected in @runs
 * @was_shown: whether plots draw the one that is selected, as far as was told
 * @was_pinned: whether it is pinned, as far as was told
 *
 * The list of runs beside the controls: one is looked at, others are shown or hidden, pinned,
 * renamed, moved and deleted.
 */
struct _ConvergeRunList
{
  GtkWidget parent_instance;

  ConvergeRuns *runs;
  GtkSingleSelection *selection;
  GPtrArray *differing;
  guint look;
  ConvergeRunTrash *trash;
  gboolean is_following;
  gboolean was_shown;
  gboolean was_pinned;

  GtkStack *stack;
  GtkListView *view;
  ConvergeRunMemory *memory;
  GtkWidget *menu;
  GtkWidget *rename;
  GtkEntry *entry;
};

/* converge-run-list-rows.c */
void converge_run_list_add_rows (ConvergeRunList *self);
void converge_run_list_update_rows (ConvergeRunList *self);

G_END_DECLS
