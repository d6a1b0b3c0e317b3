from django.db import models


class RootCause(models.TextChoices):
    LACK_OF_COMMUNICATION = "lack_of_communication", "Lack of communication or misunderstanding"
    OUTAGE = "outage", "Outage or disruption"
    NOT_TAKEN_SERIOUSLY = "not_taken_seriously", "Felt not taken seriously"
    DOUBTS_ANSWER = "doubts_answer", "Doubts the person or the answer"
    BILLING = "billing", "Payment terms, charges or billing"
    EARLIER_ATTEMPT_FAILED = "earlier_attempt_failed", "An earlier attempt did not solve it"
    POOR_CONDUCT = "poor_conduct", "Poor conduct of one of ours"
    MISSING_INFORMATION = "missing_information", "Missing information"
    WRONG_TERMS = "wrong_terms", "Wrong terms and conditions"
    DELAY = "delay", "Delay in answer or delivery"
    PRODUCT_FAULT = "product_fault", "Product fault"
    FALSE_CLAIM = "false_claim", "False claim"
