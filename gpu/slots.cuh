/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The arguments of a loop, for GPUs and for the host that stands in for one. */

typedef long long ag_index;

union ag_slot
{
  void *p;
  float f;
  double d;
  ag_index i;
};

#define AG_COUNT(n) ((n) > 0 ? (n) : 1)

struct ag_arguments
{
  ag_slot slots[AG_N_SLOTS + 2];
  ag_index sizes[AG_COUNT (AG_N_SIZES)];
};

/* A step's row of the table: its slots, and, where there are several plans, which of them
 * the step has. */
#define AG_ROW (AG_N_SLOTS + (AG_N_PLANS > 1 ? 1 : 0))

struct ag_steps
{
  const ag_slot *table;
  ag_index n_steps;
  ag_index sizes[AG_COUNT (AG_N_SIZES)];
};

/* For a run that is made at once with others: the number of steps that it takes, and which of its
 * two rows the first one takes. */
struct ag_task
{
  ag_index n_steps;
  ag_index turn;
};

/* Runs that are made at once. Each has two rows, in which steps take turns; of each step, with room
 * for `most` of them, its varying numbers, which go to the slots `which`, and its result. */
struct ag_runs
{
  const ag_slot *rows;
  const ag_task *tasks;
  const ag_slot *varying;
  const ag_index *which;
  double *results;
  ag_index n_varying;
  ag_index most;
  ag_index result;
  ag_index result_offset;
  ag_index is_double;
  ag_index sizes[AG_COUNT (AG_N_SIZES)];
};

#define AG_NAME(name) op_##name
#define AG_NUMBER(slot, member) slots[slot].member
#define AG_SIZE(number) sizes[number]
