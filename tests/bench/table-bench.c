/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "data/table.h"

#include <glib/gstdio.h>
#include <time.h>

/* table-bench FILE [X Y]
 *
 * Reads two columns of a table, three times, on one core. Prints the points, the rows that
 * were left out, the least time of the processor in seconds and the MB (of 10⁶ bytes) that
 * were read in each of them. */

#define N_TIMES 3

int
main (int argc,
      char **argv)
{
  const AgTableWish wish = { .x = argc == 4 ? argv[2] : NULL, .y = argc == 4 ? argv[3] : NULL };
  double best = G_MAXDOUBLE;
  gint64 n_points = 0, n_left_out = 0;
  GStatBuf info;

  if ((argc != 2 && argc != 4) || g_stat (argv[1], &info) != 0)
    {
      g_printerr ("Usage: table-bench FILE [X Y]\n");
      return 2;
    }
  for (guint i = 0; i < N_TIMES; i++)
    {
      const clock_t start = clock ();
      g_autoptr (GError) error = NULL;
      g_autoptr (AgByteSource) source = ag_byte_source_open (argv[1], &error);
      g_autoptr (AgTable) table
        = source != NULL ? ag_table_read (argv[1], source, &wish, NULL, &error) : NULL;

      if (table == NULL)
        {
          g_printerr ("table-bench: %s\n", error->message);
          return 1;
        }
      n_points = table->n_points;
      n_left_out = table->n_left_out;
      best = MIN (best, (double) (clock () - start) / CLOCKS_PER_SEC);
    }
  g_print ("%" G_GINT64_FORMAT " points, %" G_GINT64_FORMAT " left out, %.3f s, %.0f MB/s\n",
           n_points, n_left_out, best, (double) info.st_size / 1e6 / best);
  return 0;
}
