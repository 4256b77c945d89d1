/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ConvergeTable:
 *
 * Rows of text in aligned columns.
 */
typedef struct _ConvergeTable ConvergeTable;

ConvergeTable *converge_table_new (guint n_columns);
void converge_table_free (ConvergeTable *table);
void converge_table_add (ConvergeTable *table,
                         ...) G_GNUC_NULL_TERMINATED;
void converge_table_append_to (const ConvergeTable *table,
                               GString *string,
                               guint width);
void converge_wrap (GString *string,
                    const char *text,
                    guint indent,
                    guint width);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (ConvergeTable, converge_table_free)

G_END_DECLS
