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

#define AG_NAME(name) op_##name
#define AG_NUMBER(slot, member) slots[slot].member
#define AG_SIZE(number) sizes[number]
