/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-choice-row.h"

#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * ConvergeTextList:
 * @id: the setting, a text
 * @fill: adds the entries to a row
 * @find: finds the entry that stands for the text of a run; the last one stands for all texts that
 *   no other does
 * @write: returns the text of an entry, to be freed; %NULL if it is to be typed elsewhere
 *
 * A setting that any text can be, of which some can be chosen from a list.
 */
typedef struct
{
  const char *id;
  void (*fill) (ConvergeChoiceRow *row);
  guint (*find) (const AgRunSpec *spec);
  char *(*write) (const AgRunSpec *spec,
                  guint entry);
} ConvergeTextList;

extern const ConvergeTextList converge_target_list;
extern const ConvergeTextList converge_init_list;

gboolean converge_init_list_is_typed (const AgRunSpec *spec);

G_END_DECLS
