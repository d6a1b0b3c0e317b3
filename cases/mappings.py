"""Which column feeds which field of a complaint: data, one entry for each kind of file that can be imported.

Another system's export needs an entry in MAPPINGS and nothing else.
"""

from dataclasses import dataclass, field

from cases.models import Channel


@dataclass(frozen=True)
class Mapping:
    """What the columns of one kind of file mean. Several columns for one field are joined with a colon."""

    name: str
    source: str
    columns: dict[str, tuple[str, ...]]
    required: tuple[str, ...]  # columns without which the file is not of this kind
    channels: dict[str, Channel]  # their words, in small letters
    days: tuple[str, ...]  # how they write a day, as strptime reads it
    constants: dict[str, str] = field(default_factory=dict)
    numbered: bool = True  # each row has a number of its own there; otherwise one is made of what the row says

    def column(self, name: str) -> str:
        """What the file calls this field of a complaint."""
        return " / ".join(self.columns.get(name, (name,)))


CFPB = Mapping(
    name="cfpb",
    source="cfpb",
    columns={
        "external_id": ("Complaint ID",),
        "received_on": ("Date received",),
        "channel": ("Submitted via",),
        "product": ("Product",),
        "subject": ("Issue",),
        "topic": ("Issue", "Sub-issue"),
        "story": ("Consumer complaint narrative",),
        "region": ("State",),
        "postcode": ("ZIP code",),
    },
    required=(
        "Date received",
        "Product",
        "Issue",
        "Consumer complaint narrative",
        "Submitted via",
        "Complaint ID",
    ),
    channels={
        "web": Channel.FORM,
        "email": Channel.EMAIL,
        "phone": Channel.PHONE,
        "postal mail": Channel.LETTER,
        "fax": Channel.LETTER,
        "referral": Channel.REFERRAL,
        "web referral": Channel.REFERRAL,
    },
    days=("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"),
    constants={"country": "US"},
)

PLAIN_COLUMNS = (
    "external_id",
    "received_on",
    "channel",
    "name",
    "email",
    "phone",
    "street",
    "city",
    "region",
    "postcode",
    "country",
    "language",
    "story",
    "wanted",
    "subject",
    "order_reference",
    "product",
    "topic",
)

DEFAULT = Mapping(
    name="default",
    source="import",
    columns={name: (name,) for name in PLAIN_COLUMNS},
    required=("received_on", "channel", "story"),
    channels={channel.value: channel for channel in Channel}
    | {
        "web": Channel.FORM,
        "e-mail": Channel.EMAIL,
        "post": Channel.LETTER,
        "fax": Channel.LETTER,
        "in person": Channel.IN_PERSON,
    },
    days=("%Y-%m-%d",),
    numbered=False,
)

MAPPINGS = {mapping.name: mapping for mapping in (DEFAULT, CFPB)}
