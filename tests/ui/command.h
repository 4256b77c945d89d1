/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define COMMAND_NUMBER "-?[0-9]+(\\.[0-9]+)?(e[-+][0-9]+)?"

/**
 * Command:
 * @folder: an empty folder in which the command is started
 * @locale: (nullable): in which locale; "C" if %NULL
 * @status: how it ended
 * @out: what it wrote to stdout
 * @err: what it wrote to stderr
 *
 * The command, started as people do; $CONVERGE is where it is.
 */
typedef struct
{
  char *folder;
  char *locale;
  int status;
  char *out;
  char *err;
} Command;

typedef void (*CommandTest) (Command *command,
                             gconstpointer data);

void command_add (const char *path,
                  CommandTest test);
void command_run (Command *command,
                  const char *arguments);
GPid command_start (Command *command,
                    const char *arguments,
                    int *out,
                    int err);
void command_wait_until_heeds (GPid pid,
                               int number);
int command_wait (GPid pid);
char *command_read_all (int fd);
guint command_count_files (const char *folder);
GStrv command_read_lines (const Command *command,
                          const char *name);
void command_assert_losses (const Command *command,
                            const char *name,
                            guint n_rows,
                            guint every);
void command_assert_matches (const char *text,
                             const char *pattern);
void command_assert_sentence (const Command *command,
                              const char *part);

G_END_DECLS
