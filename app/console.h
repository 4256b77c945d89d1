/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>
#include <stdio.h>

G_BEGIN_DECLS

/**
 * ConvergeExit:
 * @CONVERGE_EXIT_DONE: all was done
 * @CONVERGE_EXIT_FAILED: the run diverged, or the device or a file failed
 * @CONVERGE_EXIT_USAGE: an argument makes no sense; nothing was done
 * @CONVERGE_EXIT_SIGNAL: to this a signal's number is added, as shells do
 *
 * The exit statuses of the command.
 */
typedef enum
{
  CONVERGE_EXIT_DONE = 0,
  CONVERGE_EXIT_FAILED = 1,
  CONVERGE_EXIT_USAGE = 2,
  CONVERGE_EXIT_SIGNAL = 128,
} ConvergeExit;

void converge_console_open (void);
char *converge_escape (const char *text);
void converge_say (const char *format,
                   ...) G_GNUC_PRINTF (1, 2);
void converge_complain (const GError *error);
void converge_mark (const char *text,
                    gsize begin,
                    gsize end);
gboolean converge_write (int fd,
                         const char *text,
                         gsize length,
                         gsize *written);
int converge_output_failed (int code);
int converge_print (const char *text);
int converge_print_written (void (*write) (gconstpointer data,
                                           FILE *stream),
                            gconstpointer data);
gboolean converge_is_terminal (int fd);
guint converge_columns (int fd,
                        guint otherwise);

G_END_DECLS
