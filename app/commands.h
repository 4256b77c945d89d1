/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

int converge_command_train (char *const *argv);
int converge_command_sweep (char *const *argv);
int converge_command_graph (char *const *argv);
int converge_command_surface (char *const *argv);
int converge_command_list (char *const *argv);

G_END_DECLS
