/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_APPLICATION (converge_application_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeApplication, converge_application, CONVERGE, APPLICATION, AdwApplication)

ConvergeApplication *converge_application_new (void);
gboolean converge_application_has_display (void);

G_END_DECLS
