/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/restart.h"

#include "train/initial.h"
#include "train/setting.h"

#include <math.h>
#include <string.h>

/* Whether a run whose first coefficients are others needs another machine. How structures
 * are chosen goes by the seed too, and the best of many seeds by the data. */
static gboolean
can_begin_elsewhere (const AgRunSpec *spec)
{
  return spec->program->choose_structure == NULL && spec->tries == 1;
}

/* A copy of @from with all of @to that a machine can be given later. */
static void
change_over (const AgRunSpec *from,
             const AgRunSpec *to,
             AgRunSpec *changed)
{
  *changed = *from;
  changed->lr = to->lr;
  changed->steps = to->steps;
  changed->pace = to->pace;
  changed->n_threads = to->n_threads;
  memcpy (changed->options, to->options, sizeof to->options);
  if (can_begin_elsewhere (to) && can_begin_elsewhere (from))
    {
      changed->seed = to->seed;
      changed->init = to->init;
    }
}

/**
 * ag_restart_suits:
 * @restart: what makes runs
 * @spec: a specification
 *
 * Returns: whether its machine can make that run
 */
gboolean
ag_restart_suits (const AgRestart *restart,
                  const AgRunSpec *spec)
{
  AgRunSpec same;

  if (restart->machine == NULL || restart->spec.program != spec->program
      || restart->spec.optimizer != spec->optimizer)
    return FALSE;
  change_over (&restart->spec, spec, &same);
  /* Setting by setting takes as long as some ten steps, so that what has the same bytes is
   * not compared like that. */
  if (memcmp (&same, spec, sizeof same) == 0)
    return TRUE;
  for (guint i = 0; i < ag_setting_n (spec); i++)
    if (!ag_setting_is_equal (ag_setting_nth (spec, i), &same, spec))
      return FALSE;
  return TRUE;
}

static gboolean
make_machine (AgRestart *restart,
              const AgRunSpec *spec,
              guint n_threads,
              AgWork *work,
              GError **error)
{
  g_autoptr (AgData) data = ag_run_spec_data (spec, error);

  ag_restart_clear (restart);
  if (data == NULL)
    return FALSE;
  restart->machine = ag_machine_new (spec, data, n_threads, work, error);
  if (restart->machine == NULL)
    return FALSE;
  restart->spec = *spec;
  restart->data = g_steal_pointer (&data);
  ag_checkpoint_init (&restart->checkpoint, spec);
  restart->start = g_new (double, restart->checkpoint.n_numbers);
  restart->begin = g_new (double, restart->checkpoint.n_numbers);
  if (ag_checkpoint_save (&restart->checkpoint, restart->machine, 0, NAN, restart->start, error))
    return TRUE;
  ag_restart_clear (restart);
  return FALSE;
}

/* The thread may be in no graph while the coefficients are drawn. */
static gboolean
draw_start (AgRestart *restart,
            const AgRunSpec *spec,
            GError **error)
{
  gboolean is_found;

  ag_graph_leave (restart->machine->graph);
  is_found = ag_run_spec_initial (spec, restart->begin + AG_CHECKPOINT_COEFFICIENTS, error);
  ag_graph_enter (restart->machine->graph);
  return is_found;
}

/**
 * ag_restart_prepare:
 * @restart: what makes runs
 * @spec: a run; if @restart does not suit it, one that ag_run_spec_check() finds no fault with
 * @n_threads: CPU threads of a machine that has to be made, 0 for as many as pay
 * @work: (nullable): where the making of the data is counted, and can be cancelled
 * @error: return location for a #GError
 *
 * Has a machine for the run and finds where it begins. The calling thread is in the machine's
 * graph from then on, and in none if this fails and there is no machine.
 *
 * Returns: whether all went well
 */
gboolean
ag_restart_prepare (AgRestart *restart,
                    const AgRunSpec *spec,
                    guint n_threads,
                    AgWork *work,
                    GError **error)
{
  if (!ag_restart_suits (restart, spec) && !make_machine (restart, spec, n_threads, work, error))
    return FALSE;
  memcpy (restart->begin, restart->start, sizeof (double) * restart->checkpoint.n_numbers);
  return (spec->seed == restart->spec.seed && strcmp (spec->init, restart->spec.init) == 0)
         || draw_start (restart, spec, error);
}

/**
 * ag_restart_set_options:
 * @restart: what makes runs, prepared for @spec
 * @spec: the run
 *
 * Gives the machine's optimizer the run's rate and options.
 */
void
ag_restart_set_options (AgRestart *restart,
                        const AgRunSpec *spec)
{
  AgOptimizer *optimizer = restart->machine->optimizer;

  /* A step is recorded anew where one of them has changed. */
  for (guint i = 0; i < spec->optimizer->n_options; i++)
    if (ag_optimizer_option (optimizer, i) != spec->options[i])
      ag_optimizer_set_option (optimizer, i, spec->options[i]);
  if (ag_optimizer_lr (optimizer) != spec->lr)
    ag_optimizer_set_lr (optimizer, spec->lr);
}

/**
 * ag_restart_begin:
 * @restart: what makes runs, prepared for @spec
 * @spec: the run
 * @error: return location for a #GError
 *
 * Takes the machine where the run begins, with its rate and options.
 *
 * Returns: whether all went well
 */
gboolean
ag_restart_begin (AgRestart *restart,
                  const AgRunSpec *spec,
                  GError **error)
{
  ag_restart_set_options (restart, spec);
  return ag_checkpoint_load (&restart->checkpoint, restart->machine, restart->begin, error);
}

/**
 * ag_restart_clear:
 * @restart: what makes runs
 *
 * Lets go of the machine.
 */
void
ag_restart_clear (AgRestart *restart)
{
  g_clear_pointer (&restart->machine, ag_machine_free);
  g_clear_pointer (&restart->data, ag_data_unref);
  g_clear_pointer (&restart->start, g_free);
  g_clear_pointer (&restart->begin, g_free);
}
