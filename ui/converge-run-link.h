/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "train/run.h"

#include <glib-object.h>

G_BEGIN_DECLS

/**
 * ConvergeRunLink:
 *
 * The link through which a run's thread tells its owner, in the main loop, that its state changed.
 */
typedef struct _ConvergeRunLink ConvergeRunLink;

/**
 * ConvergeRunTold:
 * @owner: who owns the run
 *
 * Called in the main loop when the run has another state.
 */
typedef void (*ConvergeRunTold) (gpointer owner);

ConvergeRunLink *converge_run_link_new (AgRun *run,
                                        GObject *owner,
                                        ConvergeRunTold tell);
void converge_run_link_leave (ConvergeRunLink *link,
                              AgRun *run);

G_END_DECLS
