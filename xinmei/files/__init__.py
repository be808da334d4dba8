"""Files, each kept once by the SHA-256 digest of its bytes: in a folder, or in an S3-compatible store.

A row of any room that has a file points to its `StoredFile`; the bytes are reached through `keeping` alone.
"""
