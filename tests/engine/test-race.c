/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/race.h"

#include "fixture.h"

#include <math.h>
#include <string.h>

/* Runs that are in step with each other have the bits that they have alone. */

#define PATIENCE_US (120 * G_USEC_PER_SEC)
#define STEPS 700
#define MAX_RACERS 16

/**
 * Field:
 * @race: the race
 * @n: how many take part
 * @racers: who does
 */
typedef struct
{
  AgRace *race;
  guint n;
  AgTrainer *racers[MAX_RACERS];
} Field;

static AgRunSpec
make_spec (guint optimizer)
{
  AgRunSpec spec;

  ag_run_spec_init (&spec, ag_program_class_find ("module"));
  ag_run_spec_set_optimizer (&spec, ag_optimizer_class_nth (optimizer));
  spec.steps = STEPS;
  spec.points = 200;
  return spec;
}

static void
line_up (Field *field,
         guint n_threads,
         gint64 steps)
{
  field->race = ag_race_new (n_threads);
  field->n = ag_optimizer_n_classes ();
  for (guint i = 0; i < field->n; i++)
    {
      AgRunSpec spec = make_spec (i);

      spec.steps = steps;
      field->racers[i] = fixture_trainer (&spec);
      ag_trainer_join (field->racers[i], field->race);
      ag_trainer_start (field->racers[i]);
    }
}

static void
go_home (Field *field)
{
  for (guint i = 0; i < field->n; i++)
    ag_trainer_free (field->racers[i]);
  ag_race_unref (field->race);
}

static gint64
n_steps_of (AgTrainer *trainer)
{
  return ag_history_n_steps (ag_trainer_history (trainer));
}

/* Waits until all that are under way have come as far as they may. */
static void
wait_for_all (Field *field,
              gint64 limit)
{
  const gint64 until_us = g_get_monotonic_time () + PATIENCE_US;

  for (guint i = 0; i < field->n; i++)
    while (n_steps_of (field->racers[i]) < limit
           && ag_trainer_state (field->racers[i]) <= AG_TRAINER_RUNNING)
      {
        g_assert_cmpint (g_get_monotonic_time (), <, until_us);
        g_assert_cmpuint (atomic_load (&field->race->n_busy), <=, atomic_load (&field->race->n_threads));
        g_usleep (50);
      }
}

static void
assert_none_beyond (Field *field,
                    gint64 limit)
{
  for (guint i = 0; i < field->n; i++)
    g_assert_cmpint (n_steps_of (field->racers[i]), <=, limit);
}

static AgSnapshot
finish (AgTrainer *trainer)
{
  AgSnapshot snapshot;

  g_assert_true (ag_trainer_wait (trainer, PATIENCE_US));
  while (!ag_trainer_take_snapshot (trainer, &snapshot) || snapshot.state < AG_TRAINER_DONE)
    ;
  return snapshot;
}

static void
assert_same_as_alone (AgTrainer *racer)
{
  g_autoptr (AgTrainer) alone = fixture_trainer (ag_trainer_spec (racer));
  const AgSnapshot have = finish (racer);
  AgSnapshot want;

  ag_trainer_start (alone);
  want = finish (alone);
  g_assert_cmpint (have.state, ==, want.state);
  fixture_assert_same_run (racer, &have, alone, &want);
}

/* On one thread, two, and more than there are racers. */
static void
test_bits (void)
{
  static const guint n_threads[] = { 1, 2, 0, 40 };

  for (guint k = 0; k < G_N_ELEMENTS (n_threads); k++)
    {
      Field field;

      line_up (&field, n_threads[k], STEPS);
      for (gint64 limit = 1; limit < STEPS; limit += 1 + limit / 7)
        {
          ag_race_set_limit (field.race, limit);
          wait_for_all (&field, limit);
          assert_none_beyond (&field, limit);
        }
      ag_race_set_limit (field.race, G_MAXINT64);
      for (guint i = 0; i < field.n; i++)
        assert_same_as_alone (field.racers[i]);
      g_assert_cmpuint (atomic_load (&field.race->n_busy), ==, 0);
      go_home (&field);
    }
}

/* Who waits at the limit shows the step that it has come to, and its clock stands still. */
static void
test_waiting (void)
{
  AgSnapshot before, after;
  Field field;

  line_up (&field, 0, STEPS);
  ag_race_set_limit (field.race, 100);
  wait_for_all (&field, 100);
  before = fixture_wait_for (field.racers[0], AG_TRAINER_RUNNING, 100);
  g_assert_cmpint (before.step, ==, 100);
  g_usleep (30000);
  g_assert_false (ag_trainer_take_snapshot (field.racers[0], &after));
  ag_race_set_limit (field.race, 101);
  after = fixture_wait_for (field.racers[0], AG_TRAINER_RUNNING, 101);
  g_assert_cmpfloat (after.elapsed - before.elapsed, <, 0.03);
  go_home (&field);
}

/* One that pauses lets others have its turn; one that stops is out; both can go on. */
static void
test_pause (void)
{
  Field field;

  line_up (&field, 1, STEPS);
  ag_race_set_limit (field.race, 50);
  wait_for_all (&field, 50);
  ag_trainer_pause (field.racers[0]);
  fixture_wait_for (field.racers[0], AG_TRAINER_PAUSED, 50);
  ag_trainer_stop (field.racers[1]);
  fixture_wait_for (field.racers[1], AG_TRAINER_STOPPED, 50);
  ag_race_set_limit (field.race, 90);
  for (guint i = 2; i < field.n; i++)
    fixture_wait_for (field.racers[i], AG_TRAINER_RUNNING, 90);
  g_assert_cmpint (n_steps_of (field.racers[0]), ==, 50);
  g_assert_cmpint (n_steps_of (field.racers[1]), ==, 50);
  ag_trainer_step (field.racers[0]);
  fixture_wait_for (field.racers[0], AG_TRAINER_PAUSED, 51);
  ag_trainer_resume (field.racers[0]);
  ag_trainer_start (field.racers[1]);
  wait_for_all (&field, 90);
  ag_race_set_limit (field.race, G_MAXINT64);
  for (guint i = 0; i < field.n; i++)
    assert_same_as_alone (field.racers[i]);
  go_home (&field);
}

/* They can be let go of whatever they are doing. */
static void
test_leaving (void)
{
  for (guint i = 0; i < 20; i++)
    {
      Field field;

      line_up (&field, i % 3, AG_RUN_MAX_STEPS / 1000);
      ag_race_set_limit (field.race, i < 10 ? 1 + 10 * i : G_MAXINT64);
      g_usleep (500 * i);
      go_home (&field);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/race/bits", test_bits);
  g_test_add_func ("/race/waiting", test_waiting);
  g_test_add_func ("/race/pause", test_pause);
  g_test_add_func ("/race/leaving", test_leaving);
  return g_test_run ();
}
