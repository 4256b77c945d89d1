/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-run.h"

#include <gio/gio.h>

G_BEGIN_DECLS

char *converge_run_name_new (GListModel *runs,
                             const AgRunSpec *spec);
char *converge_run_name_of_branch (GListModel *runs,
                                   ConvergeRun *origin,
                                   const AgRunSpec *spec,
                                   gint64 step);

G_END_DECLS
