"""What PyYAML makes of plain scalars, or how it writes texts.
Input {"read": [scalar, ...]} -> [[type, value as text], ...]; {"write": [text, ...]} -> [[yaml, ...one per style], ...]."""
import json
import math
import sys

import yaml

given = json.load(sys.stdin)


def name(value):
    if isinstance(value, float):
        if math.isnan(value):
            return ["text", "NaN"]
        if math.isinf(value):
            return ["text", "Infinity" if value > 0 else "-Infinity"]
    if isinstance(value, (bool, int, float)) or value is None:
        return ["boolean" if isinstance(value, bool) else "null" if value is None else "number", repr(float(value)) if isinstance(value, float) else str(value)]
    # A date or a datetime.
    return ["text", value] if isinstance(value, str) else ["text", value.isoformat().replace("+00:00", "Z")]


def read(scalar):
    try:
        return name(yaml.safe_load(f"a: {scalar}")["a"])
    except (yaml.YAMLError, ValueError):
        return None


def write(text):
    styles = {"'": 200, '"': 40, "|": 200, ">": 30}
    return [yaml.dump(text, default_style=style, width=width, allow_unicode=True) for style, width in styles.items()]


json.dump([read(s) for s in given["read"]] if "read" in given else [write(t) for t in given["write"]], sys.stdout)
