from django.db import migrations

from casetracker.frozen import freeze


class Migration(migrations.Migration):
    dependencies = [("letters", "0005_requests_for_an_account")]
    operations = [
        # Whether it may be taken out depends on its letter, and no condition here may look there: SQLite could not
        # rebuild the letters' table any more. The code's own rule (letters/enclosing.py), and `verify_letters`, keep what was issued complete.
        freeze("letters_enclosure", ["letter_id", "content", "pages", "sha256"], deletion="1 = 0"),
    ]
