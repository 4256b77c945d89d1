/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "data/byte-source.h"

G_BEGIN_DECLS

/* The path of a sample begins with this, and its id follows. */
#define AG_SAMPLE_PREFIX "sample:"

/**
 * AgSample:
 * @id: what is typed: "decay"
 * @title: its name: "Radioactive decay"
 * @story: what was measured, in a sentence
 * @model: a formula in x that is the law behind it
 *
 * Data to try a fit with.
 */
typedef struct
{
  const char *id;
  const char *title;
  const char *story;
  const char *model;
} AgSample;

guint ag_sample_n (void);
const AgSample *ag_sample_nth (guint index);
const AgSample *ag_sample_find (const char *path);
AgByteSource *ag_sample_open (const char *path,
                              GError **error);

G_END_DECLS
