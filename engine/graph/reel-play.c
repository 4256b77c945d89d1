/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "graph/reel-private.h"

#include "base/number.h"

#include <string.h>

/* Playing the steps of reels that are loaded. */

static void
carry (AgReel *reel,
       const AgReelTake *take,
       guint turn)
{
  for (guint i = 0; i < take->n_carried; i++)
    {
      AgReelPlace *place = ag_reel_place (reel, take->carried[i]);

      memcpy (place->turns[turn]->data, place->turns[reel->turn]->data, place->n_bytes);
    }
}

static void
play_step (AgReel *const *reels,
           guint n_reels,
           guint index,
           double *results)
{
  AgBinding *bindings[AG_REEL_MAX_AT_ONCE];

  for (guint r = 0; r < n_reels; r++)
    {
      AgReelTake *take = reels[r]->last = ag_reel_take (reels[r], index);

      for (guint i = 0; i < take->n_varying; i++)
        ag_tensor_write_number (take->varying[i].tensor, take->varying[i].dtype,
                                take->varying[i].target);
      bindings[r] = take->bindings[ag_reel_turn_after (reels[r]->turn)];
    }
  reels[0]->graph->device->klass->run (bindings, n_reels);
  for (guint r = 0; r < n_reels; r++)
    {
      AgReel *reel = reels[r];
      const AgReelTake *take = reel->last;
      const guint turn = ag_reel_turn_after (reel->turn);

      carry (reel, take, turn);
      reel->turn = turn;
      results[r] = take->tape->result_dtype == AG_DTYPE_FLOAT32 ? (double) *(const float *) take->result
                                                                : *(const double *) take->result;
    }
}

/**
 * ag_reel_play:
 * @reels: (array length=n_reels): loaded reels, whose graph is entered and between two steps; if
 *   there are several, they are set apart and alike
 * @n_reels: how many, at most %AG_REEL_MAX_AT_ONCE
 * @n_steps: how many steps of each at most
 * @next: what makes a step ready and says which tape it is on
 * @data: what @next is given
 * @results: (out caller-allocates): room for the results of the steps: the first one of each reel,
 *   then the second one of each, and so on
 *
 * Takes steps one after the other as ag_tape_play() does, but leaves the tensors as they are,
 * until ag_reel_hand_out() is called. It ends with a step of which any result is not finite.
 *
 * Returns: how many steps of each were taken
 */
gint64
ag_reel_play (AgReel *const *reels,
              guint n_reels,
              gint64 n_steps,
              AgReelNext next,
              gpointer data,
              double *results)
{
  gint64 n = 0;

  g_return_val_if_fail (n_reels > 0 && n_reels <= AG_REEL_MAX_AT_ONCE, 0);
  g_return_val_if_fail (reels[0]->graph == ag_graph_entered && reels[0]->graph->n_records == 0, 0);

  while (n < n_steps && (n == 0 || ag_numbers_are_finite (results + (n - 1) * n_reels, n_reels)))
    {
      const gint index = next (data);

      if (index < 0)
        break;
      play_step (reels, n_reels, (guint) index, results + n * n_reels);
      n++;
    }
  return n;
}

/**
 * ag_reel_hand_out:
 * @reel: a reel that has played
 * @n_back: how many steps were taken after the one whose values are wanted, less than
 *   %AG_REEL_N_KEPT and than there were
 *
 * Gives the tensors the values that a step assigned to them, and with the last step the
 * gradients theirs.
 */
void
ag_reel_hand_out (AgReel *reel,
                  guint n_back)
{
  const guint turn = (reel->turn + AG_REEL_N_KEPT - n_back) % AG_REEL_N_KEPT;
  AgReelTake *take = reel->last;

  for (guint i = 0; i < reel->places->len; i++)
    {
      AgReelPlace *place = ag_reel_place (reel, i);

      ag_tape_take_value (place->tensor, place->turns[turn], place->layout);
    }
  if (n_back > 0 || take == NULL)
    return;
  for (gint k = 0; k < take->tape->n_outputs; k++)
    if (take->places[k] >= 0)
      take->values[k] = ag_storage_ref (ag_reel_place (reel, (guint) take->places[k])->turns[turn]);
  ag_tape_set_grads (take->tape, take->values);
}
