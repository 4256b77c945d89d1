/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/table.h"

G_BEGIN_DECLS

char *ag_table_describe (const AgTable *table);
char *ag_table_describe_format (const AgTable *table);
char *ag_table_describe_left_out (const AgTable *table);
char *ag_table_list_faults (const AgTable *table,
                            guint most);

G_END_DECLS
