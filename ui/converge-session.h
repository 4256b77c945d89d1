/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-runs.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_SESSION (converge_session_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeSession, converge_session, CONVERGE, SESSION, GObject)

ConvergeSession *converge_session_new (ConvergeRuns *runs,
                                       const char *folder);
void converge_session_finish (ConvergeSession *self);

G_END_DECLS
