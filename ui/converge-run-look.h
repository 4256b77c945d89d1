/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

/* The colour of a run that has not been given one. */
#define CONVERGE_RUN_NO_COLOR G_MAXUINT

#define CONVERGE_TYPE_RUN_LOOK (converge_run_look_get_type ())
G_DECLARE_DERIVABLE_TYPE (ConvergeRunLook, converge_run_look, CONVERGE, RUN_LOOK, GObject)

struct _ConvergeRunLookClass
{
  GObjectClass parent_class;
};

guint64 converge_run_look_get_id (ConvergeRunLook *self);
const char *converge_run_look_get_name (ConvergeRunLook *self);
void converge_run_look_set_name (ConvergeRunLook *self,
                                 const char *name);
guint converge_run_look_get_color (ConvergeRunLook *self);
void converge_run_look_set_color (ConvergeRunLook *self,
                                  guint color);
gboolean converge_run_look_get_shown (ConvergeRunLook *self);
void converge_run_look_set_shown (ConvergeRunLook *self,
                                  gboolean is_shown);
gboolean converge_run_look_get_pinned (ConvergeRunLook *self);
void converge_run_look_set_pinned (ConvergeRunLook *self,
                                   gboolean is_pinned);

G_END_DECLS
