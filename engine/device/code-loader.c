/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "device/code-loader.h"

#include "device/whole-file.h"

#include <fcntl.h>
#include <gmodule.h>
#include <link.h>
#include <string.h>
#include <unistd.h>

/* Whether all that is going to be mapped is there: the dynamic linker maps a file
 * that was cut short, too, and the first access beyond its end ends the process. */
static gboolean
is_whole (const guint8 *data,
          gsize n_bytes)
{
  ElfW (Ehdr) header;
  ElfW (Phdr) segment;

  if (n_bytes < sizeof header)
    return FALSE;
  memcpy (&header, data, sizeof header);
  if (memcmp (header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_phentsize != sizeof segment
      || header.e_phoff > n_bytes || (n_bytes - header.e_phoff) / sizeof segment < header.e_phnum)
    return FALSE;
  for (guint i = 0; i < header.e_phnum; i++)
    {
      memcpy (&segment, data + header.e_phoff + i * sizeof segment, sizeof segment);
      if (segment.p_offset > n_bytes || segment.p_filesz > n_bytes - segment.p_offset)
        return FALSE;
    }
  return TRUE;
}

/* The dynamic linker takes a file for one that it has if the names are the same,
 * and the name here is the descriptor's number. So no number is used twice, until
 * there are no more. */
static int
give_new_number (int fd)
{
  static int next;
  const int numbered = fcntl (fd, F_DUPFD_CLOEXEC, next);

  close (fd);
  if (numbered >= 0)
    next = numbered + 1;
  return numbered;
}

/**
 * ag_code_load:
 * @library: a shared library
 * @symbol: the name of a function in it
 *
 * Loads code from memory: what was looked at is what is loaded, and nobody can
 * exchange it in between. It stays until the process ends. Not more than one thread
 * may call this.
 *
 * Returns: (nullable): the function; %NULL if that is no such library
 */
gpointer
ag_code_load (GBytes *library,
              const char *symbol)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (library, &n_bytes);
  g_autofree char *path = NULL;
  gpointer function = NULL;
  GModule *module;
  int fd;

  fd = is_whole (data, n_bytes) ? ag_memory_file (symbol, data, n_bytes) : -1;
  if (fd >= 0)
    fd = give_new_number (fd);
  if (fd < 0)
    return NULL;
  path = g_strdup_printf ("/proc/self/fd/%d", fd);
  module = g_module_open (path, G_MODULE_BIND_LOCAL);
  close (fd);
  if (module == NULL)
    return NULL;
  if (g_module_symbol (module, symbol, &function))
    g_module_make_resident (module);
  else
    g_module_close (module);
  return function;
}
