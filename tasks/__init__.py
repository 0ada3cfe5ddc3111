"""WHAT is done: the stages, pure functions from rows to rows. Nothing in here imports Prefect.

In pipeline order: `ingest`, `strip`, `extract`, `dedupe`, `group`, `publish`. Below them the floors: `stage` (what a
stage is), `store` (parts on disk), `page` (markup laid out as text), `text` (offsets), `errors`.
"""
