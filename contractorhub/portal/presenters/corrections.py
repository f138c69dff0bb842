"""A correction in words: what was asked, what it stands at, and what was answered by whom and when."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from contractorhub.portal.presenters.cards import Moment, present_moment
from contractorhub.portal.presenters.reader import Reader
from projects.models import Correction
from projects.notices import correction_words


@dataclass(frozen=True, slots=True)
class CorrectionWords:
    public_id: uuid.UUID
    project: str
    what: str
    words: str
    state: str
    asked: Moment
    closed: Moment | None
    answered_by: str
    answer: str
    papers: tuple[tuple[int, str], ...]


def present_correction(
    row: Correction, reader: Reader, at: datetime, *, with_papers: bool
) -> CorrectionWords:
    """One correction in words; its papers by key and name."""
    papers = row.papers.defer("content") if with_papers else ()
    return CorrectionWords(
        public_id=row.public_id,
        project=row.engagement.project.code,
        what=correction_words(row),
        words=row.words,
        state=row.state,
        asked=present_moment(row.asked_at, reader, at),
        closed=present_moment(row.closed_at, reader, at) if row.closed_at else None,
        answered_by=str(row.answered_by) if row.answered_by else "",
        answer=row.answer,
        papers=tuple((paper.pk, paper.name) for paper in papers),
    )
