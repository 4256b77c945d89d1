/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/sweep-fleet.h"

#include "graph/fleet.h"
#include "graph/graph.h"
#include "train/ahead.h"
#include "train/phases.h"

#include <string.h>

/* Runs of a sweep that a device makes all at once, each with its own values and numbers. Nothing of
 * them is on a machine but its program: of each run the first steps are recorded and not taken, to
 * know what they are and with which numbers, and a step more that is like the one before says that
 * all others are like it too. */

/* At most this many steps are taken in one go. */
#define MOST_STEPS 256

/* Where so many runs one behind the other are not like the first one, the next hardly are. */
#define MOST_REFUSED 256

/* All that the steps of one go read and leave fits into this many bytes. */
#define STAGED_BYTES ((gsize) 32 << 20)

/**
 * Group:
 * @worker: whose runs they are
 * @own: the tensors that each run has values of: the program's, then each state of the optimizer's
 * @n_own: how many
 * @n_values: how many elements these have
 * @phases: the steps of the first run, to which those of the others are like
 * @fleets: all runs, for each phase
 * @final: the loss after the steps
 * @final_fleet: all runs, for that
 * @runs: (element-type AgSweepRun): the runs
 * @values: (element-type double): the elements of each run
 * @n_counts: how many numbers the optimizer goes by
 * @counts: those of each run, where steps have numbers that differ
 * @n_room: for how many steps of each run there is room in what follows
 * @varying: the numbers of these that differ from step to step
 * @losses: and their losses
 * @n_steps: how many steps each run takes next
 */
typedef struct
{
  AgSweepWorker *worker;
  AgTensor **own;
  guint n_own;
  guint n_values;
  AgPhases phases;
  AgFleet *fleets[AG_PHASES_MAX];
  AgTape *final;
  AgFleet *final_fleet;
  GArray *runs;
  GArray *values;
  guint n_counts;
  double *counts;
  guint n_room;
  guint64 *varying;
  double *losses;
  gint64 *n_steps;
} Group;

static AgSweepRun *
get_run (const Group *group,
         guint i)
{
  return &g_array_index (group->runs, AgSweepRun, i);
}

static double *
get_values (const Group *group,
            guint i)
{
  return &g_array_index (group->values, double, i * group->n_values);
}

static void
group_free (Group *group)
{
  for (guint i = 0; i < AG_PHASES_MAX; i++)
    g_clear_pointer (&group->fleets[i], ag_fleet_free);
  g_clear_pointer (&group->final_fleet, ag_fleet_free);
  g_clear_pointer (&group->final, ag_tape_free);
  ag_phases_clear (&group->phases);
  g_array_unref (group->runs);
  g_array_unref (group->values);
  g_free (group->own);
  g_free (group->counts);
  g_free (group->varying);
  g_free (group->losses);
  g_free (group->n_steps);
  g_free (group);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Group, group_free)

/* Finds the tensor whose elements begin with that parameter. */
static guint
find_tensor (const AgProgram *program,
             guint first)
{
  guint i = 0;

  while (ag_model_class_tensor (program->klass->model, i).first != first)
    i++;
  return i;
}

/* Lists the runs' own tensors, so that their elements are in the order of a checkpoint. */
static void
list_own (Group *group,
          const AgMachine *machine,
          guint n_states)
{
  const AgProgram *program = machine->program;
  const guint n_parameters = program->klass->model->n_parameters;
  guint tensor;

  for (guint k = 0; k <= n_states; k++)
    for (guint at = 0; at < n_parameters; at += (guint) ag_tensor_n_elements (program->model->tensors[tensor]))
      {
        tensor = find_tensor (program, at);
        group->own[group->n_own++] = k == 0 ? program->model->tensors[tensor]
                                            : ag_optimizer_state (machine->optimizer, tensor, k - 1);
      }
}

static Group *
group_new (AgSweepWorker *worker)
{
  const AgMachine *machine = worker->restart.machine;
  const guint n_tensors = machine->program->model->n_tensors;
  const AgCheckpoint *checkpoint = &worker->restart.checkpoint;
  Group *group = g_new0 (Group, 1);

  group->worker = worker;
  group->n_values = checkpoint->n_parameters * (1 + checkpoint->n_states);
  group->own = g_new (AgTensor *, n_tensors * (1 + checkpoint->n_states));
  list_own (group, machine, checkpoint->n_states);
  group->n_counts = ag_optimizer_n_counts (n_tensors);
  group->runs = g_array_new (FALSE, FALSE, sizeof (AgSweepRun));
  group->values = g_array_new (FALSE, FALSE, sizeof (double));
  return group;
}

/* Takes the machine where a run begins, but for the values of its tensors. */
static gboolean
begin (AgSweepWorker *worker,
       const AgSweepRun *run,
       GError **error)
{
  AgRestart *restart = &worker->restart;

  if (!ag_restart_prepare (restart, &run->spec, 1, NULL, error))
    return FALSE;
  ag_sweep_run_place (run, worker->sweep, restart->begin + AG_CHECKPOINT_COEFFICIENTS);
  ag_restart_set_options (restart, &run->spec);
  ag_checkpoint_load_counts (&restart->checkpoint, restart->machine, restart->begin);
  return TRUE;
}

/* Whether all numbers of two runs are the same that do not differ from step to step. */
static gboolean
have_same_numbers (const AgSweepRun *a,
                   const AgSweepRun *b)
{
  return memcmp (&a->spec.lr, &b->spec.lr, sizeof a->spec.lr) == 0
         && memcmp (a->spec.options, b->spec.options, sizeof a->spec.options) == 0;
}

/* Adds the run that the machine is at the beginning of. With no phases it has the numbers of the
 * one before. */
static void
add_run (Group *group,
         const AgSweepRun *run,
         const AgPhases *phases)
{
  const AgRestart *restart = &group->worker->restart;
  const AgCheckpoint *checkpoint = &restart->checkpoint;
  const guint n_parameters = checkpoint->n_parameters;

  g_array_append_val (group->runs, *run);
  g_array_append_vals (group->values, restart->begin + AG_CHECKPOINT_COEFFICIENTS, n_parameters);
  g_array_append_vals (group->values, restart->begin + ag_checkpoint_states (checkpoint),
                       checkpoint->n_states * n_parameters);
  for (guint i = 0; i < group->phases.n; i++)
    if (phases != NULL)
      ag_fleet_add (group->fleets[i], phases->tapes[i]);
    else
      ag_fleet_add_again (group->fleets[i]);
  ag_fleet_add (group->final_fleet, group->final);
}

/* Takes a run in, if its steps are like those of the others. */
static gboolean
try_run (Group *group,
         guint number,
         gboolean *is_in,
         GError **error)
{
  AgSweepWorker *worker = group->worker;
  AgPhases phases;
  AgSweepRun run;

  *is_in = FALSE;
  if (!ag_sweep_run_init (&run, worker->sweep, number, error))
    return FALSE;
  if (!ag_restart_suits (&worker->restart, &run.spec))
    return TRUE;
  if (!begin (worker, &run, error))
    return FALSE;
  if (have_same_numbers (&run, get_run (group, group->runs->len - 1)))
    {
      add_run (group, &run, NULL);
      *is_in = TRUE;
      return TRUE;
    }
  if (!ag_phases_record (&phases, worker->restart.machine, error))
    return FALSE;
  *is_in = ag_phases_are_like (&phases, &group->phases);
  if (*is_in)
    add_run (group, &run, &phases);
  ag_phases_clear (&phases);
  return TRUE;
}

/* Records the loss of coefficients without a step. There may be no gradients then. */
static gboolean
record_final (Group *group,
              GError **error)
{
  AgMachine *machine = group->worker->restart.machine;
  AgTensor *loss = ag_program_record_loss (machine->program);
  const gboolean is_recorded = ag_graph_end_step_untaken (machine->graph, loss, &group->final,
                                                          error);

  ag_tensor_unref (loss);
  return is_recorded;
}

/* Makes a fleet of a tape. Returns how many runs it can have. */
static guint
make_fleet (AgTape *tape,
            AgTensor *const *own,
            guint n_own,
            AgFleet **fleet)
{
  *fleet = tape != NULL ? ag_fleet_new (tape, own, n_own) : NULL;
  return *fleet != NULL ? ag_fleet_most (*fleet) : 0;
}

/* Begins a group with its first run. Returns how many runs it can have; 0 if that run cannot be made
 * with others. */
static gboolean
begin_group (Group *group,
             const AgSweepRun *first,
             guint *n_most,
             GError **error)
{
  AgMachine *machine = group->worker->restart.machine;

  *n_most = 0;
  if (!begin (group->worker, first, error)
      || !ag_phases_record (&group->phases, machine, error))
    return FALSE;
  if (group->phases.n == 0)
    return TRUE;
  ag_checkpoint_load_counts (&group->worker->restart.checkpoint, machine,
                             group->worker->restart.begin);
  if (!record_final (group, error))
    return FALSE;
  *n_most = make_fleet (group->final, group->own, machine->program->model->n_tensors,
                        &group->final_fleet);
  for (guint i = 0; i < group->phases.n; i++)
    {
      const guint n = make_fleet (group->phases.tapes[i], group->own, group->n_own,
                                  &group->fleets[i]);

      *n_most = MIN (*n_most, n);
    }
  if (*n_most > 0)
    add_run (group, first, &group->phases);
  return TRUE;
}

/* Fills the group with those of the runs that are like its first one, which is the first of them too,
 * and leaves the others. */
static gboolean
fill_group (Group *group,
            GArray *numbers,
            guint n_most,
            GError **error)
{
  guint n_left = 0, n_refused = 0;

  for (guint i = 1; i < numbers->len; i++)
    {
      const guint number = g_array_index (numbers, guint, i);
      gboolean is_in = FALSE;

      if (group->runs->len < n_most && n_refused < MOST_REFUSED
          && ag_sweep_worker_is_wanted (group->worker) && !try_run (group, number, &is_in, error))
        return FALSE;
      n_refused = is_in ? 0 : n_refused + 1;
      if (!is_in)
        g_array_index (numbers, guint, n_left++) = number;
    }
  g_array_set_size (numbers, n_left);
  return TRUE;
}

/* Says what differs in the next steps of a run, whose optimizer the machine's becomes for that. */
static void
write_varying (Group *group,
               guint i,
               guint phase,
               guint n_most)
{
  AgRestart *restart = &group->worker->restart;
  AgOptimizer *optimizer = restart->machine->optimizer;
  const guint n_varying = ag_fleet_n_varying (group->fleets[phase]);
  guint64 *varying = group->varying + (gsize) i * n_most * n_varying;
  double *counts = group->counts + (gsize) i * group->n_counts;

  ag_restart_set_options (restart, &get_run (group, i)->spec);
  ag_optimizer_load_counts (optimizer, counts);
  for (gint64 k = 0; k < group->n_steps[i]; k++)
    {
      ag_optimizer_advance (optimizer, group->phases.is_updated[phase]);
      ag_fleet_read_varying (group->fleets[phase], varying + k * n_varying);
    }
  ag_optimizer_save_counts (optimizer, counts);
}

/* Says how many steps each run takes next, no more than so many. Returns the most that one takes. */
static guint
count_steps (Group *group,
             guint n_most)
{
  gint64 most = 0;

  for (guint i = 0; i < group->runs->len; i++)
    {
      const AgSweepRun *run = get_run (group, i);

      group->n_steps[i] = ag_sweep_run_is_over (run)
                            ? 0
                            : MIN (run->spec.steps - run->n_read, (gint64) n_most);
      most = MAX (most, group->n_steps[i]);
    }
  return (guint) most;
}

/* Takes the next steps of all runs. Returns the most that one took. */
static gboolean
take_steps (Group *group,
            guint phase,
            guint n_most,
            guint *n_taken,
            GError **error)
{
  const guint n = *n_taken = count_steps (group, n_most);

  if (n == 0)
    return TRUE;
  for (guint i = 0; group->counts != NULL && i < group->runs->len; i++)
    write_varying (group, i, phase, n);
  if (!ag_fleet_take (group->fleets[phase], group->n_steps, n, group->varying, group->losses, error))
    return FALSE;
  for (guint i = 0; i < group->runs->len; i++)
    for (gint64 k = 0; k < group->n_steps[i]; k++)
      ag_sweep_run_note_loss (get_run (group, i), group->worker->near,
                              group->losses[(gsize) i * n + (gsize) k]);
  return TRUE;
}

static gboolean
is_last (const Group *group,
         guint phase)
{
  return phase == group->phases.n - 1;
}

/* Takes the steps of a phase. No go takes much longer than a command may wait. */
static gboolean
take_phase (Group *group,
            guint phase,
            GError **error)
{
  AgAhead go;
  guint n = 1;

  ag_ahead_init (&go, is_last (group, phase) ? group->n_room : 1);
  while (n > 0 && ag_sweep_worker_is_wanted (group->worker))
    {
      ag_ahead_start (&go, g_get_monotonic_time ());
      if (!take_steps (group, phase, go.n, &n, error))
        return FALSE;
      ag_ahead_note (&go, n, g_get_monotonic_time ());
      if (!is_last (group, phase))
        n = 0;
    }
  return TRUE;
}

/* Takes the steps of a phase, from the values that the one before left. */
static gboolean
make_phase (Group *group,
            guint phase,
            GError **error)
{
  AgFleet *fleet = group->fleets[phase];

  for (guint i = 0; i < group->runs->len; i++)
    ag_fleet_set_values (fleet, i, get_values (group, i));
  if (!ag_fleet_begin (fleet, error) || !take_phase (group, phase, error)
      || !ag_fleet_end (fleet, error))
    return FALSE;
  for (guint i = 0; i < group->runs->len; i++)
    ag_fleet_get_values (fleet, i, get_values (group, i));
  return TRUE;
}

/* Finds how the runs ended, and the final losses of those that have one. */
static gboolean
end_runs (Group *group,
          GError **error)
{
  AgSweep *sweep = group->worker->sweep;

  for (guint i = 0; i < group->runs->len; i++)
    {
      AgSweepRun *run = get_run (group, i);

      memcpy (ag_sweep_run_coefficients (run, sweep), get_values (group, i),
              sizeof (double) * sweep->n_parameters);
      group->n_steps[i] = ag_sweep_run_has_diverged (run, sweep) ? 0 : 1;
      ag_fleet_set_values (group->final_fleet, i, get_values (group, i));
    }
  if (!ag_fleet_begin (group->final_fleet, error)
      || !ag_fleet_take (group->final_fleet, group->n_steps, 1, group->varying, group->losses,
                         error))
    return FALSE;
  for (guint i = 0; i < group->runs->len; i++)
    {
      if (group->n_steps[i] > 0)
        ag_sweep_run_note_final_loss (get_run (group, i), group->worker->near, group->losses[i]);
      ag_sweep_run_end (get_run (group, i), sweep);
    }
  return TRUE;
}

/* Has memory for all runs: the host's, and the device's, of which there may be too little. */
static gboolean
make_room (Group *group)
{
  const AgRestart *restart = &group->worker->restart;
  const guint n_runs = group->runs->len;
  gboolean success;
  guint n_varying = 0;

  for (guint i = 0; i < group->phases.n; i++)
    n_varying = MAX (n_varying, ag_fleet_n_varying (group->fleets[i]));
  group->n_room = (guint) CLAMP (STAGED_BYTES / sizeof (double) / (1 + n_varying) / n_runs, 1,
                                 MOST_STEPS);
  success = ag_fleet_prepare (group->final_fleet, 1, NULL);
  for (guint i = 0; success && i < group->phases.n; i++)
    success = ag_fleet_prepare (group->fleets[i], i + 1 < group->phases.n ? 1 : group->n_room,
                                NULL);
  group->varying = g_new0 (guint64, (gsize) n_runs * group->n_room * n_varying + 1);
  group->losses = g_new0 (double, (gsize) n_runs * group->n_room);
  group->n_steps = g_new0 (gint64, n_runs);
  if (n_varying == 0)
    return success;
  group->counts = g_new0 (double, (gsize) n_runs * group->n_counts);
  ag_checkpoint_load_counts (&restart->checkpoint, restart->machine, restart->start);
  for (guint i = 0; i < n_runs; i++)
    ag_optimizer_save_counts (restart->machine->optimizer, group->counts + i * group->n_counts);
  return success;
}

static gboolean
make_runs (Group *group,
           GError **error)
{
  for (guint i = 0; i < group->phases.n; i++)
    if (!make_phase (group, i, error))
      return FALSE;
  for (guint i = 0; i < group->runs->len; i++)
    if (!ag_sweep_run_is_over (get_run (group, i)))
      return TRUE;
  return end_runs (group, error);
}

static gboolean
has_machine (AgSweepWorker *worker,
             const AgRunSpec *spec,
             GError **error)
{
  return ag_restart_suits (&worker->restart, spec)
         || ag_sweep_worker_make_machine (worker, spec, error);
}

/* Makes those of the runs that are like the first one. */
static gboolean
make_group (AgSweepWorker *worker,
            const AgSweepRun *first,
            GArray *numbers,
            gboolean *is_made,
            GError **error)
{
  g_autoptr (Group) group = group_new (worker);
  guint n_most;

  if (!begin_group (group, first, &n_most, error))
    return FALSE;
  if (n_most < 2)
    return TRUE;
  if (!fill_group (group, numbers, n_most, error))
    return FALSE;
  *is_made = group->runs->len > 1 && make_room (group);
  return !*is_made || make_runs (group, error);
}

/**
 * ag_sweep_make_fleet:
 * @worker: a worker
 * @numbers: (inout) (element-type guint): runs of its sweep, at least one; those that are made are
 *   taken out
 * @is_made: (out): whether the first of them is made; if not, none is, and that is to be made alone
 * @error: return location for a #GError
 *
 * Makes the first run at once with those of the others whose steps are like its own, where the
 * device makes runs at once. They have the bits that they have alone. Those that nobody wants any
 * more while they are being made are taken out too.
 *
 * Returns: whether all went well
 */
gboolean
ag_sweep_make_fleet (AgSweepWorker *worker,
                     GArray *numbers,
                     gboolean *is_made,
                     GError **error)
{
  g_autoptr (GArray) left = g_array_copy (numbers);
  AgSweepRun first;

  *is_made = FALSE;
  if (!ag_sweep_run_init (&first, worker->sweep, g_array_index (numbers, guint, 0), error))
    return FALSE;
  /* Which structure a step has would be another thing in each run. */
  if (first.spec.program->choose_structure != NULL)
    return TRUE;
  if (!has_machine (worker, &first.spec, error))
    return FALSE;
  ag_machine_sit (worker->restart.machine, 0);
  if (!make_group (worker, &first, left, is_made, error))
    return FALSE;
  if (!*is_made)
    return TRUE;
  g_array_set_size (numbers, 0);
  g_array_append_vals (numbers, left->data, left->len);
  return TRUE;
}
