/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "graph/tensor.h"

G_BEGIN_DECLS

typedef struct _AgModule AgModule;

/**
 * AgModuleClass:
 * @name: the name PyTorch gives it: "Linear"
 * @instance_size: size of the module's own struct, which begins with
 *   #AgModule
 * @forward: computes the output, (transfer none), from the input
 * @finalize: (nullable): frees what the struct owns beside the registered
 *   parameters and children
 *
 * A kind of module.
 */
typedef struct
{
  const char *name;
  gsize instance_size;
  AgTensor *(*forward) (AgModule *module,
                        AgTensor *input);
  void (*finalize) (AgModule *module);
} AgModuleClass;

/**
 * AgModule:
 * @klass: what kind of module it is
 * @ref_count: number of references
 * @members: its parameters and children, in the order of registration
 *
 * A function with trainable parameters, as PyTorch's `torch.nn.Module`:
 * reference counted, a tree by its children.
 */
struct _AgModule
{
  const AgModuleClass *klass;
  gint ref_count;
  GArray *members;
};

/**
 * AgParameterFunc:
 * @name: the parameter's name, with those of the modules it is in: "0.weight"
 * @parameter: the parameter
 * @user_data: what was given to ag_module_foreach_parameter()
 *
 * Called with a parameter of a module.
 */
typedef void (*AgParameterFunc) (const char *name,
                                 AgTensor *parameter,
                                 gpointer user_data);

gpointer ag_module_new (const AgModuleClass *klass);
gpointer ag_module_ref (gpointer module);
void ag_module_unref (gpointer module);

void ag_module_register_parameter (AgModule *module,
                                   const char *name,
                                   AgTensor *parameter);
void ag_module_register_child (AgModule *module,
                               const char *name,
                               AgModule *child);
guint ag_module_n_children (const AgModule *module);
AgModule *ag_module_nth_child (const AgModule *module,
                               guint index);

AgTensor *ag_module_forward (AgModule *module,
                             AgTensor *input);
void ag_module_zero_grad (AgModule *module);
guint ag_module_n_parameters (const AgModule *module);
void ag_module_foreach_parameter (AgModule *module,
                                  AgParameterFunc func,
                                  gpointer user_data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AgModule, ag_module_unref)

G_END_DECLS
