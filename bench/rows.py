"""What belongs to a case, table by table, made of the rows of bench_case (see house.py)."""

from bench import filling, words
from bench.filling import array, insert
from cases import rules
from cases.models import (
    Agreement,
    Attachment,
    Case,
    Commitment,
    Conversation,
    Customer,
    Deadline,
    Digest,
    Event,
    FollowUp,
    Involvement,
    Point,
    RootCause,
)
from letters import library
from letters.models import Delivery, Kind, Letter

FILLED = (
    *(Customer, Case, Point, Involvement, Event, Conversation, Agreement, Commitment, Deadline, FollowUp, Attachment),
    *(Letter, Digest, Delivery),
)


def complaints():
    insert(
        Customer,
        "bench_case",
        id="customer",
        name="name",
        # two of thirty have one address
        email="CASE WHEN n % 30 < 2 THEN 'twice' || n / 30 ELSE replace(lower(name), ' ', '.') || n END"
        " || '@example.org'",
        phone="'+441172' || lpad((n % 1000000)::text, 6, '0')",
        street=f"1 + n % 200 || ' ' || pg_temp.one_of(n, 21, {array(words.BEGINNINGS)}) || ' Road'",
        city=f"pg_temp.one_of(n, 22, {array(words.CITIES)})",
        postcode="'BS' || 1 + n % 40 || ' ' || n % 9 || 'QZ'",
        country="'GB'",
        language="pg_temp.one_of(n, 23, ARRAY['en', 'en', 'en', 'de', 'zh'])",
        wants_post="n % 10 = 0",
    )
    insert(
        Case,
        "bench_case",
        id="n",
        reference="pg_temp.reference(extract(year FROM received_on)::int, n)",
        page_key="left(md5(n::text), 22)",
        customer="customer",
        channel="pg_temp.one_of(n, 24, ARRAY['form', 'form', 'form', 'email', 'email', 'phone', 'letter', 'chat'])",
        received_on="received_on",
        language="pg_temp.one_of(n, 23, ARRAY['en', 'en', 'en', 'de', 'zh'])",
        subject=f"pg_temp.one_of(n, 25, {array(words.SUBJECTS)})",
        story="story",
        wanted="'An answer, and my money back.'",
        order_reference="'EH-' || 100000 + n",
        product=f"pg_temp.one_of(n, 26, {array(words.PRODUCTS)})",
        logged_at="received_on + time '10:00'",
        stage="stage",
        handler="handler",
        team="team",
        situation="pg_temp.one_of(n, 27, ARRAY['', 'our_mistake', 'angry', 'outage', 'unreasonable'])",
        root_cause=f"CASE WHEN is_open OR left_early THEN '' ELSE pg_temp.one_of(n, 28, {array(RootCause.values)}) END",
        responsibility="CASE WHEN is_open OR left_early THEN '' WHEN n % 3 = 0 THEN 'partly' ELSE 'ours' END",
        acknowledged_on="CASE WHEN stage <> 'acknowledge' THEN least(today, received_on + 1) END",
        answered_on="CASE WHEN NOT is_open AND NOT left_early THEN ended_on END",
        copied_on="CASE WHEN NOT is_open AND NOT left_early THEN ended_on END",
        closed_on="CASE WHEN NOT is_open THEN ended_on END",
        exit="CASE WHEN left_early THEN 'withdrawn' ELSE '' END",
        exit_reason="CASE WHEN left_early THEN 'The customer wrote so.' ELSE '' END",
    )


EVENTS = """bench_case, (VALUES
    (0, 'received', 'Complaint received: web form.'),
    (1, 'assigned', 'Somebody looks after the case.'),
    (1, 'acknowledged', 'Acknowledged: a talk with the customer.'),
    (3, 'talk', 'Phone call: the customer told it all once more.'),
    (4, 'finding', 'Finding on point 1: it was as the customer says.')) AS told (after, kind, what)"""


def what_was_said():
    insert(
        Event,
        EVENTS,
        case="n",
        kind="kind",
        text="what",
        on='least(today, received_on + "after")',
        at="least(today, received_on + \"after\") + time '11:00'",
        by="handler",
        by_name="'An adviser'",
    )
    insert(
        Point,
        "bench_case, generate_series(1, 2) number WHERE number = 1 OR n % 3 = 0",
        case="n",
        number="number",
        text="split_part(story, '.', number)",
        finding=f"CASE WHEN is_open THEN '' ELSE pg_temp.one_of(n, 30, {array(words.FOUND)}) END",
        outcome="CASE WHEN is_open OR left_early THEN ''"
        " ELSE pg_temp.one_of(n, 31, ARRAY['upheld', 'upheld', 'partly_upheld', 'not_upheld']) END",
    )
    insert(
        Conversation,
        "bench_case WHERE n % 5 > 0",
        id=f"{filling.last(Conversation)} + row_number() OVER ()",
        case="n",
        medium="'phone'",
        held_on="least(today, received_on + 2)",
        said=f"pg_temp.one_of(n, 32, {array(words.SENTENCES)})",
        proposed="CASE WHEN is_open THEN '' ELSE 'The money back, and a call on Friday.' END",
        by="handler",
        by_name="'An adviser'",
    )
    insert(
        Involvement,
        "bench_case JOIN cases_user colleague ON username = 'adviser' || pg_temp.pick(n, 33, 50) WHERE n % 3 = 0",
        id=f"{filling.last(Involvement)} + row_number() OVER (ORDER BY n)",
        case="n",
        user="colleague.id",
        name="first_name || ' ' || last_name",
        email="colleague.email",
        part="CASE WHEN n % 60 = 0 THEN 'concerned'"
        " ELSE pg_temp.one_of(n, 34, ARRAY['handler', 'witness', 'informed']) END",
        why="'Took the call'",
        copy_as="'letter'",
        account_asked_on="least(today, received_on + 3)",
        account_due_on="pg_temp.workday(least(today, received_on + 3) + 7)",
        account="CASE WHEN is_open THEN '' ELSE 'I told the customer what I knew.' END",
        account_given_on="CASE WHEN NOT is_open THEN ended_on END",
    )
    insert(
        Attachment,
        "bench_case WHERE n % 10 = 0",
        case="n",
        file="'attachments/none/' || n || '.jpg'",
        name="'photo.jpg'",
        content_type="'image/jpeg'",
        size="120000",
        sha256="md5(n::text) || md5(n::text)",
        received_at="received_on + time '10:00'",
    )


def promises():
    agreed = "bench_case WHERE NOT is_open AND NOT left_early AND n % 5 > 1"
    insert(
        Agreement,
        agreed,
        id=f"{filling.last(Agreement)} + row_number() OVER (ORDER BY n)",
        case="n",
        agreed="true",
        summary="'The amount is paid back and the delivery is made once more.'",
        made_on="ended_on",
        by="handler",
        by_name="'An adviser'",
    )
    # what was promised lately is not kept yet in half of the cases
    insert(
        Commitment,
        "cases_agreement a JOIN bench_case ON n = case_id",
        id="a.id",
        case="n",
        agreement="a.id",
        what="'Pay back the amount'",
        owner="handler",
        owner_name="'An adviser'",
        due_on="pg_temp.workday(ended_on + 5)",
        kept_on="CASE WHEN ended_on < today - 14 OR n % 2 = 0 THEN least(today, ended_on + 4) END",
        kept_how="CASE WHEN ended_on < today - 14 OR n % 2 = 0 THEN 'Paid.' ELSE '' END",
    )


def clocks():
    version = rules.house().version.isoformat()
    insert(
        Deadline,
        "bench_case, (VALUES ('acknowledge', 1, 1), ('update', 7, 2), ('resolve', 28, 3)) AS rule (step, days, which)",
        id=f"{filling.last(Deadline)} + row_number() OVER (ORDER BY n, which)",
        case="n",
        regime="'house'",
        version=filling.quoted(version),
        step="step",
        anchored_on="received_on",
        due_on="pg_temp.workday(CASE WHEN step = 'update' AND is_open THEN today - 1 + pg_temp.pick(n, 40, 6)"
        " WHEN step = 'resolve' AND is_open THEN greatest(received_on + 28, today - 2 + pg_temp.pick(n, 41, 30))"
        " ELSE received_on + days END)",
        met_on="CASE WHEN NOT is_open AND step <> 'update'"
        " THEN least(ended_on, received_on + days + pg_temp.pick(n, 42, 3))"
        " WHEN step = 'acknowledge' AND stage <> 'acknowledge' THEN least(today, received_on + 1) END",
        void_on="CASE WHEN NOT is_open AND step = 'update' THEN ended_on END",
        void_reason="CASE WHEN NOT is_open AND step = 'update' THEN 'The case was closed.' ELSE '' END",
    )


def followups():
    """One for each deadline, for each commitment, and for each account that is waited for."""
    insert(
        FollowUp,
        "cases_deadline d JOIN bench_case ON n = case_id",
        case="n",
        kind="CASE step WHEN 'acknowledge' THEN 'acknowledgement' ELSE 'deadline' END",
        due_on="due_on",
        why="'House rules: ' || step",
        deadline="d.id",
        through="'letter'",
        done_on="met_on",
        cancelled_on="void_on",
        cancelled_reason="void_reason",
        **_looked_at("met_on IS NOT NULL OR void_on IS NOT NULL"),
    )
    insert(
        FollowUp,
        "cases_commitment c JOIN bench_case ON n = case_id",
        case="n",
        kind="'commitment'",
        due_on="due_on",
        why="'Agreed with the customer'",
        commitment="c.id",
        through="'desk'",
        done_on="kept_on",
        wrote_at="CASE WHEN kept_on IS NULL AND n % 100 = 1 THEN today + time '09:00' END",
        **_looked_at("kept_on IS NOT NULL"),
    )
    insert(
        FollowUp,
        "cases_involvement i JOIN bench_case ON n = case_id WHERE part <> 'informed'",
        case="n",
        kind="'account'",
        due_on="account_due_on",
        why="'The investigation needs it'",
        involvement="i.id",
        through="'email'",
        done_on="account_given_on",
        **_looked_at("account_given_on IS NOT NULL", due="account_due_on"),
    )


def _looked_at(is_over, *, due="due_on"):
    return {
        "set_at": "received_on + time '10:00'",
        "act_at": f"CASE WHEN {is_over} THEN NULL ELSE greatest(today + 1, {due}) + time '08:00' END",
    }


def letters():
    """The letter that ended the case, or a draft of how far it is; of the drafts some wait for a second person."""
    resolution, progress = (library.current_version(kind, "en").pk for kind in (Kind.RESOLUTION, Kind.PROGRESS))
    insert(
        Letter,
        "bench_case WHERE NOT left_early AND (NOT is_open OR n % 4 = 0)",
        id=f"{filling.last(Letter)} + row_number() OVER (ORDER BY n)",
        case="n",
        kind="CASE WHEN is_open THEN 'progress' ELSE 'resolution' END",
        language="'en'",
        template_version=f"CASE WHEN is_open THEN {progress} ELSE {resolution} END",
        salutation="'Dear ' || name",
        subject="'Your complaint'",
        body=f"'Thank you for telling us. ' || pg_temp.one_of(n, 50, {array(words.FOUND)}) || ' We are sorry.'",
        close="'Yours sincerely'",
        signatory="handler",
        drafted_at="ended_on + time '14:00'",
        drafted_by_name="'An adviser'",
        edited_at="ended_on + time '15:00'",
        approval_asked_at="CASE WHEN is_open AND n % 16 = 0 THEN ended_on + time '16:00' END",
        approval_asked_by_name="CASE WHEN is_open AND n % 16 = 0 THEN 'An adviser' ELSE '' END",
        issued_on="CASE WHEN NOT is_open THEN ended_on END",
        issued_at="CASE WHEN NOT is_open THEN ended_on + time '16:00' END",
        issued_by="CASE WHEN NOT is_open THEN handler END",
        issued_by_name="CASE WHEN NOT is_open THEN 'An adviser' ELSE '' END",
        register_year="CASE WHEN NOT is_open THEN extract(year FROM ended_on) END",
        register_number="CASE WHEN NOT is_open THEN n END",
        pdf="CASE WHEN NOT is_open THEN convert_to('%PDF-', 'UTF8') END",
        sha256="CASE WHEN NOT is_open THEN md5(n::text) || md5(n::text) ELSE '' END",
        sheet="CASE WHEN NOT is_open"
        " THEN jsonb_build_object('addressee', name, 'address_lines', array[name, 'Bristol']) END",
    )


def envelopes():
    """One for each letter; a few of the latest went wrong. And what reminded the staff."""
    late = "ended_on > today - 10"
    post = "n % 10 = 0"
    insert(
        Delivery,
        "letters_letter l JOIN bench_case ON n = case_id WHERE issued_on IS NOT NULL",
        id=f"{filling.last(Delivery)} + row_number() OVER (ORDER BY n)",
        letter="l.id",
        by_post=post,
        to_name="name",
        to_email=f"CASE WHEN {post} THEN '' ELSE 'somebody@example.org' END",
        message_key="md5('letter' || l.id)::uuid",
        queued_at="issued_at",
        due_at="issued_at",
        handoff_at=f"CASE WHEN NOT ({post}) AND NOT ({late} AND n % 100 = 1) THEN issued_at END",
        sent_at=f"CASE WHEN NOT ({post}) AND NOT ({late} AND n % 100 IN (1, 2)) THEN issued_at END",
        refused_at=f"CASE WHEN {late} AND n % 100 = 1 THEN issued_at END",
        lease_until=f"CASE WHEN {late} AND n % 100 = 2 THEN issued_at END",
        smtp_code=f"CASE WHEN NOT ({post}) AND NOT ({late} AND n % 100 = 2)"
        f" THEN CASE WHEN {late} AND n % 100 = 1 THEN 550 ELSE 250 END END",
        posted_on=f"CASE WHEN {post} AND ended_on < today - 1 THEN ended_on END",
        posted_by_name=f"CASE WHEN {post} AND ended_on < today - 1 THEN 'An adviser' ELSE '' END",
        returned_on=f"CASE WHEN {late} AND ended_on < today - 1 AND n % 100 = 0 THEN ended_on END",
        returned_by_name=f"CASE WHEN {late} AND ended_on < today - 1 AND n % 100 = 0 THEN 'An adviser' ELSE '' END",
        returned_reason=f"CASE WHEN {late} AND ended_on < today - 1 AND n % 100 = 0 THEN 'moved' ELSE '' END",
    )
    insert(
        Digest,
        "bench_case WHERE n % 30 = 0",
        id=f"{filling.last(Digest)} + row_number() OVER (ORDER BY n)",
        to_name="'An adviser'",
        to_email="'adviser' || n || '@example.com'",
        made_at="received_on + time '09:00'",
        day="received_on",
    )
    insert(
        Delivery,
        "cases_digest d JOIN bench_case ON d.to_email = 'adviser' || n || '@example.com'",
        id=f"{filling.last(Delivery)} + row_number() OVER (ORDER BY n)",
        digest="d.id",
        to_name="to_name",
        to_email="d.to_email",
        message_key="md5('digest' || d.id)::uuid",
        queued_at="made_at",
        due_at="made_at",
        handoff_at="made_at",
        sent_at="made_at",
        smtp_code="250",
    )


WRITERS = (complaints, what_was_said, promises, clocks, followups, letters, envelopes)
