"""The answers that a process keeps in memory."""

from collections import OrderedDict
from threading import Lock

from .answer import Answer
from .question import Question


class Memory:
    """The answers that were last asked for, as many as fit. Safe to use from several threads."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._answers: OrderedDict[Question, Answer] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def get(self, question: Question) -> Answer | None:
        with self._lock:
            answer = self._answers.get(question)
            if answer is not None:
                self._answers.move_to_end(question)
            return answer

    def keep(self, question: Question, answer: Answer) -> None:
        """Keeps the answer, and drops those that nobody has asked for longest."""
        with self._lock:
            self._forget(question)
            self._answers[question] = answer
            self._bytes += answer.size
            while self._bytes > self._most_bytes and self._answers:
                self._forget(next(iter(self._answers)))

    def forget(self, question: Question) -> None:
        with self._lock:
            self._forget(question)

    def forget_all(self) -> None:
        with self._lock:
            self._answers.clear()
            self._bytes = 0

    def __len__(self) -> int:
        return len(self._answers)

    def _forget(self, question: Question) -> None:
        answer = self._answers.pop(question, None)
        if answer is not None:
            self._bytes -= answer.size
