"""Word pairs out of a KenLM file (quantised trie, format version 5), as input methods ship them: what general language is like.

Only expected numbers of character sequences are taken from it. Layout: kenlm's lm/search_trie.cc, lm/trie.cc and lm/bhiksha.cc.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from xinmei.core.screening.typos.symbols import class_of

_HEADER = 88
_QUANTISED_TRIE_WITH_ARRAYS = 5


def _bits_for(most: int) -> int:
    return max(most, 0).bit_length()


def _chop(entries: int, most: int, limit: int) -> int:
    """Bits of a pointer that are kept in a side array (ArrayBhiksha::ChopBits)."""
    required = _bits_for(most)
    return min(range(min(required, limit) + 1), key=lambda chop: (most >> (required - chop)) * 64 - entries * chop)


def _read_bits(data: np.ndarray, at: np.ndarray, width: int) -> np.ndarray:
    byte, shift = at >> 3, at & 7
    value = np.zeros(len(at), dtype=np.uint64)
    for k in range(5):
        value |= data[byte + k].astype(np.uint64) << np.uint64(8 * k)
    return (value >> shift.astype(np.uint64)) & np.uint64((1 << width) - 1)


def read_pairs(path: Path) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Words; log10 P of each; and for each pair kept in the model: first word, second word, log10 P(second | first).

    Raises ValueError when the file is of another kind.
    """
    raw = path.read_bytes()
    order, kind, has_words = raw[_HEADER], struct.unpack_from("<I", raw, _HEADER + 8)[0], raw[_HEADER + 12]
    if (
        not raw.startswith(b"mmap lm http://kheafield.com/code format version 5")
        or kind != _QUANTISED_TRIE_WITH_ARRAYS
        or order != 3
        or not has_words
    ):
        raise ValueError(f"{path}: not a KenLM trigram model with quantised trie, arrays and words")
    words_n, pairs_n, triples_n = struct.unpack_from("<3Q", raw, _HEADER + 20)
    at = _HEADER + 20 + 24
    at += -at % 8
    at += 8 * (1 + words_n)  # sorted vocabulary: its size, then hashes
    quant = at + 8
    at = quant + 4 * (256 + 256 + 256)
    unigrams = np.frombuffer(raw, dtype=np.dtype([("p", "<f4"), ("b", "<f4"), ("next", "<u8")]), count=words_n + 1, offset=at)
    at += 16 * (words_n + 2)
    chop = _chop(pairs_n + 1, triples_n, 22)
    inline = _bits_for(triples_n) - chop
    at += 8 * (1 + (triples_n >> inline) + 1) + 7
    word_bits = _bits_for(words_n)
    total = word_bits + 16 + inline
    data = np.frombuffer(raw, dtype=np.uint8, offset=at)
    place = np.arange(pairs_n, dtype=np.int64) * total
    first = _read_bits(data, place, word_bits).astype(np.int64)
    prob = np.frombuffer(raw, dtype="<f4", count=256, offset=quant)[_read_bits(data, place + word_bits + 8, 8).astype(np.int64)]
    second = np.searchsorted(unigrams["next"].astype(np.int64), np.arange(pairs_n), side="right") - 1
    names = raw[_words_start(raw, words_n) :]
    words = names.decode("utf-8").split("\0")[:words_n]
    return words, unigrams["p"][:words_n].astype(float), first, second, prob


def _words_start(raw: bytes, words_n: int) -> int:
    """Where the list of words starts: it ends the file and begins with <unk>."""
    at = raw.rindex(b"<unk>\0")
    if raw.count(b"\0", at) < words_n:
        raise ValueError("the list of words is cut short")
    return at


def pieces_of(path: Path, words_n: float, plain: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """What a text of `words_n` words in this language would have: tables of symbols of one or two words, where the second begins, how often.

    Words over four characters, and pairs over eight, are cut to what windows of five can see.
    """
    words, p_word, first, second, p_pair = read_pairs(path)
    symbols = [[int(plain[class_of(char)]) for char in word] for word in words]
    length = np.array([len(word) for word in words])
    weight = words_n * 10.0**p_word
    weight[[word.startswith("<") for word in words]] = 0
    pieces = []
    for size in range(1, 9):
        chosen = np.flatnonzero((length == size) & (weight > 0))
        if len(chosen):
            table = np.array([symbols[i] for i in chosen], dtype=np.uint16)
            pieces.append((table, np.zeros(len(chosen), dtype=np.int64), weight[chosen]))
    pair_weight = weight[first] * 10.0 ** p_pair.astype(float)
    padded = np.zeros((len(words), 4), dtype=np.uint16)
    ends = np.zeros((len(words), 4), dtype=np.uint16)
    for i, row in enumerate(symbols):
        padded[i, : min(4, len(row))] = row[:4]
        ends[i, 4 - min(4, len(row)) :] = row[-4:]
    # a missing symbol is 0, which is no character, so windows that would reach beyond a word do not count
    chosen = pair_weight > 0
    table = np.concatenate([ends[first[chosen]], padded[second[chosen]]], axis=1)
    pieces.append((table, np.full(int(chosen.sum()), 4, dtype=np.int64), pair_weight[chosen]))
    return pieces
