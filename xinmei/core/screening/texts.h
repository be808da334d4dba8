/* Texts as Python hands them over, many at a time: a list of str, or a column as Arrow keeps it. They are read where they lie, without the
 * interpreter's lock. */
#pragma once
#include <stdint.h>

typedef struct { int kind; const void *data; long size; } Text; /* as the interpreter keeps it, or UTF-8 (kind 0) with places in bytes */

typedef struct {
    PyObject *strings;                  /* a tuple of str; NULL: Arrow's layout, UTF-8 in one buffer with offsets of 32 or 64 bits */
    Py_buffer data, offsets;
    Py_ssize_t first, count; int wide;
} Texts;

/* One character of UTF-8; returns its bytes. What is none is one byte (Arrow promises that it does not happen). */
static inline int decode(const uint8_t *at, const uint8_t *end, uint32_t *c)
{
    long left = end - at;
    *c = *at;
    if (*c >= 0xE0 && *c < 0xF0 && left > 2) { *c = (*c & 15) << 12 | (at[1] & 63) << 6 | (at[2] & 63); return 3; }
    if (*c < 0x80) return 1;
    if (*c >= 0xC0 && *c < 0xE0 && left > 1) { *c = (*c & 31) << 6 | (at[1] & 63); return 2; }
    if (*c >= 0xF0 && left > 3) { *c = (*c & 7) << 18 | (at[1] & 63) << 12 | (at[2] & 63) << 6 | (at[3] & 63); return 4; }
    *c = 0xFFFD;
    return 1;
}

static int64_t text_offset(const Texts *t, Py_ssize_t row)
{
    return t->wide ? ((const int64_t *)t->offsets.buf)[t->first + row] : ((const int32_t *)t->offsets.buf)[t->first + row];
}

static inline Text text_at(const Texts *t, Py_ssize_t row)
{
    if (t->strings) {
        PyObject *text = PyTuple_GET_ITEM(t->strings, row);
        return (Text){(int)PyUnicode_KIND(text), PyUnicode_DATA(text), (long)PyUnicode_GET_LENGTH(text)};
    }
    int64_t from = text_offset(t, row);
    return (Text){0, (const uint8_t *)t->data.buf + from, (long)(text_offset(t, row + 1) - from)};
}

static void close_texts(Texts *t)
{
    if (t->data.obj) PyBuffer_Release(&t->data);
    if (t->offsets.obj) PyBuffer_Release(&t->offsets);
    Py_CLEAR(t->strings);
}

/* From a list of str, or (data, offsets, first, rows, wide). Returns 0, or -1 with an error set; close it in any case. */
static int open_texts(Texts *t, PyObject *source)
{
    *t = (Texts){0};
    if (PyList_Check(source)) {
        if (!(t->strings = PyList_AsTuple(source))) return -1;
        t->count = PyTuple_GET_SIZE(t->strings);
        for (Py_ssize_t row = 0; row < t->count; row++) {
            PyObject *text = PyTuple_GET_ITEM(t->strings, row);
            if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "texts must be str"); return -1; }
            if (PyUnicode_READY(text)) return -1;
            if (PyUnicode_GET_LENGTH(text) > INT32_MAX / 2) { PyErr_SetString(PyExc_OverflowError, "text too long"); return -1; }
        }
        return t->count > INT32_MAX ? (PyErr_SetString(PyExc_OverflowError, "too many texts"), -1) : 0;
    }
    if (!PyArg_ParseTuple(source, "y*y*nnp", &t->data, &t->offsets, &t->first, &t->count, &t->wide)) return -1;
    if (t->first < 0 || t->count < 0 || t->count > INT32_MAX || (t->first + t->count + 1) * (t->wide ? 8 : 4) > t->offsets.len) {
        PyErr_SetString(PyExc_ValueError, "offsets are too short");
        return -1;
    }
    for (Py_ssize_t row = 0; row < t->count; row++) {
        int64_t from = text_offset(t, row), to = text_offset(t, row + 1);
        if (from < 0 || to < from || to > t->data.len || to - from > INT32_MAX / 2) {
            PyErr_SetString(PyExc_ValueError, "offsets leave the data");
            return -1;
        }
    }
    return 0;
}
