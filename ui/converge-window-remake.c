/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-errand.h"
#include "converge-run-name.h"
#include "converge-window-private.h"

#include "train/remake.h"
#include "train/run.h"

#include <glib/gi18n-lib.h>

/* A run whose rate or optimizer was changed under way is made again with these changes, beside the
 * window's thread, for its steps are taken up to the last of them. */

/**
 * RemakeErrand:
 * @errand: what it is the beginning of
 * @spec: what the run is, with the optimizer that it had in the end
 * @changes: what was changed while it was under way
 * @run: (nullable): the run, when it was made
 * @error: (nullable): why it was not
 */
typedef struct
{
  ConvergeErrand errand;
  AgRunSpec spec;
  AgRates *changes;
  AgRun *run;
  GError *error;
} RemakeErrand;

static void
do_remake (ConvergeErrand *errand)
{
  RemakeErrand *remake = (RemakeErrand *) errand;

  remake->run = ag_run_new_remade (&remake->spec, remake->changes, &errand->work, &remake->error);
}

static void
end_remake (ConvergeErrand *errand,
            gpointer owner)
{
  ConvergeWindow *self = owner;
  RemakeErrand *remake = (RemakeErrand *) errand;
  g_autoptr (ConvergeRun) run = NULL;
  g_autofree char *name = NULL;

  /* One that was cancelled has not come to all of its changes. */
  if (self->remake != errand)
    return;
  self->remake = NULL;
  if (remake->run == NULL)
    {
      converge_window_show_toast (self, remake->error->message, NULL);
      return;
    }
  name = converge_run_name_new (G_LIST_MODEL (self->runs), &remake->spec);
  run = converge_run_new_made (g_steal_pointer (&remake->run),
                               ag_rates_at (remake->changes, remake->spec.lr, remake->spec.steps));
  converge_run_set_name (run, name);
  converge_runs_add (self->runs, run);
  converge_runs_set_selected (self->runs, run);
  converge_run_start (run);
}

static void
clear_remake (ConvergeErrand *errand)
{
  RemakeErrand *remake = (RemakeErrand *) errand;

  g_clear_pointer (&remake->changes, ag_rates_free);
  g_clear_pointer (&remake->run, ag_run_unref);
  g_clear_error (&remake->error);
}

static const ConvergeErrandKind remake_kind = {
  sizeof (RemakeErrand),
  do_remake,
  end_remake,
  clear_remake,
};

static void
remake (ConvergeWindow *self)
{
  if (self->offered_remake == NULL)
    return;
  if (self->remake_runner == NULL)
    self->remake_runner = converge_errand_runner_new ();
  if (self->remake != NULL)
    converge_errand_cancel (self->remake);
  self->remake = g_steal_pointer (&self->offered_remake);
  converge_errand_send (self->remake, self->remake_runner);
}

/**
 * converge_window_offer_remake:
 * @self: the window
 * @name: name of the file of a run
 * @spec: its settings, which were taken over
 * @changes: (transfer full): what was changed while it was under way
 *
 * Says that the settings are not all that made the run, beside a button that makes it again with
 * its changes.
 */
void
converge_window_offer_remake (ConvergeWindow *self,
                              const char *name,
                              const AgRunSpec *spec,
                              AgRates *changes)
{
  g_autofree char *text
    = g_strdup_printf (_ ("Settings of “%s” taken over, without its changes under way"), name);
  RemakeErrand *errand = converge_errand_new (&remake_kind, self);

  errand->spec = *spec;
  errand->changes = changes;
  g_clear_pointer (&self->offered_remake, converge_errand_free);
  self->offered_remake = (ConvergeErrand *) errand;
  converge_window_offer (self, text, _ ("With Changes"), remake);
}

/**
 * converge_window_end_remake:
 * @self: a window that ends
 *
 * Lets a run that is being made again not be made to the end.
 */
void
converge_window_end_remake (ConvergeWindow *self)
{
  if (self->remake != NULL)
    converge_errand_cancel (self->remake);
  self->remake = NULL;
  g_clear_pointer (&self->offered_remake, converge_errand_free);
  if (self->remake_runner != NULL)
    g_thread_pool_free (self->remake_runner, FALSE, FALSE);
  self->remake_runner = NULL;
}
