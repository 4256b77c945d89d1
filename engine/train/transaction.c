/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "train/transaction.h"

#include "train/atomic-file.h"

struct _AgTransaction
{
  GPtrArray *files;
};

/**
 * ag_transaction_new:
 *
 * Returns: (transfer full): a transaction without files
 */
AgTransaction *
ag_transaction_new (void)
{
  AgTransaction *transaction = g_new (AgTransaction, 1);

  transaction->files = g_ptr_array_new_with_free_func ((GDestroyNotify) ag_atomic_file_abort);
  return transaction;
}

/**
 * ag_transaction_open:
 * @transaction: a transaction
 * @path: path of a file
 * @error: return location for an error
 *
 * Adds a file. What is there now stays as it is until ag_transaction_commit().
 *
 * Returns: (transfer none) (nullable): where its contents are written to; whether
 *   that succeeds need not be looked at before ag_transaction_commit()
 */
FILE *
ag_transaction_open (AgTransaction *transaction,
                     const char *path,
                     GError **error)
{
  const GPtrArray *files = transaction->files;
  AgAtomicFile *file;

  /* Both may be the same pipe, whose reader wants one after the other. */
  if (files->len > 0)
    fflush (ag_atomic_file_stream (g_ptr_array_index (files, files->len - 1)));
  file = ag_atomic_file_begin (path, error);
  if (file == NULL)
    return NULL;
  g_ptr_array_add (transaction->files, file);
  return ag_atomic_file_stream (file);
}

static gboolean
finish_all (AgTransaction *transaction,
            GError **error)
{
  for (guint i = 0; i < transaction->files->len; i++)
    if (!ag_atomic_file_finish (g_ptr_array_index (transaction->files, i), error))
      return FALSE;
  return TRUE;
}

static gboolean
place_all (AgTransaction *transaction,
           GError **error)
{
  for (guint i = 0; i < transaction->files->len; i++)
    {
      if (ag_atomic_file_place (g_ptr_array_index (transaction->files, i), error))
        continue;
      while (i-- > 0)
        ag_atomic_file_take_back (g_ptr_array_index (transaction->files, i));
      return FALSE;
    }
  return TRUE;
}

/**
 * ag_transaction_commit:
 * @transaction: a transaction
 * @error: return location for an error
 *
 * Puts all files in their places, on disk, or removes what was written of them.
 * The transaction is without files then.
 *
 * Returns: whether they are there
 */
gboolean
ag_transaction_commit (AgTransaction *transaction,
                       GError **error)
{
  const gboolean success = finish_all (transaction, error) && place_all (transaction, error);

  g_ptr_array_set_size (transaction->files, 0);
  return success;
}

/**
 * ag_transaction_free:
 * @transaction: (transfer full): a transaction
 *
 * Removes what was written since the last ag_transaction_commit(), and frees it.
 */
void
ag_transaction_free (AgTransaction *transaction)
{
  g_ptr_array_unref (transaction->files);
  g_free (transaction);
}
