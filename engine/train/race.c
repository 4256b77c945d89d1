/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/race.h"

/**
 * ag_race_new:
 * @n_threads: how many racers may take steps at a time; 0 for as many as there are cores
 *
 * Returns: (transfer full): a race in which nobody may take a step so far
 */
AgRace *
ag_race_new (guint n_threads)
{
  AgRace *race = g_new0 (AgRace, 1);

  atomic_init (&race->ref_count, 1);
  atomic_init (&race->n_threads, n_threads > 0 ? n_threads : g_get_num_processors ());
  pthread_mutex_init (&race->mutex, NULL);
  race->racers = g_ptr_array_new ();
  return race;
}

/**
 * ag_race_ref:
 * @race: a race
 *
 * Adds a reference; any thread may.
 *
 * Returns: (transfer full): @race
 */
AgRace *
ag_race_ref (AgRace *race)
{
  atomic_fetch_add (&race->ref_count, 1);
  return race;
}

/**
 * ag_race_unref:
 * @race: (transfer full): a race
 *
 * Drops a reference; each racer holds one.
 */
void
ag_race_unref (AgRace *race)
{
  if (atomic_fetch_sub (&race->ref_count, 1) > 1)
    return;
  g_ptr_array_unref (race->racers);
  pthread_mutex_destroy (&race->mutex);
  g_free (race);
}

/* Lets up to @n racers that wait, and need not, look whether it is their turn, one after the
 * other in a circle. */
static void
wake (AgRace *race,
      guint n)
{
  const gint64 limit = atomic_load (&race->limit);

  pthread_mutex_lock (&race->mutex);
  for (guint i = 0; i < race->racers->len && n > 0; i++)
    {
      AgRacer *racer = g_ptr_array_index (race->racers, race->next++ % race->racers->len);

      if (atomic_load (&racer->waiting_at) >= limit)
        continue;
      pthread_mutex_lock (racer->mutex);
      pthread_cond_signal (racer->changed);
      pthread_mutex_unlock (racer->mutex);
      n--;
    }
  pthread_mutex_unlock (&race->mutex);
}

/**
 * ag_race_set_limit:
 * @race: a race
 * @step: how many steps each racer may have taken from now on, not fewer than before;
 *   %G_MAXINT64 for as many as it likes
 *
 * Lets the racers go on.
 */
void
ag_race_set_limit (AgRace *race,
                   gint64 step)
{
  if (atomic_exchange (&race->limit, step) != step)
    wake (race, atomic_load (&race->n_threads));
}

/**
 * ag_racer_join:
 * @racer: a racer in no race, whose thread takes no steps
 * @race: a race
 * @mutex: what its thread holds when it begins to wait
 * @changed: what it waits for
 *
 * Takes part in a race.
 */
void
ag_racer_join (AgRacer *racer,
               AgRace *race,
               pthread_mutex_t *mutex,
               pthread_cond_t *changed)
{
  g_return_if_fail (racer->race == NULL);

  racer->race = ag_race_ref (race);
  racer->mutex = mutex;
  racer->changed = changed;
  atomic_store (&racer->waiting_at, G_MAXINT64);
  pthread_mutex_lock (&race->mutex);
  g_ptr_array_add (race->racers, racer);
  pthread_mutex_unlock (&race->mutex);
}

/**
 * ag_racer_leave:
 * @racer: a racer, or none, whose thread has ended
 *
 * Takes part no longer.
 */
void
ag_racer_leave (AgRacer *racer)
{
  if (racer->race == NULL)
    return;
  ag_racer_give_turn (racer);
  pthread_mutex_lock (&racer->race->mutex);
  g_ptr_array_remove (racer->race->racers, racer);
  pthread_mutex_unlock (&racer->race->mutex);
  g_clear_pointer (&racer->race, ag_race_unref);
}

/**
 * ag_racer_begin_to_wait:
 * @racer: a racer, on its thread, its mutex held
 * @step: how many steps it has taken
 *
 * Says that it waits for its turn. What it is signalled for is a reason to try
 * ag_racer_take_turn().
 */
void
ag_racer_begin_to_wait (AgRacer *racer,
                        gint64 step)
{
  atomic_store (&racer->waiting_at, step);
}

/**
 * ag_racer_take_turn:
 * @racer: a racer, on its thread
 * @step: how many steps it has taken
 *
 * Takes its turn, if there is room for another and it may go on.
 *
 * Returns: whether it has it
 */
gboolean
ag_racer_take_turn (AgRacer *racer,
                    gint64 step)
{
  AgRace *race = racer->race;
  guint n_busy = atomic_load (&race->n_busy);

  if (step >= atomic_load (&race->limit))
    return FALSE;
  while (!racer->has_turn && n_busy < atomic_load (&race->n_threads))
    racer->has_turn = atomic_compare_exchange_weak (&race->n_busy, &n_busy, n_busy + 1);
  return racer->has_turn;
}

/**
 * ag_racer_end_to_wait:
 * @racer: a racer, on its thread, its mutex not held
 *
 * Says that it does not wait any longer. If it has not taken its turn, somebody else may.
 */
void
ag_racer_end_to_wait (AgRacer *racer)
{
  atomic_store (&racer->waiting_at, G_MAXINT64);
  if (!racer->has_turn)
    wake (racer->race, 1);
}

/**
 * ag_racer_give_turn:
 * @racer: a racer, or a run that is in no race, on its thread
 *
 * Lets somebody else take steps, if it was its turn.
 */
void
ag_racer_give_turn (AgRacer *racer)
{
  /* Only this thread gets and gives a turn. Whether there is a race is not asked, because another
   * may let the run take part in one before it is started. */
  if (!racer->has_turn)
    return;
  racer->has_turn = FALSE;
  atomic_fetch_sub (&racer->race->n_busy, 1);
  wake (racer->race, 1);
}
