/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "base/stop.h"

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CONVERGE_TYPE_GRAPH_PLAYER (converge_graph_player_get_type ())
G_DECLARE_FINAL_TYPE (ConvergeGraphPlayer, converge_graph_player, CONVERGE, GRAPH_PLAYER, GObject)

ConvergeGraphPlayer *converge_graph_player_new (GtkWidget *widget);
double converge_graph_player_get_place (ConvergeGraphPlayer *self);
gboolean converge_graph_player_is_playing (ConvergeGraphPlayer *self);
int converge_graph_player_get_stop (ConvergeGraphPlayer *self);
void converge_graph_player_play (ConvergeGraphPlayer *self);
void converge_graph_player_pause (ConvergeGraphPlayer *self);
void converge_graph_player_walk (ConvergeGraphPlayer *self,
                                 int by);
void converge_graph_player_show_all (ConvergeGraphPlayer *self);

G_END_DECLS
