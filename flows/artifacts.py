"""What the page of a run shows in the Prefect UI, in Markdown. All that was scraped arrives there as text."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from flows.figures import Figures, shares
from flows.maintain import Upkeep
from flows.rebuild import Rebuilt
from flows.summary import Summary, as_markdown, escaped, markdown_table

WIDTH = 120  # of a headline


def of_run(summary: Summary, found: Figures | None, reports: str | None = None) -> str:
    """The closing table, and after it what the run brought; `reports` is the address under which reports are shown."""
    sections = [("All that is published", as_markdown(summary)), *(brought(found) if found else ())]
    link = [f"[The report of this run]({reports}/{summary.run}/report.html)"] if reports and summary.report else []
    return "\n\n".join([*link, *(f"## {title}\n\n{body}" for title, body in sections)])


def brought(found: Figures) -> Iterator[tuple[str, str]]:
    """The sections on what a run brought; one that would be empty is left out."""
    yield "New in this run", markdown_table(("what", "how many", "why"), funnel(found))
    if found.rules:
        rules = [(row.kind, row.rule, f"{row.segments:,}", f"{row.characters:,}") for row in found.rules]
        yield "Removed from the texts", markdown_table(("kind", "rule", "segments", "characters"), rules)
    if found.stories:
        stories = [(shorter(row.headline), f"{row.articles:,}", f"{row.before:,}") for row in found.stories]
        title = f"Stories: {found.stories_new:,} new, {found.stories_grown:,} grown"
        yield title, markdown_table(("headline", "articles", "before"), stories)


def funnel(found: Figures) -> Iterator[tuple[str, str, str]]:
    """What became of the new documents: what, how many, why."""
    part = {name: f"{share:.1%}" for name, share in shares(found).items()}
    yield "documents", f"{found.documents:,}", ""
    yield "quarantined", f"{found.quarantined:,}", listed(found.reasons)
    yield "copies", f"{found.copies:,}", listed(found.ties)
    yield "articles", f"{found.articles:,}", f"{found.undated:,} without a date ({part['share undated']})"
    yield "characters", f"{found.characters:,}", f"{found.removed:,} removed ({part['share removed']})"


def listed(counts: Mapping[str, int]) -> str:
    """Counts in a line, the highest first."""
    return ", ".join(f"{name} {count:,}" for name, count in counts.items())


def shorter(headline: str | None) -> str:
    """A headline that a table has room for."""
    text = headline or "(no headline)"
    return text if len(text) <= WIDTH else text[: WIDTH - 1] + "…"


def of_warnings(summary: Summary) -> str:
    """What is unusual about a run."""
    return "\n".join(f"- {escaped(warning)}" for warning in summary.warnings)


def of_maintenance(upkeep: Upkeep, data: Path, applied: bool) -> str:
    """What keeping house found."""
    found, joined = upkeep
    if not found and not joined:
        return "Nothing to do"
    said = ["Done" if applied else "Nothing was changed: this was a dry run"]
    if found:
        rows = [(row.path.relative_to(data), row.why, f"{row.bytes:,}") for row in found]
        said.append(markdown_table(("what goes", "why", "bytes"), rows))
    if joined:
        sizes = [(f"{len(row.parts):,}", f"{row.bytes:,}") for row in joined]
        said.append(markdown_table(("small parts that make one", "bytes"), sizes))
    return "\n\n".join(said)


def of_rebuild(found: Rebuilt) -> str:
    """What a rebuild comes to."""
    rows = [(row.table, *(f"{count:,}" for count in row[1:])) for row in found.differences]
    head = "Published" if found.is_applied else "Nothing was changed: this was a dry run"
    lost = f"\n\n{found.lost:,} documents would be lost: their raw files are gone" if found.lost else ""
    return f"{head}{lost}\n\n{markdown_table(('table', 'before', 'after', 'rows gone', 'rows new'), rows)}"
