"""The words of invented complaints: names, places, what went wrong. For our cases and for the peer's tickets alike."""


def each(names):
    return names.split()


COMMON = "parcel"  # about every fifth complaint speaks of one
WELL_KNOWN = "Philippa Thistlethwaite"  # the newest customer
MISHEARD = "Thistelthwaite"

FIRST_NAMES = each("""
Aisha Alan Alice Amir Andrew Anna Anton Beatrice Ben Brenda Carla Cedric Chen Claire Colin Daniel Deborah
Derek Diana Dmitri Edith Elena Emma Eric Esther Farah Felix Fiona Frank Gareth George Grace Hanna Harold
Hassan Helen Henry Ibrahim Irene Isla Ivan Jack Jamila Jean Jonas Joyce Julia Karim Karen Keith Laura Leon
Lila Lucy Magda Marcus Maria Martin Mei Mohammed Nadia Neil Nina Noah Olga Oliver Oscar Pamela Patrick Paula
Peter Priya Rachel Ravi Rita Robert Rosa Ruth Samuel Sandra Sean Sofia Stefan Susan Tamara Thomas Tariq Una
Vera Victor Wanda Wei William Yusuf Zara Zoe
""")
BEGINNINGS = each("""
Ald Ash Bar Beck Birk Black Brad Brom Bux Cald Cart Clay Cram Dal Den Dun East Elm Fair Farn Fen Gold Graf
Green Hal Ham Hart Hazel Hol Hud Kel Kirk Lang Lin Lock Mar Mead Mil Nor Oak Pem Pres Quar Rad Red Row Sand
Sel Shel Stan Stock Sut Tall Thorn Wal War Wen West Whit Win Wood Yar
""")
ENDINGS = each("""
bury by combe cote croft dale den don field ford gate grave ham hart head hill holme hurst land ley low man
mere more ney nell ridge row shaw side son stead stoke ston stone ter thorpe ton tree wall wan ward water way
well wick win wood worth
""")

CITIES = each("""
Bath Bristol Cardiff Derby Exeter Glasgow Hull Leeds Lincoln Norwich Oxford Perth Truro Wells York
""")
PRODUCTS = (
    "Fellside 340 fridge-freezer",
    "Harrow 2 kettle",
    "Lune washing machine",
    "Skye broadband",
    "Tarn dishwasher",
    "Wharfe boiler cover",
    "Gift card",
    "Next-day delivery",
)
SUBJECTS = (
    "Nobody came on the agreed day",
    "Charged twice for one order",
    "The call was ended on me",
    "Still no answer after three weeks",
    "Delivered to somebody else",
    "It broke within a month",
    "The refund never arrived",
    "Told three different things",
    "Contract renewed without asking",
    "Spoken to like a thief",
    "Left without heating",
    "The wrong colour, again",
)
SENTENCES = (
    "I stayed at home for the whole morning and nobody came.",
    f"The {COMMON} lay open in the rain when I got back from work.",
    "When I rang, a recorded voice told me that my order was on its way.",
    "The man who answered said that there were people with real problems.",
    "I have paid for a service that I did not get, and I would like my money back.",
    "The invoice shows an amount that nobody has ever explained to me.",
    "My neighbour has had the same trouble since the spring.",
    "The engineer was friendly but had none of the parts with him.",
    "I have written to you four times and kept every message.",
    "There was a dent in the door and a crack right across the drawer.",
    "Your website promised a refund within five days; that was a month ago.",
    "My mother is eighty-six and cannot stand in a queue for an hour.",
    "The contract says something else than the lady in the shop.",
    "We were without heating over the whole weekend, with a small child.",
    "I do not want a voucher, I want somebody to say sorry.",
    "The direct debit was taken twice and my bank charged me for it.",
    "Nobody could tell me who decided this, or why.",
    "The replacement broke on the very same evening.",
    "I was promised a call on Thursday and again on Monday.",
    f"Somebody signed for the {COMMON} with a name that is not mine.",
    "I cancelled in writing before the date that you gave me.",
    "The colour is not the one in the catalogue.",
    "It took three people and forty minutes to be told to ring again.",
    "The password that you sent me never worked.",
    "I enclose photographs of the damage and the receipts for the food.",
    "All I ask is that a person reads this and answers it.",
    "The driver threw the boxes over the fence.",
    "The letter was addressed to my late husband.",
    "Our account was closed without a warning.",
    "I have been a customer for nineteen years.",
    "The noise is worse at night than it is by day.",
    "Please tell me what you will do so that it does not happen to others.",
)
FOUND = (
    "The tour was planned with an address that the customer had changed in time.",
    "The amount was booked twice when the connection failed.",
    "The recording of the call bears out what the customer says.",
    "No trace of the letter was found; the address book held an old entry.",
    "The stock figure was wrong by a whole pallet.",
    "The terms were changed in March, and the page was not.",
)
