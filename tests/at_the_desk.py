"""What somebody at the desk does with a complaint, page by page, up to its letter."""


def assigns(lead, number):
    """From the board to the case that nobody looks after, and to whom it is given."""
    lead.follows(lead.page.locator(".board-groups").get_by_text("No owner"))
    lead.presses(number)
    lead.page.locator(".desk-more summary").click()
    lead.does("Assign", handler="Inês Carvalho")


def acknowledges(lead, *, next_contact_on):
    lead.does(
        "Log a conversation",
        medium="Phone call",
        said="She told it from the beginning; the fitter had no spirit level.",
        next_contact_on=next_contact_on,
    )
    lead.presses("Move on to Investigate")


def investigates(lead):
    for point in ("The oven was fitted crooked.", "The adviser laughed at the customer."):
        lead.does("Add a point", text=point)
    for row, finding in enumerate(("It leans by four degrees.", "The recording has the laughter.")):
        lead.does("Finding", row=row, finding=finding)
    lead.does(
        "Involve somebody", user="Declan Foyle", part="Concerned: the complaint is about them", why="Took the call"
    )
    lead.does("Record the account", account="I laughed at a colleague's joke, not at her.")
    lead.does("Involve somebody", user="Kofi Asante-Reed", part="Informed: to learn from it", why="Fitted the oven")
    lead.does(
        "Name the cause",
        root_cause="Poor conduct of one of ours",
        responsibility="Ours",
        cause_explained="The van carried no spirit level.",
        prevention="Every van carries a spirit level from now on.",
    )
    lead.presses("Move on to Talk")


def talks_and_agrees(lead, *, due_on):
    lead.does("Log a conversation", medium="Phone call", said="She was calm.", proposed="We fit the oven anew.")
    lead.presses("Move on to Agree")
    lead.does("Outcome", row=0, outcome="Upheld", redress="The oven is fitted anew")
    lead.does("Outcome", row=1, outcome="Partly upheld", redress="A written apology")
    lead.does(
        "Record the agreement",
        summary="The oven is fitted anew, free of charge.",
        promise__0__what="Fit the oven anew",
        promise__0__owner="Inês Carvalho",
        promise__0__due_on=due_on,
    )
    lead.presses("Move on to Document")


def issues_the_letter(lead):
    lead.presses("Draft the resolution letter")
    lead.reads("Nothing keeps it from being issued")
    lead.presses("Issue…")
    lead.presses("Issue it now")
    lead.reads("It is on its way.")
