"""One session's report as the content of a file, of whichever kind."""

from __future__ import annotations

from posecoach.report.facts import SessionFacts
from posecoach.writing import as_text


def report_bytes(facts: SessionFacts, kind: str) -> bytes:
    """A report as the content of a file; what a kind needs is imported when it is asked for.

    Args:
        kind: "html", "pdf", "csv" or "json".

    Raises:
        MachineError: a PDF is asked for, and fpdf2 is not installed.
    """
    if kind == "html":
        from posecoach.report.page import report_page

        return report_page(facts).encode()
    if kind == "pdf":
        from posecoach.report.pdf import report_pdf

        return report_pdf(facts)
    from posecoach.report.tables import report_csv, report_json

    return (as_text(report_json(facts)) if kind == "json" else report_csv(facts)).encode()
