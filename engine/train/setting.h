/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/json.h"
#include "train/run-spec.h"

G_BEGIN_DECLS

/* The table of settings: a row for each field of #AgRunSpec, and those of the
 * optimizer's options. */

guint ag_setting_n (const AgRunSpec *spec);
const AgSetting *ag_setting_nth (const AgRunSpec *spec,
                                 guint index);
const AgSetting *ag_setting_find (const AgRunSpec *spec,
                                  const char *id);
char *ag_setting_format (const AgSetting *setting,
                         const AgRunSpec *spec);
char *ag_setting_write (const AgSetting *setting,
                        const AgRunSpec *spec);
void ag_setting_add_to_json (const AgSetting *setting,
                             const AgRunSpec *spec,
                             AgJson *object);
gboolean ag_setting_parse (const AgSetting *setting,
                           const char *text,
                           AgRunSpec *spec,
                           GError **error);
gboolean ag_setting_check (const AgSetting *setting,
                           const AgRunSpec *spec,
                           GError **error);
gboolean ag_setting_is_used (const AgSetting *setting,
                             const AgRunSpec *spec);
gboolean ag_setting_is_equal (const AgSetting *setting,
                              const AgRunSpec *a,
                              const AgRunSpec *b);
guint ag_setting_get_choice (const AgSetting *setting,
                             const AgRunSpec *spec);

G_END_DECLS
