from django.db import models

from cases.models.followup import Kind as FollowUpKind


class Kind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", "Acknowledgement"
    PROGRESS = "progress", "Progress update"
    CALLBACK = "callback", "Proposal of a call"
    EXTENSION = "extension", "Notice of a later answer"
    APOLOGY_SERVICE = "apology_service", "Apology for poor service"
    APOLOGY_INFORMATION = "apology_information", "Apology for missing information"
    APOLOGY_TERMS = "apology_terms", "Apology for wrong or unclear terms"
    APOLOGY_DELAY = "apology_delay", "Apology for a late answer"
    RESOLUTION = "resolution", "Resolution letter"
    CLARIFICATION = "clarification", "Clarification"
    NO_AGREEMENT = "no_agreement", "Final position"
    COMMITMENT_DONE = "commitment_done", "Commitment done"
    AFTERCARE = "aftercare", "Is everything all right now?"
    BOUNDARY = "boundary", "Limit of conduct"
    ACCOUNT_REQUEST = "account_request", "Request for an account"


FINAL = (Kind.RESOLUTION, Kind.CLARIFICATION, Kind.NO_AGREEMENT)  # any of these answers the complaint
APOLOGIES = (Kind.APOLOGY_SERVICE, Kind.APOLOGY_INFORMATION, Kind.APOLOGY_TERMS, Kind.APOLOGY_DELAY)
OFFERING = (*FINAL, *APOLOGIES)  # what the customer gets from us, or does not get, may stand in these
COPIED = FINAL  # and of these everyone involved gets a copy
TO_STAFF = (Kind.ACCOUNT_REQUEST,)  # goes to a person involved, not to the customer
PROMISES_CONTACT = (Kind.PROGRESS,)  # says by when the customer hears from us next, whatever was promised before
SETTLES = {  # the follow-up that is done once a letter of the kind has reached the customer
    Kind.PROGRESS: FollowUpKind.CONTACT,
    Kind.COMMITMENT_DONE: FollowUpKind.CONFIRMATION,
    Kind.AFTERCARE: FollowUpKind.AFTERCARE,
}
ONCE = (Kind.ACKNOWLEDGEMENT, *FINAL)  # a second one of these corrects the first
