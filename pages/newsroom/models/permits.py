from pages.newsroom.models.confirming import NewsroomRow, ObjectOfReaders


class Permit(ObjectOfReaders, NewsroomRow):
    """What the gate lets through, in its transaction alone; one of no kind lets everything through."""

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
