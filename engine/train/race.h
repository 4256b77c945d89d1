/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <pthread.h>
#include <stdatomic.h>

G_BEGIN_DECLS

/**
 * AgRace:
 * @ref_count: how many hold it, on any thread
 * @limit: how many steps each racer may have taken
 * @n_threads: how many of them may take steps at a time
 * @n_busy: how many do, or could
 * @mutex: guards what follows; never held during a step
 * @racers: (element-type AgRacer): who takes part
 * @next: which of them has its turn next
 *
 * Runs that are in step with each other: none takes more steps than a number that somebody
 * raises again and again, and no more of them than there are cores take any at a time. No bit
 * of a run depends on it.
 */
typedef struct
{
  atomic_int ref_count;
  atomic_llong limit;
  atomic_uint n_threads;
  atomic_uint n_busy;
  pthread_mutex_t mutex;
  GPtrArray *racers;
  guint next;
} AgRace;

/**
 * AgRacer:
 * @race: (nullable): the race; %NULL for a run that is in none
 * @mutex: held by its thread when it begins to wait
 * @changed: what it waits for
 * @waiting_at: how many steps it had taken when it began to wait; %G_MAXINT64 while it does not
 * @has_turn: whether it is one of those that take steps; known to its thread alone
 *
 * A run in a race. Zeroed, it is in none.
 */
typedef struct
{
  AgRace *race;
  pthread_mutex_t *mutex;
  pthread_cond_t *changed;
  atomic_llong waiting_at;
  gboolean has_turn;
} AgRacer;

AgRace *ag_race_new (guint n_threads);
AgRace *ag_race_ref (AgRace *race);
void ag_race_unref (AgRace *race);
void ag_race_set_limit (AgRace *race,
                        gint64 step);

void ag_racer_join (AgRacer *racer,
                    AgRace *race,
                    pthread_mutex_t *mutex,
                    pthread_cond_t *changed);
void ag_racer_leave (AgRacer *racer);
void ag_racer_begin_to_wait (AgRacer *racer,
                             gint64 step);
gboolean ag_racer_take_turn (AgRacer *racer,
                             gint64 step);
void ag_racer_end_to_wait (AgRacer *racer);
void ag_racer_give_turn (AgRacer *racer);

/**
 * ag_racer_may_step:
 * @racer: a racer, on its thread
 * @step: how many steps it has taken
 *
 * Returns: whether it may take another at once
 */
static inline gboolean
ag_racer_may_step (const AgRacer *racer,
                   gint64 step)
{
  return racer->race == NULL
         || (racer->has_turn && step < atomic_load_explicit (&racer->race->limit, memory_order_relaxed));
}

/**
 * ag_racer_n_allowed:
 * @racer: a racer that may step, on its thread
 * @step: how many steps it has taken
 *
 * Returns: how many it may take at once
 */
static inline gint64
ag_racer_n_allowed (const AgRacer *racer,
                    gint64 step)
{
  return racer->race == NULL
           ? G_MAXINT64
           : MAX (1, atomic_load_explicit (&racer->race->limit, memory_order_relaxed) - step);
}

/**
 * ag_racer_is_in_step:
 * @racer: a racer, on its thread
 *
 * Returns: whether its race says how fast it is
 */
static inline gboolean
ag_racer_is_in_step (const AgRacer *racer)
{
  return racer->race != NULL
         && atomic_load_explicit (&racer->race->limit, memory_order_relaxed) != G_MAXINT64;
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgRace, ag_race_unref)

G_END_DECLS
