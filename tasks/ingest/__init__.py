"""Ingest: reads raw files into documents, and puts aside what cannot be read, with the reason.

Owns `documents` (as read), `pages` (the markup of those that are HTML), `blocks` (what that says of each line of their
text), `sidecars` (what a scraper knew), `inputs` (which file was read in which state) and its `quarantine`. The text is
as the file has it; nothing after changes it.

`plan` says what must be read, a job a part; `ingest` does a job.
"""

from tasks.ingest.discover import Slice, discover
from tasks.ingest.found import Bars
from tasks.ingest.listing import Given, absolute, distinct
from tasks.ingest.plan import Job, plan
from tasks.ingest.read import document_id, put_aside
from tasks.ingest.rows import STAGE, Document, Form, IngestSettings, Input, Page, Quarantine, Sidecar
from tasks.ingest.work import Ingested, holders, ingest, part_name
from tasks.page import Block

__all__ = [
    "STAGE",
    "Bars",
    "Block",
    "Document",
    "Form",
    "Given",
    "IngestSettings",
    "Ingested",
    "Input",
    "Job",
    "Page",
    "Quarantine",
    "Sidecar",
    "Slice",
    "absolute",
    "discover",
    "distinct",
    "document_id",
    "holders",
    "ingest",
    "part_name",
    "plan",
    "put_aside",
]
