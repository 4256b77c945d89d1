/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/stepper.h"

#include "graph/reel.h"
#include "train/ahead.h"

#include <string.h>

/* A structure that was recorded so often without being the same twice is not
 * tried any longer. */
#define MAX_TRIES 16

/* Fewer steps are taken one by one, since to begin to play takes as long as some. */
#define LEAST_TO_PLAY 4

/* At most this many steps are played in one go, and no more than take as long as a command may
 * wait. */
#define MOST_TO_PLAY 256

/* Where steps cannot be played in one go they are taken one by one for so long, since the
 * compiler may take that long too. */
#define STEPS_TO_RETRY 256

/**
 * AgStepper:
 * @graph: the graph that steps are recorded in
 * @tapes: of each of the program's structures, its last recording; %NULL if
 *   there is none that can be played
 * @is_sure: of each, whether it was recorded twice, and alike
 * @updated: of each, which of the program's tensors its steps update
 * @n_tries: of each, how often it was recorded
 * @reel: (nullable): what plays the tapes of those that it is sure of
 * @is_on_reel: of each, whether that has its tape
 * @n_played: of each, how many steps were played that the optimizer was not told of
 * @next: the structure that was chosen last
 * @is_next_left: whether its step is still to be taken
 * @ahead: how many steps may wait for their losses to be read
 * @coin: once it is set apart, the state of the program's coin after its last step
 * @go: how many are played in one go
 * @until_retry: how many steps are not to be played in one go
 * @n_changes: the optimizer's, when the tapes were made
 */
struct _AgStepper
{
  AgGraph *graph;
  AgProgram *program;
  AgOptimizer *optimizer;
  AgTape *tapes[AG_MODEL_MAX_STRUCTURES];
  gboolean is_sure[AG_MODEL_MAX_STRUCTURES];
  gboolean *updated[AG_MODEL_MAX_STRUCTURES];
  guint n_tries[AG_MODEL_MAX_STRUCTURES];
  AgReel *reel;
  gboolean is_on_reel[AG_MODEL_MAX_STRUCTURES];
  gint64 n_played[AG_MODEL_MAX_STRUCTURES];
  guint next;
  gboolean is_next_left;
  double *coin;
  AgAhead ahead;
  AgAhead go;
  gint64 until_retry;
  guint n_changes;
};

/**
 * ag_stepper_new:
 * @graph: the current graph
 * @program: a program; the caller keeps it longer than the stepper
 * @optimizer: the optimizer of its tensors, kept as long
 *
 * Returns: (transfer full): a stepper
 */
AgStepper *
ag_stepper_new (AgGraph *graph,
                AgProgram *program,
                AgOptimizer *optimizer)
{
  AgStepper *stepper = g_new0 (AgStepper, 1);

  stepper->graph = graph;
  stepper->program = program;
  stepper->optimizer = optimizer;
  stepper->n_changes = ag_optimizer_n_changes (optimizer);
  ag_ahead_init (&stepper->ahead, ag_device_n_ahead (ag_graph_device (graph)));
  ag_ahead_init (&stepper->go, MOST_TO_PLAY);
  stepper->coin = g_new0 (double, MAX (1, ag_program_class_n_coin_numbers (program->klass)));
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    stepper->updated[i] = g_new0 (gboolean, program->model->n_tensors);
  return stepper;
}

static void
forget (AgStepper *stepper)
{
  g_clear_pointer (&stepper->reel, ag_reel_free);
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    {
      g_clear_pointer (&stepper->tapes[i], ag_tape_free);
      stepper->is_sure[i] = stepper->is_on_reel[i] = FALSE;
      stepper->n_tries[i] = 0;
    }
}

/**
 * ag_stepper_free:
 * @stepper: (transfer full): a stepper, whose graph is still there
 */
void
ag_stepper_free (AgStepper *stepper)
{
  forget (stepper);
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    g_free (stepper->updated[i]);
  g_free (stepper->coin);
  g_free (stepper);
}

static gboolean
end_step (AgStepper *stepper,
          guint structure,
          AgTensor *loss,
          gboolean is_final,
          GError **error)
{
  AgTape **tape = &stepper->tapes[structure];
  AgTape *again = NULL;

  if (stepper->n_tries[structure] == MAX_TRIES)
    return ag_graph_end_step (stepper->graph, error);
  stepper->n_tries[structure]++;
  if (!ag_graph_end_step_taped (stepper->graph, loss, &again, error))
    return FALSE;
  if (!is_final)
    g_clear_pointer (&again, ag_tape_free);
  stepper->is_sure[structure] = *tape != NULL && again != NULL && ag_tape_equal (*tape, again);
  g_clear_pointer (tape, ag_tape_free);
  *tape = again;
  return TRUE;
}

static AgTensor *
record (AgStepper *stepper,
        guint structure,
        GError **error)
{
  gboolean is_final;
  AgTensor *loss;

  ag_optimizer_zero_grad (stepper->optimizer);
  loss = ag_tensor_ref (ag_program_record (stepper->program));
  is_final = ag_optimizer_step (stepper->optimizer);
  ag_optimizer_get_updated (stepper->optimizer, stepper->updated[structure]);
  if (!end_step (stepper, structure, loss, is_final, error))
    ag_tensor_clear (&loss);
  return loss;
}

/* Steps are recorded anew where an option of the optimizer has changed. */
static void
look_for_changes (AgStepper *stepper)
{
  const guint n_changes = ag_optimizer_n_changes (stepper->optimizer);

  if (n_changes != stepper->n_changes)
    forget (stepper);
  stepper->n_changes = n_changes;
}

/* One generation more than can wait to be looked at, for the step before a bad one. */
static void
remember (AgStepper *stepper)
{
  ag_past_values_remember (stepper->program->past,
                           ag_device_n_ahead (ag_graph_device (stepper->graph)) + 1);
}

static AgTensor *
take (AgStepper *stepper,
      guint structure,
      GError **error)
{
  remember (stepper);
  if (!stepper->is_sure[structure])
    return record (stepper, structure, error);
  ag_optimizer_advance (stepper->optimizer, stepper->updated[structure]);
  return ag_tape_play (stepper->tapes[structure], error);
}

/**
 * ag_stepper_take:
 * @stepper: a stepper
 * @error: return location for a #GError
 *
 * Takes a step: zeroes the gradients, computes prediction, loss and gradients,
 * and updates the program's tensors. A step of a structure that was recorded
 * twice in the same way is not recorded again until an option of the optimizer
 * changes. The values before the step are remembered, for ag_program_restore().
 *
 * Returns: (transfer full) (nullable): the loss before the update
 */
AgTensor *
ag_stepper_take (AgStepper *stepper,
                 GError **error)
{
  look_for_changes (stepper);
  return take (stepper, ag_program_choose_structure (stepper->program), error);
}

/* Whether numbers of the optimizer differ from step to step, so that it must be told of each. */
static gboolean
has_schedule (const AgStepper *stepper)
{
  return ag_optimizer_class (stepper->optimizer)->schedule != NULL;
}

static void
note_step (AgStepper *stepper,
           guint structure)
{
  if (has_schedule (stepper))
    ag_optimizer_advance (stepper->optimizer, stepper->updated[structure]);
  else
    stepper->n_played[structure]++;
}

/* An AgReelNext */
static gint
make_next_ready (gpointer data)
{
  AgStepper *stepper = data;

  stepper->next = ag_program_choose_structure (stepper->program);
  stepper->is_next_left = !stepper->is_on_reel[stepper->next];
  if (stepper->is_next_left)
    return -1;
  note_step (stepper, stepper->next);
  return (gint) stepper->next;
}

static void
tell_optimizer (AgStepper *stepper)
{
  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    if (stepper->n_played[i] > 0)
      {
        ag_optimizer_advance_by (stepper->optimizer, stepper->updated[i], stepper->n_played[i]);
        stepper->n_played[i] = 0;
      }
}

/* Puts what became sure on the reel. Returns whether there is anything on it. */
static gboolean
fill_reel (AgStepper *stepper)
{
  gboolean any = FALSE;

  for (guint i = 0; i < AG_MODEL_MAX_STRUCTURES; i++)
    {
      if (stepper->is_sure[i] && !stepper->is_on_reel[i])
        {
          if (stepper->reel == NULL)
            stepper->reel = ag_reel_new (stepper->graph);
          ag_reel_set_tape (stepper->reel, i, stepper->tapes[i]);
          stepper->is_on_reel[i] = TRUE;
        }
      any |= stepper->is_on_reel[i];
    }
  return any;
}

/* Returns how many steps were played. */
static gint64
play (AgStepper *stepper,
      gint64 n_steps,
      double *losses,
      GError **error)
{
  gboolean can_be_played;
  gint64 n = 0;

  if (n_steps < LEAST_TO_PLAY || stepper->until_retry > 0 || !fill_reel (stepper))
    return 0;
  ag_ahead_start (&stepper->go, g_get_monotonic_time ());
  if (!ag_reel_load (stepper->reel, &can_be_played, error))
    return 0;
  if (can_be_played)
    n = ag_reel_play (&stepper->reel, 1, MIN (n_steps, MAX (LEAST_TO_PLAY, (gint64) stepper->go.n)),
                      make_next_ready, stepper, losses);
  tell_optimizer (stepper);
  ag_ahead_note (&stepper->go, (guint) n, g_get_monotonic_time ());
  if (n == 0 && !stepper->is_next_left)
    stepper->until_retry = STEPS_TO_RETRY;
  for (guint n_back = (guint) MIN (n, AG_REEL_N_KEPT); n_back > 0; n_back--)
    {
      remember (stepper);
      ag_reel_hand_out (stepper->reel, n_back - 1);
    }
  return n;
}

/* Takes as many steps as the device may be ahead, the first of the structure that was chosen
 * last, if that is still to be taken, and reads their losses. Returns how many. */
static gint64
take_and_read (AgStepper *stepper,
               gint64 n_steps,
               double *losses,
               GError **error)
{
  AgTensor *tensors[AG_DEVICE_MAX_AHEAD];
  gboolean success = TRUE;
  gint64 n = 0;

  n_steps = MIN (n_steps, (gint64) stepper->ahead.n);
  if (ag_ahead_is_measured (&stepper->ahead))
    ag_ahead_start (&stepper->ahead, g_get_monotonic_time ());
  while (success && n < n_steps)
    {
      const guint structure = n == 0 && stepper->is_next_left
                                ? stepper->next
                                : ag_program_choose_structure (stepper->program);

      tensors[n] = take (stepper, structure, error);
      success = tensors[n] != NULL;
      n += success;
    }
  for (gint64 i = 0; i < n; i++)
    {
      success = success && ag_tensor_item (tensors[i], &losses[i], error);
      ag_tensor_unref (tensors[i]);
    }
  if (ag_ahead_is_measured (&stepper->ahead))
    ag_ahead_note (&stepper->ahead, (guint) n, g_get_monotonic_time ());
  stepper->until_retry = MAX (0, stepper->until_retry - n);
  return success ? n : 0;
}

/**
 * ag_stepper_take_many:
 * @stepper: a stepper
 * @n_steps: how many steps at most, at least one
 * @losses: (out caller-allocates): room for the losses before their updates
 * @error: return location for a #GError
 *
 * Takes steps as ag_stepper_take() does and reads their losses: as many as can be played in
 * one go, or, where they cannot, as many as the device may be ahead, which is one on a CPU.
 * What is played in one go ends with a step whose loss is not finite.
 *
 * Returns: how many steps were taken; 0 with @error set
 */
gint64
ag_stepper_take_many (AgStepper *stepper,
                      gint64 n_steps,
                      double *losses,
                      GError **error)
{
  GError *own_error = NULL;
  gint64 n;

  look_for_changes (stepper);
  stepper->is_next_left = FALSE;
  n = play (stepper, n_steps, losses, &own_error);
  if (own_error == NULL && (n == 0 || stepper->is_next_left))
    n += take_and_read (stepper, n_steps - n, losses + n, &own_error);
  if (own_error == NULL)
    return n;
  g_propagate_error (error, own_error);
  return 0;
}

/* Whether the reel has a tape of each structure that a step may have. */
static gboolean
is_reel_full (const AgStepper *stepper)
{
  const guint n = stepper->program->klass->choose_structure != NULL
                    ? stepper->program->model->klass->n_structures
                    : 1;

  for (guint i = 0; i < n; i++)
    if (!stepper->is_on_reel[i])
      return FALSE;
  return TRUE;
}

/**
 * ag_stepper_set_apart:
 * @stepper: a stepper
 * @is_apart: (out): whether that could be done: of each of the program's structures a step was
 *   recorded twice alike, and the device can play it
 * @error: return location for a #GError
 *
 * Lets the next steps go on from the values that the program's tensors have now, and with its coin,
 * whatever they are then, so that steps of other runs with the same program can be taken before, by
 * other steppers: ag_stepper_take_at_once() takes these. The values before a step are not remembered.
 *
 * Returns: %FALSE with @error set if there is no memory
 */
gboolean
ag_stepper_set_apart (AgStepper *stepper,
                      gboolean *is_apart,
                      GError **error)
{
  look_for_changes (stepper);
  ag_program_save_coin (stepper->program, stepper->coin);
  *is_apart = fill_reel (stepper) && is_reel_full (stepper);
  return !*is_apart
         || (ag_reel_load (stepper->reel, is_apart, error)
             && (!*is_apart || ag_reel_set_apart (stepper->reel, is_apart, error)));
}

static gsize
coin_size (const AgStepper *stepper)
{
  return sizeof (double) * ag_program_class_n_coin_numbers (stepper->program->klass);
}

/**
 * ag_stepper_is_like:
 * @stepper: a stepper that is set apart
 * @other: another, of the same graph
 *
 * Returns: whether their steps can be taken at once: they have the same plans, and where structures
 *   are chosen, the same will be
 */
gboolean
ag_stepper_is_like (const AgStepper *stepper,
                    const AgStepper *other)
{
  return ag_reel_is_like (stepper->reel, other->reel)
         && memcmp (stepper->coin, other->coin, coin_size (stepper)) == 0;
}

/**
 * Steppers:
 * @have_schedule: whether their optimizers must be told of each step
 * @n_played: else, how many steps were played of each structure
 */
typedef struct
{
  AgStepper *const *steppers;
  guint n;
  gboolean have_schedule;
  gint64 n_played[AG_MODEL_MAX_STRUCTURES];
} Steppers;

/* An AgReelNext */
static gint
make_all_ready (gpointer data)
{
  Steppers *all = data;
  const guint structure = ag_program_choose_structure (all->steppers[0]->program);

  if (all->have_schedule)
    for (guint i = 0; i < all->n; i++)
      note_step (all->steppers[i], structure);
  else
    all->n_played[structure]++;
  return (gint) structure;
}

/* Tells what belongs to each run of the steps that were taken of all. */
static void
tell_all (const Steppers *all)
{
  const AgProgram *program = all->steppers[0]->program;

  for (guint i = 0; i < all->n; i++)
    {
      AgStepper *stepper = all->steppers[i];

      for (guint k = 0; k < AG_MODEL_MAX_STRUCTURES; k++)
        stepper->n_played[k] += all->n_played[k];
      tell_optimizer (stepper);
      ag_program_save_coin (program, stepper->coin);
    }
}

static void
find_reels (AgStepper *const *steppers,
            guint n_steppers,
            AgReel **reels)
{
  for (guint i = 0; i < n_steppers; i++)
    reels[i] = steppers[i]->reel;
}

/**
 * ag_stepper_join:
 * @steppers: (array length=n_steppers): steppers that are set apart and alike
 * @n_steppers: how many, at least one and at most %AG_REEL_MAX_AT_ONCE
 * @batch: (inout): a batch of the graph, which is made, or another one, if %NULL or it does not suit
 *
 * Lets the batch have the values of the steppers' runs, so that their steps can be taken with it.
 *
 * Returns: whether there is a batch that has room for them: if not, @batch is %NULL or has less
 */
gboolean
ag_stepper_join (AgStepper *const *steppers,
                 guint n_steppers,
                 AgBatch **batch)
{
  AgReel *reels[AG_REEL_MAX_AT_ONCE];

  find_reels (steppers, n_steppers, reels);
  for (guint i = 0; *batch != NULL && i < n_steppers; i++)
    if (!ag_batch_suits (*batch, reels[i]))
      g_clear_pointer (batch, ag_batch_free);
  if (*batch == NULL)
    *batch = ag_batch_new (reels[0]);
  if (*batch == NULL || n_steppers > ag_batch_size (*batch))
    return FALSE;
  for (guint i = 1; i < n_steppers; i++)
    if (!ag_batch_suits (*batch, reels[i]))
      return FALSE;
  ag_batch_join (*batch, reels, n_steppers);
  return TRUE;
}

/**
 * ag_stepper_leave:
 * @steppers: (array length=n_steppers): what the batch was joined by, in that order
 * @n_steppers: how many
 * @batch: a batch
 *
 * Lets the steppers have what came of their runs, and the batch be joined by others.
 */
void
ag_stepper_leave (AgStepper *const *steppers,
                  guint n_steppers,
                  const AgBatch *batch)
{
  AgReel *reels[AG_REEL_MAX_AT_ONCE];

  find_reels (steppers, n_steppers, reels);
  ag_batch_leave (batch, reels, n_steppers);
}

/**
 * ag_stepper_take_at_once:
 * @steppers: (array length=n_steppers): steppers that are set apart and alike
 * @n_steppers: how many, at most %AG_REEL_MAX_AT_ONCE
 * @batch: (nullable): the batch that they have joined
 * @n_steps: how many steps of each at most, at least one
 * @losses: (out caller-allocates): room for the losses before the updates: those of the first step
 *   of each, then those of the second, and so on
 *
 * Takes steps of several runs as one: each leaves the bits that it would leave alone, but a step
 * of all takes less time. It ends with a step of which any loss is not finite, or before that
 * when much time has passed.
 *
 * Returns: how many steps of each were taken
 */
gint64
ag_stepper_take_at_once (AgStepper *const *steppers,
                         guint n_steppers,
                         AgBatch *batch,
                         gint64 n_steps,
                         double *losses)
{
  AgReel *reels[AG_REEL_MAX_AT_ONCE];
  Steppers all = { steppers, n_steppers, has_schedule (steppers[0]), { 0 } };
  AgAhead *go = &steppers[0]->go;
  gint64 n;

  find_reels (steppers, n_steppers, reels);
  n_steps = MIN (n_steps, (gint64) go->n);
  ag_program_load_coin (steppers[0]->program, steppers[0]->coin);
  ag_ahead_start (go, g_get_monotonic_time ());
  if (batch != NULL)
    n = ag_batch_play (batch, reels, n_steppers, n_steps, make_all_ready, &all, losses);
  else
    n = ag_reel_play (reels, n_steppers, n_steps, make_all_ready, &all, losses);
  ag_ahead_note (go, (guint) n, g_get_monotonic_time ());
  tell_all (&all);
  return n;
}

/**
 * ag_stepper_take_back:
 * @stepper: a stepper that is set apart
 *
 * Gives the program's tensors the values that its last step left, and the program its coin. They
 * have no gradients unless one was taken.
 */
void
ag_stepper_take_back (AgStepper *stepper)
{
  ag_reel_hand_out (stepper->reel, 0);
  ag_program_load_coin (stepper->program, stepper->coin);
}
