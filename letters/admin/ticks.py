"""The tick boxes of a draft's optional paragraphs: what is ticked, and with which of them the words were made."""

from letters import paragraphs


class Ticks:
    """What a form says of the optional paragraphs of `letter`, each by its place among the parts. `data` of None is
    the letter as it was saved."""

    def __init__(self, letter, data=None):
        self.parts = letter.made_of
        saved = {number for number, part in self._optional() if part.ticked}
        shown = data is not None and "placed" in data
        self.stand = self._among(data["placed"].split(",")) if shown else saved
        self.wanted = self._among(data.getlist("ticks")) if shown else saved

    def _optional(self):
        return [(number, part) for number, part in enumerate(self.parts) if part.name]

    def _among(self, written) -> set[int]:
        return {number for number, _ in self._optional() if str(number) in written}

    @property
    def boxes(self):
        """(number, name, words, whether it is ticked) of each, in the order of the letter."""
        return [(number, part.name, part.text, number in self.wanted) for number, part in self._optional()]

    @property
    def placed(self) -> str:
        """Which of them stand in the words, for the form."""
        return ",".join(map(str, sorted(self.stand)))

    def put_into(self, body) -> paragraphs.Placed:
        return paragraphs.placed(body, self.parts, stand=self.stand, wanted=self.wanted)
