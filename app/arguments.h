/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ConvergeOption:
 * @id: its name without the dashes: "steps"
 * @letter: its short form, or 0
 * @argument: (nullable): what its value is called, "N"; %NULL for a switch
 * @negatable: whether the switch has a form that turns it off: --no-…
 * @group: heading under which the help lists it
 * @help: what it does
 *
 * An option of a command.
 */
typedef struct
{
  const char *id;
  char letter;
  const char *argument;
  gboolean negatable;
  const char *group;
  const char *help;
} ConvergeOption;

/**
 * ConvergeArguments:
 * @values: the value given for each option, the last one if there are more;
 *   %NULL if none; of a switch "1" or "0"
 * @words: what is no option
 *
 * The arguments that were typed after a command. The strings are those of the command line.
 */
typedef struct
{
  const char **values;
  GPtrArray *words;
} ConvergeArguments;

ConvergeArguments *converge_arguments_parse (const char *command,
                                             const ConvergeOption *options,
                                             guint n_options,
                                             char *const *argv,
                                             GError **error);
void converge_arguments_free (ConvergeArguments *arguments);

char *converge_join (const char *prefix,
                     const char *const *names);
void converge_set_unknown (GError **error,
                           const char *what,
                           const char *word,
                           const char *const *names);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeArguments, converge_arguments_free)

G_END_DECLS
