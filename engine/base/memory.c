/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/memory.h"

#include "base/error.h"

#include <glib/gi18n-lib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* Memory can be refused in three ways: the machine has no more, a control group
 * may have no more, or the process may have no more addresses (ulimit -v and -d).
 * GLib and other libraries end the process when a small allocation fails, so the
 * large ones are compared with what there is before they are made. */

/* This many addresses are left to what is small: the stacks and heaps of a few
 * threads, fonts, pictures. */
#define MARGIN (G_GUINT64_CONSTANT (256) << 20)

/* For this long the memory of the machine and of control groups is not asked for again. */
#define RECENT_US (G_USEC_PER_SEC / 10)

/**
 * Hierarchy:
 * @controller: how lines of /proc/self/cgroup name it
 * @mount: where it is mounted
 * @limit: file with the greatest number of bytes
 * @usage: file with the number of those in use
 * @caches: keys in memory.stat of what can be dropped when it is needed
 *
 * A version of control groups.
 */
typedef struct
{
  const char *controller;
  const char *mount;
  const char *limit;
  const char *usage;
  const char *caches[2];
} Hierarchy;

static const Hierarchy hierarchies[] = {
  { "", "/sys/fs/cgroup", "memory.max", "memory.current", { "active_file", "inactive_file" } },
  { "memory",
    "/sys/fs/cgroup/memory",
    "memory.limit_in_bytes",
    "memory.usage_in_bytes",
    { "total_active_file", "total_inactive_file" } },
};

/* Reads the number that a file has, or the one after a line's first word @key. */
static gboolean
read_number (const char *folder,
             const char *name,
             const char *key,
             guint64 *number)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return FALSE;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      const gsize length = key != NULL ? strlen (key) : 0;
      char *end;

      if (key != NULL && strncmp (lines[i], key, length) != 0)
        continue;
      if (length > 0 && !g_ascii_isspace (lines[i][length]))
        continue;
      *number = g_ascii_strtoull (lines[i] + length, &end, 10);
      return end != lines[i] + length;
    }
  return FALSE;
}

static guint64
subtract (guint64 limit,
          guint64 used)
{
  return limit > used ? limit - used : 0;
}

static guint64
left_in_machine (const char *root)
{
  g_autofree char *folder = g_build_filename (root, "proc", NULL);
  const long n_pages = sysconf (_SC_PHYS_PAGES), page = sysconf (_SC_PAGESIZE);
  guint64 available, swap = 0;

  if (read_number (folder, "meminfo", "MemAvailable:", &available))
    {
      read_number (folder, "meminfo", "SwapFree:", &swap);
      return 1024 * (available + swap);
    }
  return n_pages > 0 && page > 0 ? (guint64) n_pages * (guint64) page : G_MAXUINT64;
}

/* A group without a limit has a word for it, or no such file. */
static guint64
left_in_group (const Hierarchy *hierarchy,
               const char *folder)
{
  guint64 limit, used, cached;

  if (!read_number (folder, hierarchy->limit, NULL, &limit)
      || !read_number (folder, hierarchy->usage, NULL, &used))
    return G_MAXUINT64;
  for (guint i = 0; i < G_N_ELEMENTS (hierarchy->caches); i++)
    if (read_number (folder, "memory.stat", hierarchy->caches[i], &cached))
      used = subtract (used, cached);
  return subtract (limit, used);
}

/* The groups around a group limit it too. A container may see itself as the
 * outermost one and yet be told its path from outside, so groups on the way that
 * are not there are passed over. */
static guint64
left_in_hierarchy (const Hierarchy *hierarchy,
                   const char *root,
                   const char *path)
{
  g_autofree char *mount = g_build_filename (root, hierarchy->mount, NULL);
  g_autofree char *folder = g_build_filename (mount, path, NULL);
  guint64 left = G_MAXUINT64;

  for (;;)
    {
      char *last = strrchr (folder, '/');

      left = MIN (left, left_in_group (hierarchy, folder));
      if (last == NULL || strlen (folder) <= strlen (mount))
        return left;
      *last = '\0';
    }
}

static gboolean
has_controller (const char *controllers,
                const char *controller)
{
  g_auto (GStrv) names = g_strsplit (controllers, ",", -1);

  /* The one hierarchy of version 2 names none. */
  if (*controller == '\0' || *controllers == '\0')
    return strcmp (controllers, controller) == 0;
  return g_strv_contains ((const char *const *) names, controller);
}

/* Lines are “NUMBER:CONTROLLER,CONTROLLER:PATH”. */
static guint64
left_in_groups (const char *root)
{
  g_autofree char *path = g_build_filename (root, "proc/self/cgroup", NULL);
  g_autofree char *text = NULL;
  g_auto (GStrv) lines = NULL;
  guint64 left = G_MAXUINT64;

  if (!g_file_get_contents (path, &text, NULL, NULL))
    return left;
  lines = g_strsplit (text, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) fields = g_strsplit (lines[i], ":", 3);

      if (g_strv_length (fields) != 3)
        continue;
      for (guint k = 0; k < G_N_ELEMENTS (hierarchies); k++)
        if (has_controller (fields[1], hierarchies[k].controller))
          left = MIN (left, left_in_hierarchy (&hierarchies[k], root, fields[2]));
    }
  return left;
}

/**
 * ag_memory_addresses:
 *
 * Returns: how many bytes this process may still map under its limits on
 *   addresses and data, but for a margin for what is small; %G_MAXUINT64 where
 *   there is no such limit
 */
guint64
ag_memory_addresses (void)
{
  static const struct
  {
    int resource;
    const char *used;
  } limits[] = { { RLIMIT_AS, "VmSize:" }, { RLIMIT_DATA, "VmData:" } };
  guint64 left = G_MAXUINT64;

  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      struct rlimit limit;
      guint64 used;

      if (getrlimit (limits[i].resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY
          && read_number ("/proc/self", "status", limits[i].used, &used))
        left = MIN (left, subtract (limit.rlim_cur, 1024 * used + MARGIN));
    }
  return left;
}

/**
 * ag_memory_available:
 * @root: where the system's files are, “/” but in a test
 *
 * Asks the machine, the control groups that this process is in, and the limits
 * on its addresses. What other processes take meanwhile is not known.
 *
 * Returns: how many bytes this process can take
 */
guint64
ag_memory_available (const char *root)
{
  return MIN (MIN (left_in_machine (root), left_in_groups (root)), ag_memory_addresses ());
}

/**
 * ag_memory_recently_available:
 *
 * As ag_memory_available() for this system, for who asks many times a second, as long as a
 * slider moves: machine and control groups are asked anew after a tenth of a second. May be
 * called from any thread.
 *
 * Returns: how many bytes this process can take
 */
guint64
ag_memory_recently_available (void)
{
  static _Atomic gint64 asked_us = 0;
  static _Atomic guint64 left = 0;
  const gint64 now_us = g_get_monotonic_time ();

  if (asked_us == 0 || now_us - asked_us > RECENT_US)
    {
      left = MIN (left_in_machine ("/"), left_in_groups ("/"));
      asked_us = now_us;
    }
  return MIN (left, ag_memory_addresses ());
}

/**
 * ag_memory_set_error:
 * @error: return location for a #GError
 * @n_bytes: how many bytes could not be had
 *
 * Says that there is no memory for a tensor.
 */
void
ag_memory_set_error (GError **error,
                     gsize n_bytes)
{
  g_set_error (error, AG_ERROR, AG_ERROR_DEVICE,
               _ ("There is not enough memory for a tensor of %zu bytes; take fewer points"),
               n_bytes);
}

/**
 * ag_memory_try:
 * @n_bytes: how much memory
 * @error: return location for an %AG_ERROR_DEVICE
 *
 * Returns: (transfer full) (nullable): memory for elements of a tensor, to be
 *   freed with g_free(), or %NULL if there is none
 */
gpointer
ag_memory_try (gsize n_bytes,
               GError **error)
{
  gpointer memory = g_try_malloc (MAX (n_bytes, 1));

  if (memory == NULL)
    ag_memory_set_error (error, n_bytes);
  return memory;
}
