/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "converge-errand.h"

G_BEGIN_DECLS

#define CONVERGE_TYPE_FINDER (converge_finder_get_type ())
G_DECLARE_DERIVABLE_TYPE (ConvergeFinder, converge_finder, CONVERGE, FINDER, GObject)

/**
 * ConvergeFinderClass:
 * @take: takes over what an errand found, and returns whether that is something new
 * @forget: forgets what was found
 */
struct _ConvergeFinderClass
{
  GObjectClass parent_class;

  gboolean (*take) (ConvergeFinder *self,
                    ConvergeErrand *errand);
  void (*forget) (ConvergeFinder *self);
};

gboolean converge_finder_is_busy (ConvergeFinder *self);
void converge_finder_ask (ConvergeFinder *self,
                          gpointer errand);
void converge_finder_send (ConvergeFinder *self,
                           gpointer errand);
void converge_finder_end (ConvergeErrand *errand,
                          gpointer owner);
void converge_finder_forget (ConvergeFinder *self);
void converge_finder_tell (ConvergeFinder *self);

G_END_DECLS
