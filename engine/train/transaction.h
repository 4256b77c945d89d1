/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * AgTransaction:
 *
 * Files that appear together or not at all, so that the coefficients of one run
 * never lie beside the losses of another: all are written, then all get their
 * names. If one of them cannot be written, all that was there before stays.
 */
typedef struct _AgTransaction AgTransaction;

AgTransaction *ag_transaction_new (void);
FILE *ag_transaction_open (AgTransaction *transaction,
                           const char *path,
                           GError **error);
gboolean ag_transaction_commit (AgTransaction *transaction,
                                GError **error);
void ag_transaction_free (AgTransaction *transaction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgTransaction, ag_transaction_free)

G_END_DECLS
