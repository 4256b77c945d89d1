/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/suggest.h"

#include <string.h>

#define MAX_LENGTH 63

/* Letters put in, left out, replaced, or two neighbours swapped each count
 * one: the mistakes fingers make. */
static guint
distance (const char *a,
          const char *b)
{
  const gsize n = strlen (a), m = strlen (b);
  guint rows[3][MAX_LENGTH + 1];
  guint *before = rows[0], *above = rows[1], *row = rows[2];

  for (gsize j = 0; j <= m; j++)
    above[j] = (guint) j;
  for (gsize i = 1; i <= n; i++)
    {
      row[0] = (guint) i;
      for (gsize j = 1; j <= m; j++)
        {
          const char p = g_ascii_tolower (a[i - 1]), q = g_ascii_tolower (b[j - 1]);
          const guint replaced = above[j - 1] + (p != q);
          const guint changed = MIN (above[j], row[j - 1]) + 1;

          row[j] = MIN (replaced, changed);
          if (i > 1 && j > 1 && p == g_ascii_tolower (b[j - 2]) && q == g_ascii_tolower (a[i - 2]))
            row[j] = MIN (row[j], before[j - 2] + 1);
        }
      guint *oldest = before;
      before = above;
      above = row;
      row = oldest;
    }
  return above[m];
}

/**
 * ag_suggest:
 * @word: a name that is not known
 * @candidates: (array zero-terminated=1): the names that are
 *
 * Finds what may have been meant: the candidate with the fewest typing
 * mistakes, if these are few for its length, or the only one that begins with
 * @word.
 *
 * Returns: (nullable): one of @candidates
 */
const char *
ag_suggest (const char *word,
            const char *const *candidates)
{
  const gsize length = strlen (word);
  const char *nearest = NULL, *longer = NULL;
  guint least = G_MAXUINT, n_longer = 0;

  if (length == 0 || length > MAX_LENGTH)
    return NULL;
  for (gsize i = 0; candidates[i] != NULL; i++)
    {
      const gsize candidate_length = strlen (candidates[i]);

      if (candidate_length > MAX_LENGTH)
        continue;
      const guint mistakes = distance (word, candidates[i]);
      if (mistakes < least && mistakes * 3 <= MAX (length, candidate_length))
        {
          least = mistakes;
          nearest = candidates[i];
        }
      if (g_ascii_strncasecmp (candidates[i], word, length) == 0)
        {
          longer = candidates[i];
          n_longer++;
        }
    }
  if (nearest == NULL && n_longer == 1)
    nearest = longer;
  return nearest;
}
