from pages.newsroom.models.confirming import NewsroomRow, ObjectOfReaders


class Permit(ObjectOfReaders, NewsroomRow):
    """What the gate lets through; written and taken away in one transaction, so nobody else sees it.

    One of no kind lets everything through.
    """

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
