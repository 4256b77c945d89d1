/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-question.h"
#include "converge-visibility.h"

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_PREFERENCES (converge_preferences_get_type ())
G_DECLARE_FINAL_TYPE (ConvergePreferences, converge_preferences, CONVERGE, PREFERENCES, AdwPreferencesWindow)

GtkWidget *converge_preferences_new (GtkWindow *parent,
                                     ConvergeVisibility *visibility,
                                     ConvergeQuestion *question);

G_END_DECLS
