#!/usr/bin/env python3
"""Writes BaseCharacters.Table.cs: canonical decompositions without non-spacing marks, from this Python's unicodedata."""
import pathlib
import unicodedata


def escape(text):
    return "".join(f"\\u{ord(c):04X}" if ord(c) < 0x10000 else f"\\U{ord(c):08X}" for c in text)


composed_of = {}
for code in range(0x110000):
    if 0xD800 <= code < 0xE000 or 0xAC00 <= code <= 0xD7A3:
        continue
    decomposed = unicodedata.normalize("NFD", chr(code))
    if decomposed != chr(code):
        base = "".join(c for c in decomposed if unicodedata.category(c) != "Mn")
        composed_of.setdefault(base, []).append(chr(code))

pieces = []
for base, composed in sorted(composed_of.items(), key=lambda item: item[1][0]):
    pieces += [escape(c) for c in base] + ["\\t"] + [escape(c) for c in composed] + ["\\n"]
lines = [""]
for piece in pieces:
    if len(lines[-1]) + len(piece) > 130:
        lines.append("")
    lines[-1] += piece

head = f'''namespace Decant.Text;

/// <remarks>Made by make_base_characters.py (Unicode {unicodedata.unidata_version}); do not edit. Hangul syllables decompose by arithmetic and are not listed.</remarks>
internal static partial class BaseCharacters
{{
    // A base, a tab, the characters composed of it, a line feed.
    private const string Table =
'''
body = " +\n".join(f'        "{line}"' for line in lines)
pathlib.Path(__file__).with_name("BaseCharacters.Table.cs").write_text(head + body + ";\n}\n")
