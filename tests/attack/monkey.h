/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "window-fixture.h"

/**
 * Monkey:
 * @fixture: the window
 * @random: draws what it does
 * @most_points: the greatest number of data points
 * @files: a folder for files
 * @full: (nullable): a folder on a full disk
 * @n_windows: how many windows were opened after the first
 * @n_exports: how many files were to be written
 * @n_rates: how often a stable rate was taken
 */
typedef struct
{
  Fixture fixture;
  GRand *random;
  gint most_points;
  char *files;
  char *full;
  guint n_windows;
  guint n_exports;
  guint n_rates;
} Monkey;

/**
 * MonkeyAction:
 * @name: what it is called
 * @act: does it
 * @weight: how often, beside the others
 */
typedef struct
{
  const char *name;
  void (*act) (Monkey *monkey);
  guint weight;
} MonkeyAction;

const MonkeyAction *monkey_draw_action (Monkey *monkey);
void monkey_close_others (Monkey *monkey);
