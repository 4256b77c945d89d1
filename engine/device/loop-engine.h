/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgLoopEngine:
 * @AG_LOOP_ENGINE_NONE: nothing was computed yet
 * @AG_LOOP_ENGINE_INTERPRETER: one call for each operation and tile
 * @AG_LOOP_ENGINE_COMPILED: a loop that the system's C compiler made of them when the
 *   program ran
 * @AG_LOOP_ENGINE_BUILT_IN: a loop that was compiled into the library
 * @AG_LOOP_ENGINE_GPU: kernels on a GPU
 *
 * The ways of running the loops of a step. On the CPU all of them give the same bits.
 */
typedef enum
{
  AG_LOOP_ENGINE_NONE,
  AG_LOOP_ENGINE_INTERPRETER,
  AG_LOOP_ENGINE_COMPILED,
  AG_LOOP_ENGINE_BUILT_IN,
  AG_LOOP_ENGINE_GPU,
} AgLoopEngine;

#define AG_N_LOOP_ENGINES 5

/**
 * AgLoopEngineInfo:
 * @id: what CONVERGE_ENGINE takes: "interpreter", "compiled", "built-in"
 * @title: what it is
 * @available: whether it can be used
 * @reason: (nullable): why it cannot
 */
typedef struct
{
  const char *id;
  char *title;
  gboolean available;
  const char *reason;
} AgLoopEngineInfo;

AgLoopEngine ag_loop_engine_only (void);
void ag_loop_engine_set_only (AgLoopEngine engine);
GPtrArray *ag_loop_engine_list (void);

G_END_DECLS
