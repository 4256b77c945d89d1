/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/error.h"
#include "base/pytorch.h"
#include "base/rounding.h"
#include "device/device.h"
#include "graph/tensor.h"

G_BEGIN_DECLS

typedef struct _AgGraph AgGraph;

AgGraph *ag_graph_new (AgDevice *device);
void ag_graph_free (AgGraph *graph);
void ag_graph_enter (AgGraph *graph);
void ag_graph_leave (AgGraph *graph);
AgGraph *ag_graph_current (void);
AgDevice *ag_graph_device (AgGraph *graph);
void ag_graph_set_pytorch (AgGraph *graph,
                           AgPyTorch pytorch);
void ag_graph_set_rounding (AgGraph *graph,
                            AgRounding rounding);
AgPyTorch ag_graph_pytorch (const AgGraph *graph);

void ag_no_grad_begin (void);
void ag_no_grad_end (void);

void ag_backward (AgTensor *root,
                  AgTensor *gradient);

gboolean ag_graph_end_step (AgGraph *graph,
                            GError **error);
gint64 ag_graph_n_plans (const AgGraph *graph);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgGraph, ag_graph_free)

G_END_DECLS
