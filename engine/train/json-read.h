/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AgJsonTakeMember:
 * @c: (inout): a place in a text, where the member's value begins
 * @name: its name; "" in a list
 * @depth: in how many objects and lists it is
 * @user_data: what was given to ag_json_take_members()
 *
 * Takes the value of a member.
 *
 * Returns: whether it was understood
 */
typedef gboolean (*AgJsonTakeMember) (const char **c,
                                      const char *name,
                                      guint depth,
                                      gpointer user_data);

char *ag_json_read_file (const char *path,
                         guint64 most,
                         int *code);
gboolean ag_json_take (const char **c,
                       char sign);
char *ag_json_take_string (const char **c);
char *ag_json_take_scalar (const char **c);
gboolean ag_json_take_members (const char **c,
                               char end,
                               guint depth,
                               AgJsonTakeMember take_member,
                               gpointer user_data);
gboolean ag_json_take_value (const char **c,
                             guint depth);
gboolean ag_json_take_number (const char **c,
                              double *value);
gboolean ag_json_take_numbers (const char **c,
                               GArray *numbers);

G_END_DECLS
