/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/setting.h"

#include <glib-object.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_SETTINGS (converge_settings_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSettings, converge_settings, CONVERGE, SETTINGS, GObject)

/**
 * ConvergeSettingText:
 * @id: id of a setting
 * @text: what was chosen for it
 *
 * One of several settings that are set at once.
 */
typedef struct
{
  const char *id;
  const char *text;
} ConvergeSettingText;

ConvergeSettings *converge_settings_new (void);
const AgRunSpec *converge_settings_spec (ConvergeSettings *self);
const char *converge_settings_error (ConvergeSettings *self);

const char *converge_settings_initial_id (const char *parameter);
gboolean converge_settings_has (ConvergeSettings *self,
                                const char *id);
const char *converge_settings_set_text (ConvergeSettings *self,
                                        const char *id,
                                        const char *text);
void converge_settings_set_texts (ConvergeSettings *self,
                                  guint n_texts,
                                  const ConvergeSettingText *texts);
char *converge_settings_get_text (ConvergeSettings *self,
                                  const char *id);
const char *converge_settings_field_error (ConvergeSettings *self,
                                           const char *id);
gboolean converge_settings_is_mistyped (ConvergeSettings *self,
                                        const char *id);
gboolean converge_settings_has_data (ConvergeSettings *self);

const AgRunSpec *converge_settings_defaults (ConvergeSettings *self);
char *converge_settings_get_default (ConvergeSettings *self,
                                     const char *id);
gboolean converge_settings_is_default (ConvergeSettings *self,
                                       const char *id);
gboolean converge_settings_has_choices (ConvergeSettings *self);
void converge_settings_reset (ConvergeSettings *self);

GVariant *converge_settings_save (ConvergeSettings *self);
void converge_settings_take_over (ConvergeSettings *self,
                                  const AgRunSpec *spec);
gboolean converge_settings_restore (ConvergeSettings *self,
                                    GVariant *saved);

G_END_DECLS
