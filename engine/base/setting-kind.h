/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The struct whose fields the settings are is known to higher layers only; see
 * train/run-spec.h. */
typedef struct _AgRunSpec AgRunSpec;

/**
 * AgSettingKind:
 * @AG_SETTING_NUMBER: a number, a `double`
 * @AG_SETTING_FLAG: on or off, a `double` that is 1 or 0
 * @AG_SETTING_COUNT: a whole number, a `gint64`
 * @AG_SETTING_SEED: a whole number from 0 to 2⁶⁴ − 1, a `guint64`
 * @AG_SETTING_CHOICE: one of a list, an enumeration whose values are the places in
 *   that list, unless the row says how it is kept
 * @AG_SETTING_TEXT: a `const char *` that lives as long as the process
 *
 * The kind of value that a setting has.
 */
typedef enum
{
  AG_SETTING_NUMBER,
  AG_SETTING_FLAG,
  AG_SETTING_COUNT,
  AG_SETTING_SEED,
  AG_SETTING_CHOICE,
  AG_SETTING_TEXT,
} AgSettingKind;

/**
 * AgSettingGroup:
 * @AG_SETTING_OF_OPTIMIZER: an option of the optimizer
 * @AG_SETTING_OF_PROGRAM: what is trained
 * @AG_SETTING_OF_TRAINING: with what
 * @AG_SETTING_OF_DATA: on which points
 * @AG_SETTING_OF_START: from where
 * @AG_SETTING_OF_NUMBERS: in which numbers
 * @AG_SETTING_OF_MACHINE: on what, and how fast
 *
 * Settings that are seen together.
 */
typedef enum
{
  AG_SETTING_OF_OPTIMIZER,
  AG_SETTING_OF_PROGRAM,
  AG_SETTING_OF_TRAINING,
  AG_SETTING_OF_DATA,
  AG_SETTING_OF_START,
  AG_SETTING_OF_NUMBERS,
  AG_SETTING_OF_MACHINE,
} AgSettingGroup;

/**
 * AgSettingMention:
 * @AG_SETTING_IF_SET: if it is not the default
 * @AG_SETTING_ALWAYS: always, so that another version with another default makes the
 *   same run
 * @AG_SETTING_NEVER: never, since no number depends on it, nor how soon they are there
 *
 * When the command line of a run names a setting.
 */
typedef enum
{
  AG_SETTING_IF_SET,
  AG_SETTING_ALWAYS,
  AG_SETTING_NEVER,
} AgSettingMention;

/**
 * AgChoice:
 * @id: what is typed and written: "adam"
 * @title: what people know it by: "Adam"
 * @description: (nullable): a line on it
 * @is_available: whether it can be had now; if not, @description says why
 *
 * One of those that a setting can be.
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *description;
  gboolean is_available;
} AgChoice;

/**
 * AgSetting:
 * @id: its name on the command line, in run.json and among the stored settings, which
 *   is PyTorch's where there is one: "lr", "weight-decay"
 * @title: its name in the window: "Weight decay"
 * @kind: what its value is
 * @value: the default of a number, a flag, a count, a seed and of a choice, whose place
 *   in the list it is
 * @minimum: of a number or a count, the least value
 * @maximum: the greatest value; may be infinite
 * @below_maximum: whether @maximum itself is excluded
 * @above_minimum: whether @minimum itself is excluded
 * @text: the default of a text
 * @group: with which others it is seen
 * @help: (nullable): what it does, in one sentence that begins small and has no full
 *   stop, for the commands, which speak English; %NULL where the title says it
 * @argument: (nullable): what the help calls a value of it; %NULL for what values of
 *   that kind are called
 * @is_live: whether a run that is under way can change it
 * @is_of_program: whether a value of it may mean nothing to another program
 * @mention: when a command line names it
 * @offset: of its field in #AgRunSpec; not used of an optimizer's option, and of a text that
 *   has a @format
 * @choices: (nullable) (array zero-terminated=1): of a choice, what it can be
 * @nth: of a choice without @choices, what it can be, counted from 0; @choice is left alone past
 *   the end
 * @get: (nullable): of a choice, which one @spec has; %NULL where the field says it
 * @set: (nullable): sets it to what another list entry is
 * @format: (nullable): writes the value as it is typed; %NULL for the kind's manner
 * @parse: (nullable): reads what was typed; %NULL for the kind's manner
 * @applies: (nullable): whether @spec has the setting at all; %NULL if any has it
 * @why_unused: (nullable): why the setting changes nothing beside the others, as a clause
 *   for people; %NULL where it counts
 * @check: (nullable): finds out what the kind and the limits do not say: whether a run
 *   can have that value beside those of the other settings
 *
 * A row of a table of settings. What is done with all of them (the options of the
 * command line, run.json, fields of the window, what is checked) is done by going
 * through the rows; see train/setting.h.
 */
typedef struct
{
  const char *id;
  const char *title;
  AgSettingKind kind;
  double value;
  double minimum;
  double maximum;
  gboolean below_maximum;
  gboolean above_minimum;
  const char *text;
  AgSettingGroup group;
  const char *help;
  const char *argument;
  gboolean is_live;
  gboolean is_of_program;
  AgSettingMention mention;
  gsize offset;
  const AgChoice *choices;
  gboolean (*nth) (guint index,
                   AgChoice *choice);
  guint (*get) (const AgRunSpec *spec);
  void (*set) (AgRunSpec *spec,
               guint index);
  char *(*format) (const AgRunSpec *spec);
  gboolean (*parse) (const char *text,
                     AgRunSpec *spec,
                     GError **error);
  gboolean (*applies) (const AgRunSpec *spec);
  const char *(*why_unused) (const AgRunSpec *spec);
  gboolean (*check) (const AgRunSpec *spec,
                     GError **error);
} AgSetting;

char *ag_setting_format_kind (const AgSetting *setting,
                              gconstpointer field);
char *ag_setting_write_kind (const AgSetting *setting,
                             gconstpointer field);
gboolean ag_setting_parse_kind (const AgSetting *setting,
                                const char *text,
                                gpointer field,
                                GError **error);
gboolean ag_setting_check_kind (const AgSetting *setting,
                                gconstpointer field,
                                GError **error);
gboolean ag_setting_refuse (const AgSetting *setting,
                            const char *text,
                            const char *instead,
                            GError **error);
gboolean ag_setting_nth_choice (const AgSetting *setting,
                                guint index,
                                AgChoice *choice);
gint ag_setting_find_choice (const AgSetting *setting,
                             const char *id);

G_END_DECLS
