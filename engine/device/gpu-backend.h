/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* This number changes with the structures below. A module that was built with another one is not
 * used, since it would read them wrongly. */
#define AG_GPU_BACKEND_VERSION 4

/* Threads in a block of the kernels called steps and of all others. */
#define AG_GPU_STEPS_THREADS 512
#define AG_GPU_STAGE_THREADS 256

/* How many marks there are. */
#define AG_GPU_N_MARKS 2

/* The symbol of a module that gives its backend. */
#define AG_GPU_BACKEND_SYMBOL "ag_gpu_backend"

typedef struct _AgGpu AgGpu;
typedef struct _AgGpuProgram AgGpuProgram;

/**
 * AgGpuSlot:
 * @p: where a buffer begins, in the GPU's memory
 * @f: a number, of float32
 * @d: a number, of float64
 * @i: a number of something
 *
 * One of a plan's buffers, as kernels get it.
 */
typedef union
{
  void *p;
  float f;
  double d;
  gint64 i;
} AgGpuSlot;

/**
 * AgGpuMatrix:
 * @data: its first element
 * @row_stride: elements from one row to the next
 * @column_stride: elements from one column to the next; one of both is 1
 */
typedef struct
{
  const void *data;
  gint64 row_stride;
  gint64 column_stride;
} AgGpuMatrix;

/**
 * AgGpuBackend:
 * @version: %AG_GPU_BACKEND_VERSION
 * @id: "cuda"
 * @probe: says why there is no GPU to be used, in words that go into a sentence
 *   ("no GPU"), or, in @title, which one there is
 * @open: begins to use it
 * @close: ends that, when all is done
 * @alloc: memory of the GPU
 * @free: gives it back, when all is done
 * @find_memory: how much of it nobody has
 * @alloc_host: memory of the host that the GPU can copy from and to while the
 *   host goes on
 * @free_host: gives it back
 * @copy_in: copies to the GPU, after what was launched before; @source may be
 *   changed at once
 * @copy_out: copies from the GPU, when what was launched before is done
 * @begin_copy_in: copies to the GPU, after what was launched before, and does
 *   not wait; @source is from @alloc_host and must stay as it is until then
 * @begin_copy_out: copies from the GPU, when what was launched before is done,
 *   and does not wait; @target is from @alloc_host
 * @mark: sets a mark, one of %AG_GPU_N_MARKS, behind all that was asked for
 * @wait: waits until what is before a mark is done
 * @max_blocks: how many blocks of a kernel the GPU runs at once; fewer in a launch leave
 *   parts of it idle, and more leave most of it idle in the end
 * @compile: compiles the text of an #AgGpuSource
 * @release: forgets what was compiled, when all is done
 * @launch: runs a kernel, when what was launched before is done; does not wait.
 *   @arguments is what the kernel takes, by value
 * @multiply: c = a b, with @is_double in double precision; c is row-major, a of
 *   @n_rows × @n_terms, b of @n_terms × @n_columns
 *
 * The functions of a module that brings a GPU. Functions that return text return %NULL when all
 * went well and else a sentence on what did not, to be freed; what was to be returned is left as
 * it was then. Nothing is called for one GPU by two threads at once, but each may open it.
 */
typedef struct
{
  guint version;
  const char *id;
  char *(*probe) (char **title);
  char *(*open) (AgGpu **gpu);
  void (*close) (AgGpu *gpu);
  char *(*alloc) (AgGpu *gpu,
                  gsize n_bytes,
                  void **data);
  void (*free) (AgGpu *gpu,
                void *data);
  char *(*find_memory) (AgGpu *gpu,
                        guint64 *n_bytes);
  char *(*alloc_host) (AgGpu *gpu,
                       gsize n_bytes,
                       void **data);
  void (*free_host) (AgGpu *gpu,
                     void *data);
  char *(*copy_in) (AgGpu *gpu,
                    void *target,
                    const void *source,
                    gsize n_bytes);
  char *(*copy_out) (AgGpu *gpu,
                     void *target,
                     const void *source,
                     gsize n_bytes);
  char *(*begin_copy_in) (AgGpu *gpu,
                          void *target,
                          const void *source,
                          gsize n_bytes);
  char *(*begin_copy_out) (AgGpu *gpu,
                           void *target,
                           const void *source,
                           gsize n_bytes);
  char *(*mark) (AgGpu *gpu,
                 guint which);
  char *(*wait) (AgGpu *gpu,
                 guint which);
  char *(*max_blocks) (AgGpu *gpu,
                       AgGpuProgram *program,
                       const char *kernel,
                       guint n_threads,
                       guint *n_blocks);
  char *(*compile) (AgGpu *gpu,
                    const char *text,
                    AgGpuProgram **program);
  void (*release) (AgGpu *gpu,
                   AgGpuProgram *program);
  char *(*launch) (AgGpu *gpu,
                   AgGpuProgram *program,
                   const char *kernel,
                   guint n_blocks,
                   guint n_threads,
                   const void *arguments,
                   gsize n_bytes);
  char *(*multiply) (AgGpu *gpu,
                     gboolean is_double,
                     gint64 n_rows,
                     gint64 n_terms,
                     gint64 n_columns,
                     const AgGpuMatrix *a,
                     const AgGpuMatrix *b,
                     void *c);
} AgGpuBackend;

typedef const AgGpuBackend *(*AgGpuBackendGet) (void);

G_END_DECLS
