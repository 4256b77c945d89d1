/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "converge-run-record.h"

/**
 * ConvergeRunRecord:
 * @run: (nullable): what has losses and trace
 * @kept: (nullable): the same of a run that was read from a file
 * @spec: what it does
 * @snapshot: how far it came
 * @name: what people call it
 * @color: index of its colour
 * @is_shown: whether plots show it
 * @is_pinned: whether it stands above others
 */
struct _ConvergeRunRecord
{
  AgRun *run;
  AgKeptRun *kept;
  AgRunSpec spec;
  AgSnapshot *snapshot;
  char *name;
  guint color;
  gboolean is_shown;
  gboolean is_pinned;
};

/**
 * converge_run_record_new:
 * @run: a run
 *
 * Returns: (transfer full) (nullable): what is to be written of it; %NULL before its first
 *   step
 */
ConvergeRunRecord *
converge_run_record_new (ConvergeRun *run)
{
  const AgSnapshot *snapshot = converge_run_snapshot (run);
  ConvergeRunRecord *record;

  if (snapshot == NULL || snapshot->step == 0 || snapshot->state == AG_TRAINER_FAILED)
    return NULL;
  record = g_new0 (ConvergeRunRecord, 1);
  converge_run_hold (run, &record->run, &record->kept);
  record->spec = *converge_run_spec (run);
  record->snapshot = ag_snapshot_copy (snapshot);
  record->name = g_strdup (converge_run_get_name (run));
  record->color = converge_run_get_color (run);
  record->is_shown = converge_run_get_shown (run);
  record->is_pinned = converge_run_get_pinned (run);
  return record;
}

/**
 * converge_run_record_free:
 * @record: (transfer full): a record
 *
 * Frees it. That may end the run, for which it waits: see ag_run_unref().
 */
void
converge_run_record_free (ConvergeRunRecord *record)
{
  g_clear_pointer (&record->run, ag_run_unref);
  g_clear_pointer (&record->kept, ag_kept_run_unref);
  ag_snapshot_free (record->snapshot);
  g_free (record->name);
  g_free (record);
}

/**
 * converge_run_record_describe:
 * @record: a record
 *
 * Returns: what ag_session_file_write() takes, as long as @record is there
 */
AgSessionRun
converge_run_record_describe (const ConvergeRunRecord *record)
{
  const AgKeptRun *kept = record->kept;

  return (AgSessionRun){
    .name = record->name,
    .color = record->color,
    .is_shown = record->is_shown,
    .is_pinned = record->is_pinned,
    .spec = &record->spec,
    .snapshot = record->snapshot,
    .initial = kept != NULL ? kept->initial : ag_trainer_initial (ag_run_trainer (record->run)),
    .history = kept != NULL ? kept->history : ag_run_history (record->run),
    .trace = kept != NULL ? kept->trace : ag_run_trace (record->run),
    .clock = kept != NULL ? kept->clock : ag_run_clock (record->run),
    .rates = kept != NULL ? kept->rates : ag_run_rates (record->run),
  };
}
