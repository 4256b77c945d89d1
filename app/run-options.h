/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "arguments.h"

#include "data/expression.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/**
 * ConvergeOwnOption:
 * @option: the option
 * @apply: (nullable): reads its value into the command's struct; %NULL where it is put where
 *   @place says, a text as it is and a switch as %TRUE
 * @place: of a field in the command's struct
 *
 * An option of a command that is no setting of a run.
 */
typedef struct
{
  ConvergeOption option;
  gboolean (*apply) (gpointer options,
                     const char *value,
                     GError **error);
  gsize place;
} ConvergeOwnOption;

/**
 * ConvergeRunCommand:
 * @name: as it is typed: "converge train"
 * @usage: the first line of its help
 * @description: what it does
 * @ending: what is said below its options
 * @n_own: number of @own
 * @own: its own options, the first of which comes before the settings: the run file to
 *   begin with
 * @has_pace: whether it takes settings that no number depends on
 *
 * A command whose options are the settings of a run, and some of its own.
 */
typedef struct
{
  const char *name;
  const char *usage;
  const char *description;
  const char *ending;
  guint n_own;
  const ConvergeOwnOption *own;
  gboolean has_pace;
} ConvergeRunCommand;

/**
 * ConvergeFault:
 * @text: (nullable): what is no formula, if that is what is wrong with what was typed
 * @kind: what kind of formula it should be
 */
typedef struct
{
  const char *text;
  AgExpressionKind kind;
} ConvergeFault;

#define CONVERGE_DEFAULT_PROGRAM "autograd"

/* The help has this heading for the options that all these commands have and that are no settings. */
#define CONVERGE_GROUP_RUN "Which run"
#define CONVERGE_GROUP_OUTPUT "What comes out"

GArray *converge_run_command_table (const ConvergeRunCommand *command);
gboolean converge_run_command_apply_program (const GArray *table,
                                             const ConvergeArguments *arguments,
                                             AgRunSpec *spec,
                                             GError **error);
gboolean converge_run_command_parse (const ConvergeRunCommand *command,
                                     char *const *argv,
                                     gpointer options,
                                     AgRunSpec *spec,
                                     ConvergeFault *fault,
                                     GError **error);
const ConvergeOwnOption *converge_run_command_find_own (const ConvergeRunCommand *command,
                                                        const char *id);
gboolean converge_own_option_apply (const ConvergeOwnOption *own,
                                    gpointer options,
                                    const char *value,
                                    GError **error);
gboolean converge_run_options_check_used (const AgRunSpec *spec,
                                          const GArray *table,
                                          const ConvergeArguments *arguments,
                                          GError **error);
gboolean converge_run_options_fail (GError **error,
                                    const char *format,
                                    ...) G_GNUC_PRINTF (2, 3);
gboolean converge_run_options_fail_inapplicable (const AgRunSpec *spec,
                                                 const char *id,
                                                 GError **error);
gboolean converge_run_options_apply_setting (const AgSetting *setting,
                                             const char *value,
                                             AgRunSpec *spec,
                                             ConvergeFault *fault,
                                             GError **error);
void converge_fault_mark (const ConvergeFault *fault);

/* run-help.c */
char *converge_run_command_help (const ConvergeRunCommand *command,
                                 guint width);

G_END_DECLS
