/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-twin.h"

/* This follower finds what another program would do in the step that is looked at. The detail
 * that it is asked for is the number of the program. */

/**
 * Maker:
 * @spec: a run
 * @data: its points
 * @moments: its moments
 * @twin: (nullable): what @program would do
 * @program: (nullable): the program that was asked for last
 */
typedef struct
{
  AgRunSpec spec;
  AgData *data;
  AgMoments *moments;
  AgTwin *twin;
  const AgProgramClass *program;
} Maker;

static gpointer
make (const AgRunSpec *spec,
      AgData *data,
      AgMoments *moments,
      AgWork *work)
{
  Maker *maker = g_new0 (Maker, 1);

  *maker = (Maker){ .spec = *spec, .data = ag_data_ref (data), .moments = ag_moments_ref (moments) };
  return maker;
}

static gpointer
find (gpointer data,
      gint64 step,
      gint64 detail,
      AgWork *work)
{
  Maker *maker = data;
  const AgProgramClass *program = ag_program_class_nth ((guint) detail);

  if (maker->program != program)
    {
      g_clear_pointer (&maker->twin, ag_twin_free);
      maker->program = NULL;
      if (!ag_twin_is_possible (&maker->spec, program))
        return NULL;
      maker->twin = ag_twin_new (&maker->spec, program, maker->data, work, NULL);
      maker->program = maker->twin != NULL ? program : NULL;
    }
  return maker->twin != NULL ? ag_twin_step (maker->twin, maker->moments, step, work, NULL) : NULL;
}

static void
free_maker (gpointer data)
{
  Maker *maker = data;

  g_clear_pointer (&maker->twin, ag_twin_free);
  ag_moments_unref (maker->moments);
  ag_data_unref (maker->data);
  g_free (maker);
}

/**
 * converge_twin_new:
 *
 * Returns: (transfer full): a follower that finds what other programs would do
 */
ConvergeFollower *
converge_twin_new (void)
{
  static const ConvergeFollowerKind kind = {
    .make = make,
    .find = find,
    .free_maker = free_maker,
    .free_found = (GDestroyNotify) ag_account_free,
  };

  return converge_follower_new (&kind);
}

/**
 * converge_twin_get_account:
 * @twin: such a follower
 * @spec: a run
 * @program: a program
 *
 * Returns: (transfer none) (nullable): what that program would have done in the step that was
 *   looked at last; %NULL if it has other parameters than the run, or is not found yet
 */
const AgAccount *
converge_twin_get_account (ConvergeFollower *twin,
                           const AgRunSpec *spec,
                           const AgProgramClass *program)
{
  const AgAccount *account = converge_follower_get_found (twin);

  return account != NULL && account->after->program == program && ag_twin_is_possible (spec, program)
           ? account
           : NULL;
}
