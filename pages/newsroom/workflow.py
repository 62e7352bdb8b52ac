"""Wagtail's workflow as the fact that an object is sent: it locks, filters and lists.

It never publishes: that is the gate's alone. This module is named in the settings
(WAGTAIL_FINISH_WORKFLOW_ACTION) and read while models are made, so it imports none.
"""

from typing import Any

from django.contrib.auth.models import User


def publish_nothing(workflow_state: Any, user: User | None = None) -> None:
    """What Wagtail does when a workflow is finished."""


def note_sent(obj: Any, user: User) -> None:
    """Marks the object as sent; sending it again begins anew."""
    note_cancelled(obj, user)
    workflow = obj.get_workflow()
    if workflow is not None:
        workflow.start(obj, user)
        _forget(obj)


def note_published(obj: Any, user: User) -> None:
    """Marks what was sent as approved, in the name of the one who confirmed last."""
    if state := _task_state_of(obj):
        state.approve(user=user)
        _forget(obj)


def note_returned(obj: Any, user: User, note: str) -> None:
    """Marks what was sent as returned to its author."""
    if state := _task_state_of(obj):
        state.reject(user=user, comment=note)
        _forget(obj)


def note_cancelled(obj: Any, user: User | None) -> None:
    """Marks the object as a draft again."""
    if state := obj.current_workflow_state:
        state.cancel(user=user)
        _forget(obj)


def _task_state_of(obj: Any) -> Any:
    state = obj.current_workflow_task_state
    return state and state.specific


def _forget(obj: Any) -> None:
    for name in ("_current_workflow_states", "current_workflow_state"):
        obj.__dict__.pop(name, None)
