import os


def pytest_terminal_summary(terminalreporter):
    """The closing line, and the numbers that .ci/test.mjs sums up."""
    stats = terminalreporter.stats
    passed = len(stats.get("passed", []))
    failed = len(stats.get("failed", [])) + len(stats.get("error", []))
    terminalreporter.config._magg_counts = (passed, failed)


def pytest_unconfigure(config):
    counts = getattr(config, "_magg_counts", None)
    if counts is None:
        return
    if os.environ.get("MAGG_COUNTS"):
        with open(os.environ["MAGG_COUNTS"], "a") as out:
            out.write(f"{counts[0]} {counts[1]}\n")
    print(f"{counts[0]} passed, {counts[1]} failed")
