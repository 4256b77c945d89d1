/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-settings.h"

G_BEGIN_DECLS

/* Settings that people chose are remembered apart from the run. Another program or optimizer begins
 * with its own defaults and takes over the chosen settings that it understands. A learning rate is
 * remembered for the optimizer for which it was chosen, since good rates differ by orders of
 * magnitude. */

/**
 * ConvergeSettings:
 * @spec: the run that they describe
 * @defaults: the run that it would be if nothing had been set
 * @chosen: what was set, by the name of the setting; as it is typed
 * @mistyped: what is wrong with what was typed last, by the setting's id
 * @faults: why the setting is to blame for a run that cannot be made, by its id
 * @error: (nullable): why no run can be made
 */
struct _ConvergeSettings
{
  GObject parent_instance;

  AgRunSpec spec;
  AgRunSpec defaults;
  GHashTable *chosen;
  GHashTable *mistyped;
  GHashTable *faults;
  char *error;
};

void converge_settings_load (ConvergeSettings *self,
                             const AgProgramClass *program);
void converge_settings_settle (ConvergeSettings *self);
void converge_settings_choose (ConvergeSettings *self,
                               const AgSetting *setting);
const char *converge_settings_get_chosen (ConvergeSettings *self,
                                          const AgSetting *setting);

/* converge-settings-initial.c */
gint converge_settings_find_initial (ConvergeSettings *self,
                                     const char *id);
char *converge_settings_get_initial (ConvergeSettings *self,
                                     guint parameter);
char *converge_settings_write_initial (ConvergeSettings *self,
                                       guint parameter,
                                       const char *text);

G_END_DECLS
