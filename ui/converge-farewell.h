/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

void converge_bid_farewell (GDestroyNotify let_go,
                            gpointer data);

G_END_DECLS
