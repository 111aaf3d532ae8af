"""Evaluates Python texts with whole numbers for their names. Input: {"texts": [...], "names": {...}}; an answer that is no
small whole number or fraction (an error, a complex or huge number) is null: it judges nothing."""
import ast
import json
import sys
import warnings

warnings.simplefilter("ignore")
given = json.load(sys.stdin)


def value(text):
    try:
        tree = ast.parse(text, mode="eval")
        result = eval(compile(tree, "text", "eval"), {"__builtins__": {"abs": abs, "min": min, "max": max}}, dict(given["names"]))
    except (ZeroDivisionError, OverflowError, TypeError, ValueError):
        return None
    if isinstance(result, complex) or abs(result) > 1e9:
        return None
    return float(result)


json.dump([value(text) for text in given["texts"]], sys.stdout)
