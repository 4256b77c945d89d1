/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "train/run-spec.h"

G_BEGIN_DECLS

/* Settings whose text is more than a number or a name: how each is read into a specification and
 * written, for the rows of the table of settings. */

char *ag_setting_format_model (const AgRunSpec *spec);
gboolean ag_setting_parse_model (const char *text,
                                 AgRunSpec *spec,
                                 GError **error);
char *ag_setting_format_device (const AgRunSpec *spec);
gboolean ag_setting_parse_data (const char *text,
                                AgRunSpec *spec,
                                GError **error);
gboolean ag_setting_parse_target (const char *text,
                                  AgRunSpec *spec,
                                  GError **error);
char *ag_setting_format_from (const AgRunSpec *spec);
gboolean ag_setting_parse_from (const char *text,
                                AgRunSpec *spec,
                                GError **error);
char *ag_setting_format_to (const AgRunSpec *spec);
gboolean ag_setting_parse_to (const char *text,
                              AgRunSpec *spec,
                              GError **error);
gboolean ag_setting_parse_init (const char *text,
                                AgRunSpec *spec,
                                GError **error);
gboolean ag_setting_parse_hold (const char *text,
                                AgRunSpec *spec,
                                GError **error);
gboolean ag_setting_parse_units (const char *text,
                                 AgRunSpec *spec,
                                 GError **error);

G_END_DECLS
